"""The parts of a FEEL expression, as the parser leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union

from lamplighter.policy.feel.kinds import FeelType
from lamplighter.policy.feel.values import Value

Node: TypeAlias = Union[
    "Literal",
    "Name",
    "ListOf",
    "ContextOf",
    "RangeOf",
    "Unary",
    "Binary",
    "Between",
    "In",
    "InstanceOf",
    "If",
    "For",
    "Quantified",
    "Path",
    "Filter",
    "Call",
    "FunctionOf",
    "External",
    "Broken",
]


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`[low..high)`; a missing end is that of a comparison such as `(< 10)`, a point `(=10)`."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
    point: bool = False


@dataclass(frozen=True, slots=True)
class Unary:
    """Arithmetic negation."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    value: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class If:
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For:
    """`partial` where the result speaks of the results before it."""

    iterations: tuple[Iteration, ...]
    result: Node
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Quantified:
    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Path:
    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FunctionOf:
    parameters: tuple[tuple[str, FeelType], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class External:
    """A function in another language, which is never run."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What cannot be read, such as a date that does not exist: null, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A test that compares: `< 5`."""

    operator: str
    value: Node


@dataclass(frozen=True, slots=True)
class Fits:
    """A test that is an expression; `asks` where it speaks of `?` itself."""

    value: Node
    asks: bool


Test: TypeAlias = Compare | Fits


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """What stands in a cell. No tests and not negated is `-`: everything fits."""

    tests: tuple[Test, ...]
    negated: bool = False
