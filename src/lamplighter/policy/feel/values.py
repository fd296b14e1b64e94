"""The values of FEEL, and the arithmetic context of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import TYPE_CHECKING, TypeAlias, Union

from lamplighter.policy.feel.calendar import Date, DateTime, DaysDuration, MonthsDuration, Time

if TYPE_CHECKING:
    from lamplighter.policy.feel.kinds import FeelType

# Decimal128 of IEEE 754-2008, as DMN demands: 34 digits, ties to even.
NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

Value: TypeAlias = Union[
    bool,
    str,
    Decimal,
    Date,
    Time,
    DateTime,
    DaysDuration,
    MonthsDuration,
    "Range",
    "Function",
    tuple["Value", ...],
    Mapping[str, "Value"],
    None,
]


class FeelError(Exception):
    """Why an expression is null; the message is a sentence without its stop."""


class Runaway(Exception):
    """An evaluation that went over its limits; the whole of it is given up."""


@dataclass(frozen=True)
class Range:
    """An interval; an end that is None is open to infinity.

    A `point` is one that is written `(=5)` or `(!=5)`, which no other interval is equal to.
    """

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True
    point: bool = False


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function, with the type that arguments are coerced to."""

    name: str
    type: FeelType
    optional: bool = False
    many: bool = False
    nullable: bool = True


@dataclass(frozen=True, eq=False)
class Function:
    """Something that can be invoked; `overloads` has each way of calling it."""

    name: str
    overloads: tuple[Overload, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Overload:
    """One list of parameters and what computes the result.

    Results are coerced to `result`; where there is none, `infer` says what type they have.
    With `named` it is taken only where arguments have names.
    """

    parameters: tuple[Parameter, ...]
    run: Callable[..., Value]
    result: FeelType | None = None
    infer: Callable[[], FeelType] | None = None
    named: bool = False


def number(value: int | str | float | Decimal) -> Decimal:
    """A FEEL number, rounded to 34 digits."""
    text = value if isinstance(value, int | str | Decimal) else repr(value)
    try:
        made = NUMBERS.create_decimal(text)
    except (InvalidOperation, Overflow):
        made = Decimal("NaN")
    if not made.is_finite():
        raise FeelError(f"{text} is not a number that FEEL can hold")
    return made


def kind_of(value: Value) -> str:
    """The name of the value's type, as `instance of` spells it."""
    if value is None:
        return "Null"
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return "context"


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (str, "string"),
    (Decimal, "number"),
    (DateTime, "date and time"),
    (Date, "date"),
    (Time, "time"),
    (DaysDuration, "days and time duration"),
    (MonthsDuration, "years and months duration"),
    (Range, "range"),
    (Function, "function"),
    (tuple, "list"),
)


def plain_number(value: Decimal) -> str:
    """`100`, `1.5`: without an exponent and without zeros that say nothing."""
    return "0" if value == 0 else f"{value.normalize(NUMBERS):f}"


def show(value: Value, quoted: bool = True) -> str:
    """The value as FEEL writes it; texts in quotes unless it is the text itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, str):
        if not quoted:
            return value
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, Range):
        return _show_range(value)
    if isinstance(value, Function):
        return f"function {value.name}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {show(item)}" for name, item in value.items()) + "}"
    return str(value)


def _show_range(value: Range) -> str:
    if value.low is None and value.high is not None:
        return f"{'<=' if value.high_closed else '<'}{show(value.high)}"
    if value.high is None and value.low is not None:
        return f"{'>=' if value.low_closed else '>'}{show(value.low)}"
    left, right = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{left}{show(value.low)}..{show(value.high)}{right}"
