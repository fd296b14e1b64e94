"""A decision table of a DMN model, with every hit policy."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.policy.dmn.boxed import Boxed, value_of
from lamplighter.policy.feel.comparison import equal
from lamplighter.policy.feel.evaluator import Evaluator, Scope
from lamplighter.policy.feel.functions import built_in
from lamplighter.policy.feel.syntax import UnaryTests
from lamplighter.policy.feel.values import FeelError, Value, number, show

HIT_POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}
GATHERING = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")


@dataclass(frozen=True)
class InputClause:
    """A column of conditions: what is tested, and the values that it may have."""

    label: str
    expression: Boxed
    allowed: UnaryTests | None = None


@dataclass(frozen=True)
class OutputClause:
    """A column of results; `values` in the order of their priority."""

    name: str
    values: UnaryTests | None = None
    default: Boxed | None = None


@dataclass(frozen=True)
class TableRule:
    tests: tuple[UnaryTests, ...]
    results: tuple[Boxed, ...]


@dataclass(frozen=True)
class DecisionTable:
    name: str
    hit: str
    aggregation: str | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[TableRule, ...]

    def evaluate(self, evaluator: Evaluator, scope: Scope) -> Value:
        facts = [
            self._listed(
                clause.allowed,
                value_of(clause.expression, evaluator, scope),
                clause.label,
                evaluator,
                scope,
            )
            for clause in self.inputs
        ]
        hits = [rule for rule in self.rules if self._matches(rule, facts, evaluator, scope)]
        if not hits:
            return self._nothing_hit(evaluator, scope)
        rows = [self._results(rule.results, evaluator, scope) for rule in hits]
        if self.hit in GATHERING:
            return self._gathered(rows, evaluator, scope)
        return self._row(self._single(rows, evaluator, scope))

    def _matches(
        self, rule: TableRule, facts: list[Value], evaluator: Evaluator, scope: Scope
    ) -> bool:
        evaluator.steps += 1
        return all(
            evaluator.fits(tests, fact, scope)
            for tests, fact in zip(rule.tests, facts, strict=True)
        )

    def _results(
        self, results: tuple[Boxed, ...], evaluator: Evaluator, scope: Scope
    ) -> tuple[Value, ...]:
        return tuple(
            [
                self._listed(
                    clause.values,
                    value_of(result, evaluator, scope),
                    clause.name or "the result",
                    evaluator,
                    scope,
                )
                for clause, result in zip(self.outputs, results, strict=True)
            ]
        )

    def _listed(
        self,
        values: UnaryTests | None,
        value: Value,
        column: str,
        evaluator: Evaluator,
        scope: Scope,
    ) -> Value:
        """The value, null where the column lists values and it is none of them."""
        if value is None or values is None or evaluator.fits(values, value, scope):
            return value
        evaluator.note(f"{show(value)} is not a value of {column} in {self.name}")
        return None

    def _nothing_hit(self, evaluator: Evaluator, scope: Scope) -> Value:
        if any(clause.default is not None for clause in self.outputs):
            row = tuple(
                [
                    None if clause.default is None else value_of(clause.default, evaluator, scope)
                    for clause in self.outputs
                ]
            )
            return (
                self._gathered([row], evaluator, scope) if self.hit in GATHERING else self._row(row)
            )
        if self.hit not in GATHERING:
            raise FeelError(f"no rule of {self.name} matches")
        if self.aggregation in ("MIN", "MAX"):
            raise FeelError(f"no rule of {self.name} matches")
        return number(0) if self.aggregation else ()

    def _single(
        self, rows: list[tuple[Value, ...]], evaluator: Evaluator, scope: Scope
    ) -> tuple[Value, ...]:
        if self.hit == "UNIQUE" and len(rows) > 1:
            raise FeelError(f"{len(rows)} rules of {self.name} match, and it allows one")
        if self.hit == "ANY" and any(equal(rows[0], row) is not True for row in rows):
            raise FeelError(f"rules of {self.name} that match disagree")
        if self.hit == "PRIORITY":
            return self._by_priority(rows, evaluator, scope)[0]
        return rows[0]

    def _by_priority(
        self, rows: list[tuple[Value, ...]], evaluator: Evaluator, scope: Scope
    ) -> list[tuple[Value, ...]]:
        if all(clause.values is None for clause in self.outputs):
            raise FeelError(f"{self.name} orders by priority and lists no output values")

        def rank(row: tuple[Value, ...]) -> tuple[int, ...]:
            return tuple(
                _place(clause.values, value, evaluator, scope)
                for clause, value in zip(self.outputs, row, strict=True)
                if clause.values is not None
            )

        return sorted(rows, key=rank)

    def _gathered(self, rows: list[tuple[Value, ...]], evaluator: Evaluator, scope: Scope) -> Value:
        if self.hit == "OUTPUT ORDER":
            rows = self._by_priority(rows, evaluator, scope)
        results = tuple(self._row(row) for row in rows)
        if self.aggregation is None:
            return results
        if self.aggregation == "COUNT":
            return number(len(results))
        if len(self.outputs) > 1:
            raise FeelError(f"{self.name} has several outputs, which have no {self.aggregation}")
        function = built_in(AGGREGATIONS[self.aggregation])
        return evaluator.invoke(function, (results,))

    def _row(self, row: tuple[Value, ...]) -> Value:
        if len(self.outputs) == 1:
            return row[0]
        return {clause.name: value for clause, value in zip(self.outputs, row, strict=True)}


def _place(values: UnaryTests, value: Value, evaluator: Evaluator, scope: Scope) -> int:
    """The place of a value in the order of output values; behind all where it is not listed."""
    for place, test in enumerate(values.tests):
        if evaluator.test(test, value, Scope({"?": value}, scope)):
            return place
    return len(values.tests)
