"""Scenarios: what can be chosen for one, how it is filled in, saved and put away."""
