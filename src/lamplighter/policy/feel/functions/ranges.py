"""Range functions of FEEL: how points and ranges lie to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamplighter.policy.feel.comparison import compare, equal, is_within
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import FeelError, Range, Value

if TYPE_CHECKING:
    from lamplighter.policy.feel.evaluator import Evaluator

FUNCTIONS = Registry()


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


@FUNCTIONS.add("before", "point1: Any, point2: Any")
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


@FUNCTIONS.add("after", "point1: Any, point2: Any")
def after(first: Value, second: Value) -> Value:
    return before(second, first)


@FUNCTIONS.add("meets", "range1: Any, range2: Any")
def meets(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    return one.high_closed and other.low_closed and compare(one.high, other.low) == 0


@FUNCTIONS.add("met by", "range1: Any, range2: Any")
def met_by(first: Value, second: Value) -> Value:
    return meets(second, first)


@FUNCTIONS.add("overlaps", "range1: Any, range2: Any")
def overlaps(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    return not _ends_before(one, other) and not _ends_before(other, one)


def _starts_earlier(first: Range, second: Range) -> bool:
    order = compare(first.low, second.low)
    return order < 0 or (order == 0 and first.low_closed and not second.low_closed)


def _ends_earlier(first: Range, second: Range) -> bool:
    order = compare(first.high, second.high)
    return order < 0 or (order == 0 and not first.high_closed and second.high_closed)


@FUNCTIONS.add("overlaps before", "range1: Any, range2: Any")
def overlaps_before(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    starts = _starts_earlier(one, other)
    same_end = not _ends_earlier(one, other) and not _ends_earlier(other, one)
    return starts and not _ends_before(one, other) and (_ends_earlier(one, other) or same_end)


@FUNCTIONS.add("overlaps after", "range1: Any, range2: Any")
def overlaps_after(first: Value, second: Value) -> Value:
    one, other = _range(first), _range(second)
    same_start = not _starts_earlier(one, other) and not _starts_earlier(other, one)
    starts = _starts_earlier(other, one) or same_start
    return starts and not _ends_before(other, one) and _ends_earlier(other, one)


@FUNCTIONS.add("finishes", "point: Any, range: Any")
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


@FUNCTIONS.add("finished by", "range: Any, point: Any")
def finished_by(first: Value, second: Value) -> Value:
    return finishes(second, first)


@FUNCTIONS.add("includes", "range: Any, point: Any")
def includes(first: Value, second: Value) -> Value:
    one = _range(first)
    if not isinstance(second, Range):
        return is_within(_point(second), one)
    other = _range(second)
    return not _starts_earlier(other, one) and not _ends_earlier(one, other)


@FUNCTIONS.add("during", "point: Any, range: Any")
def during(first: Value, second: Value) -> Value:
    return includes(second, first)


@FUNCTIONS.add("starts", "point: Any, range: Any")
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


@FUNCTIONS.add("started by", "range: Any, point: Any")
def started_by(first: Value, second: Value) -> Value:
    return starts(second, first)


@FUNCTIONS.add("coincides", "point1: Any, point2: Any")
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
    from lamplighter.policy.feel.syntax import Call, Literal, RangeOf, Unary

    try:
        node = parse_expression(text)
    except FeelSyntaxError as error:
        raise FeelError(f'"{text}" is not a range: {error}') from None
    ends = [node.low, node.high] if isinstance(node, RangeOf) else [None]
    plain = all(isinstance(end, Literal | Call | Unary) for end in ends)
    if not isinstance(node, RangeOf) or not plain:
        raise FeelError(f'"{text}" is not a range of literals')
    return evaluator.evaluate(node, EMPTY)
