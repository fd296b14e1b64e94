"""A policy as a sheet for a spreadsheet program: out as CSV, and in again without loss."""

from lamplighter.policy.sheet.reading import parse_csv, policy_from_csv
from lamplighter.policy.sheet.writing import policy_to_csv

__all__ = ["parse_csv", "policy_from_csv", "policy_to_csv"]
