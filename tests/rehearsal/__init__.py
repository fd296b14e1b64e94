"""Tests of the simulated callers and teams."""
