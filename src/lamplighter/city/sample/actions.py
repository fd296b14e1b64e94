"""Opening the sample city: map, people, units, shifts, policy, a year of calls and a day's work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from lamplighter.city.intake.models import Call, City, Neighborhood
from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.histories import import_history
from lamplighter.history import COLUMNS, CallRow, StartedBy, open_history
from lamplighter.policy import shipped_policy

from .access import FILE as TOKENS
from .access import tokens_at
from .geography import draw_map
from .leftovers import close_leftovers
from .past import take_past_calls
from .scenario import save_first_scenario
from .staff import hire, plan_shifts, simulated_desk
from .year import write_year

SEED = 1869
NAME = "Lanternfield"
TIME_ZONE = "America/Denver"
HISTORY = "history.parquet"
PAST_CALLS = 100
PAST_DAYS = 3
# A newcomer can follow one call in 25 seconds; teams that are 26 times as fast as Lane County's
# (65 minutes from request to departure, on average) then leave about eight incidents open.
SECONDS_A_CALL = 25
TEAM_SPEED = 26
BEGIN_WITH = 5
LONGEST_GAP = 40
LOOK_AHEAD = timedelta(hours=2)


class NotASample(Exception):
    """The database is a real city's: nothing invented goes in, and nobody signs in by a click."""


def open_city(home: Path, *, now: datetime, progress: Callable[[str], None]) -> None:
    """Open the sample city; done again it makes only what is missing.

    1. On the first start: map, people, units, the policy, a year of calls, a scenario to rehearse
       on it, and the last day's calls as they were answered.
    2. On every start: shifts for the days to come, the access of the simulated desk, and an end
       to what an earlier play left open.
    """
    if City.objects.filter(is_sample=False).exists():
        raise NotASample
    if not City.objects.exists():
        progress("drawing the map, hiring people, putting the policy in force")
        build_city(SEED, now)
    plan_shifts(from_at=now - timedelta(days=PAST_DAYS), until=now + timedelta(days=8))
    history = home / HISTORY
    if not history.exists():
        progress("inventing a year of calls")
    import_invented_year(home, now)
    save_first_scenario(now)
    if not Call.objects.exists():
        progress(f"answering {PAST_CALLS} calls of the last day")
        take_past_calls(_latest(history), desk=simulated_desk(), now=now, seed=SEED)
    if closed := close_leftovers(now):
        progress(f"closing {closed} incidents that were left open")
    tokens_at(home, now)


def build_city(seed: int, now: datetime) -> None:
    """Make the map, people, units and policy of the sample city, the same for the same seed."""
    drawn = draw_map(seed)
    City.objects.create(name=NAME, time_zone=TIME_ZONE, is_sample=True, streets=drawn.geojson)
    Neighborhood.objects.bulk_create(
        Neighborhood(name=name, outline=outline) for name, outline in drawn.neighborhoods.items()
    )
    hire(drawn, seed, now)
    text = shipped_policy("first_response").read_text(encoding="utf-8")
    in_force_since = now - timedelta(days=14)
    activate(text, by=None, from_at=in_force_since, now=in_force_since)


def import_invented_year(home: Path, now: datetime) -> None:
    """A year of calls to play and to rehearse policies on; invented where it is not there."""
    history = home / HISTORY
    if not history.exists():
        _write_history(history, now)
    import_history(history, name=NAME, by=None, now=now, home=home)


def player_arguments(home: Path, port: int, now: datetime) -> list[str]:
    """How `lamplighter play` plays the sample city's day, for a newcomer who wants to follow it.

    From the day of the history that begins a year ago with the same day of the week, at this
    hour; fast enough that a call comes about every `SECONDS_A_CALL`, be it noon or night.
    """
    zone = ZoneInfo(TIME_ZONE)
    history = home / HISTORY
    times = open_history(history).table(["time", "started_by"]).to_pydict()
    asked = [
        time
        for time, by in zip(times["time"], times["started_by"], strict=True)
        if by == StartedBy.PUBLIC.value
    ]
    first, local = asked[0].astimezone(zone).date(), now.astimezone(zone)
    day = first + timedelta(days=1 + (local.weekday() - first.weekday() - 1) % 7)
    begins = datetime.combine(day, local.time(), zone)
    soon = sum(begins <= time < begins + LOOK_AHEAD for time in asked)
    speed = LOOK_AHEAD.total_seconds() / max(1, soon) / SECONDS_A_CALL
    return [
        *("play", str(history), "--url", f"http://127.0.0.1:{port}"),
        *("--token-file", str(home / TOKENS), "--from-day", day.isoformat(), "--at-this-hour"),
        *("--speed", f"{speed:.1f}", "--team-speed", str(TEAM_SPEED)),
        *("--begin-with", str(BEGIN_WITH), "--longest-gap", str(LONGEST_GAP)),
    ]


def _write_history(path: Path, now: datetime) -> None:
    new = path.with_suffix(".new")
    today = now.astimezone(ZoneInfo(TIME_ZONE)).date()
    write_year(new, draw_map(SEED), seed=SEED, until=today, time_zone=TIME_ZONE)
    new.replace(path)


def _latest(history: Path) -> list[CallRow]:
    """The history's last calls that the public made."""
    table = open_history(history).table(COLUMNS)
    end = table.slice(max(0, table.num_rows - 3 * PAST_CALLS)).to_pylist()
    rows = [CallRow(**row | {"started_by": StartedBy(row["started_by"])}) for row in end]
    return [row for row in rows if row.started_by is StartedBy.PUBLIC][-PAST_CALLS:]
