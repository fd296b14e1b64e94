"""When two values are equal, which comes first, and what lies in a range."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lamplighter.policy.feel.calendar import (
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from lamplighter.policy.feel.values import FeelError, Function, Range, Value, kind_of


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None (null) where their kinds cannot be compared."""
    if left is None or right is None:
        return left is right
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        return _same_moment(as_date_time(left), as_date_time(right))
    if kind_of(left) != kind_of(right):
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        return _all(equal(one, other) for one, other in zip(left, right, strict=True))
    if isinstance(left, Range) and isinstance(right, Range):
        same_form = (left.low_closed, left.high_closed, left.point) == (
            right.low_closed,
            right.high_closed,
            right.point,
        )
        return same_form and _all((equal(left.low, right.low), equal(left.high, right.high)))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if set(left) != set(right):
            return False
        return _all(equal(left[name], right[name]) for name in left)
    if isinstance(left, Time) and isinstance(right, Time):
        return _clock(left) == _clock(right)
    if isinstance(left, Function):
        return left is right
    return left == right


def _all(parts: object) -> bool | None:
    found: list[bool | None] = list(parts)  # type: ignore[call-overload]
    if False in found:
        return False
    return None if None in found else True


def _clock(time: Time) -> tuple[int, bool]:
    """The second of the day in UTC, and whether it is one."""
    offset = time.offset_on(None)
    return time.nanos // SECOND - (offset or 0), offset is not None


def _same_moment(left: DateTime, right: DateTime) -> bool:
    """Moments are the same by the second, in whatever zone they are given."""
    same_kind = (left.offset is None) == (right.offset is None)
    return same_kind and left.instant // SECOND == right.instant // SECOND


def compare(left: Value, right: Value) -> int:
    """Below, equal or above: -1, 0 or 1; `FeelError` where there is no order."""
    if isinstance(left, bool) or isinstance(right, bool):
        raise _no_order(left, right)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, Date) and isinstance(right, Date):
        return (left > right) - (left < right)
    if isinstance(left, Time) and isinstance(right, Time):
        one, other = _clock(left), _clock(right)
        if one[1] is not other[1]:
            raise FeelError(f"{left} and {right} cannot be compared: one has no offset from UTC")
        return (one > other) - (one < other)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        return _compare_moments(as_date_time(left), as_date_time(right))
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return (left > right) - (left < right)
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return (left > right) - (left < right)
    raise _no_order(left, right)


def as_date_time(value: Date | DateTime) -> DateTime:
    """A date counts as its midnight in UTC where a date and time is wanted."""
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0, 0, offset=0))


def _compare_moments(left: DateTime, right: DateTime) -> int:
    if (left.offset is None) != (right.offset is None):
        raise FeelError(f"{left} and {right} cannot be compared: one has no offset from UTC")
    one, other = left.instant // SECOND, right.instant // SECOND
    return (one > other) - (one < other)


def _no_order(left: Value, right: Value) -> FeelError:
    return FeelError(f"a {kind_of(left)} and a {kind_of(right)} have no order")


def holds(operator: str, left: Value, right: Value) -> bool | None:
    """`left operator right` for the six comparisons."""
    if operator in ("=", "!="):
        same = equal(left, right)
        return same if operator == "=" or same is None else not same
    order = compare(left, right)
    if operator == "<":
        return order < 0
    if operator == "<=":
        return order <= 0
    return order > 0 if operator == ">" else order >= 0


def is_within(value: Value, limits: Range) -> bool:
    """Whether the value lies in the range; `FeelError` where it cannot be compared."""
    if limits.low is None and limits.high is None:
        raise FeelError("a range without ends holds nothing that can be compared")
    if limits.low is not None:
        order = compare(value, limits.low)
        if order < 0 or (order == 0 and not limits.low_closed):
            return False
    if limits.high is not None:
        order = compare(value, limits.high)
        if order > 0 or (order == 0 and not limits.high_closed):
            return False
    return True


def fits(value: Value, test: Value) -> bool:
    """Whether a value fits what a test evaluates to: equal, in its range, or in its list."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return value is not None and is_within(value, test)
    if isinstance(test, tuple):
        if isinstance(value, tuple) and equal(value, test):
            return True
        return any(_fits_quietly(value, one) for one in test)
    return equal(value, test) is True


def _fits_quietly(value: Value, test: Value) -> bool:
    try:
        return fits(value, test)
    except FeelError:
        return False


def truth(condition: Value) -> bool | None:
    """A condition, which may be null; `FeelError` where it is anything else than true or false."""
    if condition is None or isinstance(condition, bool):
        return condition
    raise FeelError(f"a condition is a {kind_of(condition)}, neither true nor false")
