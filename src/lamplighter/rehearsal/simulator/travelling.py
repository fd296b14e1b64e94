"""Where units are, how long they take to a call, and which one is there first."""

from __future__ import annotations

from math import inf, isnan, sqrt
from typing import Any

from lamplighter.rehearsal.simulator.bits import lowest, without_lowest
from lamplighter.rehearsal.simulator.codes import ABSENT, LEADS, ROLE_DRAWS, TRAVEL
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_of
from lamplighter.rehearsal.simulator.order import in_order, number_of, sooner
from lamplighter.rehearsal.simulator.places import EARTH_KM, RADIANS
from lamplighter.rehearsal.simulator.tables import WORD


@part  # type: ignore[untyped-decorator]
def minutes_a_km(plan: Any, time: float) -> Any:
    """How fast one drives who leaves now."""
    return plan.minutes_a_km[min(int(time / 60.0), len(plan.minutes_a_km) - 1)]


@part  # type: ignore[untyped-decorator]
def hour_of(plan: Any, state: Any, time: float) -> Any:
    """The hour of the moment, as `state.HOUR`: time does not go back."""
    hour = state.hour[0]
    if time >= hour.ends:
        number = int(time / 60.0)
        hour.ends = min((number + 1) * 60.0, plan.horizon)
        hour.of_week, hour.minutes_a_km = plan.hours[number], plan.minutes_a_km[number]
    return hour


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
def minutes_told(plan: Any, one: Any, where: Any, time: float, pace: float) -> Any:
    """Minutes of a unit's way to a place; -1 where one of the two is not told."""
    x, y, area = where
    unit_x, unit_y, unit_area = place_of(one, time)
    if area >= 0 and unit_area >= 0:
        return plan.matrix[unit_area, area]
    if isnan(x) or isnan(unit_x):
        return -1.0
    return sqrt((x - unit_x) ** 2 + (y - unit_y) ** 2) * pace


@part  # type: ignore[untyped-decorator]
def minutes_not_told(plan: Any, luck: Any, draws: int) -> Any:
    """What a way takes of which one end is not told; `draws` is the role by which it is drawn."""
    return minutes_of(plan, plan.unknown_minutes, luck, draws * ROLE_DRAWS + TRAVEL)


@part  # type: ignore[untyped-decorator]
def minutes_to(
    plan: Any, state: Any, luck: Any, where: Any, unit: int, draws: int, time: float
) -> Any:
    """Minutes of a unit's way to a place."""
    x, _y, area = where
    if isnan(x) and area < 0:
        return minutes_not_told(plan, luck, draws)
    pace = hour_of(plan, state, time).minutes_a_km
    taken = minutes_told(plan, state.units[unit], where, time, pace)
    return taken if taken >= 0 else minutes_not_told(plan, luck, draws)


@part  # type: ignore[untyped-decorator]
def nearest(
    plan: Any, state: Any, luck: Any, where: Any, cls: int, role: int, draws: int, time: float
) -> Any:
    """The free unit of a role that is at a place first, and its minutes.

    Of equals the one goes that has been free the longest. `draws` is the role by which it draws.
    """
    best, minutes, free_since, unknown = ABSENT, in_order(inf), in_order(inf), -1.0
    x, _y, area = where
    nowhere = isnan(x) and area < 0
    pace = 0.0 if nowhere else hour_of(plan, state, time).minutes_a_km
    for word in range(len(state.free)):
        left = plan.members[cls, role, word] & state.free[word]
        while left != 0:
            unit = word * WORD + lowest(left)
            left = without_lowest(left)
            one = state.units[unit]
            taken = -1.0 if nowhere else minutes_told(plan, one, where, time, pace)
            if taken < 0:
                if unknown < 0:
                    unknown = minutes_not_told(plan, luck, draws)
                taken = unknown
            since, takes = in_order(one.free_since), in_order(taken)
            first = sooner(takes, since, minutes, free_since)
            best = unit if first else best
            free_since = since if first else free_since
            minutes = takes if first else minutes
    return best, number_of(minutes)


@part  # type: ignore[untyped-decorator]
def somebody_is_free(plan: Any, state: Any, cls: int) -> Any:
    """Whether one who may lead is free."""
    for word in range(len(state.free)):
        if plan.members[cls, LEADS, word] & state.free[word] != 0:
            return True
    return False
