"""The compiled event loop: shifts, breaks, units that become free, and the calls as they come in.

It releases Python's lock, so that replications run on all cores in threads.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.classes import LIMITED
from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
    ARRIVED,
    ASKED_BACKUP,
    ASKS,
    BREAK_DUE,
    BREAK_OVER,
    BUSY,
    CLASS,
    CLEARED,
    COMING,
    DISPATCHED,
    EVENT,
    FIRST_RANK,
    FREE,
    HAPPENED,
    KIND,
    LEADS,
    NONE,
    NOT_REHEARSED,
    OFF,
    ON_BREAK,
    RANK,
    REASON,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    STATUS,
    STILL_WAITING,
    TRIES,
    UNIT,
    UNIT_FREE,
    UNSERVED,
    WAITING,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.queues import (
    leave_queue,
    next_event,
    next_waiting,
    push_event,
    queue,
)
from lamplighter.rehearsal.simulator.sending import add_minutes, dispatch, send_backup
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
        calls = len(plan.minute)
        if number >= calls:
            sent, rank = send_backup(plan, state, number - calls, cls, time), FIRST_RANK
        else:
            sent = dispatch(plan, state, number, cls, time, state.waiting[number].police_at)
            rank = np.int64(plan.codes[RANK, number])
        if sent:
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
    cls = plan.backup_class[plan.codes[CLASS, call], state.codes[KIND, call]]
    if plan.classes[cls].why_never != NONE or plan.roles[cls, LEADS].need != LIMITED:
        return
    if state.classes[cls].length > 0 or not send_backup(plan, state, call, cls, time):
        queue(plan, state, call + len(plan.minute), cls, FIRST_RANK)


@part  # type: ignore[untyped-decorator]
def happen_until(plan: Any, state: Any, time: float) -> None:
    """All events up to a time, and of the end of the period none."""
    while state.counters[COMING] > 0 and state.event_time[0] <= time:
        if state.event_time[0] >= plan.horizon:
            return
        now, code = next_event(state)
        state.counters[HAPPENED] += 1
        happen(plan, state, code, now)


@part  # type: ignore[untyped-decorator]
def play(plan: Any, state: Any) -> Any:
    """Play the whole period; returns how many events there were."""
    calls, units = len(plan.minute), len(plan.units)
    for unit in range(units):
        if plan.units[unit].first_window < plan.units[unit].end_window:
            first = plan.windows[plan.units[unit].first_window].begins
            push_event(state, first, SHIFT_BEGINS * EVENT + unit)
    for call in range(calls):
        arrives = plan.minute[call]
        happen_until(plan, state, arrives)
        state.counters[HAPPENED] += 1
        state.times[DISPATCHED, call] = nan
        state.times[ARRIVED, call] = nan
        state.times[CLEARED, call] = nan
        state.codes[REASON, call] = NONE
        state.codes[KIND, call] = ABSENT
        state.codes[UNIT, call] = ABSENT
        state.codes[ASKED_BACKUP, call] = 0
        cls = np.int64(plan.codes[CLASS, call])
        if cls < 0:
            state.codes[STATUS, call] = NOT_REHEARSED
        else:
            enter(plan, state, call, cls, arrives, inf)
    happen_until(plan, state, plan.horizon)
    for call in range(calls):
        if state.waiting[call].waits:
            state.codes[STATUS, call] = UNSERVED
            if state.codes[REASON, call] == NONE:
                state.codes[REASON, call] = STILL_WAITING
    for unit in range(units):
        if state.units[unit].doing == BUSY:
            add_overtime(plan, state, unit, state.units[unit].free_at)
    return state.counters[HAPPENED]
