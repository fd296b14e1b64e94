"""Numeric functions of FEEL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from lamplighter.policy.feel.calendar import DaysDuration, MonthsDuration
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import NUMBERS, FeelError, Value, kind_of

FUNCTIONS = Registry()
_LOWEST_SCALE, _HIGHEST_SCALE = -6111, 6176


def whole(value: Decimal, what: str) -> int:
    """The number as a whole one, which it must be; cut off as DMN's tests want it."""
    if abs(value) > 10**9:
        raise FeelError(f"{what} is too large")
    return int(value)


def rounded(value: Decimal, scale: Decimal | None, how: str) -> Decimal:
    """The number with `scale` digits behind the point."""
    if scale is None:
        scale = Decimal(0)
    if not _LOWEST_SCALE <= scale <= _HIGHEST_SCALE:
        raise FeelError(f"a scale lies between {_LOWEST_SCALE} and {_HIGHEST_SCALE}")
    digits = int(scale)
    if value.as_tuple().exponent >= -digits:  # type: ignore[operator]
        return value
    context = NUMBERS.copy()
    context.prec = max(NUMBERS.prec, abs(value.adjusted()) + 40)
    context.rounding = how
    return NUMBERS.plus(value.quantize(Decimal(1).scaleb(-digits), context=context))


@FUNCTIONS.add("decimal", "n: number, scale: number")
def decimal(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_HALF_EVEN)


@FUNCTIONS.add("floor", "n: number")
def floor(n: Decimal) -> Value:
    return rounded(n, None, ROUND_FLOOR)


@FUNCTIONS.add("floor", "n: number, scale: number")
def floor_to(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_FLOOR)


@FUNCTIONS.add("ceiling", "n: number")
def ceiling(n: Decimal) -> Value:
    return rounded(n, None, ROUND_CEILING)


@FUNCTIONS.add("ceiling", "n: number, scale: number")
def ceiling_to(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_CEILING)


@FUNCTIONS.add("round up", "n: number, scale: number")
def round_up(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_UP)


@FUNCTIONS.add("round down", "n: number, scale: number")
def round_down(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_DOWN)


@FUNCTIONS.add("round half up", "n: number, scale: number")
def round_half_up(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_HALF_UP)


@FUNCTIONS.add("round half down", "n: number, scale: number")
def round_half_down(n: Decimal, scale: Decimal) -> Value:
    return rounded(n, scale, ROUND_HALF_DOWN)


@FUNCTIONS.add("abs", "n: Any")
def absolute(n: Value) -> Value:
    if isinstance(n, tuple) and len(n) == 1:
        n = n[0]
    if isinstance(n, Decimal):
        return n.copy_abs()
    if isinstance(n, DaysDuration):
        return DaysDuration(abs(n.nanos))
    if isinstance(n, MonthsDuration):
        return MonthsDuration(abs(n.months))
    raise FeelError(f"abs does not take a {kind_of(n)}")


@FUNCTIONS.add("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    if divisor == 0:
        raise FeelError("nothing can be divided by 0")
    quotient = _guarded(lambda: NUMBERS.divide(dividend, divisor))
    times = rounded(quotient, None, ROUND_FLOOR)
    return _guarded(lambda: NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, times)))


def _guarded(compute: Callable[[], Decimal]) -> Decimal:
    try:
        return compute()
    except (InvalidOperation, Overflow, DivisionByZero):
        raise FeelError("the result is no number that FEEL can hold") from None


@FUNCTIONS.add("sqrt", "number: number")
def square_root(number: Decimal) -> Value:
    return _guarded(lambda: NUMBERS.sqrt(number))


@FUNCTIONS.add("log", "number: number")
def logarithm(number: Decimal) -> Value:
    if number <= 0:
        raise FeelError("log takes numbers above 0")
    return _guarded(lambda: NUMBERS.ln(number))


@FUNCTIONS.add("exp", "number: number")
def exponential(number: Decimal) -> Value:
    return _guarded(lambda: NUMBERS.exp(number))


def _is_even(number: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None
    if number.adjusted() > NUMBERS.prec:
        # Its last digits are zeros.
        return True
    return NUMBERS.remainder(number, Decimal(2)) == 0


@FUNCTIONS.add("odd", "number: number")
def odd(number: Decimal) -> Value:
    even_number = _is_even(number)
    return None if even_number is None else not even_number


@FUNCTIONS.add("even", "number: number")
def even(number: Decimal) -> Value:
    return _is_even(number)
