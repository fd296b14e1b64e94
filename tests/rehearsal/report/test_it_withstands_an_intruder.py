"""An intruder with the files of a report, and a linear program, finds no small group in them.

Each number of the tables is an equation about calls that the intruder does not know: how many of a
nature go to a responder, come in an hour of the week, come from an area. What is hidden must stay
open by ten calls at least. The attack reads the report as it was written.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
import z3

from lamplighter.history.areas import read_areas
from lamplighter.policy import read_policy
from lamplighter.policy.model import Words
from lamplighter.rehearsal.rehearsing import Rehearsal, rehearse
from lamplighter.rehearsal.report import ReportError, write_report
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.say import WEEKDAYS
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.teams_file import read_teams
from tests.policy.replay.histories import Call, write_history
from tests.rehearsal.report.town import MONDAY, SOUTH, STEP, WEST, Town, make_town

NATURES = (
    *("welfare_check", "disorderly_conduct", "noise", "intoxicated_person", "family_dispute"),
    *("mental_health_crisis", "person_without_shelter", "shooting_or_stabbing", "trespass"),
    *("medical_emergency", "youth_trouble", "suspicious_activity", "burglary", "fire", "death"),
)
Cells = Mapping[Hashable, int]
Equation = tuple[frozenset[Hashable], int]


def town_of(folder: Path, seed: int) -> Town:
    """A town whose calls are few and fall unevenly on natures, hours and areas."""
    town, chance = make_town(folder, calls=40), random.Random(seed)
    many = chance.choice([150, 400, 1_200])
    weights = [1 / (place + 1) ** chance.uniform(0.5, 2) for place in range(len(NATURES))]
    natures = chance.sample(NATURES, len(NATURES))
    made = []
    for number in range(many):
        at = MONDAY + timedelta(days=chance.randrange(14), minutes=chance.triangular(0, 1439, 1100))
        made.append(Call(f"c{number}", at, chance.choices(natures, weights)[0]))
    made.sort(key=lambda call: call.time)
    places = [
        [edge + 3.1 * STEP * chance.triangular(0, 1, 0.4) for _ in made] for edge in (SOUTH, WEST)
    ]
    write_history(
        town.history,
        made,
        city="Small Town",
        more={
            name: pa.array(degrees, pa.float64())
            for name, degrees in zip(("latitude", "longitude"), places, strict=True)
        },
    )
    return town


@pytest.fixture(scope="module", params=[1, 2, 4])
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Rehearsal, Path]:
    folder = tmp_path_factory.mktemp("small")
    town = town_of(folder, request.param)
    found = rehearse(
        town.history,
        town.policy,
        read_teams(town.teams),
        against=read_policy(town.other_policy),
        areas=read_areas(town.areas),
        replications=1,
    )
    try:
        return found, write_report(found, folder / "report").parent / "tables"
    except ReportError as error:
        assert "calls" in str(error)  # noqa: PT017 - to refuse is one way to tell of nobody
        pytest.skip(f"no report: {error}")


def rows(tables: Path, name: str) -> list[dict[str, str]]:
    with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def english(words: Words | str) -> str:
    return words if isinstance(words, str) else words.en


def narrowed(cells: Cells, known: Iterable[Equation]) -> dict[Hashable, float]:
    """Small cells that are known to within fewer calls than a group must have."""
    solver = z3.Optimize()
    solver.set(priority="box")
    unknown = {cell: z3.Real(str(cell)) for cell, count in cells.items() if count}
    solver.add(*(one >= 0 for one in unknown.values()))
    for parts, count in known:
        inside = [unknown[cell] for cell in parts if cell in unknown]
        # What is told is true: else the attack would be on another report.
        assert sum(cells[cell] for cell in parts if cell in cells) == count
        if inside:
            solver.add(z3.Sum(inside) == count)
    small = [cell for cell, count in cells.items() if 0 < count < FEWEST]
    ends = [(c, solver.minimize(unknown[c]), solver.maximize(unknown[c])) for c in small]
    assert solver.check() == z3.sat
    found = {}
    for cell, low, high in ends:
        least, most = str(solver.lower(low)), str(solver.upper(high))
        if "oo" not in most and Fraction(most) - Fraction(least) < FEWEST:
            found[cell] = float(Fraction(most) - Fraction(least))
    return found


def test_the_intruder_is_able_to_subtract() -> None:
    both, one = frozenset(["a", "b"]), frozenset(["b"])
    assert narrowed({"a": 3, "b": 20}, [(both, 23), (one, 20)]) == {"a": 0.0}
    assert narrowed({"a": 3, "b": 20}, [(both, 23)]) == {}


def lines(
    table: list[dict[str, str]],
    column: str,
    cells: Callable[[str], frozenset[Hashable]],
    whole: frozenset[Hashable],
) -> list[Equation]:
    """The rows of a table of one dimension; a merged row is what the others leave."""
    known, seen = [], frozenset[Hashable]()
    merged = 0
    for row in table:
        if "with few calls" in row[column]:
            merged = int(row["calls"])
        else:
            inside = cells(row[column])
            seen |= inside
            known.append((inside, int(row["calls"])))
    if merged:
        known.append((whole - seen, merged))
    return known


def test_who_goes_and_what_it_is_about(attacked: tuple[Rehearsal, Path]) -> None:
    rehearsal, tables = attacked
    shown, calls = Shown(rehearsal), rehearsal.asked.calls
    natures = {
        n: english(shown.nature(calls.natures[n] if n >= 0 else None))
        for n in set(calls.nature.tolist())
    }
    responders = {
        r: english(shown.responder(calls.responders[r])) for r in set(calls.responder.tolist())
    }
    pairs = zip(calls.nature.tolist(), calls.responder.tolist(), strict=True)
    cells: Counter[Hashable] = Counter((natures[n], responders[r]) for n, r in pairs)
    everything = frozenset(cells)
    teams = {english(shown.responder(answer)) for answer in shown.own_answers}
    own = frozenset(cell for cell in cells if cell[1] in teams)  # type: ignore[index]

    def about(*names: str) -> frozenset[Hashable]:
        return frozenset(cell for cell in cells if cell[0] in names)  # type: ignore[index]

    def goes(*names: str) -> frozenset[Hashable]:
        return frozenset(cell for cell in cells if cell[1] in names)  # type: ignore[index]

    table = rows(tables, "flows")
    top = {row["nature"] for row in table} - {"All other calls"}
    columns = {row["responder"] for row in table} - {"Others"}
    known: list[Equation] = [
        (everything, len(calls)),
        (own, round(rehearsal.asked.own.whole.calls)),
    ]
    for row in table:
        if row["calls"]:
            left = about(row["nature"]) if row["nature"] in top else everything - about(*top)
            right = (
                goes(row["responder"])
                if row["responder"] in columns
                else everything - goes(*columns)
            )
            known.append((left & right, int(row["calls"])))
    known += lines(rows(tables, "served_by_nature"), "nature", lambda name: about(name) & own, own)
    known += lines(
        rows(tables, "served_by_responder"), "responder", lambda name: goes(name) & own, own
    )
    for row in rows(tables, "responders"):
        if row["as_rehearsed"]:
            known.append((goes(row["responder"]), round(float(row["as_rehearsed"]) * len(calls))))
    assert narrowed(cells, known) == {}


@pytest.mark.parametrize("end", ["at_least", "at_most"])
def test_what_is_certain_and_what_possible(attacked: tuple[Rehearsal, Path], end: str) -> None:
    rehearsal, tables = attacked
    shown, replay = Shown(rehearsal), rehearsal.replay
    cells: Counter[Hashable] = Counter()
    for group in replay.by["nature"]:
        about = english(shown.nature(group.label))
        for bound in group.bounds:
            goes = english(shown.responder(str(bound.value)))
            cells[about, goes] += getattr(bound, end)
    known: list[Equation] = []
    for row in rows(tables, "flows"):
        if row[end] and (row["nature"], row["responder"]) in cells:
            known.append((frozenset([(row["nature"], row["responder"])]), int(row[end])))
    for row in rows(tables, "responders"):
        if row[end]:
            inside = frozenset(one for one in cells if one[1] == row["responder"])  # type: ignore[index]
            known.append((inside, round(float(row[end]) * replay.calls)))
    assert len(known) > 5
    assert narrowed(cells, known) == {}


def test_when_calls_come_in(attacked: tuple[Rehearsal, Path]) -> None:
    rehearsal, tables = attacked
    week = rehearsal.asked.week
    cells: Cells = dict(enumerate(week.team_calls))
    days = [one.en for one in WEEKDAYS]
    known: list[Equation] = [(frozenset(cells), sum(week.team_calls))]
    for row in rows(tables, "calls_by_week"):
        if row["calls_a_day"]:
            first, _, last = row["hours"].partition("–")
            day = days.index(row["weekday"]) * 24
            inside = frozenset(range(day + int(first), day + int(last or int(first) + 1)))
            often = sum(week.hours[day : day + 24]) / 24
            known.append((inside, round(float(row["calls_a_day"]) * often)))
    for row in rows(tables, "served_by_hour"):
        first, _, last = row["hour"].partition("–")
        begin = int(first[:2])
        end = int(last) if last else begin + 1
        inside = frozenset(day * 24 + hour for day in range(7) for hour in range(begin, end))
        known.append((inside, int(row["calls"])))
    assert narrowed(cells, known) == {}


def test_where_calls_come_from(attacked: tuple[Rehearsal, Path]) -> None:
    rehearsal, tables = attacked
    groups = rehearsal.asked.own.by
    cells: Cells = {
        one.label: round(one.calls) for one in next(v for k, v in groups.items() if k == "area")
    }
    everywhere = frozenset(cells)
    known: list[Equation] = [(everywhere, sum(cells.values()))]
    for name in ("calls_by_area", "served_by_area", "fair_areas"):
        if (tables / f"{name}.csv").is_file():
            table = rows(tables, name)
            known += lines(table, "area", lambda area: frozenset([area]), everywhere)
    assert narrowed(cells, known) == {}


def test_what_another_policy_would_do(attacked: tuple[Rehearsal, Path]) -> None:
    """No difference between two numbers of one row is of few calls."""
    rehearsal, tables = attacked
    weeks = rehearsal.asked.own.days / 7
    for row in rows(tables, "side_by_side"):
        if row["measure"] == "Calls for the teams, a week" and row["before"]:
            differs = abs(float(row["after"]) - float(row["before"])) * weeks
            assert not 0.5 < differs < FEWEST - 0.5
    whole = rehearsal.replay.calls
    for row in rows(tables, "bounds_against"):
        for end in ("at_least", "at_most"):
            before, after = row[f"before_{end}"], row[f"after_{end}"]
            if before and after:
                assert not 0.5 < abs(float(before) - float(after)) * whole < FEWEST - 0.5
