"""Results as plain values, ready for JSON."""

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from math import isfinite
from typing import Any


def plain(value: Any) -> Any:
    """Dataclasses as mappings by field, enumerations as their values; nan and infinity as None.

    Times of day and moments are as ISO 8601 has them.

    >>> from lamplighter.rehearsal.outcome import Interval
    >>> plain((Interval(1.0, 0.5, float("nan")),))
    [{'mean': 1.0, 'low': 0.5, 'high': None}]
    """
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Set):
        return sorted(plain(one) for one in value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    return value
