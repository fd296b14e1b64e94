"""Reads the declared values, cells and results of a DMN table as a policy writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from lamplighter.policy.cells import CellError, parse_cell
from lamplighter.policy.dmn.feel_text import cell_text, interval, literal
from lamplighter.policy.dmn.items import OTHER_NAMES
from lamplighter.policy.dmn.xml import Source
from lamplighter.policy.domains import EVERY_NUMBER, Domain, Interval, Kind, Number, Side, Value
from lamplighter.policy.feel.calendar import SECOND, Date, DaysDuration, MonthsDuration
from lamplighter.policy.feel.evaluator import Evaluator
from lamplighter.policy.feel.lexer import FeelSyntaxError, normal_name
from lamplighter.policy.feel.parser import parse_expression, parse_tests
from lamplighter.policy.feel.syntax import (
    Compare,
    Fits,
    Literal,
    Name,
    Node,
    RangeOf,
    Test,
    UnaryTests,
)
from lamplighter.policy.feel.values import Value as FeelValue
from lamplighter.policy.feel.values import show
from lamplighter.policy.model import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_KINDS: dict[str, Kind] = {
    "boolean": "boolean",
    "string": "choice",
    "number": "number",
    "date": "date",
    "days and time duration": "duration",
    "dayTimeDuration": "duration",
    "years and months duration": "period",
    "yearMonthDuration": "period",
}
_MAX_VALUES = 10_000
_NULL = Literal(None)


class Unreadable(ValueError):
    """What a policy cannot say; the message is the rest of a sentence."""


@dataclass(frozen=True)
class CellText:
    """The column that a cell stands in."""

    column: str
    domain: Domain
    may_be_unknown: bool
    when_unknown: Value | None


def read_domain(
    source: Source, types: Mapping[str, _Element], kinds: list[_Element | None]
) -> Domain:
    """The values that a variable, a clause of a table or their types declare."""
    found: Kind | None = None
    texts: list[str] = []
    for element in kinds:
        if element is None:
            continue
        for own in ("inputValues", "outputValues", "allowedValues"):
            texts.append(source.text(source.child(element, own)))
        expression = source.child(element, "inputExpression")
        written = element.get("typeRef") or (
            None if expression is None else expression.get("typeRef")
        )
        for _ in range(10):
            name = normal_name(written or "").rpartition(":")[2]
            if name not in types:
                found = found or _KINDS.get(OTHER_NAMES.get(name, name))
                break
            item = types[name]
            if (
                item.get("isCollection") == "true"
                or source.child(item, "itemComponent") is not None
            ):
                raise Unreadable(
                    f"is of the type {name}, a list or a structure; a policy has neither"
                )
            texts.append(source.text(source.child(item, "allowedValues")))
            texts.append(source.text(source.child(item, "typeConstraint")))
            reference = source.child(item, "typeRef")
            written = None if reference is None else reference.text
    return _domain(found, next((text for text in texts if text), ""))


def _domain(kind: Kind | None, text: str) -> Domain:
    if kind == "boolean":
        return Domain("boolean")
    if not text:
        if kind == "choice":
            raise Unreadable('lists no values; declare its allowed values, such as "low", "high"')
        if kind is None:
            raise Unreadable("has no type; declare one, and its allowed values")
        return Domain(kind, range=EVERY_NUMBER)
    try:
        tests = parse_tests(text)
    except FeelSyntaxError as error:
        raise Unreadable(f"has allowed values that cannot be read: {error}") from None
    known = [test for test in tests.tests if not _is_null(test)]
    if tests.negated or not known:
        raise Unreadable("has allowed values that are not listed; list them")
    if kind in (None, "choice") and all(isinstance(_constant(test), str) for test in known):
        values = tuple(dict.fromkeys(str(_constant(test)) for test in known))
        return Domain("choice", values[:_MAX_VALUES])
    if kind is None and all(isinstance(_constant(test), bool) for test in known):
        return Domain("boolean")
    if kind == "choice" or len(known) != 1:
        raise Unreadable("has allowed values that are neither a list of texts nor one interval")
    kind = kind or _kind_of(known[0])
    wide = Domain(kind, range=EVERY_NUMBER)
    return Domain(kind, range=_interval(known[0], wide))


def _kind_of(test: Test) -> Kind:
    ends = [test.value]
    if isinstance(test, Fits) and isinstance(test.value, RangeOf):
        ends = [end for end in (test.value.low, test.value.high) if end is not None]
    value = Evaluator().run(ends[0]) if ends else None
    kinds: list[tuple[type, Kind]] = [
        (Date, "date"),
        (DaysDuration, "duration"),
        (MonthsDuration, "period"),
    ]
    return next((kind for one, kind in kinds if isinstance(value, one)), "number")


def _is_null(test: Test) -> bool:
    is_equal = isinstance(test, Fits) or test.operator == "="
    return is_equal and test.value == _NULL


def _is_unequal(test: Test) -> bool:
    return isinstance(test, Compare) and test.operator == "!="


def _constant(test: Test) -> FeelValue:
    """The value that a test stands for when it is a plain value; null where it is not."""
    if isinstance(test, Compare) and test.operator != "=":
        return None
    return constant(test.value)


def constant(node: Node) -> FeelValue:
    """The value of an expression without names, null where it has none."""
    if isinstance(node, Name | RangeOf):
        return None
    return Evaluator().run(node)


def policy_value(value: FeelValue, domain: Domain) -> Value | None:
    """A FEEL value as a policy keeps it; None where it is not of the domain's kind."""
    if isinstance(value, bool):
        return value if domain.kind == "boolean" else None
    if isinstance(value, str):
        return value if domain.kind == "choice" else None
    if isinstance(value, Decimal) and domain.kind == "number":
        return int(value) if value == value.to_integral_value() else float(value)
    number = _number(value, domain)
    return None if number is None else domain.value(number)


