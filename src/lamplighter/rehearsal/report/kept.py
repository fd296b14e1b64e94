"""What of a rehearsal's counts is kept back from the public, decided once for all its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

from lamplighter.rehearsal.observed import team_kinds
from lamplighter.rehearsal.outcome import Dimension
from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.few import FEWEST, blocks, few
from lamplighter.rehearsal.report.gate import Secret, Sum, kept_back
from lamplighter.rehearsal.report.section import hours_together

MOST_NATURES = 11
Bounds = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Calls by what they are about and who goes, as they are told; the last of each is the rest.

    natures, responders: indices into those of the calls, without the rest
    sizes: calls of each cell that has any; hidden, rows: cells and whole rows not to be told
    """

    natures: tuple[int, ...]
    responders: tuple[int, ...]
    sizes: Mapping[tuple[int, int], int]
    hidden: frozenset[tuple[int, int]]
    rows: frozenset[int]

    def told(self, row: int, column: int) -> int | None:
        """The calls of a cell, None where they are not told."""
        return None if (row, column) in self.hidden else self.sizes[row, column]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not told.

    natures, responders: by name, of which the calls are merged with those of others
    certain, possible: responders of which the bound is not told, and (nature, responder)
    week: blocks of so many hours, their calls by weekday, and which of them are not told
    """

    grid: Grid
    natures: frozenset[str]
    responders: frozenset[str]
    certain: frozenset[Hashable]
    possible: frozenset[Hashable]
    hours: int
    week: tuple[tuple[int, ...], ...]
    week_hidden: frozenset[tuple[int, int]]


def kept_of(rehearsal: Rehearsal) -> Kept:
    """Attack every table that shares calls with another, and keep back what gives them away.

    The tables by area share no calls with others but their total, which `few` sees to.
    """
    own = frozenset(a for kind in team_kinds(rehearsal.teams) for a in kind.answers)
    calls = rehearsal.asked.calls
    counted = Counter(zip(calls.nature.tolist(), calls.responder.tolist(), strict=True))
    by_nature: Counter[int] = Counter()
    by_responder: Counter[int] = Counter()
    for (nature, responder), count in counted.items():
        by_nature[nature] += count
        by_responder[responder] += count
    natures = tuple(
        one
        for one, count in by_nature.most_common()
        if one >= 0 and count >= FEWEST and calls.natures[one]
    )[:MOST_NATURES]
    targets = [one for one, count in by_responder.most_common() if count >= FEWEST]
    targets.sort(key=lambda one: (calls.responders[one] not in own, -by_responder[one]))
    named = {calls.natures[one] for one in natures}
    certain, possible = _bounds_hidden(rehearsal, named)
    cells = tuple(counted)
    sums = [
        Sum("all", frozenset(range(len(cells)))),
        Sum("own", _where(cells, responders=_named(calls.responders, own))),
    ]
    sums += [Sum(("responder", r), _where(cells, responders={r}), 3) for r in by_responder]
    sums += [
        Sum(("nature", n), _where(cells, {n}, _named(calls.responders, own)), 2) for n in by_nature
    ]
    rows = [{n} for n in natures] + [set(by_nature) - set(natures)]
    columns = [{r} for r in targets] + [set(by_responder) - set(targets)]
    sizes = {}
    for a, row in enumerate(rows):
        sums.append(Sum(("row", a), _where(cells, row), 1))
        for b, column in enumerate(columns):
            inside = _where(cells, row, column)
            if inside:
                sizes[a, b] = sum(counted[cells[cell]] for cell in inside)
                sums.append(Sum(("cell", a, b), inside, 0))
    least, most = _known(rehearsal, cells, named, certain, possible)
    secret = Secret([counted[cell] for cell in cells], least, most)
    hidden = kept_back(secret, [one for one in sums if one.cells])
    hours, week, week_hidden = _week(rehearsal)
    return Kept(
        Grid(
            natures,
            tuple(targets),
            sizes,
            frozenset(pair for pair in sizes if ("cell", *pair) in hidden),
            frozenset(row for row in range(len(rows)) if ("row", row) in hidden),
        ),
        frozenset(_label(calls.natures, n) for n in by_nature if ("nature", n) in hidden),
        frozenset(calls.responders[r] for r in by_responder if ("responder", r) in hidden),
        certain,
        possible,
        hours,
        week,
        week_hidden,
    )


def _where(
    cells: tuple[tuple[int, int], ...],
    natures: Collection[int] | None = None,
    responders: Collection[int] | None = None,
) -> frozenset[int]:
    return frozenset(
        place
        for place, (nature, responder) in enumerate(cells)
        if (natures is None or nature in natures)
        and (responders is None or responder in responders)
    )


def _named(names: tuple[str, ...], chosen: Collection[str]) -> frozenset[int]:
    return frozenset(place for place, name in enumerate(names) if name in chosen)


def _label(names: tuple[str, ...], place: int) -> str:
    return names[place] if place >= 0 else ""


def bounds_by_nature(rehearsal: Rehearsal) -> Bounds:
    """The calls of each nature that go to a responder for certain, and at most."""
    groups = rehearsal.replay.by.get("nature", ())
    return {
        (group.label or "", str(bound.value)): (bound.at_least, bound.at_most)
        for group in groups
        for bound in group.bounds
    }


def _bounds_hidden(
    rehearsal: Rehearsal, named: Collection[str]
) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
    """The floors and the ceilings not to be told: of responders, and of these with a nature.

    A call goes to a responder for certain, or perhaps, or not; who knows how many calls there are
    of a nature, and both ends, knows how many there are of each.
    """
    groups = rehearsal.replay.by.get("nature", ())
    sizes = [group.calls if group.label in named else 0 for group in groups]
    rest = rehearsal.replay.calls - sum(sizes)
    known = [size and not hide for size, hide in zip(sizes, few([*sizes, rest]), strict=False)]
    bounds = bounds_by_nature(rehearsal)
    certain, possible = set[Hashable](), set[Hashable]()
    for value in sorted({value for _, value in bounds}):
        counts: list[float] = []
        sums: list[Sum] = []
        for place, group in enumerate(groups):
            least, most = bounds.get((group.label or "", value), (0, 0))
            counts += (least, most - least, group.calls - most)
            ends = frozenset([3 * place]), frozenset([3 * place, 3 * place + 1])
            if group.label in named:
                sums += [Sum((end, group.label), inside, 0) for end, inside in enumerate(ends)]
            if known[place]:
                sums.append(Sum(("calls", place), ends[1] | {3 * place + 2}))
        sums += [
            Sum((end, None), frozenset(at for at in range(len(counts)) if at % 3 <= end), 1)
            for end in (0, 1)
        ]
        sums.append(Sum("all", frozenset(range(len(counts)))))
        hidden = kept_back(Secret(counts), sums)
        for end, found in enumerate((certain, possible)):
            found |= {
                value if label is None else (label, value)
                for label in (*named, None)
                if (end, label) in hidden
            }
    return frozenset(certain), frozenset(possible)


def _known(
    rehearsal: Rehearsal,
    cells: tuple[tuple[int, int], ...],
    named: Collection[str],
    certain: Collection[Hashable],
    possible: Collection[Hashable],
) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """What the bounds that are told say of the calls as they were drawn."""
    calls, bounds = rehearsal.asked.calls, bounds_by_nature(rehearsal)
    least: dict[int, float] = {}
    most: dict[int, float] = {}
    for place, (nature, responder) in enumerate(cells):
        pair = (_label(calls.natures, nature), calls.responders[responder])
        if pair[0] in named and pair in bounds:
            if pair not in certain:
                least[place] = bounds[pair][0]
            if pair not in possible:
                most[place] = bounds[pair][1]
    return least, most


def _week(
    rehearsal: Rehearsal,
) -> tuple[int, tuple[tuple[int, ...], ...], frozenset[tuple[int, int]]]:
    """The week in blocks, which share their calls with those of the hours of the day."""
    counts = rehearsal.asked.week.team_calls
    hours, grid = blocks(counts)
    length = hours_together(rehearsal.asked.own.by.get(Dimension.HOUR, ()))
    sums = [Sum("all", frozenset(range(len(counts))))]
    for at in range(0, 24, length):
        inside = {day * 24 + hour for day in range(7) for hour in range(at, at + length)}
        sums.append(Sum(("hours", at), frozenset(inside)))
    for day in range(7):
        for block in range(24 // hours):
            first = day * 24 + block * hours
            sums.append(Sum((day, block), frozenset(range(first, first + hours)), 0))
    hidden = kept_back(Secret(counts), sums)
    cells = [(day, block) for day in range(7) for block in range(24 // hours)]
    return hours, grid, frozenset(cell for cell in cells if cell in hidden)
