"""Generated cities for staffing: calls that come by the hour, on a map, for a community team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

import numpy as np

from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.teams import Kind, Law, Minutes, Point, Shift, Step, Teams, Units
from tests.rehearsal.staffing.people import COMMUNITY, EVERY_DAY, POLICE

MIDDLE = (43.04, -87.93)
BUSY_HOURS = np.array([1] * 8 + [3] * 12 + [2] * 4, float)
DAY = Shift(EVERY_DAY, time(8), time(20))
NIGHT = Shift(EVERY_DAY, time(20), time(8), next_day=True)


def make_city(
    calls_a_day: float = 60.0, days: int = 28, seed: int = 5, spread: float = 0.03
) -> Calls:
    """Two thirds of the calls are for the team, and most come between eight and twenty."""
    random = np.random.default_rng(seed)
    hourly = np.tile(BUSY_HOURS / BUSY_HOURS.sum() * calls_a_day, days)
    counts = random.poisson(hourly)
    minute = np.sort(
        np.repeat(np.arange(len(hourly)) * 60.0, counts) + 60 * random.random(counts.sum())
    )
    number = len(minute)
    return Calls(
        start=datetime(2026, 1, 5, tzinfo=UTC),
        days=float(days),
        time_zone="UTC",
        minute=minute,
        hour_of_week=(minute // 60 % 168).astype(np.int16),
        nature=np.zeros(number, np.int16),
        area=np.full(number, NOT_TOLD, np.int16),
        latitude=MIDDLE[0] + random.uniform(-spread, spread, number),
        longitude=MIDDLE[1] + random.uniform(-spread, spread, number),
        responder=(random.random(number) < 1 / 3).astype(np.int16),
        priority=np.ones(number, np.int8),
        target=np.full(number, 20, np.float32),
        backup=np.full(number, NOT_TOLD, np.int16),
        natures=("welfare_check",),
        areas=(),
        responders=("community", "police"),
        backups=(),
    )


def city_teams(
    *shifts: Shift, kind: Kind = COMMUNITY, bases: Sequence[Point] = (MIDDLE,), **more: object
) -> Teams:
    units = tuple(
        Units(f"van at {number}", kind.name, shifts or (DAY, NIGHT), base)
        for number, base in enumerate(bases)
    )
    kinds = {kind.name: kind, "police": POLICE}
    return Teams("city", "", kinds, units, **more)  # type: ignore[arg-type]


def exponential(minutes: float) -> Step:
    return Step(Minutes(Law.EXPONENTIAL, (minutes,)))
