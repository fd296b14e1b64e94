"""The one pilot whose figures are published, simulated: how many calls would its van have served?

STAR, Denver, June to November 2020: one van, from ten to eighteen o'clock on weekdays, in eight of
36 precincts; 748 calls answered of about 2,500 eligible in six months; 42 % of the answered came
from 911, 35 % were asked for by police, 23 % were started by the team itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, NOT_TOLD, Calls
from lamplighter.rehearsal.intervals import interval_of
from lamplighter.rehearsal.outcome import Interval, Status
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.teams import Teams
from lamplighter.rehearsal.teams_file import read_teams

ELIGIBLE = 2_500
PUBLISHED = 748
STARTED_BY_TEAM = 0.23
PRECINCTS, OF_PRECINCTS = 8, 36
DAYS = 183
FIRST, LAST = 10, 18  # o'clock, on weekdays
# Calls for help by local hour in 21 days of Milwaukee, May 2018 (16,441 that no officer started).
_HOURS = (
    *(897, 604, 484, 355, 298, 235, 253, 292, 614, 597, 660, 898),
    *(911, 920, 887, 737, 1040, 864, 792, 912, 871, 853, 846, 621),
)
_REACH_DEGREES = 0.03  # about 3 km
_MINUTES_OF_WEEK = HOURS_OF_WEEK * 60


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read "about 2,500 eligible calls": how many, and how they fall into the week."""

    name: str
    assumes: Mapping[str, str]
    calls: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PilotCheck:
    """What one reading leads to: calls in the half year, those in the van's hours, those served."""

    reading: Reading
    calls: Interval
    in_hours: Interval
    served: Interval
    busy: Interval


def readings() -> tuple[Reading, ...]:
    """Four ways to read the published number; which one is true is not published."""
    even = (1.0,) * HOURS_OF_WEEK
    by_hour = tuple(float(_HOURS[hour % 24]) for hour in range(HOURS_OF_WEEK))
    on_duty = tuple(
        float(hour // 24 < 5 and FIRST <= hour % 24 < LAST) for hour in range(HOURS_OF_WEEK)
    )
    return (
        Reading(
            "at all hours, evenly",
            {
                "en": "All are in the eight precincts and come evenly at all hours of the week.",
                "es": "Todas son de los ocho distritos y llegan por igual a todas horas.",
            },
            ELIGIBLE,
            even,
        ),
        Reading(
            "at all hours, as in Milwaukee",
            {
                "en": "All are in the eight precincts; by hour of day as calls in Milwaukee.",
                "es": "Todas son de los ocho distritos; por hora, como las llamadas en Milwaukee.",
            },
            ELIGIBLE,
            by_hour,
        ),
        Reading(
            "in the van's hours",
            {
                "en": "All are in the eight precincts and come while the van is on duty.",
                "es": "Todas son de los ocho distritos y llegan con la camioneta de turno.",
            },
            ELIGIBLE,
            on_duty,
        ),
        Reading(
            "of the whole city",
            {
                "en": "They are of all 36 precincts, 8 in 36 of the eight; by Milwaukee's hours.",
                "es": "Son de los 36 distritos, 8 de 36 de los ocho; por hora, como Milwaukee.",
            },
            ELIGIBLE * PRECINCTS / OF_PRECINCTS,
            by_hour,
        ),
    )


def check_pilot(seed: int = 1, replications: int = 20) -> tuple[PilotCheck, ...]:
    """Simulate the half year of the pilot, once for each reading of its number of calls.

    Calls come at random (Poisson) at the rate of the reading, from places within about 3 km of the
    van's base, which is assumed. Teams are those of the team file `star_pilot`. Nothing is fitted
    to the published number.
    """
    teams = read_teams("star_pilot")
    return tuple(_check(reading, teams, seed, replications) for reading in readings())


def _check(reading: Reading, teams: Teams, seed: int, replications: int) -> PilotCheck:
    counted: list[Sequence[float]] = []
    for number in range(replications):
        calls = half_year(reading, teams, np.random.default_rng([seed, number]))
        run = simulate(calls, teams, seed=seed, replication=number)
        hours = calls.hour_of_week
        in_hours = (hours < 5 * 24) & (hours % 24 >= FIRST) & (hours % 24 < LAST)
        served = run.status == Status.SERVED
        busy = run.busy.sum() / max(run.on_duty.sum(), 1.0)
        counted.append((len(calls), in_hours.sum(), served.sum(), busy))
    columns = np.array(counted, dtype=np.float64).T
    return PilotCheck(reading, *(interval_of(column) for column in columns))


def half_year(reading: Reading, teams: Teams, generator: np.random.Generator) -> Calls:
    """The eligible calls of one half year, drawn at the rate of a reading."""
    weights = np.array(reading.weights) / sum(reading.weights)
    start = datetime(2020, 6, 1, 6, tzinfo=UTC)  # a Monday, midnight in Denver
    hour_of_week = np.arange(DAYS * 24) % HOURS_OF_WEEK
    by_hour = weights[hour_of_week]
    rates = by_hour / by_hour.sum() * reading.calls
    hours = np.repeat(np.arange(DAYS * 24), generator.poisson(rates))
    minute = np.sort(hours * 60 + generator.uniform(0, 60, len(hours)))
    many = len(minute)
    latitude, longitude = _places(teams, many, generator)
    return Calls(
        start=start,
        days=float(DAYS),
        time_zone="America/Denver",
        minute=minute,
        hour_of_week=(minute % _MINUTES_OF_WEEK // 60).astype(np.int16),
        nature=np.zeros(many, np.int16),
        area=np.full(many, NOT_TOLD, np.int16),
        latitude=latitude,
        longitude=longitude,
        responder=np.zeros(many, np.int16),
        priority=np.full(many, 3, np.int8),
        target=np.full(many, np.nan, np.float32),
        backup=np.full(many, NOT_TOLD, np.int16),
        natures=("welfare_check",),
        areas=(),
        responders=("community_team",),
        backups=(),
    )


def _places(
    teams: Teams, many: int, generator: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Places even over a disc around the base."""
    base = next(units.base for units in teams.units if units.base is not None)
    far = _REACH_DEGREES * np.sqrt(generator.uniform(0, 1, many))
    turn = generator.uniform(0, 2 * np.pi, many)
    narrow = np.cos(np.radians(base[0]))
    return base[0] + far * np.sin(turn), base[1] + far * np.cos(turn) / narrow
