"""Parquet pages of codes, read and written without a detour through whole columns of words."""