def _number(value: FeelValue, domain: Domain) -> Number | None:
    if isinstance(value, Decimal) and not isinstance(value, bool) and domain.kind == "number":
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Date) and domain.kind == "date":
        return value.days
    if isinstance(value, DaysDuration) and domain.kind == "duration":
        seconds = value.nanos / SECOND
        return int(seconds) if seconds.is_integer() else seconds
    if isinstance(value, MonthsDuration) and domain.kind == "period":
        return value.months
    return None


def _end(node: Node | None, domain: Domain, missing: float) -> Number:
    if node is None:
        return missing
    number = _number(constant(node), domain)
    if number is None:
        raise Unreadable(f"has an end that is no {domain.kind}")
    return number


def _interval(test: Test, domain: Domain) -> Interval:
    if isinstance(test, Compare):
        end = _end(test.value, domain, 0)
        if test.operator == "=":
            return Interval(end, end)
        closed = test.operator.endswith("=")
        if test.operator.startswith("<"):
            return Interval(-math.inf, end, False, closed)
        return Interval(end, math.inf, closed, False)
    if isinstance(test.value, RangeOf):
        node = test.value
        return Interval(
            _end(node.low, domain, -math.inf),
            _end(node.high, domain, math.inf),
            node.low_closed,
            node.high_closed,
        )
    end = _end(test.value, domain, 0)
    return Interval(end, end)


def read_cell(text: str, kept: str | None, facts: CellText) -> str | None:
    """The cell as a policy writes it; None where it accepts everything.

    `kept` is the text that the policy had. It is used as long as the cell still says the same.
    """
    if kept is not None:
        try:
            side = _side(kept, facts)
        except CellError:
            side = None
        if side is not None and text in _written(kept, side, facts):
            return kept
    try:
        tests = parse_tests(text or "-")
    except FeelSyntaxError as error:
        raise Unreadable(f"{text} is not FEEL: {error}") from None
    if not tests.tests:
        return None
    found = _cell(tests, facts)
    try:
        _side(found, facts)
    except CellError as error:
        raise Unreadable(str(error)) from None
    return found


