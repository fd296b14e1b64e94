"""Where units should stand: the places from which most calls are reached in time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.staffing.slots import Slot, cover_of
from lamplighter.rehearsal.teams import Travel

Floats = npt.NDArray[np.float64]
MOST_POINTS = 2000
EARTH_KM = 6371.0
NEARNESS = 1e-3  # what a mean way as short as can be counts, in calls covered


@dataclass(frozen=True, slots=True)
class Reach:
    """Minutes of travel from the slots of one pattern to a sample of the calls in its hours.

    minutes: [call, slot], nan where nobody knows, inf where the units do not go
    """

    slots: tuple[int, ...]
    minutes: Floats

    def mean_nearest(self) -> float:
        """Mean minutes from the nearest slot, of the calls whose place is known; nan: none is."""
        nearest = np.min(self.minutes, axis=1, initial=np.inf)
        known = np.isfinite(nearest)
        return float(nearest[known].mean()) if known.any() else float("nan")


def reach_of(
    calls: Calls,
    counted: npt.NDArray[np.intp],
    slots: Sequence[Slot],
    chosen: Sequence[int],
    travel: Travel,
) -> Reach:
    """By straight distance times the street factor, at the mean speed of the calls' hours.

    A unit without a base is taken to stand in the middle of the calls.
    """
    cover = np.array(cover_of(slots[chosen[0]].shift))
    ours = counted[cover[calls.hour_of_week[counted] % HOURS_OF_WEEK] > 0]
    ours = ours[~np.isnan(calls.latitude[ours])]
    # Every so many, in order of time: the same sample each time.
    ours = ours[:: max(-(-len(ours) // MOST_POINTS), 1)]
    latitude, longitude = calls.latitude[ours], calls.longitude[ours]
    speed = np.array(travel.speed_km_h)[calls.hour_of_week[ours] % 24]
    minutes = np.full((len(ours), len(chosen)), np.inf)
    names = np.array([*calls.areas, ""])
    for column, number in enumerate(chosen):
        units = slots[number].units
        middle = (float(np.mean(latitude)), float(np.mean(longitude))) if len(ours) else (0.0, 0.0)
        north, east = units.base or middle
        y = np.radians(latitude - north)
        x = np.radians(longitude - east) * np.cos(np.radians((latitude + north) / 2))
        minutes[:, column] = np.hypot(x, y) * EARTH_KM * travel.street_factor / speed * 60
        if units.areas is not None:
            goes = np.isin(names[calls.area[ours]], sorted(units.areas))
            minutes[~goes, column] = np.inf
    return Reach(tuple(chosen), minutes)


def best_places(
    reach: Reach, within: float, busy: float, already: Sequence[int], most: int
) -> tuple[int, ...]:
    """The slots to which one more unit would bring most, the best first, at most `most` of them.

    Maximal expected coverage: a call that k units reach in time, each busy with probability
    `busy`, is covered with 1 - busy^k (Daskin, Transportation Science 17, 1983). Between equals the
    one that brings the mean way down most (the p-median).
    already: how many units each slot has; within: minutes of travel that are in time
    """
    gain = _gains(reach, within, busy, np.array(already, np.float64))
    order = sorted(range(len(reach.slots)), key=lambda column: (-gain[column], column))
    return tuple(reach.slots[column] for column in order[:most])


def in_turn(reach: Reach, within: float, busy: float, count: int) -> tuple[int, ...]:
    """The slots in which to place one unit after the other, each where it then brings most."""
    numbers = np.zeros(len(reach.slots))
    placed = []
    for _ in range(count):
        column = int(np.argmax(_gains(reach, within, busy, numbers)))
        numbers[column] += 1
        placed.append(reach.slots[column])
    return tuple(placed)


def _gains(reach: Reach, within: float, busy: float, numbers: Floats) -> Floats:
    if len(reach.minutes) == 0:  # no place is known: spread them
        return -numbers
    covers = reach.minutes <= within
    left = busy ** (covers @ numbers)  # that all who could be there in time are busy
    covered = (left * (1 - busy)) @ covers
    way = np.where(np.isfinite(reach.minutes), reach.minutes, 1e4)
    nearest = np.min(np.where(numbers > 0, way, 1e4), axis=1)
    shorter = np.maximum(nearest[:, None] - way, 0).mean(axis=0) / 1e4
    crowded = 1e-6 * numbers  # between equals, where fewest are
    gains: Floats = covered / len(reach.minutes) + NEARNESS * shorter - crowded
    return gains
