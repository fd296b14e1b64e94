"""Where units are, how long they take to a call, and which one is there first."""

from __future__ import annotations

from math import hypot, inf, isnan
from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import BACKUP, FREE, ROLE_DRAWS, TRAVEL
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_at, mixed, uniform


@part  # type: ignore[untyped-decorator]
def travel(
    plan: Any, state: Any, call: int, role: int, x: float, y: float, area: int, time: float
) -> Any:
    """Minutes from a place to a call for one that leaves now."""
    to = plan.calls[call].area
    if area >= 0 and to >= 0:
        return plan.matrix[area, to]
    if isnan(x) or isnan(plan.calls[call].x):
        share = uniform(mixed(state.key + np.uint64(call)), role * ROLE_DRAWS + TRAVEL)
        return minutes_at(plan, plan.unknown_minutes, share)
    return hypot(plan.calls[call].x - x, plan.calls[call].y - y) * speed_at(plan, time)


@part  # type: ignore[untyped-decorator]
def speed_at(plan: Any, time: float) -> Any:
    """Minutes a kilometre."""
    hour = min(int(time / 60.0), len(plan.hours) - 1)
    return plan.minutes_a_km[plan.hours[hour] % 24]


@part  # type: ignore[untyped-decorator]
def place_of(state: Any, unit: int, time: float) -> Any:
    """Where a unit is: at the end of its way, or part of the way there."""
    there = state.units[unit].there_at
    if time >= there:
        return state.units[unit].to_x, state.units[unit].to_y, state.units[unit].to_area
    gone = (time - state.units[unit].leaves_at) / (there - state.units[unit].leaves_at)
    x = state.units[unit].from_x + gone * (state.units[unit].to_x - state.units[unit].from_x)
    y = state.units[unit].from_y + gone * (state.units[unit].to_y - state.units[unit].from_y)
    return x, y, state.units[unit].from_area if gone < 0.5 else state.units[unit].to_area


@part  # type: ignore[untyped-decorator]
def nearest(
    plan: Any, state: Any, call: int, cls: int, role: int, time: float, one: int, two: int
) -> Any:
    """The free unit of a role that is there first, but `one` and `two`; of equals, the rested."""
    best, minutes = -1, inf
    draws = BACKUP if call >= len(plan.calls) else role
    call = call % len(plan.calls)
    for place in range(plan.roles[cls, role].first, plan.roles[cls, role].end):
        unit = plan.members[place]
        if state.units[unit].doing != FREE or unit in (one, two):
            continue
        x, y, area = place_of(state, unit, time)
        taken = travel(plan, state, call, draws, x, y, area, time)
        if taken < minutes or (
            taken == minutes and state.units[unit].free_since < state.units[best].free_since
        ):
            best, minutes = unit, taken
    return best, minutes
