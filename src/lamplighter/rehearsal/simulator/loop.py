"""The compiled event loop: shifts, breaks, units that become free, and the calls as they come in.

It releases Python's lock, so that replications run on all cores in threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.codes import (
    ASKS,
    BREAK_DUE,
    BREAK_OVER,
    BUSY,
    COMING,
    EVENT,
    FIRST_RANK,
    FREE,
    HAPPENED,
    LEADS,
    NONE,
    NOT_REHEARSED,
    OFF,
    ON_BREAK,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    STILL_WAITING,
    TRIES,
    UNIT_FREE,
    UNSERVED,
    WAITING,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.plan import LIMITED
from lamplighter.rehearsal.simulator.queues import (
    leave_queue,
    next_event,
    next_waiting,
    push_event,
    queue,
)
from lamplighter.rehearsal.simulator.sending import add_minutes, dispatch
from lamplighter.rehearsal.simulator.waiting import enter, fall_due


@part  # type: ignore[untyped-decorator]
def become_free(plan: Any, state: Any, unit: int, time: float) -> None:
    """A unit has nothing to do: it goes off duty, takes its break, or the most urgent call."""
    end = plan.units[unit].end_window
    while state.units[unit].window < end and plan.windows[state.units[unit].window].ends <= time:
        state.units[unit].window += 1
    window = state.units[unit].window
    if window == end or plan.windows[window].begins > time:
        state.units[unit].doing = OFF
        return
    if plan.windows[window].break_at <= time and state.units[unit].break_of != window:
        state.units[unit].break_of = window
        state.units[unit].doing = ON_BREAK
        state.units[unit].break_until = time + plan.windows[window].break_minutes
        push_event(state, state.units[unit].break_until, BREAK_OVER * EVENT + unit)
        return
    state.units[unit].doing = FREE
    state.units[unit].free_since = time
    state.counters[TRIES] += 1
    while state.units[unit].doing == FREE and state.counters[WAITING] > 0:
        number, cls = next_waiting(plan, state, unit)
        if number < 0:
            return
        if dispatch(plan, state, number, cls, time):
            call = number % len(plan.calls)
            rank = plan.calls[call].rank if number == call else FIRST_RANK
            leave_queue(plan, state, number, cls, rank)
        else:
            state.classes[cls].tried = state.counters[TRIES]


@part  # type: ignore[untyped-decorator]
def shift_begins(plan: Any, state: Any, unit: int, time: float) -> None:
    """A unit comes on duty at its base, unless it is still busy from the shift before."""
    window = state.units[unit].next_window
    state.units[unit].next_window += 1
    push_event(state, plan.windows[window].ends, SHIFT_ENDS * EVENT + unit)
    if plan.windows[window].break_at < plan.windows[window].ends:
        push_event(state, plan.windows[window].break_at, BREAK_DUE * EVENT + unit)
    if window + 1 < plan.units[unit].end_window:
        push_event(state, plan.windows[window + 1].begins, SHIFT_BEGINS * EVENT + unit)
    if state.units[unit].doing == BUSY:
        return
    now, base = state.units[unit], plan.units[unit]
    now.to_x, now.to_y, now.to_area, now.there_at = base.base_x, base.base_y, base.base_area, time
    become_free(plan, state, unit, time)


@part  # type: ignore[untyped-decorator]
def add_overtime(plan: Any, state: Any, unit: int, time: float) -> None:
    """Minutes that a unit was busy after its shift count as on duty."""
    window, end = state.units[unit].window, plan.units[unit].end_window
    while window < end and plan.windows[window].ends < time:
        until = time
        if window + 1 < end:
            until = min(time, plan.windows[window + 1].begins)
        add_minutes(plan, state.on_duty, unit, plan.windows[window].ends, until)
        window += 1


@part  # type: ignore[untyped-decorator]
def happen(plan: Any, state: Any, code: int, time: float) -> None:
    """One event."""
    what, number = code // EVENT, code % EVENT
    if what == UNIT_FREE:
        add_overtime(plan, state, number, time)
        become_free(plan, state, number, time)
    elif what == SHIFT_BEGINS:
        shift_begins(plan, state, number, time)
    elif what == BREAK_OVER:
        # A break that the end of a shift cut short is over already.
        if state.units[number].doing == ON_BREAK and state.units[number].break_until == time:
            become_free(plan, state, number, time)
    elif what == BREAK_DUE:
        if state.units[number].doing == FREE:
            become_free(plan, state, number, time)
    elif what == SHIFT_ENDS:
        doing = state.units[number].doing
        if doing in (FREE, ON_BREAK) and plan.windows[state.units[number].window].ends <= time:
            become_free(plan, state, number, time)
    elif what == ASKS:
        ask_backup(plan, state, number, time)
    else:
        fall_due(plan, state, number, time)


@part  # type: ignore[untyped-decorator]
def ask_backup(plan: Any, state: Any, call: int, time: float) -> None:
    """The team at a call asks for one more unit, which goes before all that wait."""
    cls = plan.backup_class[plan.kinds[state.calls[call].kind].backup_kind, plan.calls[call].place]
    if plan.why_never[cls] != NONE or plan.roles[cls, LEADS].need != LIMITED:
        return
    number = call + len(plan.calls)
    if state.classes[cls].length > 0 or not dispatch(plan, state, number, cls, time):
        queue(plan, state, number, cls, FIRST_RANK)


@part  # type: ignore[untyped-decorator]
def play(plan: Any, state: Any) -> Any:
    """Play the whole period; returns how many events there were."""
    calls, units = len(plan.calls), len(plan.units)
    for unit in range(units):
        if plan.units[unit].first_window < plan.units[unit].end_window:
            first = plan.windows[plan.units[unit].first_window].begins
            push_event(state, first, SHIFT_BEGINS * EVENT + unit)
    call = np.int64(0)
    while True:
        arrives = plan.calls[call].minute if call < calls else plan.horizon
        while state.counters[COMING] > 0 and state.event_time[0] <= arrives:
            if state.event_time[0] >= plan.horizon:
                break
            time, code = next_event(state)
            state.counters[HAPPENED] += 1
            happen(plan, state, code, time)
        if call == calls:
            break
        state.counters[HAPPENED] += 1
        if plan.calls[call].kind < 0:
            state.calls[call].status = NOT_REHEARSED
        else:
            enter(plan, state, call, plan.calls[call].kind, arrives)
        call += 1
    for waiting in range(calls):
        if state.waiting[waiting].waits:
            state.calls[waiting].status = UNSERVED
            if state.calls[waiting].reason == NONE:
                state.calls[waiting].reason = STILL_WAITING
    for unit in range(units):
        if state.units[unit].doing == BUSY:
            add_overtime(plan, state, unit, state.units[unit].free_at)
    return state.counters[HAPPENED]
