"""The invented city that a newcomer can try."""
