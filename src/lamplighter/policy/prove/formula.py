"""All tables of a policy as one formula for z3, over classes of facts.

Each input is a small number, the code of its class. For each table there is one truth for every
rule that it matches, one for every rule that it hits, and one for every answer. What a later
table says about the outputs of an earlier one speaks of those answers, so that the chain is
proved as a whole.

The solver is z3's QF_FD (finite domains, on a SAT solver): of those tried on the policy that
ships and on 400 random rules it was as fast as QF_BV and up to twice as fast as the general one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Fact
from lamplighter.policy.errors import ProofError
from lamplighter.policy.prove.classes import quiet_order, unknown_code
from lamplighter.policy.prove.logic import (
    TRUE,
    assert_in,
    either,
    every,
    fresh,
    negated,
    same,
)
from lamplighter.policy.prove.tables import TableTruths, gives, table_truths

Codes = tuple[int, ...]

# Milliseconds for one question; what is asked of policies that people write takes a few.
_PATIENCE = 10_000


@dataclass(frozen=True)
class _OtherAnswer:
    """What one input would have been instead: for each of its classes another one."""

    position: int
    answers: Sequence[int]

    def leading_to(self, codes: int) -> int:
        """The classes, as bits, in place of which one of these comes."""
        return sum((codes >> new & 1) << code for code, new in enumerate(self.answers))


class Formula:
    """A policy as a formula, and the solver that holds it."""

    def __init__(self, compiled: Compiled, axes: Sequence[Axis]) -> None:
        self.compiled = compiled
        self.axes = tuple(axes)
        self.solver = solver()
        self.facts = tuple(self._fact(place, axis) for place, axis in enumerate(axes))
        self._inside: dict[tuple[int, int], z3.BoolRef | None] = {}
        self._accepted = [self._accepted_by_rules(place) for place in range(len(compiled.tables))]
        # With the expressions, so that z3 does not give their numbers to others.
        self._names: dict[int, tuple[z3.BoolRef, z3.BoolRef]] = {}
        self.tables: list[TableTruths] = []
        for place in range(len(compiled.tables)):
            self.tables.append(self._table(place, self.tables))

    def _fact(self, place: int, axis: Axis) -> z3.BitVecRef:
        return self.variable(f"fact {place}", len(axis.examples))

    def variable(self, name: str, classes: int) -> z3.BitVecRef:
        """A number from 0 up to, not including, `classes`."""
        number = z3.BitVec(name, max(1, (classes - 1).bit_length()))
        if classes == 1 or classes & (classes - 1):
            self.solver.add(z3.ULT(number, classes) if classes > 1 else number == 0)
        return number

    def name(self, expression: z3.BoolRef) -> z3.BoolRef:
        """A truth of its own that stands for an expression, so that it can be asked about.

        z3 keeps equal expressions once, so an expression that has a name gets the same again.
        """
        number = expression.get_id()
        if number not in self._names:
            truth = fresh()
            self._names[number] = (truth, expression)
            assert_in(self.solver, same(truth, expression))
        return self._names[number][0]

    def inside(self, place: int, codes: int) -> z3.BoolRef | None:
        """That the input at `place` lies in one of these classes; None where it always does."""
        key = (place, codes)
        if key not in self._inside:
            classes = len(self.axes[place].examples)
            self._inside[key] = one_of(self.facts[place], codes, classes)
        return self._inside[key]

    def _accepted_by_rules(self, table: int) -> list[list[tuple[int, int]]]:
        """For each rule of a table the inputs that it tests, with the classes it accepts."""
        rules: list[list[tuple[int, int]]] = [[] for _ in self.compiled.tables[table].hits]
        for place, axis in enumerate(self.axes):
            masks = axis.masks[table]
            every = (1 << len(masks)) - 1
            for rule, tested in enumerate(rules):
                codes = sum(1 << code for code, mask in enumerate(masks) if mask >> rule & 1)
                if codes != every:
                    tested.append((place, codes))
        return rules

    def _table(
        self, place: int, before: Sequence[TableTruths], other: _OtherAnswer | None = None
    ) -> TableTruths:
        """A table after the tables `before` it, where one input may be answered otherwise."""
        table = self.compiled.tables[place]
        matches = tuple(self._match(place, rule, before, other) for rule in range(len(table.hits)))
        like = self.tables[place] if other else None
        return table_truths(table, matches, self.name, like)

    def _match(
        self, place: int, rule: int, before: Sequence[TableTruths], other: _OtherAnswer | None
    ) -> z3.BoolRef:
        tested = self._accepted[place][rule]
        links = [link for link in self.compiled.tables[place].links if link.tested >> rule & 1]
        if other is not None:
            changed = any(before[link.source] is not self.tables[link.source] for link in links)
            if not changed and all(position != other.position for position, _ in tested):
                return self.tables[place].matches[rule]
        parts: list[z3.BoolRef] = []
        for position, codes in tested:
            if other is not None and position == other.position:
                codes = other.leading_to(codes)
            inside = self.inside(position, codes)
            if inside is not None:
                parts.append(inside)
        cells = self.compiled.tables[place].table.rules[rule].when
        for link in links:
            source = self.compiled.tables[link.source]
            parts += [
                gives(source, before[link.source], name, cells[name].side)
                for name in source.table.outputs
                if name in cells
            ]
        return self.name(every(parts))

    def rerun(self, position: int, answers: Sequence[int]) -> list[TableTruths]:
        """The tables once more, as if one input of class c had been of class `answers[c]`."""
        other = _OtherAnswer(position, answers)
        again: list[TableTruths] = []
        for place, table in enumerate(self.compiled.tables):
            same = all(again[link.source] is self.tables[link.source] for link in table.links)
            untouched = position not in {p for rule in self._accepted[place] for p, _ in rule}
            if same and untouched:
                again.append(self.tables[place])
            else:
                again.append(self._table(place, again, other))
        return again

    def solve(self, *goals: z3.BoolRef) -> Codes | None:
        """The classes of a call for which all goals hold, or None where there is none."""
        return self.codes() if satisfiable(self.solver, *goals) else None

    def possible(self, *goals: z3.BoolRef) -> bool:
        """Whether there is a call for which all goals hold."""
        return satisfiable(self.solver, *goals)

    def codes(self) -> Codes:
        """The classes of the call that was just found."""
        model = self.solver.model()
        return tuple(model.eval(fact, model_completion=True).as_long() for fact in self.facts)

    def readable(self, codes: Codes, goals: Sequence[z3.BoolRef]) -> Codes:
        """A call for which the goals hold as well: as few known facts as can be, and quiet ones."""
        unknown = [unknown_code(axis) for axis in self.axes]
        known = [
            negated(self._is(place, code)) for place, code in enumerate(unknown) if code is not None
        ]
        self.solver.push()
        for goal in goals:
            assert_in(self.solver, goal)
        while True:
            codes = self._with_unknown(codes, unknown)
            count = sum(
                code != other
                for code, other in zip(codes, unknown, strict=True)
                if other is not None
            )
            if not count:
                break
            self.solver.push()
            self.solver.add(z3.AtMost(*known, count - 1))
            fewer = self.solve()
            self.solver.pop()
            if fewer is None:
                break
            codes = fewer
        codes = self._quiet(codes, unknown)
        self.solver.pop()
        return codes

    def _is(self, place: int, code: int) -> z3.BoolRef:
        inside = self.inside(place, 1 << code)
        return TRUE if inside is None else inside

    def _with_unknown(self, codes: Codes, unknown: Sequence[int | None]) -> Codes:
        """The call with one known fact after the other forgotten, the last input first."""
        forgotten = [
            self._is(place, code) for place, code in enumerate(codes) if code == unknown[place]
        ]
        for place in reversed(range(len(self.axes))):
            code = unknown[place]
            if code is None:
                continue
            there = self._is(place, code)
            if codes[place] != code:
                other = self.solve(*forgotten, there)
                if other is None:
                    continue
                codes = other
                forgotten.append(there)
        return codes

    def _quiet(self, codes: Codes, unknown: Sequence[int | None]) -> Codes:
        """The call with facts that calm in place of those that do not matter; as few are known."""
        kept = [self._is(place, code) for place, code in enumerate(codes) if code == unknown[place]]
        for place, axis in enumerate(self.axes):
            if codes[place] == unknown[place]:
                continue
            for code in quiet_order(axis):
                if code == codes[place]:
                    break
                quieter = self.solve(*kept, self._is(place, code))
                if quieter is not None:
                    codes = quieter
                    break
            kept.append(self._is(place, codes[place]))
        return codes

    def call(self, codes: Codes) -> dict[str, Fact]:
        """A call with facts of these classes, by the names of the inputs."""
        return {axis.name: axis.examples[code] for axis, code in zip(self.axes, codes, strict=True)}


def solver() -> z3.Solver:
    """A solver for finite domains that gives up on a question after a while."""
    made = z3.SolverFor("QF_FD")
    made.set("timeout", _PATIENCE)
    return made


def satisfiable(solver: z3.Solver, *goals: z3.BoolRef) -> bool:
    """Whether all goals can hold. "No" is a proof, so a solver that gave up is a `ProofError`."""
    found = solver.check(*goals)
    if found == z3.unknown:
        raise ProofError(f"the solver gave up ({solver.reason_unknown()}), so nothing is proved")
    return bool(found == z3.sat)


def one_of(number: z3.BitVecRef, codes: int, classes: int) -> z3.BoolRef | None:
    """That a number is one of the codes, given as bits; None where it is anyway."""
    everything = (1 << classes) - 1
    if codes & everything == everything:
        return None
    wanted, refused = _runs(codes, classes), _runs(everything & ~codes, classes)
    if len(wanted) <= len(refused):
        return either([_within(number, *run) for run in wanted])
    return negated(either([_within(number, *run) for run in refused]))


def _runs(codes: int, classes: int) -> list[tuple[int, int]]:
    """The stretches of codes, first and last: the classes of a line stand mostly in its order."""
    runs: list[tuple[int, int]] = []
    for code in range(classes):
        if codes >> code & 1:
            runs.append((runs.pop()[0] if runs and runs[-1][1] == code - 1 else code, code))
    return runs


def _within(number: z3.BitVecRef, first: int, last: int) -> z3.BoolRef:
    if last - first < 3:
        size = number.size()
        codes = range(first, last + 1)
        return either([same(number, z3.BitVecVal(code, size)) for code in codes])
    return every([z3.UGE(number, first), z3.ULE(number, last)])
