"""Boxed expressions of a DMN model, each of which evaluates itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from lamplighter.policy.feel.comparison import truth
from lamplighter.policy.feel.evaluator import MAX_ITEMS, Evaluator, Scope
from lamplighter.policy.feel.kinds import FeelType, coerce
from lamplighter.policy.feel.syntax import Node
from lamplighter.policy.feel.values import (
    FeelError,
    Function,
    Overload,
    Parameter,
    Runaway,
    Value,
)


class Boxed(Protocol):
    """Something that has a value in a scope; `FeelError` where it fails."""

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value: ...


def value_of(boxed: Boxed, evaluator: Evaluator, scope: Scope) -> Value:
    """The value, null with a reason where it fails."""
    evaluator.steps += 1
    try:
        return boxed.evaluate(evaluator, scope)
    except FeelError as error:
        evaluator.note(str(error))
        return None


@dataclass(frozen=True)
class Typed:
    """An expression whose value must conform to a type, or is null."""

    inner: Boxed
    type: FeelType
    name: str

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        return self.typed(self.inner.evaluate(evaluator, scope))

    def typed(self, value: Value) -> Value:
        try:
            return coerce(value, self.type)
        except FeelError as error:
            raise FeelError(f"{self.name}: {error}") from None


@dataclass(frozen=True)
class TypedEntry(Typed):
    """An entry of a context; one that is a function may say the type of what it gives."""

    def typed(self, value: Value) -> Value:
        if not isinstance(value, Function) or self.type.kind == "function":
            return super().typed(value)
        return replace(
            value,
            overloads=tuple(
                replace(one, result=one.result or self.type) for one in value.overloads
            ),
        )


@dataclass(frozen=True)
class Feel:
    """A literal expression."""

    node: Node

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        return evaluator.evaluate(self.node, scope)


@dataclass(frozen=True)
class Nothing:
    """An expression that is missing or cannot be read."""

    reason: str

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        raise FeelError(self.reason)


@dataclass(frozen=True)
class BoxedContext:
    """Named entries, each of which sees those before; `result` is what comes of them."""

    entries: tuple[tuple[str, Boxed], ...]
    result: Boxed | None

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope)
        for name, entry in self.entries:
            values[name] = value_of(entry, evaluator, inner)
        return values if self.result is None else self.result.evaluate(evaluator, inner)


@dataclass(frozen=True)
class BoxedList:
    items: tuple[Boxed, ...]

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        return tuple([value_of(item, evaluator, scope) for item in self.items])


@dataclass(frozen=True)
class Relation:
    """Rows of values under named columns: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        return tuple(
            [
                {
                    name: value_of(cell, evaluator, scope)
                    for name, cell in zip(self.columns, row, strict=True)
                }
                for row in self.rows
            ]
        )


@dataclass(frozen=True)
class Invocation:
    """A call of a function by the names of its parameters."""

    function: Boxed
    bindings: tuple[tuple[str, Boxed], ...]

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        function = self.function.evaluate(evaluator, scope)
        names = tuple(name for name, _ in self.bindings)
        values = tuple([value_of(value, evaluator, scope) for _, value in self.bindings])
        return evaluator.invoke(function, values, names)


@dataclass(frozen=True)
class FunctionBox:
    """A function definition: its value is the function, which sees the scope around it."""

    parameters: tuple[tuple[str, FeelType], ...]
    body: Boxed
    name: str = "function"
    result: FeelType | None = None

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        def run(inner: Evaluator, *arguments: Value) -> Value:
            names = (name for name, _ in self.parameters)
            bound = dict(zip(names, arguments, strict=True))
            return self.body.evaluate(inner, Scope(bound, scope))

        parameters = tuple(Parameter(name, kind) for name, kind in self.parameters)
        return Function(self.name, (Overload(parameters, run, self.result),))


@dataclass(frozen=True)
class Conditional:
    condition: Boxed
    then: Boxed
    otherwise: Boxed

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        chosen = truth(value_of(self.condition, evaluator, scope))
        return (self.then if chosen else self.otherwise).evaluate(evaluator, scope)


def _items(source: Value) -> tuple[Value, ...]:
    if source is None:
        raise FeelError("null cannot be counted through")
    return source if isinstance(source, tuple) else (source,)


@dataclass(frozen=True)
class Iterator:
    """`for`, `some` and `every` as boxes."""

    kind: str
    name: str
    source: Boxed
    body: Boxed

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        items = _items(self.source.evaluate(evaluator, scope))
        results: list[Value] = []
        for item in items:
            bound: dict[str, Value] = {self.name: item}
            if self.kind == "for":
                bound["partial"] = tuple(results)
            results.append(value_of(self.body, evaluator, Scope(bound, scope)))
            evaluator.steps += len(results) // 100
            if len(results) > MAX_ITEMS:
                raise Runaway(f"a list has at most {MAX_ITEMS} items")
        if self.kind == "for":
            return tuple(results)
        decisive = self.kind == "some"
        truths = [truth(result) for result in results]
        if decisive in truths:
            return decisive
        if None not in truths:
            return not decisive
        raise FeelError("a condition is neither true nor false")


@dataclass(frozen=True)
class FilterBox:
    source: Boxed
    condition: Boxed

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        source = self.source.evaluate(evaluator, scope)
        items = () if source is None else _items(source)
        kept: list[Value] = []
        for item in items:
            bound: dict[str, Value] = {"item": item}
            if isinstance(item, Mapping):
                bound |= item
            found = value_of(self.condition, evaluator, Scope(bound, scope))
            if isinstance(found, Decimal):
                place = int(found)
                if found != place or place == 0 or abs(place) > len(items):
                    raise FeelError(f"the list has no item {found}")
                return items[place - 1 if place > 0 else place]
            if truth(found):
                kept.append(item)
        return tuple(kept)
