"""Where calls and bases lie: kilometres on a flat map, and areas of a travel matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import Teams, Units

Array = npt.NDArray[Any]

EARTH_KM = 6371.0088  # mean radius (IUGG)
RADIANS = np.pi / 180


@dataclass(frozen=True)
class Places:
    """Kilometres east and north (nan: not told), and rows of the matrix (-1: none)."""

    km_east: float  # of a radian of longitude
    row_of_area: Array
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
    told = slice(None) if known.all() else known
    latitude = calls.latitude[told]
    middle = float(np.mean(latitude)) if len(latitude) else 0.0
    east = float(EARTH_KM * np.cos(np.radians(middle)))
    rows = {name: row for row, name in enumerate(teams.travel.areas)}
    row_of_area = np.array([-1, *(rows.get(name, -1) for name in calls.areas)], np.int64)
    near = _Near(calls, told, east, row_of_area)
    bases: dict[tuple[object, object], tuple[float, float, int]] = {}
    for one in units:
        key = (one.base, one.areas)
        if key in bases:
            continue
        if one.base is not None:
            here = (float(east * np.radians(one.base[1])), EARTH_KM * np.radians(one.base[0]))
        else:
            here = near.middle(one)
        bases[key] = (*here, near.area_at(here, rows, one))
    found = [bases[one.base, one.areas] for one in units]
    size = len(teams.travel.areas)
    return Places(
        km_east=east,
        row_of_area=row_of_area,
        base_x=np.array([one[0] for one in found], float),
        base_y=np.array([one[1] for one in found], float),
        base_area=np.array([one[2] for one in found], np.int64),
        matrix=np.array(teams.travel.matrix, float).reshape(size, size),
    )


class _Near:
    """The calls whose place is told, laid on the map where a base asks for them."""

    def __init__(self, calls: Calls, told: Array | slice, east: float, row_of_area: Array) -> None:
        self._calls, self._told, self._east, self._row_of_area = calls, told, east, row_of_area

    @cached_property
    def _x(self) -> Array:
        return self._east * np.radians(self._calls.longitude[self._told])

    @cached_property
    def _y(self) -> Array:
        return EARTH_KM * np.radians(self._calls.latitude[self._told])

    def middle(self, units: Units) -> tuple[float, float]:
        x, y = self._x, self._y
        if units.areas is not None:
            inside = np.array([*(name in units.areas for name in self._calls.areas), False])
            chosen = inside[self._calls.area[self._told]]
            x, y = x[chosen], y[chosen]
        return (float(x.mean()), float(y.mean())) if len(x) else (np.nan, np.nan)

    def area_at(self, here: tuple[float, float], rows: dict[str, int], units: Units) -> int:
        if not rows:
            return -1
        if units.areas is not None and len(units.areas) == 1:
            return rows.get(next(iter(units.areas)), -1)
        area = self._row_of_area[self._calls.area[self._told] + 1]
        if np.isnan(here[0]) or not (area >= 0).any():
            return -1
        distance = (self._x - here[0]) ** 2 + (self._y - here[1]) ** 2
        return int(area[int(np.argmin(np.where(area >= 0, distance, np.inf)))])
