"""The values that an input or an output may take, and sets of such values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from lamplighter.policy import calendar
from lamplighter.policy.sentences import Said, say

Number: TypeAlias = int | float
Value: TypeAlias = str | bool | int | float
# What a table gives: a value, or, where it gathers, the values of all rules that match.
Result: TypeAlias = Value | tuple[Value, ...]


class Unknown(Enum):
    """The type of `UNKNOWN`: somebody was asked, and nobody knows."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __str__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Fact: TypeAlias = Value | Unknown
Kind: TypeAlias = Literal["choice", "boolean", "number", "date", "duration", "period"]

# Kinds that are written as texts and compared as numbers: days, seconds, months.
_READ: Final[dict[str, Callable[[str], Number]]] = {
    "date": calendar.date_number,
    "duration": calendar.duration_number,
    "period": calendar.period_number,
}
_WRITE: Final[dict[str, Callable[[Number], str]]] = {
    "date": calendar.date_text,
    "duration": calendar.duration_text,
    "period": calendar.period_text,
}
_EXAMPLES: Final = {"date": "2026-11-01", "duration": "P1DT2H", "period": "P1Y2M"}


def added(numbers: Iterable[Number]) -> Number:
    """The sum of numbers as they are written, whatever their order: a proof adds them so too.

    >>> added([0.1, 0.2])
    0.3
    """
    every = tuple(numbers)
    if all(number.__class__ is int for number in every):
        return sum(every)
    total = sum((Fraction(str(number)) for number in every), Fraction(0))
    return total.numerator if total.denominator == 1 else float(total)


