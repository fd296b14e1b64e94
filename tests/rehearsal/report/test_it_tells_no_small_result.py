"""An intruder finds no small number of calls in what became of them, nor between the bounds.

Whether a team came to a call is simulated, but it follows from real hours and places: who knows
that two of twelve calls were not served, and when nobody works, knows when these two came in. So
the results in the tables are attacked as the calls are (see `test_it_withstands_an_intruder`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
import z3

from lamplighter.history.areas import read_areas
from lamplighter.policy import read_policy
from lamplighter.rehearsal.outcome import Dimension, Group
from lamplighter.rehearsal.rehearsing import Rehearsal, rehearse
from lamplighter.rehearsal.report import write_report
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.kept import kept_of
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.teams_file import read_teams
from tests.rehearsal.report.test_it_withstands_an_intruder import english, rows, town_of
from tests.rehearsal.report.town import make_town

OUTCOMES = ("served", "taken_over", "nobody")
Cells = frozenset[Hashable]
Sum = tuple[Cells, int]
Table = list[dict[str, str]]


@dataclass(frozen=True)
class Attack:
    """A report and what is behind it; calls are counted in all replications together."""

    rehearsal: Rehearsal
    tables: Path

    @property
    def often(self) -> int:
        return self.rehearsal.replications

    @property
    def whole(self) -> Group:
        return self.rehearsal.asked.own.whole

    def groups(self, dimension: Dimension) -> tuple[Group, ...]:
        return self.rehearsal.asked.own.by[dimension]

    def rows(self, name: str) -> Table:
        """The rows of a table; none where it is not in the report."""
        return rows(self.tables, name) if (self.tables / f"{name}.csv").is_file() else []

    def counts(self, group: Group) -> dict[str, int]:
        calls = group.calls * self.often
        return {one: round(getattr(group, one).mean * calls) for one in OUTCOMES}

    def of_all(self, cells: Iterable[Hashable]) -> list[Sum]:
        """What is told of all calls of the teams, in whichever table."""
        every = frozenset(cells)
        calls = round(self.whole.calls * self.often)
        shares = [
            (name, row[name])
            for row in self.rows("bounds")
            if row["answers"] == "as rehearsed"
            for name in ("served", "taken_over")
        ]
        named = {
            "Share served": "served",
            "Share taken over by others": "taken_over",
            "Share to which nobody comes": "nobody",
        }
        shares += [
            (named[row["measure"]], row["after"])
            for row in self.rows("side_by_side")
            if row["measure"] in named
        ]
        told = [(every, calls)]
        told += [(of(every, name), round(float(share) * calls)) for name, share in shares if share]
        if reasons := self.rows("reasons"):
            away = round(sum(float(row["share"]) for row in reasons) * calls)
            told.append((every - of(every, "served"), away))
        return told

    def of_rows(self, table: Table, column: str, cells: Mapping[str, Cells]) -> list[Sum]:
        """What the rows of a table tell; `cells` are those of each row."""
        told: list[Sum] = []
        for row in table:
            inside, calls = cells[row[column]], int(row["calls"]) * self.often
            told.append((inside, calls))
            told += [
                (of(inside, name), round(float(row[name]) * calls))
                for name in OUTCOMES
                if row.get(name)
            ]
        return told

    def at_most(self, table: Table, column: str, cells: Mapping[str, Cells]) -> list[Sum]:
        """How many calls of a row were not served at most, where a part that was is told."""
        return [
            (
                cells[row[column]] - of(cells[row[column]], "served"),
                round((1 - float(row["served_at_least"])) * int(row["calls"]) * self.often),
            )
            for row in table
            if row.get("served_at_least")
        ]

    def secrets(self, groups: Iterable[Group], cells: Mapping[str, Cells]) -> list[Sum]:
        return [
            (of(cells[group.label], name), count)
            for group in groups
            for name, count in self.counts(group).items()
        ]

    def finds(
        self, told: Iterable[Sum], secrets: Iterable[Sum], at_most: Iterable[Sum] = ()
    ) -> list[Sum]:
        return known_to_few(told, secrets, FEWEST * self.often, at_most)


def of(cells: Cells, outcome: str) -> Cells:
    return frozenset(cell for cell in cells if cell[1] == outcome)  # type: ignore[index]


def known_to_few(
    told: Iterable[Sum],
    secrets: Iterable[Sum],
    fewest: int = FEWEST,
    at_most: Iterable[Sum] = (),
) -> list[Sum]:
    """Of small sums those that what is told narrows down to fewer calls than a group must have."""
    told, secrets = list(told), list(secrets)
    solver = z3.Optimize()
    solver.set(priority="box")
    cells = {cell for parts, _ in (*told, *secrets) for cell in parts}
    unknown = {cell: z3.Real(str(cell)) for cell in cells}
    solver.add(*(one >= 0 for one in unknown.values()))
    for parts, count in told:
        solver.add(z3.Sum([unknown[cell] for cell in parts]) == count)
    for parts, count in at_most:
        solver.add(z3.Sum([unknown[cell] for cell in parts]) <= count)
    small = [one for one in secrets if 0 < one[1] < fewest]
    ends = []
    for parts, _ in small:
        together = z3.Sum([unknown[cell] for cell in parts])
        ends.append((solver.minimize(together), solver.maximize(together)))
    assert solver.check() == z3.sat, "what is told is true"
    found = []
    for one, (low, high) in zip(small, ends, strict=True):
        least, most = str(solver.lower(low)), str(solver.upper(high))
        if "oo" not in most and Fraction(most) - Fraction(least) < fewest:
            found.append(one)
    return found


# Small towns, and a larger one in two replications: a result is then of half a call, too.
@pytest.fixture(scope="module", params=[(1, 1), (4, 1), (None, 2)], ids=["few", "some", "many"])
def attack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Attack:
    seed, often = request.param
    folder = tmp_path_factory.mktemp("results")
    town = make_town(folder) if seed is None else town_of(folder, seed)
    found = rehearse(
        town.history,
        town.policy,
        read_teams(town.teams),
        against=read_policy(town.other_policy),
        areas=read_areas(town.areas),
        replications=often,
    )
    return Attack(found, write_report(found, folder / "report").parent / "tables")


def test_the_intruder_is_able_to_subtract() -> None:
    day, night = (("day", "served"), "served"), (("night", "served"), "served")
    both: Sum = (frozenset([day, night]), 23)
    secret: Sum = (frozenset([night]), 3)
    assert known_to_few([both, (frozenset([day]), 20)], [secret]) == [secret]
    assert known_to_few([both], [secret]) == []


def test_by_what_calls_are_about_and_who_should_go(attack: Attack) -> None:
    shown, calls = Shown(attack.rehearsal), attack.rehearsal.asked.calls
    pairs: Counter[tuple[str, str]] = Counter()
    for nature, responder in zip(calls.nature.tolist(), calls.responder.tolist(), strict=True):
        if calls.responders[responder] in shown.own_answers:
            about = calls.natures[nature] if nature >= 0 else ""
            pairs[about, calls.responders[responder]] += 1
    every: Cells = frozenset((pair, outcome) for pair in pairs for outcome in OUTCOMES)
    told, at_most = attack.of_all(every), list[Sum]()
    secrets = [(of(every, name), count) for name, count in attack.counts(attack.whole).items()]
    for place, dimension, name, say in (
        (0, Dimension.NATURE, "nature", shown.nature),
        (1, Dimension.RESPONDER, "responder", shown.responder),
    ):
        cells = {
            label: frozenset(cell for cell in every if cell[0][place] == label)  # type: ignore[index]
            for label in {pair[place] for pair in pairs}
        }
        table = attack.rows(f"served_by_{name}")
        named = {english(say(label)): part for label, part in cells.items()}
        rest = every.difference(*(named.get(row[name], ()) for row in table))
        others = {row[name]: rest for row in table if row[name] not in named}
        told += attack.of_rows(table, name, named | others)
        at_most += attack.at_most(table, name, named | others)
        secrets += attack.secrets(attack.groups(dimension), cells)
    for row in attack.rows("flows"):
        pair = [
            one
            for one in pairs
            if english(shown.nature(one[0])) == row["nature"]
            and english(shown.responder(one[1])) == row["responder"]
        ]
        if row["calls"] and pair:
            inside = frozenset((pair[0], outcome) for outcome in OUTCOMES)
            told.append((inside, int(row["calls"]) * attack.often))
    assert len(told) > 3
    assert attack.finds(told, secrets, at_most) == []


def test_by_the_hour(attack: Attack) -> None:
    groups = attack.groups(Dimension.HOUR)
    cells = {group.label: cells_of(group.label) for group in groups}
    table = attack.rows("served_by_hour")
    blocks: dict[str, Cells] = {}
    for row in table:
        first, _, last = row["hour"].partition("–")
        hours = range(int(first[:2]), int(last) if last else int(first[:2]) + 1)
        blocks[row["hour"]] = together(cells.get(str(hour), frozenset()) for hour in hours)
    told = attack.of_all(together(cells.values())) + attack.of_rows(table, "hour", blocks)
    at_most = attack.at_most(table, "hour", blocks)
    assert attack.finds(told, attack.secrets(groups, cells), at_most) == []


def test_by_area(attack: Attack) -> None:
    groups = attack.groups(Dimension.AREA)
    cells = {group.label: cells_of(group.label) for group in groups}
    told = attack.of_all(together(cells.values()))
    told += attack.of_rows(attack.rows("calls_by_area"), "area", cells)
    regions = attack.rehearsal.regions
    assert regions is not None
    members = dict(zip(regions.names, map(set, regions.members), strict=True))
    wide: dict[str, Cells] = {}
    for row in attack.rows("served_by_area"):
        inside = set(row["areas"].split("; "))
        wide[row["area"]] = together(
            cells[name] for name in cells if members.get(name, {""}) <= inside
        )
    told += attack.of_rows(attack.rows("served_by_area"), "area", wide)
    known = [row for row in attack.rows("fair_areas") if row["area"] in wide]
    told += attack.of_rows(known, "area", wide)
    secrets = attack.secrets(groups, cells)
    secrets += [  # nor how many were not served
        (cells[group.label] - of(cells[group.label], "served"), away)
        for group in groups
        if (away := round(group.calls) * attack.often - attack.counts(group)["served"])
    ]
    assert attack.finds(told, secrets) == []


def cells_of(label: str) -> Cells:
    return frozenset((label, outcome) for outcome in OUTCOMES)


def together(parts: Iterable[Cells]) -> Cells:
    return frozenset[Hashable]().union(*parts)


def test_minutes_are_of_ten_calls(attack: Attack) -> None:
    """How long a call waits follows from where it came from."""
    reached: dict[int, float] = {}
    for by in attack.rehearsal.asked.own.by.values():
        for group in by:
            some = round(group.calls) - attack.counts(group)["nobody"] / attack.often
            reached[round(group.calls)] = min(some, reached.get(round(group.calls), some))
    for name in ("served_by_nature", "served_by_responder", "served_by_hour", "fair_areas"):
        for row in attack.rows(name):
            if row["median_minutes"]:
                assert reached.get(int(row["calls"]), FEWEST) >= FEWEST


def test_between_two_minutes(attack: Attack) -> None:
    calls = round(attack.whole.calls) * attack.often
    sent, there, ends = 0, 0, (calls, attack.counts(attack.whole)["served"])
    for row in attack.rows("reached"):
        before = sent, there
        sent, there = (round(float(row[name]) * calls) for name in ("sent", "there"))
        apart = [abs(a - b) for a, b in zip(before, (sent, there), strict=True)]
        apart += [sent - there, abs(ends[0] - sent), abs(ends[1] - there)]
        assert not [one for one in apart if 0 < one < FEWEST * attack.often]


def test_by_reason_by_unit_and_by_team(attack: Attack) -> None:
    weeks = attack.rehearsal.asked.own.days / 7
    told = [float(row["share"]) * attack.whole.calls for row in attack.rows("reasons")]
    told += [
        float(row["calls_a_week"]) * weeks for row in attack.rows("units") if row["calls_a_week"]
    ]
    told += [
        float(row["responses_a_year"]) * weeks * 7 / 365
        for row in attack.rows("cost_by_kind")
        if row["responses_a_year"]
    ]
    assert not [count for count in told if 0.001 < count < FEWEST - 0.001]


def test_between_the_bounds(attack: Attack) -> None:
    """A call goes to a responder for certain, or perhaps, or not: none of these is of few calls."""
    shown, replay = Shown(attack.rehearsal), attack.rehearsal.replay
    secrets: list[Sum] = []
    told: list[Sum] = []
    cells: dict[tuple[str, str], Cells] = {}
    for group in replay.by["nature"]:
        about = english(shown.nature(group.label))
        for bound in group.bounds:
            goes = english(shown.responder(str(bound.value)))
            parts = {
                ((about, goes), "sure"): bound.at_least,
                ((about, goes), "perhaps"): bound.at_most - bound.at_least,
                ((about, goes), "not"): group.calls - bound.at_most,
            }
            cells[about, goes] = frozenset(parts)
            secrets += [(frozenset([part]), count) for part, count in parts.items()]
            if group.calls >= FEWEST:
                told.append((frozenset(parts), group.calls))
    for row in attack.rows("flows"):
        for end, names in (("at_least", ["sure"]), ("at_most", ["sure", "perhaps"])):
            inside = cells.get((row["nature"], row["responder"]))
            if row[end] and inside:
                told.append((together(of(inside, name) for name in names), int(row[end])))
    for row in attack.rows("responders"):
        goes = together(part for pair, part in cells.items() if pair[1] == row["responder"])
        for end, names in (("at_least", ["sure"]), ("at_most", ["sure", "perhaps"])):
            if row[end] and goes:
                count = round(float(row[end]) * replay.calls)
                told.append((together(of(goes, name) for name in names), count))
    assert known_to_few(told, secrets) == []


def test_a_few_calls_between_the_ends_are_not_told(attack: Attack) -> None:
    """Of 30 calls 20 go there for certain and 23 at most: three are open, and seven cannot."""
    found = attack.rehearsal
    groups = list(found.replay.by["nature"])
    at = max(range(len(groups)), key=lambda place: groups[place].calls)
    bounds = tuple(
        replace(one, at_least=groups[at].calls - 10, at_most=groups[at].calls - 7)
        for one in groups[at].bounds
    )
    groups[at] = replace(groups[at], bounds=bounds)
    tampered = replace(found.replay, by={**found.replay.by, "nature": tuple(groups)})
    kept = kept_of(replace(found, replay=tampered))
    for one in bounds:
        pair = (groups[at].label, str(one.value))
        assert pair in kept.possible, "seven cannot go there, and the calls of a nature are known"
