"""A policy as a sheet for a spreadsheet program: out as CSV, in as CSV or XLSX, without loss."""

from lamplighter.policy.sheet.reading import parse_csv, policy_from_csv, policy_from_xlsx
from lamplighter.policy.sheet.writing import policy_to_csv

__all__ = ["parse_csv", "policy_from_csv", "policy_from_xlsx", "policy_to_csv"]
