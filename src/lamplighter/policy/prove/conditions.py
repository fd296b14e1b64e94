"""Conditions of promises as formulas: what was known, what is true, what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import Fact
from lamplighter.policy.promises import (
    Actual,
    AllOf,
    AnyOf,
    Asked,
    Atom,
    Condition,
    Contains,
    Known,
    Not,
    atoms,
)
from lamplighter.policy.prove.classes import accepted, unknown_code
from lamplighter.policy.prove.formula import Codes, Formula, one_of
from lamplighter.policy.prove.logic import TRUE, either, every, negated
from lamplighter.policy.prove.tables import TableTruths, differ, gives, holds_one


def expression(condition: Condition, truth: Callable[[Atom], z3.BoolRef]) -> z3.BoolRef:
    """A condition as a formula, given one for each of its tests."""
    match condition:
        case Not(part):
            return negated(expression(part, truth))
        case AllOf(parts):
            return every([expression(part, truth) for part in parts])
        case AnyOf(parts):
            return either([expression(part, truth) for part in parts])
        case _:
            return truth(condition)


class Conditions:
    """Turns the tests of promises into formulas over a policy's facts and answers."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.compiled = formula.compiled
        self.places = {axis.name: place for place, axis in enumerate(formula.axes)}
        self.table_of = {
            name: place
            for place, table in enumerate(formula.compiled.tables)
            for name in table.table.outputs
        }
        self.actual: dict[str, z3.BitVecRef] = {}
        self._asked: dict[str, z3.BoolRef] = {}

    @cached_property
    def answered(self) -> z3.BoolRef:
        """That all tables have an answer."""
        return self.formula.name(every([table.answered for table in self.formula.tables]))

    def broken(self, condition: Condition) -> z3.BoolRef:
        """That a call gets an answer and does what must never happen."""
        return self.formula.name(every([self.answered, expression(condition, self.truth)]))

    def truth(self, test: Atom) -> z3.BoolRef:
        """A test as a formula."""
        match test:
            case Known(name, side) if name in self.places:
                place = self.places[name]
                inside = self.formula.inside(place, accepted(self.formula.axes[place], side))
                return TRUE if inside is None else inside
            case Known(name, side):
                table = self.table_of[name]
                return gives(self.compiled.tables[table], self.formula.tables[table], name, side)
            case Actual(name, side):
                axis = self.formula.axes[self.places[name]]
                codes = accepted(axis, side)
                inside = one_of(self.true_fact(name), codes, len(axis.examples))
                return TRUE if inside is None else inside
            case Asked(name):
                return self.asked(name)
            case Contains(name, side):
                table = self.table_of[name]
                return holds_one(
                    self.compiled.tables[table], self.formula.tables[table], name, side
                )

    def true_fact(self, name: str) -> z3.BitVecRef:
        """The true fact behind an input: the known one, or where it is unknown any value."""
        if name not in self.actual:
            formula, place = self.formula, self.places[name]
            axis, known = formula.axes[place], formula.facts[place]
            true = formula.variable(f"actual {place}", len(axis.examples))
            unknown = unknown_code(axis)
            if unknown is None:
                formula.solver.add(true == known)
            else:
                formula.solver.add(true != unknown, z3.Or(known == unknown, true == known))
            self.actual[name] = true
        return self.actual[name]

    def true_facts(self, condition: Condition, codes: Codes) -> dict[str, Fact]:
        """True facts with which a call of these classes meets a condition that it can meet."""
        formula = self.formula
        names = {
            test.name: self.places[test.name]
            for test in atoms(condition)
            if isinstance(test, Actual)
        }
        goals = [fact == code for fact, code in zip(formula.facts, codes, strict=True)]
        if not names or not formula.possible(self.broken(condition), *goals):
            return {}
        model = formula.solver.model()
        return {
            name: formula.axes[place].examples[
                model.eval(self.true_fact(name), model_completion=True).as_long()
            ]
            for name, place in names.items()
        }

    def asked(self, name: str) -> z3.BoolRef:
        """That some answer about this input would have changed the outcome."""
        if name not in self._asked:
            place = self.places[name]
            axis = self.formula.axes[place]
            if axis.declared.always_known:
                self._asked[name] = TRUE
            else:
                changes = [
                    self._change(self.formula.rerun(place, answers))
                    for answers in _other_answers(axis, len(self.compiled.tables))
                ]
                self._asked[name] = self.formula.name(either(changes))
        return self._asked[name]

    def _change(self, again: Sequence[TableTruths]) -> z3.BoolRef:
        """That the outcome of the tables run again is another one, or none at all."""
        outcome = set(self.compiled.policy.outcome)
        changes: list[z3.BoolRef] = []
        for table, old, new in zip(self.compiled.tables, self.formula.tables, again, strict=True):
            if old is new:
                continue
            changes.append(negated(new.answered))
            shown = [name for name in table.table.outputs if name in outcome]
            changes.append(differ(table, old, new, shown))
        return either(changes)


def _other_answers(axis: Axis, tables: int) -> list[list[int]]:
    """Ways to answer otherwise, so that every class is once answered as every other one.

    Classes that only promises tell apart lead to the same outcome and count as one.
    """
    groups: dict[tuple[int, ...], int] = {}
    group_of = [
        groups.setdefault(tuple(axis.masks[table][code] for table in range(tables)), len(groups))
        for code in range(len(axis.examples))
    ]
    one_of_group = [group_of.index(group) for group in range(len(groups))]
    return [
        [one_of_group[(group + step) % len(groups)] for group in group_of]
        for step in range(1, len(groups))
    ]