def _written(kept: str, side: Side, facts: CellText) -> set[str]:
    """How the policy's cell is written in FEEL: on an input, and on the result of a table."""
    made = cell_text(Cell(kept, side), facts.domain, None)
    return {made, made.replace(", null)", ")")} if not facts.may_be_unknown else {made}


def _side(text: str, facts: CellText) -> Side | None:
    return parse_cell(
        text,
        facts.column,
        facts.domain,
        may_be_unknown=facts.may_be_unknown,
        when_unknown=facts.when_unknown,
    )


def _cell(tests: UnaryTests, facts: CellText) -> str:
    domain, unknown = facts.domain, facts.may_be_unknown
    if any(_is_unequal(test) and test.value == _NULL for test in tests.tests):
        if len(tests.tests) > 1 or tests.negated or not unknown:
            raise Unreadable("!= null stands alone in a cell, and where null is possible")
        return "not(unknown)"
    # Null is unequal to every value.
    with_null = any(_is_null(test) or (unknown and _is_unequal(test)) for test in tests.tests)
    known = [test for test in tests.tests if not _is_null(test)]
    parts = [part for test in known for part in _test(test, domain)]
    if tests.negated:
        if with_null or not unknown:
            inside = [*parts, "unknown"] if with_null and unknown else parts
            return f"not({', '.join(inside)})" if inside else "-"
        # In DMN null fits `not("a")`; in a policy unknown has to be listed.
        return ", ".join([*_others(parts, domain), "unknown"])
    if with_null and not unknown:
        raise Unreadable(f"{facts.column} is never null; take null out of the cell")
    if unknown and not with_null and facts.when_unknown is not None and not domain.is_line:
        taken_for = literal(facts.when_unknown, domain)
        if taken_for in parts:
            # The cell takes the value that unknown counts as, and not null itself.
            return f"not({', '.join([*_others(parts, domain), 'unknown'])})"
    return ", ".join([*parts, "unknown"] if with_null else parts)


def _others(parts: list[str], domain: Domain) -> list[str]:
    """What is not among the tests: values, or intervals."""
    if domain.is_line:
        side = parse_cell(f"not({', '.join(parts)})", "cell", replace(domain, range=EVERY_NUMBER))
        return [interval(one, domain) for one in ([] if side is None else side.intervals)]
    values: tuple[Value, ...] = (True, False) if domain.kind == "boolean" else domain.values
    return [text for value in values if (text := literal(value, domain)) not in parts]


def _test(test: Test, domain: Domain) -> list[str]:
    """A test as a policy writes it; of what is unequal to a value, everything else."""
    if _is_unequal(test):
        return _others(_test(Fits(test.value, asks=False), domain), domain)
    if isinstance(test, Fits) and test.asks:
        raise Unreadable(
            "the cell is an expression; a policy has values, comparisons and intervals"
        )
    if not domain.is_line:
        value = policy_value(_constant(test), domain)
        if value is None:
            raise Unreadable(f"the cell has a test that is not {domain}")
        return [literal(value, domain)]
    try:
        return [interval(_interval(test, domain), domain)]
    except Unreadable:
        raise Unreadable(f"the cell has a test that is no {domain.kind} and no interval") from None


def read_value(text: str, domain: Domain) -> Value:
    """The result that a rule writes, which must be a plain value."""
    try:
        node = parse_expression(text)
    except FeelSyntaxError as error:
        raise Unreadable(f"{text or 'nothing'} is not a value: {error}") from None
    found = constant(node)
    value = policy_value(found, domain)
    if value is None or value not in domain:
        shown = text if found is None else show(found)
        raise Unreadable(f"{shown} is not a value of the output, which must be {domain}")
    return value
