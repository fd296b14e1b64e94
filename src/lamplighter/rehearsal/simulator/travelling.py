"""Where units are, how long they take to a call, and which one is there first."""

from __future__ import annotations

from math import inf, isnan, sqrt
from typing import Any

from lamplighter.rehearsal.simulator.bits import lowest, without_lowest
from lamplighter.rehearsal.simulator.codes import ABSENT, ROLE_DRAWS, TRAVEL
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_of
from lamplighter.rehearsal.simulator.places import EARTH_KM, RADIANS
from lamplighter.rehearsal.simulator.tables import WORD


@part  # type: ignore[untyped-decorator]
def minutes_a_km(plan: Any, time: float) -> Any:
    """How fast one drives who leaves now."""
    return plan.minutes_a_km[min(int(time / 60.0), len(plan.minutes_a_km) - 1)]


@part  # type: ignore[untyped-decorator]
def place_of_call(plan: Any, call: int) -> Any:
    """Where a call comes from, as `places.on_the_map` says."""
    x = plan.km_east * (plan.longitude[call] * RADIANS)
    y = EARTH_KM * (plan.latitude[call] * RADIANS)
    # 0, or nan where one of them is not told.
    unknown = (x - x) + (y - y)
    return x + unknown, y + unknown, plan.row_of_area[plan.area[call] + 1]


@part  # type: ignore[untyped-decorator]
def place_of(one: Any, time: float) -> Any:
    """Where a unit is: at the end of its way, or part of the way there."""
    if time >= one.there_at:
        return one.to_x, one.to_y, one.to_area
    gone = (time - one.leaves_at) / (one.there_at - one.leaves_at)
    x = one.from_x + gone * (one.to_x - one.from_x)
    y = one.from_y + gone * (one.to_y - one.from_y)
    return x, y, one.from_area if gone < 0.5 else one.to_area


@part  # type: ignore[untyped-decorator]
def nearest(
    plan: Any,
    state: Any,
    luck: Any,
    where: Any,
    cls: int,
    role: int,
    draws: int,
    time: float,
    one: int,
    two: int,
) -> Any:
    """The free unit of a role that is at a place first, but `one` and `two`, and its minutes.

    Of equals the one goes that has been free the longest. `draws` is the role by which it draws.
    """
    best, minutes, free_since, unknown = ABSENT, inf, inf, -1.0
    x, y, area = where
    nowhere = isnan(x) and area < 0
    pace = 0.0 if nowhere else minutes_a_km(plan, time)
    for word in range(len(state.free)):
        left = plan.members[cls, role, word] & state.free[word]
        while left != 0:
            unit = word * WORD + lowest(left)
            left = without_lowest(left)
            if unit in (one, two):
                continue
            taken = -1.0
            if not nowhere:
                unit_x, unit_y, unit_area = place_of(state.units[unit], time)
                if area >= 0 and unit_area >= 0:
                    taken = plan.matrix[unit_area, area]
                elif not (isnan(x) or isnan(unit_x)):
                    taken = sqrt((x - unit_x) ** 2 + (y - unit_y) ** 2) * pace
            if taken < 0:
                if unknown < 0:
                    step = draws * ROLE_DRAWS + TRAVEL
                    unknown = minutes_of(plan, plan.unknown_minutes, luck, step)
                taken = unknown
            since = state.units[unit].free_since
            # Without a branch, which a processor would guess wrong.
            before = (taken < minutes) | ((taken == minutes) & (since < free_since))
            best = unit if before else best
            free_since = since if before else free_since
            minutes = min(taken, minutes)
    return best, minutes
