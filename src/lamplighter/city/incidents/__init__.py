"""The whole story of an incident, from call to outcome, on one page."""
