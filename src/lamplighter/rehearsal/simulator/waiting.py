"""What becomes of a call that nobody can be sent to: it waits, is handed on, or is given up."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import (
    DUE,
    EVENT,
    NO_UNIT_FREE,
    NONE,
    OUTSIDE_HOURS,
    PATIENCE,
    POLICE,
    STANDS_DOWN,
    TO_ARRIVE,
    UNSERVED,
    WITHDRAWN,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.draws import minutes_at, mixed, uniform
from lamplighter.rehearsal.simulator.luck import draw, happens
from lamplighter.rehearsal.simulator.plan import LIMITED, NOBODY
from lamplighter.rehearsal.simulator.queues import leave_queue, push_event, queue
from lamplighter.rehearsal.simulator.sending import dispatch, police_came


@part  # type: ignore[untyped-decorator]
def enter(plan: Any, state: Any, call: int, kind: int, time: float) -> None:
    """A kind is to answer a call from now on: it is served, waits, or is handed on.

    A call that no unit of the kind can take before its time is up is handed on at once: whoever
    dispatches knows the roster.
    """
    while True:
        state.calls[call].asks = kind
        state.calls[call].entered = time
        cls = class_of(plan, call, kind)
        why = plan.why_never[cls]
        if why == NONE:
            meet_police(plan, state, call, cls, kind)
            if -inf < state.calls[call].police_at <= time:
                police_came(plan, state, call, time, time)
                return
            if state.classes[cls].length == 0 and dispatch(plan, state, call, cls, time):
                return
            until = time + plan.kinds[kind].waits_at_most
            if until == inf or (until > time and on_duty_by(plan, state, cls, time) <= until):
                if plan.kinds[kind].patience >= 0 and state.calls[call].patient_until == inf:
                    share = uniform(mixed(state.key + np.uint64(call)), PATIENCE)
                    patient = minutes_at(plan, plan.kinds[kind].patience, share)
                    state.calls[call].patient_until = max(plan.calls[call].minute + patient, time)
                queue(plan, state, call, cls, plan.calls[call].rank)
                due = due_at(plan, state, call, kind)
                if due < plan.horizon:
                    push_event(state, due, DUE * EVENT + call)
                return
            why = why_not(plan, state, cls, time, time)
        if state.calls[call].reason == NONE:
            state.calls[call].reason = why
        kind = plan.kinds[kind].takes_over
        if kind < 0:
            state.calls[call].status = UNSERVED
            return


@part  # type: ignore[untyped-decorator]
def class_of(plan: Any, call: int, kind: int) -> Any:
    """The class of a call that a kind is to answer."""
    need = plan.need[plan.calls[call].nature]
    return plan.class_of[kind, plan.calls[call].second + 1, plan.calls[call].place, need]


@part  # type: ignore[untyped-decorator]
def meet_police(plan: Any, state: Any, call: int, cls: int, kind: int) -> None:
    """Settle when police come to a call of an unarmed kind by themselves, if they do."""
    state.calls[call].police_at = inf
    for role in range(1, 3):
        if plan.roles[cls, role].need != NOBODY and plan.kinds[plan.roles[cls, role].kind].armed:
            return  # they go along anyway
    if happens(plan, state, call, STANDS_DOWN, kind):
        police = plan.police
        if police >= 0 and plan.kinds[police].unlimited:
            state.calls[call].police_at = plan.calls[call].minute + draw(
                plan, state, call, TO_ARRIVE, police, POLICE
            )
        else:
            state.calls[call].police_at = -inf


@part  # type: ignore[untyped-decorator]
def due_at(plan: Any, state: Any, call: int, kind: int) -> Any:
    """Until when a call can wait for a kind."""
    due = min(
        state.calls[call].entered + plan.kinds[kind].waits_at_most, state.calls[call].patient_until
    )
    if state.calls[call].police_at > state.calls[call].entered:
        due = min(due, state.calls[call].police_at)
    return due


@part  # type: ignore[untyped-decorator]
def fall_due(plan: Any, state: Any, call: int, time: float) -> None:
    """A waiting call has waited as long as it could: police came, it was given up, or handed on."""
    kind = state.calls[call].asks
    cls = class_of(plan, call, kind)
    if not state.waiting[call].waits or due_at(plan, state, call, kind) != time:
        return
    leave_queue(plan, state, call, cls, plan.calls[call].rank)
    why = why_not(plan, state, cls, state.calls[call].entered, time)
    if state.calls[call].police_at == time:
        police_came(plan, state, call, time, time)
    elif state.calls[call].patient_until == time:
        if state.calls[call].reason == NONE:
            state.calls[call].reason = why
        state.calls[call].status = WITHDRAWN
    else:
        if state.calls[call].reason == NONE:
            state.calls[call].reason = why
        if plan.kinds[kind].takes_over < 0:
            state.calls[call].status = UNSERVED
        else:
            enter(plan, state, call, plan.kinds[kind].takes_over, time)


@part  # type: ignore[untyped-decorator]
def on_duty_by(plan: Any, state: Any, cls: int, time: float) -> Any:
    """When at least one unit for each role has been on duty from now on; inf: never."""
    latest = time
    for role in range(3):
        if plan.roles[cls, role].need != LIMITED:
            continue
        soonest = inf
        for place in range(plan.roles[cls, role].first, plan.roles[cls, role].end):
            unit = plan.members[place]
            window = state.units[unit].window
            while window < plan.units[unit].end_window and plan.windows[window].ends <= time:
                window += 1
            if window < plan.units[unit].end_window:
                soonest = min(soonest, max(plan.windows[window].begins, time))
        latest = max(latest, soonest)
    return latest


@part  # type: ignore[untyped-decorator]
def why_not(plan: Any, state: Any, cls: int, since: float, until: float) -> Any:
    """Why a call was not served in this time: nobody was on duty, or nobody was free."""
    for role in range(3):
        if plan.roles[cls, role].need != LIMITED:
            continue
        seen = False
        for place in range(plan.roles[cls, role].first, plan.roles[cls, role].end):
            unit = plan.members[place]
            window = state.units[unit].window
            while window < plan.units[unit].end_window and plan.windows[window].begins <= until:
                seen = seen or plan.windows[window].ends > since
                window += 1
            window = state.units[unit].window - 1
            while window >= plan.units[unit].first_window and plan.windows[window].ends > since:
                seen = True
                window -= 1
        if not seen:
            return OUTSIDE_HOURS
    return NO_UNIT_FREE
