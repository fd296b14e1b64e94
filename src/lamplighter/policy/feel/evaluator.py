"""Evaluates FEEL: every error is null, and the reason is kept for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from lamplighter.policy.feel.arithmetic import calculate, negate
from lamplighter.policy.feel.calendar import CalendarError, Date
from lamplighter.policy.feel.calls import bind
from lamplighter.policy.feel.comparison import compare, fits, holds, is_within, truth
from lamplighter.policy.feel.functions import built_in
from lamplighter.policy.feel.inference import type_of
from lamplighter.policy.feel.kinds import conforms
from lamplighter.policy.feel.properties import property_of
from lamplighter.policy.feel.syntax import (
    Between,
    Binary,
    Broken,
    Call,
    Compare,
    ContextOf,
    External,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    Iteration,
    ListOf,
    Literal,
    Name,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Unary,
    UnaryTests,
)
from lamplighter.policy.feel.values import (
    NUMBERS,
    FeelError,
    Function,
    Overload,
    Parameter,
    Range,
    Runaway,
    Value,
    kind_of,
    show,
)

# An evaluation that needs more than this is given up.
MAX_STEPS = 1_000_000
MAX_ITEMS = 100_000
MAX_CALLS = 60
_MAX_REASONS = 50
# So many items of a list that is copied or looked through count as one step.
_COPIED = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """Names and their values, and the scope around them."""

    values: Mapping[str, Value]
    outer: Scope | None = None

    def find(self, name: str) -> tuple[Value] | None:
        """The value of a name in a tuple of its own, since it may be null; None where unknown."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return (scope.values[name],)
            scope = scope.outer
        return None


EMPTY = Scope({})


