"""Lamplighter: the open platform on which a city answers calls for help."""
