"""The compiled event loop: shifts, breaks, units that become free, and the calls as they come in.

It releases Python's lock, so that replications run on all cores in threads.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any

from lamplighter.rehearsal.simulator.bits import put_in, take_out
from lamplighter.rehearsal.simulator.calendar import free_again, next_event, push_event
from lamplighter.rehearsal.simulator.classes import LIMITED
from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
    ASKS,
    BREAK_DUE,
    BREAK_OVER,
    BUSY,
    EVENT,
    FIRST_RANK,
    FREE,
    HAPPENED,
    LEADS,
    NOBODY_WAITS,
    NONE,
    NOT_REHEARSED,
    OFF,
    ON_BREAK,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    STILL_WAITING,
    TRIES,
    UNSERVED,
    WAITING,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.queues import leave_queue, next_waiting, queue
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
        take_out(state.free, unit)
        return
    if plan.windows[window].break_at <= time and state.units[unit].break_of != window:
        state.units[unit].break_of = window
        state.units[unit].doing = ON_BREAK
        take_out(state.free, unit)
        state.units[unit].break_until = time + plan.windows[window].break_minutes
        push_event(state, state.units[unit].break_until, BREAK_OVER * EVENT + unit)
        return
    state.units[unit].doing = FREE
    put_in(state.free, unit)
    state.units[unit].free_since = time
    state.counters[TRIES] += 1
    while state.units[unit].doing == FREE and state.counters[WAITING] > 0:
        slot = next_waiting(plan, state, unit)
        if slot == NOBODY_WAITS:
            return
        this = state.waiting[slot]
        if this.rank == FIRST_RANK:
            sent = send_backup(plan, state, this.call, this.cls, time)
        else:
            sent = dispatch(plan, state, this.call, this.cls, time, this.police_at)
        if sent:
            leave_queue(plan, state, slot)
        else:
            state.classes[this.cls].tried = state.counters[TRIES]


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
    """One event but a unit that is free again."""
    what, number = code // EVENT, code % EVENT
    if what == SHIFT_BEGINS:
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
    cls = plan.backup_class[plan.class_of[plan.code[call]], state.kind[call]]
    if plan.classes[cls].why_never != NONE or plan.roles[cls, LEADS].need != LIMITED:
        return
    if state.classes[cls].length > 0 or not send_backup(plan, state, call, cls, time):
        queue(plan, state, call, cls, FIRST_RANK)


@part  # type: ignore[untyped-decorator]
def happen_until(plan: Any, state: Any, time: float) -> None:
    """All events up to a time, and of the end of the period none."""
    while True:
        clear, other = state.turns[1].time, state.events[0].time
        now = min(clear, other)
        if now > time or now >= plan.horizon:
            return
        state.counters[HAPPENED] += 1
        # At the same minute units are free before anything else happens.
        if clear <= other:
            unit = state.turns[1].unit
            add_overtime(plan, state, unit, now)
            become_free(plan, state, unit, now)
            if state.units[unit].doing != BUSY:
                free_again(state, unit, inf)
        else:
            happen(plan, state, next_event(state), now)


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
        state.dispatched[call] = nan
        state.arrived[call] = nan
        state.cleared[call] = nan
        state.reason[call] = NONE
        state.kind[call] = ABSENT
        state.unit[call] = ABSENT
        state.backup[call] = False
        cls = plan.class_of[plan.code[call]]
        if cls < 0:
            state.status[call] = NOT_REHEARSED
        else:
            enter(plan, state, call, cls, arrives, inf)
    happen_until(plan, state, plan.horizon)
    for line in range(len(state.lines)):
        slot = state.lines[line].first
        while slot != NOBODY_WAITS:
            call = state.waiting[slot].call
            if state.waiting[slot].rank != FIRST_RANK:
                state.status[call] = UNSERVED
                if state.reason[call] == NONE:
                    state.reason[call] = STILL_WAITING
            slot = state.waiting[slot].after
    for unit in range(units):
        if state.units[unit].doing == BUSY:
            add_overtime(plan, state, unit, state.turns[(len(state.turns) >> 1) + unit].time)
    return state.counters[HAPPENED]
