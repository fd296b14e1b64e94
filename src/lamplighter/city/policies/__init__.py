"""Versions of policies and which one is in force."""
