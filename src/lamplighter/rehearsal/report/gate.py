"""The gate of what is published: sums are kept back until no small count can be worked out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
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
    """Counts of calls by cell, and what everybody may know of a cell without any sum."""

    counts: Sequence[float]
    least: Mapping[int, float] = field(default_factory=dict)
    most: Mapping[int, float] = field(default_factory=dict)

    def of(self, cells: frozenset[int]) -> float:
        """The calls of some cells together."""
        return sum(self.counts[cell] for cell in cells)


class GivenAwayError(ValueError):
    """A small count can be worked out from sums that are always told."""


def kept_back(secret: Secret, sums: Sequence[Sum], fewest: int = FEWEST) -> frozenset[Hashable]:
    """Which sums are not to be told, so that no cell and no sum of few calls can be narrowed down.

    Small sums are kept back. The rest is attacked as by an intruder (see `Intruder`), and for what
    gives way another sum is kept back: of those whose absence saves it the one of the lowest rank
    and the fewest calls. So on until nothing gives way. GivenAwayError: sums that are always told
    are enough for the intruder.

    >>> row = [Sum(name, frozenset([at]), 0) for at, name in enumerate("abc")]
    >>> secret = Secret([3, 40, 20])
    >>> sorted(str(key) for key in kept_back(secret, [*row, Sum("all", frozenset([0, 1, 2]))]))
    ['a', 'c']
    """
    sums = [one for one in sums if secret.of(one.cells)]
    small = [one.cells for one in sums if secret.of(one.cells) < fewest]
    small += [frozenset([at]) for at, count in enumerate(secret.counts) if 0 < count < fewest]
    intruder = Intruder(secret, sums)
    told = [one for one in sums if one.rank is None or secret.of(one.cells) >= fewest]
    for cells in sorted(dict.fromkeys(small), key=lambda one: (secret.of(one), sorted(one))):
        while (width := intruder.width(cells, told)) < fewest:
            told.remove(_saving(secret, intruder, told, cells, width, fewest))
    return frozenset({one.key for one in sums} - {one.key for one in told})


def _saving(
    secret: Secret,
    intruder: Intruder,
    told: Sequence[Sum],
    cells: frozenset[int],
    width: float,
    fewest: int,
) -> Sum:
    """The sum whose absence makes cells safe; else the one that helps most; else any near them."""
    around = frozenset[int]().union(*(one.cells for one in told if cells & one.cells))
    near = sorted(
        (one for one in told if one.rank is not None and one.cells & around),
        key=lambda one: (one.rank, secret.of(one.cells), str(one.key)),
    )
    if not near:
        raise GivenAwayError
    best, most = near[0], width
    for one in near:
        found = intruder.width(cells, [other for other in told if other is not one])
        if found >= fewest:
            return one
        if found > most:
            best, most = one, found
    return best


class Intruder:
    """Somebody who knows what is told, and works out between which ends a number must lie.

    That is: some of the sums, which cells are empty, that no cell is below nought, and what the
    secret says of cells. The ends are those of a linear program, solved exactly: Fischetti &
    Salazar, Solving the cell suppression problem on tabular data with linear constraints,
    Management Science 47 (2001).

    >>> both, one = Sum("both", frozenset([0, 1])), Sum("one", frozenset([1]))
    >>> intruder = Intruder(Secret([3, 40]), [both, one])
    >>> intruder.width(frozenset([0]), [both, one]), intruder.width(frozenset([0]), [both])
    (0.0, 43.0)
    """

    def __init__(self, secret: Secret, sums: Sequence[Sum]) -> None:
        import z3

        self._attack = z3.Optimize()
        self._attack.set(priority="box")
        self._cells = {
            cell: z3.Real(f"c{cell}") for cell, count in enumerate(secret.counts) if count > 0
        }
        for cell, unknown in self._cells.items():
            self._attack.add(unknown >= secret.least.get(cell, 0))
            if cell in secret.most:
                self._attack.add(unknown <= secret.most[cell])
        # A sum holds where its mark is assumed, so that one attack serves for all that is told.
        self._marks = {one.key: z3.Bool(f"told {place}") for place, one in enumerate(sums)}
        for one in sums:
            holds = self._together(one.cells) == secret.of(one.cells)
            self._attack.add(z3.Implies(self._marks[one.key], holds))

    def width(self, cells: frozenset[int], told: Collection[Sum]) -> float:
        """How far apart the least and the most are that the cells may have together."""
        self._attack.push()
        together = self._together(cells)
        low, high = self._attack.minimize(together), self._attack.maximize(together)
        # What is not told is said not to hold by its mark, so that nothing is left to try out.
        keys = {one.key for one in told}
        self._attack.check(*(m if key in keys else _not(m) for key, m in self._marks.items()))
        found = _number(self._attack.upper(high)) - _number(self._attack.lower(low))
        self._attack.pop()
        return found

    def _together(self, cells: frozenset[int]) -> z3.ArithRef:
        import z3

        return z3.Sum([self._cells[cell] for cell in sorted(cells) if cell in self._cells])


def _not(mark: z3.BoolRef) -> z3.BoolRef:
    import z3

    return z3.Not(mark)


def _number(value: object) -> float:
    """A bound of the solver, which writes one without end with the letters oo."""
    text = str(value)
    if "oo" in text:
        return -inf if text.startswith("-") else inf
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)
