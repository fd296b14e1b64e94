"""Long campaigns, run by hand; their short forms are tests."""
