"""The formats that call files come in, each read as tables of texts."""

from lamplighter.history.formats.base import CallRecords
from lamplighter.history.formats.opening import open_records

__all__ = ["CallRecords", "open_records"]
