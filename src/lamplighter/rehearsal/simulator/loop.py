"""The compiled event loop: shifts, breaks, units that become free, and the calls as they come in.

It releases Python's lock, so that replications run on all cores in threads.
"""

from __future__ import annotations

from math import inf, nextafter
from typing import Any

from lamplighter.rehearsal.simulator.bits import put_in, take_out
from lamplighter.rehearsal.simulator.calendar import next_event, push_event, set_next
from lamplighter.rehearsal.simulator.classes import LIMITED
from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
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
    STILL_WAITING,
    TRIES,
    UNSERVED,
    WAITING,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.luck import draw_ahead
from lamplighter.rehearsal.simulator.order import number_of
from lamplighter.rehearsal.simulator.queues import leave_queue, next_waiting, queue
from lamplighter.rehearsal.simulator.roster import (
    ASKS,
    BREAK_DUE,
    BREAK_OVER,
    SHIFT_BEGINS,
    SHIFT_ENDS,
    UNIT_FREE,
)
from lamplighter.rehearsal.simulator.sending import (
    add_minutes,
    dispatch,
    nobody_comes,
    send_backup,
)
from lamplighter.rehearsal.simulator.state import AT_ONCE
from lamplighter.rehearsal.simulator.waiting import enter, fall_due


@part  # type: ignore[untyped-decorator]
def become_free(plan: Any, state: Any, unit: int, time: float) -> None:
    """A unit has nothing to do: it goes off duty, takes its break, or waits for calls."""
    now = state.units[unit]
    while plan.windows[now.window].ends <= time:
        now.window += 1
    window = plan.windows[now.window]
    if window.begins > time:
        now.doing = OFF
        take_out(state.free, unit)
        return
    if window.break_at <= time and now.break_of != now.window:
        now.break_of, now.break_until = now.window, time + window.break_minutes
        now.doing = ON_BREAK
        take_out(state.free, unit)
        push_event(state, now.break_until, BREAK_OVER * EVENT + unit)
        return
    take_calls(plan, state, unit, time)


@part  # type: ignore[untyped-decorator]
def take_calls(plan: Any, state: Any, unit: int, time: float) -> None:
    """A unit on duty takes the most urgent call that waits for it, or is free."""
    now = state.units[unit]
    now.doing, now.free_since = FREE, time
    put_in(state.free, unit)
    state.counters[TRIES] += 1
    while now.doing == FREE and state.counters[WAITING] > 0:
        slot = next_waiting(plan, state, unit)
        if slot == NOBODY_WAITS:
            return
        this = state.waiting[slot]
        if this.rank == FIRST_RANK:
            sent = send_backup(plan, state, this.call, this.cls, time)
        else:
            # Nobody else is free who could lead alone: the call would not wait.
            known = unit if plan.classes[this.cls].alone else ABSENT
            sent = dispatch(plan, state, this.call, this.cls, time, this.police_at, known)
        if sent:
            leave_queue(plan, state, slot)
        else:
            state.classes[this.cls].tried = state.counters[TRIES]


@part  # type: ignore[untyped-decorator]
def add_overtime(plan: Any, state: Any, unit: int, time: float) -> None:
    """Minutes that a unit was busy after its shift count as on duty."""
    window = state.units[unit].window
    while plan.windows[window].ends < time:
        until = min(time, plan.windows[window + 1].begins)
        add_minutes(plan, state.on_duty, unit, plan.windows[window].ends, until)
        window += 1


@part  # type: ignore[untyped-decorator]
def take_turn(plan: Any, state: Any, what: int, unit: int, time: float) -> None:
    """What comes next to a unit: it is free again, or its shifts bring something.

    One that comes on duty is at its base, unless it is still busy from the shift before.
    """
    now = state.units[unit]
    if what == UNIT_FREE:
        now.clear_at = inf
        if time < now.calm_until:
            take_calls(plan, state, unit, time)
        else:
            add_overtime(plan, state, unit, time)
            become_free(plan, state, unit, time)
        if now.doing != BUSY:
            set_next(plan, state, unit)
        return
    now.turn += 1
    set_next(plan, state, unit)
    if what == SHIFT_BEGINS and now.doing != BUSY:
        base = plan.units[unit]
        now.to_x, now.to_y, now.to_area = base.base_x, base.base_y, base.base_area
        now.there_at = time
        become_free(plan, state, unit, time)
    elif (what == BREAK_DUE and now.doing == FREE) or (
        what == SHIFT_ENDS
        and now.doing in (FREE, ON_BREAK)
        and plan.windows[now.window].ends <= time
    ):
        become_free(plan, state, unit, time)


@part  # type: ignore[untyped-decorator]
def happen(plan: Any, state: Any, code: int, time: float) -> None:
    """An event that is not the turn of a unit."""
    what, number = code // EVENT, code % EVENT
    if what == BREAK_OVER:
        # A break that the end of a shift cut short is over already.
        if state.units[number].doing == ON_BREAK and state.units[number].break_until == time:
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
        slot = queue(plan, state, call, cls, FIRST_RANK)
        state.waiting[slot].entered = time


@part  # type: ignore[untyped-decorator]
def happen_until(plan: Any, state: Any, time: float) -> None:
    """All events up to a time."""
    while True:
        turn, other = state.games[1], state.events[0]
        turns_at = number_of(turn.time)
        now = min(turns_at, other.time)
        if now > time:
            return
        state.counters[HAPPENED] += 1
        if turns_at < other.time or (turns_at == other.time and turn.code < other.code):
            take_turn(plan, state, turn.code // EVENT, turn.code % EVENT, now)
        else:
            happen(plan, state, next_event(state), now)


@part  # type: ignore[untyped-decorator]
def play(plan: Any, state: Any) -> Any:
    """Play the whole period; returns how many events there were."""
    calls, units = len(plan.minute), len(plan.units)
    for unit in range(units):
        set_next(plan, state, unit)
    for call in range(calls):
        if call % AT_ONCE == 0:
            draw_ahead(plan, state, call, min(call + AT_ONCE, calls))
        arrives = plan.minute[call]
        happen_until(plan, state, arrives)
        state.counters[HAPPENED] += 1
        cls = plan.class_of[plan.code[call]]
        if cls < 0:
            nobody_comes(state, call, NOT_REHEARSED)
        else:
            enter(plan, state, call, cls, arrives, inf)
    # Of the end of the period nothing happens.
    happen_until(plan, state, nextafter(plan.horizon, 0.0))
    for line in range(len(state.lines)):
        slot = state.lines[line].first
        while slot != NOBODY_WAITS:
            call = state.waiting[slot].call
            if state.waiting[slot].rank != FIRST_RANK:
                nobody_comes(state, call, UNSERVED)
                if state.reason[call] == NONE:
                    state.reason[call] = STILL_WAITING
            slot = state.waiting[slot].after
    for unit in range(units):
        if state.units[unit].doing == BUSY:
            add_overtime(plan, state, unit, state.units[unit].clear_at)
    return state.counters[HAPPENED]
