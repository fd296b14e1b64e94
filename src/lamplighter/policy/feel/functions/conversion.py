"""Functions of FEEL that make a value from a text or from its parts."""

from __future__ import annotations

import re
from decimal import Decimal

from lamplighter.policy.feel.calendar import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import FeelError, Value, kind_of, number, show

FUNCTIONS = Registry()
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def _single(value: Value) -> Value:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _whole(value: Decimal, what: str) -> int:
    if value != value.to_integral_value() or abs(value) > 10**10:
        raise FeelError(f"{show(value)} is not a {what}")
    return int(value)


@FUNCTIONS.add("string", "from: Any")
def string(value: Value) -> Value:
    return None if value is None else show(value, quoted=False)


@FUNCTIONS.add("number", "from: Any")
def plain_number(value: Value) -> Value:
    value = _single(value)
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, Decimal):
        return value
    raise FeelError(f"a {kind_of(value)} is not a number")


@FUNCTIONS.add("number", "from: string, grouping separator: string~, decimal separator: string~")
def separated_number(text: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise FeelError(
            "a number is grouped by a space, comma or point; its decimals by the last two"
        )
    if grouping is not None and grouping == point:
        raise FeelError("digits and decimals cannot be separated by the same sign")
    if grouping is not None:
        text = text.replace(grouping, "")
    if point == ",":
        if "." in text:
            raise FeelError(f"{text} is not a number")
        text = text.replace(",", ".")
    return _parsed(text)


def _parsed(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text.strip()):
        raise FeelError(f'"{text}" is not a number')
    return number(text.strip())


@FUNCTIONS.add("date", "from: Any")
def date(value: Value) -> Value:
    value = _single(value)
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, DateTime):
        return value.date
    if isinstance(value, Date):
        return value
    raise FeelError(f"a {kind_of(value)} has no date")


@FUNCTIONS.add("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    return Date(_whole(year, "year"), _whole(month, "month"), _whole(day, "day"))


@FUNCTIONS.add("time", "from: Any")
def time(value: Value) -> Value:
    value = _single(value)
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Date):
        return Time(0, 0, 0, offset=0)
    if isinstance(value, Time):
        return value
    raise FeelError(f"a {kind_of(value)} has no time")


@FUNCTIONS.add(
    "time",
    "hour: number, minute: number, second: number, offset: days and time duration?",
)
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None) -> Value:
    seconds = None
    if offset is not None:
        if offset.nanos % SECOND:
            raise FeelError("an offset from UTC has whole seconds")
        seconds = offset.nanos // SECOND
    parts = _clock(hour, minute, second)
    return Time(*parts, offset=seconds)


def _clock(hour: Decimal, minute: Decimal, second: Decimal) -> tuple[int, int, int, int]:
    if abs(second) > 60:
        raise FeelError(f"{show(second)} is not a second")
    nanos = int(second * SECOND)
    if nanos < 0:
        raise FeelError(f"{show(second)} is not a second")
    return _whole(hour, "hour"), _whole(minute, "minute"), nanos // SECOND, nanos % SECOND


@FUNCTIONS.add("date and time", "from: Any")
def date_and_time(value: Value) -> Value:
    value = _single(value)
    if isinstance(value, str):
        return parse_date_time(value)
    if isinstance(value, DateTime):
        return value
    if isinstance(value, Date):
        return DateTime(value, Time(0, 0, 0, offset=0))
    raise FeelError(f"a {kind_of(value)} has no date and time")


@FUNCTIONS.add("date and time", "date: Any, time: time")
def date_with_time(day: Value, clock: Time) -> Value:
    day = _single(day)
    if isinstance(day, DateTime):
        day = day.date
    if not isinstance(day, Date):
        raise FeelError(f"a {kind_of(day)} has no date")
    return DateTime(day, clock)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@FUNCTIONS.add("date and time", _PARTS + ", offset: days and time duration?")
def date_and_time_of(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysDuration | None,
) -> Value:
    clock = time_of(hour, minute, second, offset)
    found = date_of(year, month, day)
    assert isinstance(clock, Time)
    assert isinstance(found, Date)
    return DateTime(found, clock)


@FUNCTIONS.add("date and time", _PARTS + ", timezone: string")
def date_and_time_in(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    timezone: str,
) -> Value:
    found = date_of(year, month, day)
    assert isinstance(found, Date)
    return DateTime(found, Time(*_clock(hour, minute, second), zone=timezone))


@FUNCTIONS.add("duration", "from: Any")
def duration(value: Value) -> Value:
    value = _single(value)
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, DaysDuration | MonthsDuration):
        return value
    raise FeelError(f"a {kind_of(value)} is not a duration")


@FUNCTIONS.add("years and months duration", "from: Any, to: Any")
def years_and_months_duration(start: Value, end: Value) -> Value:
    start, end = _single(start), _single(end)
    one = start.date if isinstance(start, DateTime) else start
    other = end.date if isinstance(end, DateTime) else end
    if not isinstance(one, Date) or not isinstance(other, Date):
        raise FeelError("years and months lie between two dates")
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and other.day < one.day:
        months -= 1
    elif months < 0 and other.day > one.day:
        months += 1
    return MonthsDuration(months)
