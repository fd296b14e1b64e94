"""Where calls and bases lie: kilometres on a flat map, and areas of a travel matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import Teams, Units

Array = npt.NDArray[Any]

EARTH_KM = 6371.0088  # mean radius (IUGG)


@dataclass(frozen=True)
class Places:
    """Kilometres east and north (nan: not told), and rows of the matrix (-1: none)."""

    x: Array
    y: Array
    area: Array
    base_x: Array
    base_y: Array
    base_area: Array
    matrix: Array


def places_of(calls: Calls, teams: Teams, units: Sequence[Units]) -> Places:
    """Lay calls and bases on a flat map (equirectangular at the mean latitude of the calls).

    The area of a base is that of the call next to it. Units without a base wait in the middle of
    the calls of their areas.
    """
    known = np.isfinite(calls.latitude) & np.isfinite(calls.longitude)
    middle = float(np.mean(calls.latitude[known])) if known.any() else 0.0
    east = EARTH_KM * np.cos(np.radians(middle))
    x = np.where(known, east * np.radians(calls.longitude), np.nan)
    y = np.where(known, EARTH_KM * np.radians(calls.latitude), np.nan)
    rows = {name: row for row, name in enumerate(teams.travel.areas)}
    area = np.array([*(rows.get(name, -1) for name in calls.areas), -1], np.int64)[calls.area]
    bases: dict[tuple[object, object], tuple[float, float, int]] = {}
    for one in units:
        key = (one.base, one.areas)
        if key in bases:
            continue
        if one.base is not None:
            here = (east * np.radians(one.base[1]), EARTH_KM * np.radians(one.base[0]))
        else:
            here = _middle(calls, one, x, y)
        bases[key] = (*here, _area_at(here, x, y, area, rows, one))
    found = [bases[one.base, one.areas] for one in units]
    size = len(teams.travel.areas)
    return Places(
        x=x,
        y=y,
        area=area,
        base_x=np.array([one[0] for one in found], float),
        base_y=np.array([one[1] for one in found], float),
        base_area=np.array([one[2] for one in found], np.int64),
        matrix=np.array(teams.travel.matrix, float).reshape(size, size),
    )


def _middle(calls: Calls, units: Units, x: Array, y: Array) -> tuple[float, float]:
    chosen = np.isfinite(x)
    if units.areas is not None:
        inside = [name in units.areas for name in calls.areas]
        chosen &= np.array([*inside, False])[calls.area]
    if not chosen.any():
        return float("nan"), float("nan")
    return float(x[chosen].mean()), float(y[chosen].mean())


def _area_at(
    here: tuple[float, float], x: Array, y: Array, area: Array, rows: dict[str, int], units: Units
) -> int:
    if not rows:
        return -1
    if units.areas is not None and len(units.areas) == 1:
        return rows.get(next(iter(units.areas)), -1)
    near = (area >= 0) & np.isfinite(x)
    if np.isnan(here[0]) or not near.any():
        return -1
    distance = np.where(near, (x - here[0]) ** 2 + (y - here[1]) ** 2, np.inf)
    return int(area[int(np.argmin(distance))])
