"""What became of the calls: what would tell of few calls is kept back, as their counts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import team_kinds
from lamplighter.rehearsal.outcome import Dimension, Group
from lamplighter.rehearsal.rehearsing import Rehearsal, Scenario
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.gate import Secret, Sum, kept_back
from lamplighter.rehearsal.report.section import Told, by_hours, told

# In the order in which they are kept back where something must be.
OUTCOMES = ("nobody", "taken_over", "served")
Label = str | Words
Hidden = frozenset[tuple[Label, str]]


@dataclass(frozen=True, slots=True)
class KeptOutcomes:
    """What is not told: of all calls which outcomes, and by each table of which row and outcome."""

    whole: frozenset[str]
    natures: Hidden
    responders: Hidden
    hours: Hidden

    def of(self, dimension: Dimension) -> Hidden:
        """What is not told of a table by this."""
        if dimension is Dimension.NATURE:
            return self.natures
        return self.responders if dimension is Dimension.RESPONDER else self.hours


@dataclass(frozen=True, slots=True)
class Margins(Secret):
    """Cells of which nobody counts the calls; what their sums are is known by other ways."""

    sums: Mapping[frozenset[int], float] = field(default_factory=dict)

    def of(self, cells: frozenset[int]) -> float:
        return self.sums[cells]


def count(group: Group | Told, outcome: str) -> float:
    """The calls of a group of which this became, on average."""
    return float(getattr(group, outcome).mean * group.calls) if group.calls else 0.0


def is_few(calls: float) -> bool:
    """Whether so many calls are too few to be told, and not none."""
    return 1e-6 < calls < FEWEST - 1e-6


def served_at_least(group: Group | Told) -> float | None:
    """A share of the calls that is told where the share served is not, and is no more than it.

    Which one, only the number of calls decides: so many that what is left is twice what may not be
    told, or more. None where less is served, or half of the calls would be too much to tell.

    >>> from lamplighter.rehearsal.outcome import Interval
    >>> nearly_all = Told("", 120, *[Interval(at, at, at) for at in (0.95, 0.05, 0, 9, 9)])
    >>> served_at_least(nearly_all)
    0.8
    """
    if not group.calls:
        return None
    share = floor(10 - 20 * FEWEST / group.calls) / 10
    return share if 0.5 <= share <= group.served.mean else None


def few_reached(group: Group | Told) -> bool:
    """Whether somebody came to so few calls that their minutes are those of single people."""
    return is_few(group.calls - count(group, "nobody"))


def whole_hidden(scenario: Scenario) -> frozenset[str]:
    """Which outcomes of all of the teams' calls are not told."""
    counts = _scaled([scenario.own.whole], scenario)[0]
    sums = [Sum(one, frozenset([at]), at) for at, one in enumerate(OUTCOMES)]
    sums.append(Sum("all", frozenset(range(len(OUTCOMES)))))
    if not sum(counts):
        return frozenset()
    hidden = kept_back(Secret(counts), sums, FEWEST * scenario.own.replications)
    return frozenset(one for one in OUTCOMES if one in hidden and counts[OUTCOMES.index(one)])


def kept_outcomes_of(
    rehearsal: Rehearsal, natures: Collection[str], responders: Collection[str]
) -> KeptOutcomes:
    """Attack the tables of what became of the calls, by what is about and who should go, and when.

    natures, responders: those whose calls are told together
    """
    asked = rehearsal.asked
    whole = whole_hidden(asked)
    rows, columns = (
        told(asked.own.by.get(dimension, ()), kept)
        for dimension, kept in ((Dimension.NATURE, natures), (Dimension.RESPONDER, responders))
    )
    by_nature, by_responder = _of_both(rehearsal, rows, columns, whole)
    hours = by_hours(asked.own.by.get(Dimension.HOUR, ()))
    by_hour = _of_one(asked, hours, whole)
    return KeptOutcomes(whole, *map(_but_one, (by_nature, by_responder, by_hour)))


def _but_one(hidden: Hidden) -> Hidden:
    """Without what the other outcomes of a row tell anyway."""
    rows = Counter(label for label, _ in hidden)
    return frozenset(pair for pair in hidden if rows[pair[0]] > 1)


def _scaled(groups: Sequence[Group | Told], scenario: Scenario) -> list[list[int]]:
    """The calls of each outcome, in all replications together: whole numbers."""
    often = scenario.own.replications
    return [[round(count(group, one) * often) for one in OUTCOMES] for group in groups]


def _of_one(scenario: Scenario, rows: Sequence[Told], whole: Collection[str]) -> Hidden:
    """Of a table that shares calls with others by their whole numbers alone."""
    outcomes = range(len(OUTCOMES))
    counts = [cell for line in _scaled(rows, scenario) for cell in line]
    sums = [
        Sum((row.label, OUTCOMES[o]), frozenset([at * len(OUTCOMES) + o]), o)
        for at, row in enumerate(rows)
        for o in outcomes
    ]
    sums += [
        Sum(("row", at), frozenset(at * len(OUTCOMES) + o for o in outcomes))
        for at in range(len(rows))
    ]
    sums += [
        Sum(("all", OUTCOMES[o]), frozenset(range(o, len(counts), len(OUTCOMES))), _rank(o, whole))
        for o in outcomes
        if _stands(OUTCOMES[o], whole, sum(counts[o :: len(OUTCOMES)]), scenario)
    ]
    width = len(OUTCOMES)
    known = _not_served(
        rows, scenario, lambda at: frozenset(range(at * width, at * width + width - 1))
    )
    secret = Secret(counts, together_most=known)
    return _pairs(kept_back(secret, sums, FEWEST * scenario.own.replications), rows)


