"""Dates and durations as ISO 8601 writes them, and the numbers that tables compare."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

Moment: TypeAlias = date | timedelta

_EPOCH = date(1970, 1, 1).toordinal()
# The first and the last day that there is, as numbers.
DATES = (date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH)
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_PERIOD = re.compile(r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?")
_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


def date_number(text: str) -> int:
    """Days since 1970-01-01 of `2026-11-01`; a `ValueError` where it is no date.

    >>> date_number("1970-01-11")
    10
    """
    return date.fromisoformat(text).toordinal() - _EPOCH


def date_text(number: float) -> str:
    """The date that lies so many days after 1970-01-01.

    >>> date_text(10)
    '1970-01-11'
    """
    return date.fromordinal(int(number) + _EPOCH).isoformat()


def duration_number(text: str) -> float:
    """Seconds of `P1DT2H`; a `ValueError` where it is no duration of days and time.

    >>> duration_number("-PT1M30S")
    -90
    """
    found = _DURATION.fullmatch(text)
    if found is None or all(found[part] is None for part in _SECONDS):
        raise ValueError(f"{text} is not a duration such as P1DT2H")
    seconds = sum((float(found[part] or 0) * size for part, size in _SECONDS.items()), 0.0)
    seconds = -seconds if found["sign"] else seconds
    return int(seconds) if seconds.is_integer() else seconds


def duration_text(number: float) -> str:
    """So many seconds as days, hours, minutes and seconds.

    >>> duration_text(93_600)
    'P1DT2H'
    """
    left, days = abs(number), ""
    whole, left = divmod(left, _SECONDS["days"])
    if whole:
        days = f"{int(whole)}D"
    time = ""
    for part, mark in (("hours", "H"), ("minutes", "M")):
        whole, left = divmod(left, _SECONDS[part])
        time += f"{int(whole)}{mark}" if whole else ""
    if left or not (days or time):
        time += f"{int(left) if float(left).is_integer() else format(Decimal(str(left)), 'f')}S"
    return ("-" if number < 0 else "") + "P" + days + (f"T{time}" if time else "")


def period_number(text: str) -> int:
    """Months of `P1Y2M`; a `ValueError` where it is no period of years and months.

    >>> period_number("P1Y2M")
    14
    """
    found = _PERIOD.fullmatch(text)
    if found is None or (found["years"] is None and found["months"] is None):
        raise ValueError(f"{text} is not a period such as P1Y2M")
    months = 12 * int(found["years"] or 0) + int(found["months"] or 0)
    return -months if found["sign"] else months


def period_text(number: float) -> str:
    """So many months as years and months.

    >>> period_text(14)
    'P1Y2M'
    """
    years, months = divmod(abs(int(number)), 12)
    shown = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-" if number < 0 else "") + "P" + shown
