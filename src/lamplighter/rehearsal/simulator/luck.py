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
def draw(plan: Any, luck: Any, number: int, step: int, role: int) -> Any:
    """Minutes of a step that is drawn as `Plan.draws` of a number says."""
    if plan.draws[number].law == FIXED:
        return plan.draws[number].value
    return minutes_at(plan, number, uniform(luck, role * ROLE_DRAWS + step))


@part  # type: ignore[untyped-decorator]
def happens(luck: Any, share: float, which: int) -> Any:
    """Whether a call is among the share of calls in which something happens."""
    return share > 0.0 and uniform(luck, HAPPENS + which) < share
