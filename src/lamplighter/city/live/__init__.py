"""Streams that tell open pages what changed."""
