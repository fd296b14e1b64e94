"""Functions of FEEL about the calendar and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamplighter.policy.feel.calendar import Date, DateTime, Time, days_of
from lamplighter.policy.feel.comparison import equal
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import FeelError, Value, kind_of, number

if TYPE_CHECKING:
    from lamplighter.policy.feel.evaluator import Evaluator

FUNCTIONS = Registry()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def _date(value: Value) -> Date:
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, DateTime):
        return value.date
    if isinstance(value, Date):
        return value
    raise FeelError(f"a {kind_of(value)} is not a date")


@FUNCTIONS.add("day of year", "date: Any")
def day_of_year(date: Value) -> Value:
    found = _date(date)
    return number(found.days - days_of(found.year, 1, 1) + 1)


@FUNCTIONS.add("day of week", "date: Any")
def day_of_week(date: Value) -> Value:
    return _DAYS[_date(date).weekday - 1]


@FUNCTIONS.add("month of year", "date: Any")
def month_of_year(date: Value) -> Value:
    return _MONTHS[_date(date).month - 1]


@FUNCTIONS.add("week of year", "date: Any")
def week_of_year(date: Value) -> Value:
    """By ISO 8601: the week belongs to the year that its Thursday lies in."""
    found = _date(date)
    thursday = Date.from_days(found.days - found.weekday + 4)
    return number((thursday.days - days_of(thursday.year, 1, 1)) // 7 + 1)


@FUNCTIONS.add("now", evaluator=True)
def now(evaluator: Evaluator) -> Value:
    if not isinstance(evaluator.now, DateTime):
        raise FeelError("now() is not known here")
    return evaluator.now


@FUNCTIONS.add("today", evaluator=True)
def today(evaluator: Evaluator) -> Value:
    if not isinstance(evaluator.now, DateTime):
        raise FeelError("today() is not known here")
    return evaluator.now.date


@FUNCTIONS.add("is", "value1: Any, value2: Any")
@FUNCTIONS.add("is", "value1: Any?, value2: Any?", named=True)
def is_same(value1: Value, value2: Value) -> Value:
    """The same value of the same type; times are the same only with the same offset or zone."""
    if kind_of(value1) != kind_of(value2):
        return False
    if isinstance(value1, Time | DateTime):
        return value1 == value2
    return equal(value1, value2)
