"""Runs of scenarios: asked for, done in a process of their own, their results and files."""
