"""All tables of a policy as one formula for z3, over classes of facts.

Each input is a small number, the code of its class. For each table there is one truth for every
rule that it matches, one for every rule that it hits, and one for every answer. What a later
table says about the outputs of an earlier one speaks of those answers, so that the chain is
proved as a whole.

The solver is z3's QF_FD (finite domains, on a SAT solver): of those tried on the policy that
ships and on 400 random rules it was as fast as QF_BV and up to twice as fast as the general one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Fact
from lamplighter.policy.errors import ProofError
from lamplighter.policy.prove.classes import quiet_order, unknown_code
from lamplighter.policy.prove.tables import TableTruths, either, every, gives, table_truths

Codes = tuple[int, ...]


class Formula:
    """A policy as a formula, and the solver that holds it."""

    def __init__(self, compiled: Compiled, axes: Sequence[Axis]) -> None:
        self.compiled = compiled
        self.axes = tuple(axes)
        self.solver = z3.SolverFor("QF_FD")
        self.facts = tuple(self._fact(place, axis) for place, axis in enumerate(axes))
        self._inside: dict[tuple[int, int], z3.BoolRef | None] = {}
        self._accepted = [self._accepted_by_rules(place) for place in range(len(compiled.tables))]
        self._names = 0
        self.tables: list[TableTruths] = []
        for place in range(len(compiled.tables)):
            self.tables.append(self._table(place, self.tables, {}))

    def _fact(self, place: int, axis: Axis) -> z3.BitVecRef:
        return self.variable(f"fact {place}", len(axis.examples))

    def variable(self, name: str, classes: int) -> z3.BitVecRef:
        """A number from 0 up to, not including, `classes`."""
        number = z3.BitVec(name, max(1, (classes - 1).bit_length()))
        if classes == 1 or classes & (classes - 1):
            self.solver.add(z3.ULT(number, classes) if classes > 1 else number == 0)
        return number

    def name(self, expression: z3.BoolRef) -> z3.BoolRef:
        """A truth of its own that stands for an expression, so that it can be asked about."""
        self._names += 1
        truth = z3.Bool(f"truth {self._names}")
        self.solver.add(truth == expression)
        return truth

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
        self, place: int, before: Sequence[TableTruths], fixed: Mapping[int, int]
    ) -> TableTruths:
        """A table after the tables `before` it, where some inputs are fixed to one class."""
        table = self.compiled.tables[place]
        matches = tuple(self._match(place, rule, before, fixed) for rule in range(len(table.hits)))
        return table_truths(table, matches, self.name)

    def _match(
        self, place: int, rule: int, before: Sequence[TableTruths], fixed: Mapping[int, int]
    ) -> z3.BoolRef:
        parts: list[z3.BoolRef] = []
        for position, codes in self._accepted[place][rule]:
            if position in fixed:
                if not codes >> fixed[position] & 1:
                    return z3.BoolVal(False)
                continue
            inside = self.inside(position, codes)
            assert inside is not None
            parts.append(inside)
        cells = self.compiled.tables[place].table.rules[rule].when
        for link in self.compiled.tables[place].links:
            if link.tested >> rule & 1:
                source = self.compiled.tables[link.source]
                parts += [
                    gives(source, before[link.source], name, cells[name].side)
                    for name in source.table.outputs
                    if name in cells
                ]
        return self.name(every(parts))

    def rerun(self, position: int, code: int) -> list[TableTruths]:
        """The tables once more, as they would be if one input were of another class."""
        again: list[TableTruths] = []
        for place, table in enumerate(self.compiled.tables):
            same = all(again[link.source] is self.tables[link.source] for link in table.links)
            untouched = position not in {p for rule in self._accepted[place] for p, _ in rule}
            if same and untouched:
                again.append(self.tables[place])
            else:
                again.append(self._table(place, again, {position: code}))
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
        known = {
            place: self.facts[place] != code
            for place, code in enumerate(unknown)
            if code is not None
        }
        self.solver.push()
        self.solver.add(*goals)
        while True:
            count = sum(codes[place] != unknown[place] for place in known)
            if count == 0:
                break
            self.solver.push()
            self.solver.add(z3.AtMost(*known.values(), count - 1))
            fewer = self.solve()
            self.solver.pop()
            if fewer is None:
                self.solver.add(z3.AtMost(*known.values(), count))
                break
            codes = fewer
        for place in reversed(range(len(self.axes))):
            for code in quiet_order(self.axes[place]):
                if code == codes[place]:
                    break
                quieter = self.solve(self.facts[place] == code)
                if quieter is not None:
                    codes = quieter
                    break
            self.solver.add(self.facts[place] == codes[place])
        self.solver.pop()
        return codes

    def call(self, codes: Codes) -> dict[str, Fact]:
        """A call with facts of these classes, by the names of the inputs."""
        return {axis.name: axis.examples[code] for axis, code in zip(self.axes, codes, strict=True)}


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
    return z3.Not(either([_within(number, *run) for run in refused]))


def _runs(codes: int, classes: int) -> list[tuple[int, int]]:
    """The stretches of codes, first and last: the classes of a line stand mostly in its order."""
    runs: list[tuple[int, int]] = []
    for code in range(classes):
        if codes >> code & 1:
            runs.append((runs.pop()[0] if runs and runs[-1][1] == code - 1 else code, code))
    return runs


def _within(number: z3.BitVecRef, first: int, last: int) -> z3.BoolRef:
    if last - first < 3:
        return either([number == code for code in range(first, last + 1)])
    return z3.And(z3.UGE(number, first), z3.ULE(number, last))
