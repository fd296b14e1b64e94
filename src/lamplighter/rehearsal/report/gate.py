"""The gate of what is published: sums are kept back until no small count can be worked out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lamplighter.rehearsal.report.few import FEWEST

if TYPE_CHECKING:
    import z3


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that may be published: the calls of some cells together.

    rank: sums of a lower rank are kept back first; None: this one is always told
    """

    key: Hashable
    cells: frozenset[int]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """Counts of calls by cell, and what everybody may know of cells without any sum."""

    counts: Sequence[float]
    least: Mapping[int, float] = field(default_factory=dict)
    most: Mapping[int, float] = field(default_factory=dict)
    together_most: Mapping[frozenset[int], float] = field(default_factory=dict)

    def of(self, cells: frozenset[int]) -> float:
        """The calls of some cells together."""
        return sum(self.counts[cell] for cell in cells)


class GivenAwayError(ValueError):
    """A small count can be worked out from sums that are always told."""


def kept_back(secret: Secret, sums: Sequence[Sum], fewest: int = FEWEST) -> frozenset[Hashable]:
    """Which sums are not to be told, so that no cell and no sum of few calls can be narrowed down.

    Small sums are kept back. The rest is attacked as by an intruder (see `Intruder`), and for what
    gives way another sum is kept back: of those that give it away the one of the lowest rank and
    the fewest calls whose absence saves it, or helps. So on until nothing gives way.
    GivenAwayError: sums that are always told are enough for the intruder.

    >>> row = [Sum(name, frozenset([at]), 0) for at, name in enumerate("abc")]
    >>> secret = Secret([3, 40, 20])
    >>> sorted(str(key) for key in kept_back(secret, [*row, Sum("all", frozenset([0, 1, 2]))]))
    ['a', 'c']
    """
    sums = [one for one in sums if secret.of(one.cells)]
    small = [one.cells for one in sums if secret.of(one.cells) < fewest]
    small += [frozenset([at]) for at, count in enumerate(secret.counts) if 0 < count < fewest]
    intruder = Intruder(secret, sums, fewest)
    told = {one.key: one for one in sums if one.rank is None or secret.of(one.cells) >= fewest}
    for cells in sorted(dict.fromkeys(small), key=lambda one: (secret.of(one), sorted(one))):
        while (giving := intruder.narrows(cells, told)) is not None:
            del told[_saving(secret, intruder, told, cells, giving).key]
    return frozenset({one.key for one in sums} - set(told))


def _saving(
    secret: Secret,
    intruder: Intruder,
    told: Mapping[Hashable, Sum],
    cells: frozenset[int],
    giving: Collection[Hashable],
) -> Sum:
    """Of the sums that give cells away the one whose absence saves them, else the first."""
    one_of = sorted(
        (told[key] for key in giving if told[key].rank is not None),
        key=lambda one: (one.rank, secret.of(one.cells), str(one.key)),
    )
    if not one_of:
        raise GivenAwayError("sums that are always told give a small one away")
    for one in one_of:
        if intruder.narrows(cells, [key for key in told if key != one.key]) is None:
            return one
    return one_of[0]


class Intruder:
    """Somebody who knows what is told, and works out between which ends a number must lie.

    That is: some of the sums, which cells are empty, that no cell is below nought, and what the
    secret says of cells. Whether two sets of counts that agree with all this are `fewest` calls
    apart is a linear program, solved exactly: Fischetti & Salazar, Solving the cell suppression
    problem on tabular data with linear constraints, Management Science 47 (2001).

    >>> both, one = Sum("both", frozenset([0, 1])), Sum("one", frozenset([1]))
    >>> intruder = Intruder(Secret([3, 40]), [both, one])
    >>> sorted(intruder.narrows(frozenset([0]), ["both", "one"]))
    ['both', 'one']
    >>> intruder.narrows(frozenset([0]), ["both"])
    """

    def __init__(self, secret: Secret, sums: Sequence[Sum], fewest: int = FEWEST) -> None:
        import z3

        self.fewest = fewest
        self._solver = z3.SolverFor("QF_LRA")
        self._ends = tuple(
            {cell: z3.Real(f"{end}{cell}") for cell, count in enumerate(secret.counts) if count > 0}
            for end in ("least", "most")
        )
        # A sum holds where its mark is assumed, so that one solver serves for all that is told.
        self._marks = {one.key: z3.Bool(f"told{place}") for place, one in enumerate(sums)}
        self._keys = {str(mark): key for key, mark in self._marks.items()}
        for end in self._ends:
            for cell, unknown in end.items():
                self._solver.add(unknown >= secret.least.get(cell, 0))
                if cell in secret.most:
                    self._solver.add(unknown <= secret.most[cell])
            for cells, most in secret.together_most.items():
                self._solver.add(_together(end, cells) <= most)
            for one in sums:
                holds = _together(end, one.cells) == secret.of(one.cells)
                self._solver.add(z3.Implies(self._marks[one.key], holds))

    def narrows(
        self, cells: frozenset[int], told: Iterable[Hashable]
    ) -> frozenset[Hashable] | None:
        """The told sums by which cells are known to within `fewest` calls; None where they are not.

        Without any one of those that are given, the others may still be enough. The order of what
        is told decides which are given, so that the same report keeps back the same.
        """
        import z3

        least, most = (_together(end, cells) for end in self._ends)
        self._solver.push()
        self._solver.add(most - least >= self.fewest)
        found = self._solver.check([self._marks[key] for key in told])
        core = [] if found == z3.sat else self._solver.unsat_core()
        self._solver.pop()
        return None if found == z3.sat else frozenset(self._keys[str(mark)] for mark in core)


def _together(unknown: Mapping[int, z3.ArithRef], cells: Collection[int]) -> z3.ArithRef:
    import z3

    return z3.Sum([unknown[cell] for cell in sorted(cells) if cell in unknown])
