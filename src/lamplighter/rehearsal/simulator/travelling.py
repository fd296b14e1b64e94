"""Where units are, how long they take to a call, and which one is there first."""

from __future__ import annotations

from math import inf, isnan, sqrt
from typing import Any

from lamplighter.rehearsal.simulator.codes import AREA, FREE, ROLE_DRAWS, TRAVEL
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_at, uniform


@part  # type: ignore[untyped-decorator]
def minutes_a_km(plan: Any, time: float) -> Any:
    """How fast one drives who leaves now."""
    hour = min(int(time / 60.0), len(plan.hours) - 1)
    return plan.minutes_a_km[plan.hours[hour] % 24]


@part  # type: ignore[untyped-decorator]
def place_of(state: Any, unit: int, time: float) -> Any:
    """Where a unit is: at the end of its way, or part of the way there."""
    one = state.units[unit]
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
    call: int,
    cls: int,
    role: int,
    draws: int,
    time: float,
    one: int,
    two: int,
) -> Any:
    """The free unit of a role that is there first, but `one` and `two`, and its minutes.

    Of equals the one goes that has been free the longest. `draws` is the role by which it draws.
    """
    best, minutes, unknown = -1, inf, -1.0
    x, y, area = plan.x[call], plan.y[call], plan.codes[AREA, call]
    pace = minutes_a_km(plan, time)
    for place in range(plan.roles[cls, role].first, plan.roles[cls, role].end):
        unit = plan.members[place]
        if state.units[unit].doing != FREE or unit in (one, two):
            continue
        unit_x, unit_y, unit_area = place_of(state, unit, time)
        if area >= 0 and unit_area >= 0:
            taken = plan.matrix[unit_area, area]
        elif isnan(x) or isnan(unit_x):
            if unknown < 0:
                share = uniform(luck, draws * ROLE_DRAWS + TRAVEL)
                unknown = minutes_at(plan, plan.unknown_minutes, share)
            taken = unknown
        else:
            taken = sqrt((x - unit_x) ** 2 + (y - unit_y) ** 2) * pace
        if taken < minutes or (
            taken == minutes and state.units[unit].free_since < state.units[best].free_since
        ):
            best, minutes = unit, taken
    return best, minutes
