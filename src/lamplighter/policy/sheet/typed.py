"""Numbers, dates and durations of a workbook, as the policy's language writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from lamplighter.policy.calendar import duration_text

Shape: TypeAlias = Literal["number", "date", "duration"]

# Formats that a workbook names by a number alone (ECMA-376, 18.8.30).
_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_TIMES = {*range(18, 22), *range(32, 36), *range(45, 48), 55, 56}
# What a format shows as it is, and its colours, conditions and languages; not [h], which counts.
_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.DOTALL)
_LONGEST_CODE = 255
_DAY = 86_400


def shape_of(number: int, code: str | None) -> Shape:
    """What a number format shows: by its code, or by its number where it has none.

    >>> shape_of(14, None), shape_of(164, 'd" of "mmmm'), shape_of(165, "[h]:mm"), shape_of(0, None)
    ('date', 'date', 'duration', 'number')
    """
    if code is None:
        return "date" if number in _DATES else "duration" if number in _TIMES else "number"
    signs = _SHOWN.sub("", code[:_LONGEST_CODE].lower().partition(";")[0])
    if "[" in signs:
        return "duration"
    if "general" in signs or not re.search("[ymdhs]", signs):
        return "number"
    return (
        "duration" if "y" not in signs and "d" not in signs and re.search("[hs]", signs) else "date"
    )


def typed(value: str, shape: Shape, *, since_1904: bool = False) -> str:
    """The number in a cell as a text; a `ValueError` where it is none.

    A number has the 15 digits that spreadsheet programs keep. A time of the day is the duration
    since midnight: so `1:30` is typed, and the language has no other word for it.

    >>> typed("1.0", "number"), typed("0.30000000000000004", "number"), typed("1E-3", "number")
    ('1', '0.3', '0.001')
    >>> typed("46327", "date"), typed("46327.5", "date"), typed("1.0625", "duration")
    ('2026-11-01', '2026-11-01T12:00:00', 'P1DT1H30M')
    """
    number = float(value)
    if shape == "number":
        written = Decimal(f"{number:.15g}")
        if not written.is_finite():
            raise ValueError(f"{value} is no number")
        return f"{written:f}" if written else "0"
    try:
        seconds = round(number * _DAY)
        return duration_text(seconds) if shape == "duration" else _moment(seconds, since_1904)
    except OverflowError:
        raise ValueError(f"{value} is no moment") from None


def _moment(seconds: int, since_1904: bool) -> str:
    if seconds < 0:
        raise ValueError("no program shows a date before the first")
    # The calendar of the first programs has a 29 February 1900, which never was.
    early = not since_1904 and seconds < 60 * _DAY
    first = datetime(1904, 1, 1, tzinfo=UTC) if since_1904 else datetime(1899, 12, 30, tzinfo=UTC)
    moment = first + timedelta(days=early, seconds=seconds)
    whole = seconds % _DAY == 0
    return moment.date().isoformat() if whole else moment.replace(tzinfo=None).isoformat()
