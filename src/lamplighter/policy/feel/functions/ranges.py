"""Range functions of FEEL: how points and ranges lie to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lamplighter.policy.feel.comparison import compare, equal, is_within
from lamplighter.policy.feel.functions.registry import F, Registry
from lamplighter.policy.feel.values import FeelError, Range, Value

if TYPE_CHECKING:
    from lamplighter.policy.feel.evaluator import Evaluator
    from lamplighter.policy.feel.syntax import Node

FUNCTIONS = Registry()
_MAKERS = ("date", "time", "date and time", "duration")
# The names of the parameters, by what is compared.
_POINTS, _RANGES = ("point1", "point2"), ("range1", "range2")
_POINT_RANGE, _RANGE_POINT = ("point", "range"), ("range", "point")


def _relation(name: str, *pairs: tuple[str, str]) -> Callable[[F], F]:
    """Registers a function of two points or ranges under the names of each pair."""

    def register(function: F) -> F:
        for one, other in (*pairs, _RANGES):
            FUNCTIONS.add(name, f"{one}: Any, {other}: Any")(function)
        return function

    return register


def _point(value: Value) -> Value:
    if value is None or isinstance(value, Range):
        raise FeelError("a point is wanted, not a range or null")
    return value


def _range(value: Value) -> Range:
    if not isinstance(value, Range) or value.low is None or value.high is None:
        raise FeelError("a range with both its ends is wanted")
    return value


def _ends_before(first: Range, second: Range) -> bool:
    order = compare(first.high, second.low)
    return order < 0 or (order == 0 and not (first.high_closed and second.low_closed))


@_relation("before", _POINTS, _POINT_RANGE, _RANGE_POINT)
def before(first: Value, second: Value) -> Value:
    if isinstance(first, Range) and isinstance(second, Range):
        return _ends_before(_range(first), _range(second))
    if isinstance(first, Range):
        order = compare(_range(first).high, _point(second))
        return order < 0 or (order == 0 and not first.high_closed)
    if isinstance(second, Range):
        order = compare(_point(first), _range(second).low)
        return order < 0 or (order == 0 and not second.low_closed)
    return compare(_point(first), _point(second)) < 0


@_relation("after", _POINTS, _POINT_RANGE, _RANGE_POINT)
def after(first: Value, second: Value) -> Value:
    return before(second, first)


@_relation("meets")
def meets(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    return one.high_closed and other.low_closed and compare(one.high, other.low) == 0


@_relation("met by")
def met_by(first: Value, second: Value) -> Value:
    return meets(second, first)


@_relation("overlaps")
def overlaps(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    return not _ends_before(one, other) and not _ends_before(other, one)


def _starts_earlier(first: Range, second: Range) -> bool:
    order = compare(first.low, second.low)
    return order < 0 or (order == 0 and first.low_closed and not second.low_closed)


def _ends_earlier(first: Range, second: Range) -> bool:
    order = compare(first.high, second.high)
    return order < 0 or (order == 0 and not first.high_closed and second.high_closed)


@_relation("overlaps before")
def overlaps_before(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    starts = _starts_earlier(one, other)
    same_end = not _ends_earlier(one, other) and not _ends_earlier(other, one)
    return starts and not _ends_before(one, other) and (_ends_earlier(one, other) or same_end)


@_relation("overlaps after")
def overlaps_after(first: Value, second: Value) -> Value:
    return overlaps_before(second, first)


@_relation("finishes", _POINT_RANGE)
def finishes(first: Value, second: Value) -> Value:
    other = _range(second)
    if not isinstance(first, Range):
        return other.high_closed and compare(_point(first), other.high) == 0
    one = _range(first)
    return (
        one.high_closed == other.high_closed
        and compare(one.high, other.high) == 0
        and not _starts_earlier(one, other)
    )


@_relation("finished by", _RANGE_POINT)
def finished_by(first: Value, second: Value) -> Value:
    return finishes(second, first)


@_relation("includes", _RANGE_POINT)
def includes(first: Value, second: Value) -> Value:
    one = _range(first)
    if not isinstance(second, Range):
        return is_within(_point(second), one)
    other = _range(second)
    return not _starts_earlier(other, one) and not _ends_earlier(one, other)


@_relation("during", _POINT_RANGE)
def during(first: Value, second: Value) -> Value:
    return includes(second, first)


@_relation("starts", _POINT_RANGE)
def starts(first: Value, second: Value) -> Value:
    other = _range(second)
    if not isinstance(first, Range):
        return other.low_closed and compare(_point(first), other.low) == 0
    one = _range(first)
    return (
        one.low_closed == other.low_closed
        and compare(one.low, other.low) == 0
        and not _ends_earlier(other, one)
    )


@_relation("started by", _RANGE_POINT)
def started_by(first: Value, second: Value) -> Value:
    return starts(second, first)


@_relation("coincides", _POINTS)
def coincides(first: Value, second: Value) -> Value:
    if isinstance(first, Range) and isinstance(second, Range):
        return equal(_range(first), _range(second))
    return compare(_point(first), _point(second)) == 0


@FUNCTIONS.add("range", "from: string", evaluator=True)
def range_of(evaluator: Evaluator, text: str) -> Value:
    """A range from its text, whose ends are literals."""
    from lamplighter.policy.feel.evaluator import EMPTY
    from lamplighter.policy.feel.lexer import FeelSyntaxError
    from lamplighter.policy.feel.parser import parse_expression
    from lamplighter.policy.feel.syntax import RangeOf

    if not text.strip().startswith(("[", "(", "]")):
        raise FeelError(f'"{text}" is not a range such as [1..5]')
    try:
        node = parse_expression(text)
    except FeelSyntaxError as error:
        raise FeelError(f'"{text}" is not a range: {error}') from None
    ends = [node.low, node.high] if isinstance(node, RangeOf) else []
    if not ends or not all(end is None or _is_literal(end) for end in ends):
        raise FeelError(f'"{text}" is not a range of literals')
    return evaluator.evaluate(node, EMPTY)


def _is_literal(node: Node) -> bool:
    """Whether an end is written out: a value, its negative, or a date or the like from its text."""
    from lamplighter.policy.feel.syntax import Call, Literal, Name, Unary

    if isinstance(node, Unary):
        return _is_literal(node.operand)
    if isinstance(node, Call):
        made = isinstance(node.function, Name) and node.function.name in _MAKERS
        return made and all(isinstance(one, Literal) for one in node.arguments)
    return isinstance(node, Literal)
