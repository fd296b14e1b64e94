"""What a call draws: the minutes of its steps, and whether something happens at it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import AHEAD, HAPPENS, LEADS, ROLE_DRAWS
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import EXPONENTIAL, FIXED, minutes_of, mixed, uniform
from lamplighter.rehearsal.simulator.exponentials import exponential_at
from lamplighter.rehearsal.simulator.state import AT_ONCE


@part  # type: ignore[untyped-decorator]
def luck_of(state: Any, call: int) -> Any:
    """The number from which all that a call draws comes."""
    return mixed(state.key + np.uint64(call))


@part  # type: ignore[untyped-decorator]
def draw_ahead(plan: Any, state: Any, first: int, end: int) -> None:
    """What these calls draw exponentially for the one that leads, in units of the mean."""
    state.counters[AHEAD] = first - AT_ONCE
    for step in plan.exponential_steps:
        ahead = state.ahead[step]
        # Two such rows stay, so that those who wait find theirs for a while.
        place = first % (2 * AT_ONCE)
        for call in range(first, end):
            ahead[place + call - first] = exponential_at(uniform(luck_of(state, call), step))


@part  # type: ignore[untyped-decorator]
def draw(plan: Any, state: Any, luck: Any, call: int, number: int, step: int, role: int) -> Any:
    """Minutes of a step of a call that is drawn as `Plan.draws` of a number says."""
    law = plan.draws[number].law
    if law == FIXED:
        return plan.draws[number].value
    if law == EXPONENTIAL and role == LEADS and call >= state.counters[AHEAD]:
        return plan.draws[number].value * state.ahead[step, call & (2 * AT_ONCE - 1)]
    return minutes_of(plan, number, luck, role * ROLE_DRAWS + step)


@part  # type: ignore[untyped-decorator]
def happens(luck: Any, share: float, which: int) -> Any:
    """Whether a call is among the share of calls in which something happens."""
    return share > 0.0 and uniform(luck, HAPPENS + which) < share