def _not_served(
    rows: Sequence[Told], scenario: Scenario, cells: Callable[[int], frozenset[int]]
) -> Mapping[frozenset[int], float]:
    """How many calls of a row are not served at most, as everybody knows by `served_at_least`."""
    found = {}
    for at, row in enumerate(rows):
        share = served_at_least(row)
        if share is not None:
            found[cells(at)] = round((1 - share) * row.calls * scenario.own.replications)
    return found


def _rank(outcome: int, whole: Collection[str]) -> int | None:
    return len(OUTCOMES) if OUTCOMES[outcome] in whole else None


def _stands(outcome: str, whole: Collection[str], calls: int, scenario: Scenario) -> bool:
    """Whether an intruder knows the outcome of all calls, or is not to know it as it is of few."""
    return outcome not in whole or calls < FEWEST * scenario.own.replications


def _of_both(
    rehearsal: Rehearsal, rows: Sequence[Told], columns: Sequence[Told], whole: Collection[str]
) -> tuple[Hidden, Hidden]:
    """Of the tables by nature and by responder, whose calls are the same.

    Cells are of a nature, a responder and an outcome: nobody counts these, but the calls of a
    nature that go to a responder are told where they are ten.
    """
    scenario = rehearsal.asked
    often, outcomes = scenario.own.replications, range(len(OUTCOMES))
    pairs = _pairs_of(rehearsal, rows, columns)
    sizes = _scaled(rows, scenario), _scaled(columns, scenario)
    cells = [
        (a, b, o) for a, b in sorted(pairs) for o in outcomes if sizes[0][a][o] and sizes[1][b][o]
    ]
    sums: list[Sum] = []
    known: dict[frozenset[int], float] = {}

    def add(key: Hashable, value: float, rank: int | None, **at: int) -> None:
        inside = frozenset(
            place
            for place, (a, b, o) in enumerate(cells)
            if at.get("a", a) == a and at.get("b", b) == b and at.get("o", o) == o
        )
        if value and inside:
            known[inside] = value
            sums.append(Sum(key, inside, rank))

    for o in outcomes:
        for a, row in enumerate(rows):
            add(("nature", row.label, OUTCOMES[o]), sizes[0][a][o], o, a=a, o=o)
        for b, column in enumerate(columns):
            add(("responder", column.label, OUTCOMES[o]), sizes[1][b][o], o, b=b, o=o)
        total = sum(line[o] for line in sizes[0])
        if _stands(OUTCOMES[o], whole, total, scenario):
            add(("all", OUTCOMES[o]), total, _rank(o, whole), o=o)
    for a in range(len(rows)):
        add(("row", a), sum(sizes[0][a]), None, a=a)
    for b in range(len(columns)):
        add(("column", b), sum(sizes[1][b]), None, b=b)
    whole_known = sum(pairs.values()) * often == sum(map(sum, sizes[0]))
    for (a, b), calls in pairs.items():
        if calls >= FEWEST and whole_known:
            add(("pair", a, b), calls * often, None, a=a, b=b)
    most = {
        **_not_served(rows, scenario, lambda at: _away(cells, 0, at)),
        **_not_served(columns, scenario, lambda at: _away(cells, 1, at)),
    }
    secret = Margins([FEWEST * often] * len(cells), together_most=most, sums=known)
    hidden = kept_back(secret, sums, FEWEST * often)
    natures = frozenset(key[1:] for key in hidden if isinstance(key, tuple) and key[0] == "nature")
    goes = frozenset(key[1:] for key in hidden if isinstance(key, tuple) and key[0] == "responder")
    return natures, goes


def _away(cells: Sequence[tuple[int, int, int]], place: int, at: int) -> frozenset[int]:
    """The cells of a row (0) or a column (1) of calls that were not served."""
    served = OUTCOMES.index("served")
    return frozenset(
        number for number, cell in enumerate(cells) if cell[place] == at and cell[2] != served
    )


def _pairs_of(
    rehearsal: Rehearsal, rows: Sequence[Told], columns: Sequence[Told]
) -> Mapping[tuple[int, int], int]:
    """The teams' calls by row and column; a label that stands for none is in the merged one."""
    calls = rehearsal.asked.calls
    own = {answer for kind in team_kinds(rehearsal.teams) for answer in kind.answers}
    at_row, at_column = (
        {line.label: place for place, line in enumerate(lines)} for lines in (rows, columns)
    )
    found: Counter[tuple[int, int]] = Counter()
    for nature, responder in zip(calls.nature.tolist(), calls.responder.tolist(), strict=True):
        goes = calls.responders[responder]
        if goes in own:
            about = calls.natures[nature] if nature >= 0 else ""
            a = at_row.get(about, len(rows) - 1)
            found[a, at_column.get(goes, len(columns) - 1)] += 1
    return found


def _pairs(hidden: Collection[Hashable], rows: Sequence[Told]) -> Hidden:
    labels = {row.label for row in rows}
    return frozenset(
        key for key in hidden if isinstance(key, tuple) and key[0] in labels and key[1] in OUTCOMES
    )
