"""Sums, differences, products, quotients and powers of FEEL values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from typing import TypeAlias

from lamplighter.policy.feel.calendar import (
    DAY,
    SECOND,
    CalendarError,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from lamplighter.policy.feel.comparison import as_date_time
from lamplighter.policy.feel.values import NUMBERS, FeelError, Value, kind_of

Duration: TypeAlias = DaysDuration | MonthsDuration
# Longer texts are not made: an evaluation must not run away.
MAX_TEXT = 1_000_000


def calculate(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`; `FeelError` where the values do not go together."""
    try:
        return _OPERATIONS[operator](left, right)
    except CalendarError as error:
        raise FeelError(str(error)) from None
    except (DivisionByZero, ZeroDivisionError):
        raise FeelError("nothing can be divided by 0") from None
    except (InvalidOperation, Overflow):
        raise FeelError(f"the result of {operator} is no number that FEEL can hold") from None


def negate(value: Value) -> Value:
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanos)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.months)
    raise FeelError(f"a {kind_of(value)} has no negative")


def _refuse(operator: str, left: Value, right: Value) -> FeelError:
    return FeelError(f"{operator} does not take a {kind_of(left)} and a {kind_of(right)}")


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise FeelError(f"a text has at most {MAX_TEXT} characters")
        return left + right
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return DaysDuration(left.nanos + right.nanos)
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return MonthsDuration(left.months + right.months)
    if isinstance(right, Date | DateTime | Time) and isinstance(
        left, DaysDuration | MonthsDuration
    ):
        left, right = right, left
    if isinstance(left, Date | DateTime | Time) and isinstance(
        right, DaysDuration | MonthsDuration
    ):
        return _shift(left, right)
    raise _refuse("+", left, right)


def _shift(moment: Date | DateTime | Time, by: Duration) -> Value:
    if isinstance(by, MonthsDuration):
        if isinstance(moment, Date):
            return moment.plus_months(by.months)
        if isinstance(moment, DateTime):
            return DateTime(moment.date.plus_months(by.months), moment.time)
        raise _refuse("+", moment, by)
    if isinstance(moment, Date):
        return Date.from_days((moment.days * DAY + by.nanos) // DAY)
    if isinstance(moment, Time):
        return Time.from_nanos(moment.nanos + by.nanos, moment)
    return moment.later(by.nanos)


def _subtract(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.subtract(left, right)
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return DaysDuration(left.nanos - right.nanos)
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return MonthsDuration(left.months - right.months)
    if isinstance(left, Date | DateTime | Time) and isinstance(
        right, DaysDuration | MonthsDuration
    ):
        opposite = negate(right)
        assert isinstance(opposite, DaysDuration | MonthsDuration)
        return _shift(left, opposite)
    if isinstance(left, Date) and isinstance(right, Date):
        return DaysDuration((left.days - right.days) * DAY)
    if isinstance(left, Time) and isinstance(right, Time):
        one, other = left.offset_on(None), right.offset_on(None)
        if (one is None) != (other is None):
            raise FeelError(f"{left} and {right} have no difference: one has no offset from UTC")
        return DaysDuration(left.nanos - right.nanos - ((one or 0) - (other or 0)) * SECOND)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        start, end = as_date_time(right), as_date_time(left)
        if (start.offset is None) != (end.offset is None):
            raise FeelError(f"{left} and {right} have no difference: one has no offset from UTC")
        return DaysDuration(end.instant - start.instant)
    raise _refuse("-", left, right)


def _scaled(duration: Duration, factor: Fraction) -> Duration:
    if isinstance(duration, DaysDuration):
        return DaysDuration(round(duration.nanos * factor))
    return MonthsDuration(int(duration.months * factor))


def _multiply(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.multiply(left, right)
    if isinstance(left, Decimal):
        left, right = right, left
    if isinstance(left, DaysDuration | MonthsDuration) and isinstance(right, Decimal):
        return _scaled(left, _fraction(right))
    raise _refuse("*", left, right)


def _fraction(value: Decimal) -> Fraction:
    if abs(value.adjusted()) > 40:
        raise FeelError("a duration cannot be multiplied or divided by that number")
    return Fraction(value)


def _divide(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.divide(left, right)
    if isinstance(left, DaysDuration | MonthsDuration) and isinstance(right, Decimal):
        return _scaled(left, 1 / _fraction(right))
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return NUMBERS.divide(Decimal(left.nanos), Decimal(right.nanos))
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    raise _refuse("/", left, right)


def _power(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.power(left, right)
    raise _refuse("**", left, right)


_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
}
