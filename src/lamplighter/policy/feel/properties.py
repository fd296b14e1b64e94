"""What stands behind a dot: entries of contexts, properties of dates, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from lamplighter.policy.feel.calendar import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from lamplighter.policy.feel.values import FeelError, Range, Value, kind_of, number

# Whole numbers here are Python's; they become FEEL's where one is asked for.
Properties: TypeAlias = dict[str, Value | int]


def property_of(value: Value, name: str) -> Value:
    """`value.name`; a list gives the property of each of its items."""
    if isinstance(value, tuple):
        return tuple(_of_item(item, name) for item in value)
    if value is None:
        raise FeelError(f"null has no {name}")
    if isinstance(value, Mapping):
        if name not in value:
            raise FeelError(f"the context has no entry {name}")
        return value[name]
    find = _PROPERTIES.get(type(value))
    found = find(value) if find else {}
    if name not in found:
        raise FeelError(f"a {kind_of(value)} has no {name}")
    result = found[name]
    if isinstance(result, int) and not isinstance(result, bool):
        return number(result)
    return result


def _of_item(item: Value, name: str) -> Value:
    try:
        return property_of(item, name)
    except FeelError:
        return None


def _date(value: Date) -> Properties:
    return {
        "year": value.year,
        "month": value.month,
        "day": value.day,
        "weekday": value.weekday,
    }


def _time(value: Time, date: Date | None = None) -> Properties:
    offset = value.offset_on(date)
    return {
        "hour": value.hour,
        "minute": value.minute,
        "second": number(value.second) + number(Decimal(value.nano) / SECOND),
        "time offset": None if offset is None else DaysDuration(offset * SECOND),
        "timezone": value.zone,
    }


def _date_time(value: DateTime) -> Properties:
    return {**_date(value.date), **_time(value.time, value.date)}


def _days(value: DaysDuration) -> Properties:
    sign = -1 if value.nanos < 0 else 1
    size = abs(value.nanos)
    seconds = number(Decimal(size % (60 * SECOND)) / SECOND)
    return {
        "days": sign * (size // DAY),
        "hours": sign * (size % DAY // (3600 * SECOND)),
        "minutes": sign * (size % (3600 * SECOND) // (60 * SECOND)),
        "seconds": sign * seconds,
    }


def _months(value: MonthsDuration) -> Properties:
    sign = -1 if value.months < 0 else 1
    return {"years": sign * (abs(value.months) // 12), "months": sign * (abs(value.months) % 12)}


def _range(value: Range) -> Properties:
    return {
        "start": value.low,
        "end": value.high,
        "start included": value.low_closed,
        "end included": value.high_closed,
    }


_PROPERTIES: dict[type, Callable[..., Properties]] = {
    Date: _date,
    Time: _time,
    DateTime: _date_time,
    DaysDuration: _days,
    MonthsDuration: _months,
    Range: _range,
}
