"""What a call draws: the minutes of its steps, and whether something happens at it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import HAPPENS, ROLE_DRAWS
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_at, mixed, uniform


@part  # type: ignore[untyped-decorator]
def draw(plan: Any, state: Any, call: int, step: int, kind: int, role: int) -> Any:
    """Minutes of a step of a kind at a call."""
    number = plan.step[step, kind, plan.calls[call].nature]
    share = uniform(mixed(state.key + np.uint64(call)), role * ROLE_DRAWS + step)
    return minutes_at(plan, number, share)


@part  # type: ignore[untyped-decorator]
def happens(plan: Any, state: Any, call: int, which: int, kind: int) -> Any:
    """Whether a call is among the share of calls in which something happens."""
    share = plan.share[which, kind, plan.calls[call].nature]
    if share == 0.0:
        return False
    return uniform(mixed(state.key + np.uint64(call)), HAPPENS + which) < share
