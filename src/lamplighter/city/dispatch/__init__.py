"""Units, shifts, assignments and the live board."""
