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
from functools import cached_property

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Fact
from lamplighter.policy.errors import ProofError
from lamplighter.policy.prove.boxes import Box
from lamplighter.policy.prove.classes import quiet_order, unknown_code
from lamplighter.policy.prove.logic import (
    TRUE,
    assert_in,
    at_least,
    either,
    equals,
    every,
    fresh,
    negated,
    same,
)
from lamplighter.policy.prove.search import Search, Space
from lamplighter.policy.prove.tables import TableTruths, gives, table_truths
from lamplighter.policy.prove.trial import Test, Trial
from lamplighter.policy.sentences import say

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
        self.trial = Trial(compiled, self.axes)
        self.search = Search(self.trial)
        self.solver = solver()
        self.facts = tuple(self._fact(place, axis) for place, axis in enumerate(axes))
        self._scales = [
            Scale(fact, len(axis.examples)) for fact, axis in zip(self.facts, axes, strict=True)
        ]
        self._inside: dict[tuple[int, int], z3.BoolRef | None] = {}
        self._accepted = [self._accepted_by_rules(space) for space in self.search.spaces]
        self._unknown = [unknown_code(axis) for axis in self.axes]
        self._quiet_orders: dict[int, list[int]] = {}
        # With the expressions, so that z3 does not give their numbers to others.
        self._names: dict[int, tuple[z3.BoolRef, z3.BoolRef]] = {}

    @cached_property
    def tables(self) -> list[TableTruths]:
        """The tables as formulas, told to the solver where it is asked for the first time."""
        made: list[TableTruths] = []
        for place in range(len(self.compiled.tables)):
            made.append(self._table(place, made))
        return made

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
            self._inside[key] = self._scales[place].inside(codes)
        return self._inside[key]

    def _accepted_by_rules(self, space: Space) -> list[list[tuple[int, int]]]:
        """For each rule of a table the inputs that it tests, with the classes it accepts."""
        everything = space.axes.everything()
        return [
            [
                (position, codes)
                for position, codes, every in zip(space.positions, box, everything, strict=False)
                if codes != every
            ]
            for box in space.boxes
        ]

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
        return self.codes() if self.possible(*goals) else None

    def possible(self, *goals: z3.BoolRef) -> bool:
        """Whether there is a call for which all goals hold."""
        assert self.tables, "the solver knows them"
        return satisfiable(self.solver, *goals)

    def codes(self) -> Codes:
        """The classes of the call that was just found."""
        model = self.solver.model()
        return tuple(model.eval(fact, model_completion=True).as_long() for fact in self.facts)

    def readable(self, codes: Codes, test: Test, goals: Sequence[z3.BoolRef]) -> Codes:
        """A call for which the goals hold as well: as few known facts as can be, and quiet ones.

        `test` says of one call whether they hold. The solver is only asked whether there is a
        call with fewer known facts than were found by trying.
        """
        while True:
            codes = self._with_unknown(codes, test)
            pairs = zip(codes, self._unknown, strict=True)
            count = sum(code != unknown for code, unknown in pairs if unknown is not None)
            fewer = self.solve(*goals, self._at_most(count - 1)) if count else None
            if fewer is None:
                return self.quiet(codes, test)
            codes = fewer

    def _at_most(self, count: int) -> z3.BoolRef:
        """That at most so many facts are known, of those that may be unknown."""
        known = [
            negated(self._is(place, code))
            for place, code in enumerate(self._unknown)
            if code is not None
        ]
        return self.name(z3.AtMost(*known, count))

    def _is(self, place: int, code: int) -> z3.BoolRef:
        inside = self.inside(place, 1 << code)
        return TRUE if inside is None else inside

    def _with_unknown(self, codes: Codes, test: Test) -> Codes:
        """The call with one known fact after the other forgotten, the last input first."""
        for place in reversed(range(len(self.axes))):
            unknown = self._unknown[place]
            if unknown is not None and codes[place] != unknown:
                other = (*codes[:place], unknown, *codes[place + 1 :])
                if test(other):
                    codes = other
        return codes

    def quiet(self, codes: Codes, test: Test) -> Codes:
        """The call with facts that calm in place of those that do not matter; as few are known."""
        for place, unknown in enumerate(self._unknown):
            if codes[place] == unknown:
                continue
            for code in self._quiet_order(place):
                if code == codes[place]:
                    break
                other = (*codes[:place], code, *codes[place + 1 :])
                if test(other):
                    codes = other
                    break
        return codes

    def quietest(self, box: Box, positions: Sequence[int]) -> Codes:
        """A call in a box, some classes for each of these inputs, which holds all over: with as
        few known facts as can be, and quiet ones."""
        codes = [self._quiet_order(place)[0] for place in range(len(self.axes))]
        for position, some in zip(positions, box, strict=True):
            codes[position] = next(c for c in self._quiet_order(position) if some >> c & 1)
        return tuple(codes)

    def _quiet_order(self, place: int) -> list[int]:
        if place not in self._quiet_orders:
            self._quiet_orders[place] = quiet_order(self.axes[place])
        return self._quiet_orders[place]

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
        raise ProofError(say("proof.given-up", why=solver.reason_unknown()))
    return bool(found == z3.sat)


class Scale:
    """A number that is one of some codes, and the truths about where it stands among them."""

    def __init__(self, number: z3.BitVecRef, classes: int) -> None:
        self._number = number
        self._classes = classes
        self._from: dict[int, z3.BoolRef] = {}
        self._is: dict[int, z3.BoolRef] = {}

    def inside(self, codes: int) -> z3.BoolRef | None:
        """That the number is one of the codes, given as bits; None where it is anyway.

        The classes of a line stand mostly in its order, so that few stretches are told.
        """
        everything = (1 << self._classes) - 1
        if codes & everything == everything:
            return None
        wanted, refused = _runs(codes & everything), _runs(everything & ~codes)
        if len(wanted) <= len(refused):
            return either([self._within(*run) for run in wanted])
        return negated(either([self._within(*run) for run in refused]))

    def _within(self, first: int, last: int) -> z3.BoolRef:
        if first == last:
            if first not in self._is:
                self._is[first] = equals(self._number, first)
            return self._is[first]
        ends = [self._at_least(first)] if first else []
        if last < self._classes - 1:
            ends.append(negated(self._at_least(last + 1)))
        return every(ends)

    def _at_least(self, code: int) -> z3.BoolRef:
        if code not in self._from:
            self._from[code] = at_least(self._number, code)
        return self._from[code]


def one_of(number: z3.BitVecRef, codes: int, classes: int) -> z3.BoolRef | None:
    """That a number is one of the codes, given as bits; None where it is anyway."""
    return Scale(number, classes).inside(codes)


def _runs(codes: int) -> list[tuple[int, int]]:
    """The stretches of codes, first and last."""
    starts, ends = codes & ~(codes << 1), codes & ~(codes >> 1)
    runs: list[tuple[int, int]] = []
    while starts:
        start, end = starts & -starts, ends & -ends
        runs.append((start.bit_length() - 1, end.bit_length() - 1))
        starts ^= start
        ends ^= end
    return runs
