"""Dates, times and durations written as `@"…"`."""

from __future__ import annotations

from lamplighter.policy.feel.calendar import (
    CalendarError,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from lamplighter.policy.feel.values import Value


def temporal(text: str) -> Value:
    """The value of `@"text"`: a duration, a date and time, a date or a time by its form.

    >>> str(temporal("2026-11-01T22:30:00"))
    '2026-11-01T22:30:00'
    """
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    if ":" in text:
        return parse_time(text)
    if "-" in text:
        return parse_date(text)
    raise CalendarError(f'"{text}" is neither a date, a time nor a duration')
