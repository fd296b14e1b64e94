"""The values that an input or an output may take, and sets of such values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

Number: TypeAlias = int | float
Value: TypeAlias = str | bool | int | float


class Unknown(Enum):
    """The type of `UNKNOWN`: somebody was asked, and nobody knows."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __str__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Fact: TypeAlias = Value | Unknown
Kind: TypeAlias = Literal["choice", "boolean", "number"]


def format_value(value: Fact) -> str:
    """The value as a person types it: `true`, `threat`, `4`, `unknown`."""
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
        if self.low == -math.inf:
            return f"{'<=' if self.high_closed else '<'} {format_value(self.high)}"
        if self.high == math.inf:
            return f"{'>=' if self.low_closed else '>'} {format_value(self.low)}"
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{left}{format_value(self.low)}..{format_value(self.high)}{right}"


@dataclass(frozen=True, slots=True)
class Domain:
    """The declared values of an input or an output."""

    kind: Kind
    values: tuple[str, ...] = ()
    range: Interval | None = None
    integer: bool = False

    def __contains__(self, value: object) -> bool:
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "choice":
            return isinstance(value, str) and value in self.values
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.integer and not float(value).is_integer():
            return False
        return self.range is not None and value in self.range

    def __str__(self) -> str:
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(self.values)
        return f"a {'whole ' if self.integer else ''}number in {self.range}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a rule's box: the values of one column that the rule accepts.

    `values` serves choices and booleans, `intervals` numbers. `unknown` says whether a
    settled unknown is accepted; what the input declares with `when unknown` is in it already.
    """

    values: frozenset[Value] = frozenset()
    intervals: tuple[Interval, ...] = ()
    unknown: bool = False

    def __contains__(self, fact: Fact) -> bool:
        if fact is UNKNOWN:
            return self.unknown
        if isinstance(fact, bool | str):
            return fact in self.values
        return any(fact in interval for interval in self.intervals)