@dataclass
class Evaluator:
    """Evaluates within limits; `reasons` says why something is null.

    `now` is the moment of `now()` and `today()` as FEEL writes it, null where there is none.
    """

    now: Value = None
    reasons: list[str] = field(default_factory=list)
    steps: int = 0
    calls: int = 0

    def note(self, reason: str) -> None:
        if len(self.reasons) < _MAX_REASONS and reason not in self.reasons:
            self.reasons.append(reason)

    def run(self, node: Node, scope: Scope = EMPTY) -> Value:
        """The value of an expression; null where it fails or goes over its limits."""
        try:
            return self.evaluate(node, scope)
        except Runaway as error:
            self.note(str(error))
        except RecursionError:
            self.note("the evaluation is nested too deeply")
        return None

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """As `run`, but what goes over the limits is raised as `Runaway`."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Runaway(f"the evaluation takes more than {MAX_STEPS} steps")
        try:
            return _EVALUATE[type(node)](self, node, scope)
        except (FeelError, CalendarError) as error:
            self.note(str(error))
            return None

    def fits(self, tests: UnaryTests, value: Value, scope: Scope) -> bool:
        """Whether a value fits the tests of a cell."""
        if not tests.tests:
            return not tests.negated
        inner = Scope({"?": value}, scope)
        return any(self.test(test, value, inner) for test in tests.tests) != tests.negated

    def test(self, test: Test, value: Value, scope: Scope) -> bool:
        wanted = self.evaluate(test.value, scope)
        try:
            if isinstance(test, Compare):
                return holds(test.operator, value, wanted) is True
            if test.asks and not isinstance(wanted, tuple | Range):
                # A condition, rather than something to be equal to.
                return wanted is True
            return fits(value, wanted)
        except FeelError as error:
            self.note(str(error))
            return False

    def invoke(
        self, function: Value, arguments: tuple[Value, ...], names: tuple[str, ...] | None = None
    ) -> Value:
        """Calls a function; `FeelError` where it cannot be called so."""
        if not isinstance(function, Function):
            raise FeelError(f"a {kind_of(function)} cannot be called")
        self.calls += 1
        self.steps += sum(len(one) // _COPIED for one in arguments if isinstance(one, tuple))
        try:
            if self.calls > MAX_CALLS:
                raise Runaway(f"functions call each other more than {MAX_CALLS} levels deep")
            return bind(self, function, arguments, names)
        finally:
            self.calls -= 1

    # One method for each kind of node

    def _literal(self, node: Literal, scope: Scope) -> Value:
        return node.value

    def _broken(self, node: Broken, scope: Scope) -> Value:
        raise FeelError(node.reason)

    def _name(self, node: Name, scope: Scope) -> Value:
        found = scope.find(node.name)
        if found is not None:
            return found[0]
        function = built_in(node.name)
        if function is None:
            raise FeelError(f"there is nothing called {node.name}")
        return function

    def _list(self, node: ListOf, scope: Scope) -> Value:
        return tuple([self.evaluate(item, scope) for item in node.items])

    def _context(self, node: ContextOf, scope: Scope) -> Value:
        entries: dict[str, Value] = {}
        inner = Scope(entries, scope)
        for name, value in node.entries:
            if name in entries:
                raise FeelError(f"the context has two entries {name}")
            entries[name] = self.evaluate(value, inner)
        return entries

    def _range(self, node: RangeOf, scope: Scope) -> Value:
        low = None if node.low is None else self.evaluate(node.low, scope)
        high = None if node.high is None else self.evaluate(node.high, scope)
        if (low is None and node.low is not None) or (high is None and node.high is not None):
            raise FeelError("an end of the range is null")
        if low is not None and high is not None:
            if kind_of(low) != kind_of(high):
                raise FeelError(f"a range has no {kind_of(low)} and {kind_of(high)} as its ends")
            if compare(low, high) > 0:
                raise FeelError(f"the range {show(low)}..{show(high)} ends before it begins")
        return Range(low, high, node.low_closed, node.high_closed, node.point)

    def _negation(self, node: Unary, scope: Scope) -> Value:
        return negate(self.evaluate(node.operand, scope))

    def _binary(self, node: Binary, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        if node.operator in ("and", "or"):
            return self._logic(node, left, scope)
        right = self.evaluate(node.right, scope)
        if isinstance(left, tuple):
            self.steps += len(left) // _COPIED
        if node.operator in ("=", "!=", "<", "<=", ">", ">="):
            found = holds(node.operator, left, right)
            if found is None:
                raise FeelError(f"a {kind_of(left)} and a {kind_of(right)} are not comparable")
            return found
        return calculate(node.operator, left, right)

    def _logic(self, node: Binary, left: Value, scope: Scope) -> Value:
        """Three values: what is neither true nor false counts as null."""
        decisive = node.operator == "or"
        if left is decisive:
            return decisive
        right = self.evaluate(node.right, scope)
        if right is decisive:
            return decisive
        if isinstance(left, bool) and isinstance(right, bool):
            return not decisive
        raise FeelError(f"{node.operator} has a side that is neither true nor false")

    def _between(self, node: Between, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        low, high = self.evaluate(node.low, scope), self.evaluate(node.high, scope)
        return compare(value, low) >= 0 and compare(value, high) <= 0

    def _in(self, node: In, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        inner = Scope({"?": value}, scope)
        if len(node.tests) == 1:
            # A single test that cannot be made is null rather than false.
            test = node.tests[0]
            wanted = self.evaluate(test.value, inner)
            if isinstance(test, Compare):
                return holds(test.operator, value, wanted)
            if isinstance(wanted, Range) and not isinstance(value, Range):
                return is_within(value, wanted)
            if wanted is None and isinstance(test.value, RangeOf):
                raise FeelError("an end of the range is null")
        return any(self.test(test, value, inner) for test in node.tests)

    def _instance(self, node: InstanceOf, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if value is None:
            return node.type.kind == "Null"
        return conforms(value, node.type, allowed=False)

    def _if(self, node: If, scope: Scope) -> Value:
        chosen = truth(self.evaluate(node.condition, scope))
        return self.evaluate(node.then if chosen else node.otherwise, scope)

    def _for(self, node: For, scope: Scope) -> Value:
        results: list[Value] = []
        for bound in self._bindings(node.iterations, scope):
            if node.partial:
                # It is copied for each result, which counts.
                bound["partial"] = tuple(results)
                self.steps += len(results) // _COPIED
            results.append(self.evaluate(node.result, Scope(bound, scope)))
            if len(results) > MAX_ITEMS:
                raise Runaway(f"a list has at most {MAX_ITEMS} items")
        return tuple(results)

    def _quantified(self, node: Quantified, scope: Scope) -> Value:
        doubtful = False
        for bound in self._bindings(node.iterations, scope):
            found = truth(self.evaluate(node.condition, Scope(bound, scope)))
            if found is not node.every and found is not None:
                return not node.every
            doubtful = doubtful or found is None
        if doubtful:
            raise FeelError("a condition is neither true nor false")
        return node.every

    def _bindings(
        self, iterations: tuple[Iteration, ...], scope: Scope
    ) -> Iterator[dict[str, Value]]:
        if not iterations:
            yield {}
            return
        first, rest = iterations[0], iterations[1:]
        for item in self._items(first, scope):
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise Runaway(f"the evaluation takes more than {MAX_STEPS} steps")
            inner = Scope({first.name: item}, scope)
            for bound in self._bindings(rest, inner):
                yield {first.name: item, **bound}

    def _items(self, iteration: Iteration, scope: Scope) -> Iterator[Value]:
        source = self.evaluate(iteration.source, scope)
        if iteration.end is not None:
            return _counted(source, self.evaluate(iteration.end, scope))
        if isinstance(source, Range):
            if source.low is None or source.high is None:
                raise FeelError("a range without an end cannot be counted through")
            items = _counted(source.low, source.high)
            found = list(islice(items, MAX_ITEMS + 1))
            if len(found) > MAX_ITEMS:
                raise Runaway(f"a list has at most {MAX_ITEMS} items")
            return iter([item for item in found if is_within(item, source)])
        if source is None:
            raise FeelError("null cannot be counted through")
        return iter(source if isinstance(source, tuple) else (source,))

    def _path(self, node: Path, scope: Scope) -> Value:
        return property_of(self.evaluate(node.source, scope), node.name)

    def _filter(self, node: Filter, scope: Scope) -> Value:
        source = self.evaluate(node.source, scope)
        if source is None:
            items: tuple[Value, ...] = ()
        else:
            items = source if isinstance(source, tuple) else (source,)
        if isinstance(node.condition, Literal) and isinstance(node.condition.value, Decimal):
            return _item_at(items, node.condition.value)
        kept: list[Value] = []
        for item in items or (None,):
            found = self.evaluate(node.condition, _item_scope(item, scope))
            if isinstance(found, Decimal):
                return _item_at(items, found)
            if truth(found) and items:
                kept.append(item)
        return tuple(kept)

    def _call(self, node: Call, scope: Scope) -> Value:
        function = self.evaluate(node.function, scope)
        arguments = tuple([self.evaluate(one, scope) for one in node.arguments])
        return self.invoke(function, arguments, node.names)

    def _function(self, node: FunctionOf, scope: Scope) -> Value:
        def run(evaluator: Evaluator, *arguments: Value) -> Value:
            if isinstance(node.body, External):
                raise FeelError("functions in other languages are not run")
            names = (name for name, _ in node.parameters)
            bound = dict(zip(names, arguments, strict=True))
            return evaluator.evaluate(node.body, Scope(bound, scope))

        parameters = tuple(Parameter(name, kind) for name, kind in node.parameters)
        infer = partial(type_of, node.body, dict(node.parameters))
        return Function("function", (Overload(parameters, run, None, infer),))


def _counted(start: Value, end: Value) -> Iterator[Value]:
    """From start to end, up or down, by ones or by days."""
    if isinstance(start, Date) and isinstance(end, Date):
        step = 1 if start <= end else -1
        for day in range(start.days, end.days + step, step):
            yield Date.from_days(day)
        return
    if not isinstance(start, Decimal) or not isinstance(end, Decimal):
        raise FeelError(f"from a {kind_of(start)} to a {kind_of(end)} nothing can be counted")
    one = Decimal(1 if start <= end else -1)
    while (start <= end) if one > 0 else (start >= end):
        yield start
        start = NUMBERS.add(start, one)


def _item_at(items: tuple[Value, ...], place: Decimal) -> Value:
    if place != place.to_integral_value() or place == 0 or abs(place) > len(items):
        raise FeelError(f"the list has no item {show(place)}")
    return items[int(place) - 1 if place > 0 else int(place)]


def _item_scope(item: Value, scope: Scope) -> Scope:
    inner: dict[str, Value] = {"item": item}
    if isinstance(item, Mapping):
        inner |= item
    return Scope(inner, scope)


_EVALUATE: dict[type, Callable[[Evaluator, Any, Scope], Value]] = {
    Literal: Evaluator._literal,
    Broken: Evaluator._broken,
    Name: Evaluator._name,
    ListOf: Evaluator._list,
    ContextOf: Evaluator._context,
    RangeOf: Evaluator._range,
    Unary: Evaluator._negation,
    Binary: Evaluator._binary,
    Between: Evaluator._between,
    In: Evaluator._in,
    InstanceOf: Evaluator._instance,
    If: Evaluator._if,
    For: Evaluator._for,
    Quantified: Evaluator._quantified,
    Path: Evaluator._path,
    Filter: Evaluator._filter,
    Call: Evaluator._call,
    FunctionOf: Evaluator._function,
}
