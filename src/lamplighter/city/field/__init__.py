"""What the team found and did."""
