"""A rehearsal room in which something goes on: two scenarios that are done, and others.

Runs inside a sample city that was just built, in a process with the city's settings.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as parquet

from lamplighter.city.accounts.models import User
from lamplighter.city.policies.histories import file_of, import_history
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.rehearsal.models import Scenario, ScenarioRun, StaffingSearch
from lamplighter.city.rehearsal.runs.work import run
from lamplighter.city.rehearsal.scenarios.actions import (
    ChosenAreas,
    ChosenPolicy,
    NewScenario,
    save_scenario,
)
from lamplighter.city.rehearsal.searches.work import search
from lamplighter.city.sample.people import EVERYONE, GROUPS

# Names and sentences that people typed or the library gave, in their own language.
NAMES = ("STAR 2026", "STAR 2026 y una camioneta", "STAR de noche", "STAR 3", "STAR 4")
FAILED = "There is no file histories: check the path."
NAME_OF_MONTH = "Enero de 2026"
REPLICATIONS = 4
CALLS = 4_000


def play_rehearsals(now: datetime) -> dict[str, str]:
    """Make it all once; gives the identifiers by name."""
    first = Scenario.objects.get(by=None)
    if Scenario.objects.count() == 1:
        _make(first, now)
    made = {scenario.name: str(scenario.pk) for scenario in Scenario.objects.all()}
    places = ("first", "second", "running", "failed", "new")
    told = {place: made[name] for place, name in zip(places, NAMES, strict=True)}
    searched, searching = StaffingSearch.objects.order_by("asked_at", "pk")
    told |= {"searched": str(searched.pk), "searching": str(searching.pk)}
    return told | {"areas": str(first.area_file_id)}


def _make(first: Scenario, now: datetime) -> None:
    people = {user.username: user for user in User.objects.all()}
    teams = first.teams_text
    as_it_is = NewScenario(
        name=NAMES[0],
        history=_month(first.history, now),
        policy=ChosenPolicy(first.policy_text),
        teams_text=teams,
        areas=ChosenAreas(first.areas, first.area_file, GROUPS, EVERYONE),
        answers="stated",
        seed=1,
        replications=REPLICATIONS,
    )
    lucia, esme = people["lucia"], people["esme"]
    base = save_scenario(as_it_is, by=lucia, now=now)
    more = teams.replace("number: 2", "number: 3").replace("Lanternfield today", "STAR plus uno")
    second = replace(as_it_is, name=NAMES[1], teams_text=more, copied_from=base)
    kept = [base, save_scenario(second, by=esme, now=now)]
    for name in NAMES[2:]:
        kept.append(save_scenario(replace(second, name=name), by=esme, now=now))
    for scenario in kept[:2]:
        asked = ScenarioRun.objects.create(scenario=scenario, asked_by=lucia, asked_at=now)
        run(asked.pk, clock=lambda: datetime.now(UTC))
    target = {"percent_within": 60, "minutes": 30, "percent_fall_back": 40, "most_scenarios": 60}
    asked = StaffingSearch.objects.create(scenario=kept[0], asked_by=lucia, asked_at=now, **target)
    search(asked.pk, clock=lambda: datetime.now(UTC))
    StaffingSearch.objects.create(
        scenario=kept[1], asked_by=esme, asked_at=now, beat_at=_far(now), step="plans", **target
    )
    ScenarioRun.objects.create(
        scenario=kept[2], asked_by=esme, asked_at=now, beat_at=_far(now), step="teams", percent=40
    )
    ScenarioRun.objects.create(
        scenario=kept[3], asked_by=esme, asked_at=now, beat_at=now, done_at=now, failed=FAILED
    )


def _far(now: datetime) -> datetime:
    """A beat that is not missed while the tests look at the page."""
    return now.replace(year=now.year + 1)


def _month(year: ImportedHistory, now: datetime) -> ImportedHistory:
    """The first calls of the invented year, about a month of them: runs here are looked at only."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "month.parquet"
        parquet.write_table(parquet.read_table(file_of(year.sha256)).slice(0, CALLS), path)
        return import_history(path, name=NAME_OF_MONTH, by=None, now=now)
