"""Small cities for the simulator: calls at given minutes, teams with few or many units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import Kind, Law, Minutes, Shift, Step, Teams, Travel, Units

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS = Shift(frozenset(range(7)), time(0), time(0), next_day=True)
AT_ONCE = Travel(unknown_minutes=Minutes(Law.FIXED, (0.0,)))


def fixed(minutes: float) -> Step:
    return Step(Minutes(Law.FIXED, (minutes,)))


def exponential(mean: float) -> Step:
    return Step(Minutes(Law.EXPONENTIAL, (mean,)))


def make_calls(
    minutes: Sequence[float] | npt.NDArray[Any], days: float = 1.0, **more: Any
) -> Calls:
    """Calls of one nature for `team`, from a Monday in UTC on, without places."""
    minute = np.asarray(minutes, float)
    count = len(minute)
    columns: dict[str, Any] = {
        "start": MONDAY,
        "days": days,
        "time_zone": "UTC",
        "minute": minute,
        "hour_of_week": (minute // 60 % 168).astype(np.int16),
        "nature": np.zeros(count, np.int16),
        "area": np.full(count, -1, np.int16),
        "latitude": np.full(count, np.nan),
        "longitude": np.full(count, np.nan),
        "responder": np.zeros(count, np.int16),
        "priority": np.ones(count, np.int8),
        "target": np.full(count, np.nan, np.float32),
        "backup": np.full(count, -1, np.int16),
        "natures": ("welfare_check",),
        "areas": (),
        "responders": ("team",),
        "backups": (),
    }
    for name, value in more.items():
        old = columns[name]
        columns[name] = np.asarray(value, old.dtype) if isinstance(old, np.ndarray) else value
    return Calls(**columns)


def make_kind(name: str = "team", **more: Any) -> Kind:
    values: dict[str, Any] = {"label": {}, "answers": (name,), "on_scene": fixed(10), **more}
    return Kind(name, **values)


def make_units(kind: str = "team", *shifts: Shift, **more: Any) -> Units:
    return Units(more.pop("name", kind), kind, shifts or (ALWAYS,), **more)


def make_teams(
    kinds: Sequence[Kind] = (), units: Sequence[Units] = (), travel: Travel = AT_ONCE, **more: Any
) -> Teams:
    kinds = kinds or (make_kind(),)
    units = units or (make_units(kinds[0].name),)
    return Teams("test", "", {kind.name: kind for kind in kinds}, tuple(units), travel, **more)