def format_value(value: Fact | Result) -> str:
    """The value as a person types it: `true`, `threat`, `4`, `unknown`; a list with commas."""
    if isinstance(value, tuple):
        return ", ".join(format_value(one) for one in value) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of numbers; each end is part of it (closed) or not."""

    low: Number
    high: Number
    low_closed: bool = True
    high_closed: bool = True

    def __contains__(self, number: Number) -> bool:
        above = number >= self.low if self.low_closed else number > self.low
        below = number <= self.high if self.high_closed else number < self.high
        return above and below

    def is_empty(self) -> bool:
        if self.low == self.high:
            return not (self.low_closed and self.high_closed)
        return self.low > self.high

    def meets(self, other: Interval) -> Interval:
        """The common part, which may be empty."""
        # Of two equal ends the open one is the tighter.
        low, low_open = max((self.low, not self.low_closed), (other.low, not other.low_closed))
        high, high_closed = min((self.high, self.high_closed), (other.high, other.high_closed))
        return Interval(low, high, not low_open, high_closed)

    def outside(self) -> tuple[Interval, ...]:
        """The numbers below it and above it."""
        below = Interval(-math.inf, self.low, False, not self.low_closed)
        above = Interval(self.high, math.inf, not self.high_closed, False)
        return tuple(part for part in (below, above) if not part.is_empty())

    def __str__(self) -> str:
        if self == EVERY_NUMBER:
            return "-"
        if self.low == -math.inf:
            return f"{'<=' if self.high_closed else '<'} {format_value(self.high)}"
        if self.high == math.inf:
            return f"{'>=' if self.low_closed else '>'} {format_value(self.low)}"
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{left}{format_value(self.low)}..{format_value(self.high)}{right}"


EVERY_NUMBER: Final = Interval(-math.inf, math.inf, False, False)


@dataclass(frozen=True, slots=True)
class Domain:
    """The declared values of an input or an output.

    Dates, durations and periods are texts (ISO 8601); their `range` holds the numbers that
    tables compare: days since 1970-01-01, seconds, months.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    range: Interval | None = None
    integer: bool = False

    def __contains__(self, value: object) -> bool:
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "choice":
            return isinstance(value, str) and value in self.values
        number = self.number(value)
        return number is not None and self.holds(number)

    def holds(self, number: Number) -> bool:
        """Whether a number stands for one of the values of a line."""
        if self.integer and number % 1 != 0:
            return False
        return self.range is not None and number in self.range

    @property
    def is_line(self) -> bool:
        """Whether the values lie on a line, and tables compare them as numbers."""
        return self.kind not in ("choice", "boolean")

    @property
    def whole(self) -> bool:
        """Whether the line has whole steps only."""
        return self.integer or self.kind in ("date", "period")

    def number(self, value: object) -> Number | None:
        """The number that stands for a value of a line; None where it is no such value."""
        if self.kind == "number":
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return value if is_number else None  # type: ignore[return-value]
        if not isinstance(value, str) or self.kind not in _READ:
            return None
        try:
            return _READ[self.kind](value)
        except (ValueError, OverflowError):
            return None

    def value(self, number: Number) -> Value:
        """The value of a line that a number stands for, as it is written."""
        return _WRITE[self.kind](number) if self.kind in _WRITE else number

    def example(self, interval: Interval) -> Number | None:
        """A number of the line that lies in an interval, or None where there is none."""
        part = interval if self.range is None else interval.meets(self.range)
        endless = part.low == -math.inf
        if self.kind == "date":
            part = part.meets(Interval(*calendar.DATES))
        if part.is_empty():
            return None
        if part.low == part.high:
            return part.low if not self.whole or part.low % 1 == 0 else None
        low = max(part.low, min(part.high - 2, -1)) if endless else part.low
        whole = math.floor(low) + 1
        if part.low_closed and part.low == whole - 1:
            whole -= 1
        if whole in part:
            return whole
        if self.whole:
            return None
        middle = low + (min(part.high, low + 2) - low) / 2
        return middle if middle in part else None

    def settled(self, fact: Any) -> Any:
        """A fact in the form in which it is kept: Python's dates and durations as texts."""
        if self.kind == "date" and type(fact) is date:
            return fact.isoformat()
        if self.kind == "duration" and isinstance(fact, timedelta):
            return calendar.duration_text(fact.total_seconds())
        return fact

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> Said:
        """What a value of it may be, as a part of a sentence."""
        if self.kind == "boolean":
            return say("domain.boolean")
        if self.kind == "choice":
            return say("domain.choice", values=", ".join(self.values))
        if self.range is None or self.range == EVERY_NUMBER:
            if self.kind not in _WRITE:
                return say("domain.any-whole") if self.integer else say("domain.any-number")
            example = f'{self._call}("{_EXAMPLES[self.kind]}")'
            return say("domain.any-moment", kind=say(f"kind.{self.kind}"), example=example)
        if self.kind in _WRITE:
            kind, limits = say(f"kind.{self.kind}"), self.show(self.range)
            return say("domain.moment", kind=kind, example=_EXAMPLES[self.kind], range=limits)
        return say("domain.whole" if self.integer else "domain.number", range=str(self.range))

    def show(self, interval: Interval | None) -> str:
        """An interval of the line, as it is written in a cell."""
        if interval in (None, EVERY_NUMBER) or self.kind not in _WRITE:
            return str(interval)

        def end(number: Number) -> str:
            return f'{self._call}("{_WRITE[self.kind](number)}")'

        if interval.low == -math.inf:
            return f"{'<=' if interval.high_closed else '<'} {end(interval.high)}"
        if interval.high == math.inf:
            return f"{'>=' if interval.low_closed else '>'} {end(interval.low)}"
        left, right = "[" if interval.low_closed else "(", "]" if interval.high_closed else ")"
        return f"{left}{end(interval.low)}..{end(interval.high)}{right}"

    @property
    def _call(self) -> str:
        """The function that a cell reads a value of the line with."""
        return "date" if self.kind == "date" else "duration"

    def accepts(self, side: Side, value: Value) -> bool:
        """Whether a cell accepts a known value of this domain."""
        if not self.is_line:
            return value in side.values
        number = self.number(value)
        return number is not None and any(number in one for one in side.intervals)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a rule's box: the values of one column that the rule accepts.

    `values` serves choices and booleans, `intervals` what lies on a line. `unknown` says whether
    a settled unknown is accepted; what the input declares with `when unknown` is in it already.
    """

    values: frozenset[Value] = frozenset()
    intervals: tuple[Interval, ...] = ()
    unknown: bool = False
