"""What a call draws: the minutes of its steps, and whether something happens at it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import HAPPENS, ROLE_DRAWS
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import FIXED, minutes_at, mixed, uniform


@part  # type: ignore[untyped-decorator]
def luck_of(state: Any, call: int) -> Any:
    """The number from which all that a call draws comes."""
    return mixed(state.key + np.uint64(call))


@part  # type: ignore[untyped-decorator]
def draw(plan: Any, luck: Any, call: int, step: int, kind: int, role: int) -> Any:
    """Minutes of a step of a kind at a call."""
    number = plan.step[kind, plan.nature[call], step]
    if plan.draws[number].law == FIXED:
        return plan.draws[number].value
    return minutes_at(plan, number, uniform(luck, role * ROLE_DRAWS + step))


@part  # type: ignore[untyped-decorator]
def happens(plan: Any, state: Any, call: int, which: int, kind: int) -> Any:
    """Whether a call is among the share of calls in which something happens."""
    share = plan.share[kind, plan.nature[call], which]
    return share > 0.0 and uniform(luck_of(state, call), HAPPENS + which) < share
