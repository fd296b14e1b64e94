"""The compiled event loop: who is sent where, when, and what becomes of every call.

It releases Python's lock, so that replications run on all cores in threads, and is kept on disk
once compiled.
"""

from __future__ import annotations

from math import hypot, inf, isnan
from typing import Any

import numpy as np

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator.compiled import compiled
from lamplighter.rehearsal.simulator.draws import minutes_at, mixed, uniform
from lamplighter.rehearsal.simulator.plan import LIMITED, NOBODY, SHARES, STEPS, UNLIMITED
from lamplighter.rehearsal.simulator.queues import (
    leave_queue,
    next_event,
    next_waiting,
    push_event,
    queue,
)

TO_ARRIVE, TO_LEAVE, ON_SCENE, WRITE_UP, TRANSPORT, BACKUP_ON_SCENE = range(len(STEPS))
TRANSPORTED, ASKS_BACKUP, STANDS_DOWN = range(len(SHARES))
# Draws of a call: its steps, then these; those of the second and third to come are counted on.
TRAVEL, TRANSPORTED_DRAW, ASKS_DRAW, STANDS_DRAW, PATIENCE_DRAW = range(len(STEPS), len(STEPS) + 5)
ROLE_DRAWS, BACKUP_ROLE, POLICE_ROLE = 16, 3, 4

OFF, FREE, BUSY, ON_BREAK = range(4)
COMING, WAITING, HAPPENED, TRIES = range(4)
# At the same minute things happen in this order, and all of them before a call comes in.
UNIT_FREE, SHIFT_BEGINS, BREAK_OVER, BREAK_DUE, SHIFT_ENDS, ASKS, DUE = range(7)
EVENT = 2**40

SERVED, TAKEN_OVER = int(Status.SERVED), int(Status.TAKEN_OVER)
WITHDRAWN, UNSERVED = int(Status.WITHDRAWN), int(Status.UNSERVED)
NOT_REHEARSED = int(Status.NOT_REHEARSED)
NONE, OUTSIDE_HOURS = int(Reason.NONE), int(Reason.OUTSIDE_HOURS)
NO_UNIT_FREE, POLICE_FIRST = int(Reason.NO_UNIT_FREE), int(Reason.POLICE_FIRST)
STILL_WAITING = int(Reason.STILL_WAITING)


@compiled  # type: ignore[untyped-decorator]
def draw(plan: Any, key: Any, call: int, step: int, kind: int, role: int) -> Any:
    """Minutes of a step of a kind at a call."""
    number = plan.step[step, kind, plan.nature[call]]
    share = uniform(mixed(key + np.uint64(call)), role * ROLE_DRAWS + step)
    return minutes_at(plan, number, share)


@compiled  # type: ignore[untyped-decorator]
def happens(plan: Any, key: Any, call: int, which: int, kind: int) -> Any:
    """Whether a call is among the share of calls in which something happens."""
    share = plan.share[which, kind, plan.nature[call]]
    if share == 0.0:
        return False
    return uniform(mixed(key + np.uint64(call)), TRANSPORTED_DRAW + which) < share


@compiled  # type: ignore[untyped-decorator]
def travel(
    plan: Any, key: Any, call: int, role: int, x: float, y: float, area: int, time: float
) -> Any:
    """Minutes from a place to a call for one that leaves now."""
    to = plan.area[call]
    if area >= 0 and to >= 0:
        return plan.matrix[area, to]
    if isnan(x) or isnan(plan.x[call]):
        share = uniform(mixed(key + np.uint64(call)), role * ROLE_DRAWS + TRAVEL)
        return minutes_at(plan, plan.unknown_minutes, share)
    return hypot(plan.x[call] - x, plan.y[call] - y) * speed_at(plan, time)


@compiled  # type: ignore[untyped-decorator]
def speed_at(plan: Any, time: float) -> Any:
    """Minutes a kilometre."""
    hour = min(int(time / 60.0), len(plan.hours) - 1)
    return plan.minutes_a_km[plan.hours[hour] % 24]


@compiled  # type: ignore[untyped-decorator]
def place_of(state: Any, unit: int, time: float) -> Any:
    """Where a unit is: at the end of its way, or part of the way there."""
    there = state.there_at[unit]
    if time >= there:
        return state.to_x[unit], state.to_y[unit], state.to_area[unit]
    gone = (time - state.leaves_at[unit]) / (there - state.leaves_at[unit])
    x = state.from_x[unit] + gone * (state.to_x[unit] - state.from_x[unit])
    y = state.from_y[unit] + gone * (state.to_y[unit] - state.from_y[unit])
    return x, y, state.from_area[unit] if gone < 0.5 else state.to_area[unit]


@compiled  # type: ignore[untyped-decorator]
def nearest(
    plan: Any, state: Any, key: Any, call: int, cls: int, role: int, time: float, one: int, two: int
) -> Any:
    """The free unit of a role that is there first, but `one` and `two`; of equals, the rested."""
    best, minutes = -1, inf
    draws = BACKUP_ROLE if call >= len(plan.minute) else role
    call = call % len(plan.minute)
    for place in range(plan.role_from[cls, role], plan.role_to[cls, role]):
        unit = plan.members[place]
        if state.doing[unit] != FREE or unit in (one, two):
            continue
        x, y, area = place_of(state, unit, time)
        taken = travel(plan, key, call, draws, x, y, area, time)
        if taken < minutes or (
            taken == minutes and state.free_since[unit] < state.free_since[best]
        ):
            best, minutes = unit, taken
    return best, minutes


@compiled  # type: ignore[untyped-decorator]
def occupy(
    plan: Any, state: Any, out: Any, unit: int, call: int, time: float, until: float
) -> None:
    """A unit is busy with a call from now on; then it waits there, or drives to its base."""
    state.doing[unit] = BUSY
    state.free_at[unit] = until
    add_minutes(plan, out.busy, unit, time, until)
    push_event(state, until, UNIT_FREE * EVENT + unit)
    at_base = isnan(plan.x[call]) and plan.area[call] < 0
    x, y, area = plan.x[call], plan.y[call], plan.area[call]
    if at_base:
        # Nobody knows where it was: then where it came from, or its base.
        x, y, area = place_of(state, unit, time)
        if not plan.roams[unit]:
            x, y, area = plan.base_x[unit], plan.base_y[unit], plan.base_area[unit]
    state.from_x[unit], state.from_y[unit], state.from_area[unit] = x, y, area
    state.leaves_at[unit] = until
    if plan.roams[unit]:
        state.to_x[unit], state.to_y[unit], state.to_area[unit] = x, y, area
        state.there_at[unit] = until
        return
    to_x, to_y, to_area = plan.base_x[unit], plan.base_y[unit], plan.base_area[unit]
    minutes = 0.0
    if area >= 0 and to_area >= 0:
        minutes = plan.matrix[area, to_area]
    elif not (isnan(x) or isnan(to_x)):
        minutes = hypot(x - to_x, y - to_y) * speed_at(plan, until)
    state.to_x[unit], state.to_y[unit], state.to_area[unit] = to_x, to_y, to_area
    state.there_at[unit] = until + minutes


@compiled  # type: ignore[untyped-decorator]
def add_minutes(plan: Any, table: Any, unit: int, begins: float, ends: float) -> None:
    """Add minutes of a unit, within the period, to the local hours of week in which they lie."""
    ends = min(ends, plan.horizon)
    while begins < ends:
        hour = int(begins / 60.0)
        until = min((hour + 1) * 60.0, ends)
        table[unit, plan.hours[hour]] += until - begins
        begins = until


@compiled  # type: ignore[untyped-decorator]
def dispatch(plan: Any, state: Any, out: Any, key: Any, call: int, cls: int, time: float) -> Any:
    """Send all who are to go, or nobody.

    1. Find the nearest free unit for each role; where one is missing, nobody goes.
    2. All leave now, each with its own time to leave and its own way.
    3. Where police are there before an unarmed team, the team is free again at once.
    4. Work begins when all are there. The one that leads may take the person somewhere.
    """
    if call >= len(plan.minute):
        return send_backup(plan, state, out, key, call, cls, time)
    first, second, third = -1, -1, -1
    way, second_way, third_way = 0.0, 0.0, 0.0
    if plan.role_need[cls, 0] == LIMITED:
        first, way = nearest(plan, state, key, call, cls, 0, time, -1, -1)
        if first < 0:
            return False
    if plan.role_need[cls, 1] == LIMITED:
        second, second_way = nearest(plan, state, key, call, cls, 1, time, first, -1)
        if second < 0:
            return False
    if plan.role_need[cls, 2] == LIMITED:
        third, third_way = nearest(plan, state, key, call, cls, 2, time, first, second)
        if third < 0:
            return False
    kind = plan.role_kind[cls, 0]
    arrived = time + arrival(plan, key, call, cls, 0, way)
    partner = time + arrival(plan, key, call, cls, 1, second_way)
    other = time + arrival(plan, key, call, cls, 2, third_way)
    stood_down = state.police_at[call] <= arrived
    scene_over = arrived
    if not stood_down:
        begins = max(arrived, max(partner, other))
        scene_over = begins + draw(plan, key, call, ON_SCENE, kind, 0)
        cleared = scene_over
        if happens(plan, key, call, TRANSPORTED, kind):
            cleared += draw(plan, key, call, TRANSPORT, kind, 0)
        cleared += draw(plan, key, call, WRITE_UP, kind, 0)
        if happens(plan, key, call, ASKS_BACKUP, kind):
            out.backup[call] = True
            push_event(state, arrived, ASKS * EVENT + call)
        if first >= 0:
            occupy(plan, state, out, first, call, time, cleared)
        record(plan, out, call, kind, first, time, arrived, cleared)
    else:
        if first >= 0:
            occupy(plan, state, out, first, call, time, arrived)
        police_came(plan, state, out, key, call, time, arrived)
    if second >= 0:
        until = max(scene_over, partner)
        if not stood_down:
            until += draw(plan, key, call, WRITE_UP, plan.role_kind[cls, 1], 1)
        occupy(plan, state, out, second, call, time, until)
    if third >= 0:
        until = max(scene_over, other)
        if not stood_down:
            until += draw(plan, key, call, WRITE_UP, plan.role_kind[cls, 2], 2)
        occupy(plan, state, out, third, call, time, until)
    return True


@compiled  # type: ignore[untyped-decorator]
def arrival(plan: Any, key: Any, call: int, cls: int, role: int, way: float) -> Any:
    """Minutes from dispatch until the one in a role is there."""
    kind = plan.role_kind[cls, role]
    if plan.role_need[cls, role] == NOBODY:
        return 0.0
    if plan.role_need[cls, role] == UNLIMITED:
        return draw(plan, key, call, TO_ARRIVE, kind, role)
    return draw(plan, key, call, TO_LEAVE, kind, role) + way


@compiled  # type: ignore[untyped-decorator]
def send_backup(
    plan: Any, state: Any, out: Any, key: Any, number: int, cls: int, time: float
) -> Any:
    """Send one more unit to a call; the one that asked goes on as it would have."""
    call = number - len(plan.minute)
    if out.cleared[call] <= time:
        return True  # over before anybody was free to come
    unit, way = nearest(plan, state, key, number, cls, 0, time, -1, -1)
    if unit < 0:
        return False
    leaves = draw(plan, key, call, TO_LEAVE, plan.role_kind[cls, 0], BACKUP_ROLE)
    stays = draw(plan, key, call, BACKUP_ON_SCENE, out.kind[call], 0)
    occupy(plan, state, out, unit, call, time, time + leaves + way + stays)
    return True


@compiled  # type: ignore[untyped-decorator]
def record(
    plan: Any,
    out: Any,
    call: int,
    kind: int,
    unit: int,
    time: float,
    arrived: float,
    cleared: float,
) -> None:
    """Somebody came to a call."""
    out.status[call] = SERVED if kind == plan.kind[call] else TAKEN_OVER
    out.kind[call] = kind
    out.unit[call] = unit
    out.dispatched[call] = time
    out.arrived[call] = arrived
    out.cleared[call] = cleared


@compiled  # type: ignore[untyped-decorator]
def police_came(
    plan: Any, state: Any, out: Any, key: Any, call: int, time: float, arrived: float
) -> None:
    """Police were at a call before the team that was to answer.

    Where there is always one of them they came when they came; else nobody knows when, but no
    later than the team.
    """
    police = plan.police
    if police >= 0 and plan.unlimited[police]:
        time, arrived = plan.minute[call], state.police_at[call]
        cleared = arrived + draw(plan, key, call, ON_SCENE, police, 0)
        if happens(plan, key, call, TRANSPORTED, police):
            cleared += draw(plan, key, call, TRANSPORT, police, 0)
        cleared += draw(plan, key, call, WRITE_UP, police, 0)
    else:
        cleared = arrived
    if out.reason[call] == NONE:
        out.reason[call] = POLICE_FIRST
    record(plan, out, call, police, -1, time, arrived, cleared)
    out.status[call] = TAKEN_OVER


@compiled  # type: ignore[untyped-decorator]
def enter(plan: Any, state: Any, out: Any, key: Any, call: int, kind: int, time: float) -> None:
    """A kind is to answer a call from now on: it is served, waits, or is handed on.

    A call that no unit of the kind can take before its time is up is handed on at once: whoever
    dispatches knows the roster.
    """
    while True:
        state.asks[call] = kind
        state.entered[call] = time
        cls = class_of(plan, call, kind)
        why = plan.why_never[cls]
        if why == NONE:
            meet_police(plan, state, key, call, cls, kind)
            if -inf < state.police_at[call] <= time:
                police_came(plan, state, out, key, call, time, time)
                return
            if state.length[cls] == 0 and dispatch(plan, state, out, key, call, cls, time):
                return
            until = time + plan.waits_at_most[kind]
            if until == inf or (until > time and on_duty_by(plan, state, cls, time) <= until):
                if plan.patience[kind] >= 0 and state.patient_until[call] == inf:
                    share = uniform(mixed(key + np.uint64(call)), PATIENCE_DRAW)
                    patient = minutes_at(plan, plan.patience[kind], share)
                    state.patient_until[call] = max(plan.minute[call] + patient, time)
                queue(plan, state, call, cls, plan.rank[call])
                due = due_at(plan, state, call, kind)
                if due < plan.horizon:
                    push_event(state, due, DUE * EVENT + call)
                return
            why = why_not(plan, state, cls, time, time)
        if out.reason[call] == NONE:
            out.reason[call] = why
        kind = plan.takes_over[kind]
        if kind < 0:
            out.status[call] = UNSERVED
            return


@compiled  # type: ignore[untyped-decorator]
def class_of(plan: Any, call: int, kind: int) -> Any:
    """The class of a call that a kind is to answer."""
    need = plan.need[plan.nature[call]]
    return plan.class_of[kind, plan.second[call] + 1, plan.place[call], need]


@compiled  # type: ignore[untyped-decorator]
def meet_police(plan: Any, state: Any, key: Any, call: int, cls: int, kind: int) -> None:
    """Settle when police come to a call of an unarmed kind by themselves, if they do."""
    state.police_at[call] = inf
    for role in range(1, 3):
        if plan.role_need[cls, role] != NOBODY and plan.armed[plan.role_kind[cls, role]]:
            return  # they go along anyway
    if happens(plan, key, call, STANDS_DOWN, kind):
        police = plan.police
        if police >= 0 and plan.unlimited[police]:
            state.police_at[call] = plan.minute[call] + draw(
                plan, key, call, TO_ARRIVE, police, POLICE_ROLE
            )
        else:
            state.police_at[call] = -inf


@compiled  # type: ignore[untyped-decorator]
def due_at(plan: Any, state: Any, call: int, kind: int) -> Any:
    """Until when a call can wait for a kind."""
    due = min(state.entered[call] + plan.waits_at_most[kind], state.patient_until[call])
    if state.police_at[call] > state.entered[call]:
        due = min(due, state.police_at[call])
    return due


@compiled  # type: ignore[untyped-decorator]
def fall_due(plan: Any, state: Any, out: Any, key: Any, call: int, time: float) -> None:
    """A waiting call has waited as long as it could: police came, it was given up, or handed on."""
    kind = state.asks[call]
    cls = class_of(plan, call, kind)
    if not state.waits[call] or due_at(plan, state, call, kind) != time:
        return
    leave_queue(plan, state, call, cls, plan.rank[call])
    why = why_not(plan, state, cls, state.entered[call], time)
    if state.police_at[call] == time:
        police_came(plan, state, out, key, call, time, time)
    elif state.patient_until[call] == time:
        if out.reason[call] == NONE:
            out.reason[call] = why
        out.status[call] = WITHDRAWN
    else:
        if out.reason[call] == NONE:
            out.reason[call] = why
        if plan.takes_over[kind] < 0:
            out.status[call] = UNSERVED
        else:
            enter(plan, state, out, key, call, plan.takes_over[kind], time)


@compiled  # type: ignore[untyped-decorator]
def on_duty_by(plan: Any, state: Any, cls: int, time: float) -> Any:
    """When at least one unit for each role has been on duty from now on; inf: never."""
    latest = time
    for role in range(3):
        if plan.role_need[cls, role] != LIMITED:
            continue
        soonest = inf
        for place in range(plan.role_from[cls, role], plan.role_to[cls, role]):
            unit = plan.members[place]
            window = state.window[unit]
            while window < plan.windows_from[unit + 1] and plan.ends[window] <= time:
                window += 1
            if window < plan.windows_from[unit + 1]:
                soonest = min(soonest, max(plan.begins[window], time))
        latest = max(latest, soonest)
    return latest


@compiled  # type: ignore[untyped-decorator]
def why_not(plan: Any, state: Any, cls: int, since: float, until: float) -> Any:
    """Why a call was not served in this time: nobody was on duty, or nobody was free."""
    for role in range(3):
        if plan.role_need[cls, role] != LIMITED:
            continue
        seen = False
        for place in range(plan.role_from[cls, role], plan.role_to[cls, role]):
            unit = plan.members[place]
            window = state.window[unit]
            while window < plan.windows_from[unit + 1] and plan.begins[window] <= until:
                seen = seen or plan.ends[window] > since
                window += 1
            window = state.window[unit] - 1
            while window >= plan.windows_from[unit] and plan.ends[window] > since:
                seen = True
                window -= 1
        if not seen:
            return OUTSIDE_HOURS
    return NO_UNIT_FREE


@compiled  # type: ignore[untyped-decorator]
def become_free(plan: Any, state: Any, out: Any, key: Any, unit: int, time: float) -> None:
    """A unit has nothing to do: it goes off duty, takes its break, or the most urgent call."""
    end = plan.windows_from[unit + 1]
    while state.window[unit] < end and plan.ends[state.window[unit]] <= time:
        state.window[unit] += 1
    window = state.window[unit]
    if window == end or plan.begins[window] > time:
        state.doing[unit] = OFF
        return
    if plan.break_at[window] <= time and state.break_of[unit] != window:
        state.break_of[unit] = window
        state.doing[unit] = ON_BREAK
        push_event(state, time + plan.break_minutes[window], BREAK_OVER * EVENT + unit)
        return
    state.doing[unit] = FREE
    state.free_since[unit] = time
    state.counters[TRIES] += 1
    while state.doing[unit] == FREE and state.counters[WAITING] > 0:
        number, cls = next_waiting(plan, state, unit)
        if number < 0:
            return
        if dispatch(plan, state, out, key, number, cls, time):
            call = number % len(plan.minute)
            leave_queue(plan, state, number, cls, 0 if number != call else plan.rank[call])
        else:
            state.tried[cls] = state.counters[TRIES]


@compiled  # type: ignore[untyped-decorator]
def shift_begins(plan: Any, state: Any, out: Any, key: Any, unit: int, time: float) -> None:
    """A unit comes on duty at its base, unless it is still busy from the shift before."""
    window = state.next_window[unit]
    state.next_window[unit] += 1
    push_event(state, plan.ends[window], SHIFT_ENDS * EVENT + unit)
    if plan.break_at[window] < plan.ends[window]:
        push_event(state, plan.break_at[window], BREAK_DUE * EVENT + unit)
    if window + 1 < plan.windows_from[unit + 1]:
        push_event(state, plan.begins[window + 1], SHIFT_BEGINS * EVENT + unit)
    if state.doing[unit] == BUSY:
        return
    state.to_x[unit], state.to_y[unit] = plan.base_x[unit], plan.base_y[unit]
    state.to_area[unit] = plan.base_area[unit]
    state.there_at[unit] = time
    become_free(plan, state, out, key, unit, time)


@compiled  # type: ignore[untyped-decorator]
def add_overtime(plan: Any, state: Any, out: Any, unit: int, time: float) -> None:
    """Minutes that a unit was busy after its shift count as on duty."""
    window, end = state.window[unit], plan.windows_from[unit + 1]
    while window < end and plan.ends[window] < time:
        until = time
        if window + 1 < end:
            until = min(time, plan.begins[window + 1])
        add_minutes(plan, out.on_duty, unit, plan.ends[window], until)
        window += 1


@compiled  # type: ignore[untyped-decorator]
def happen(plan: Any, state: Any, out: Any, key: Any, code: int, time: float) -> None:
    """One event."""
    what, number = code // EVENT, code % EVENT
    if what == UNIT_FREE:
        add_overtime(plan, state, out, number, time)
        become_free(plan, state, out, key, number, time)
    elif what == SHIFT_BEGINS:
        shift_begins(plan, state, out, key, number, time)
    elif what == BREAK_OVER:
        if state.doing[number] == ON_BREAK:
            become_free(plan, state, out, key, number, time)
    elif what == BREAK_DUE:
        if state.doing[number] == FREE:
            become_free(plan, state, out, key, number, time)
    elif what == SHIFT_ENDS:
        doing = state.doing[number]
        if doing in (FREE, ON_BREAK) and plan.ends[state.window[number]] <= time:
            become_free(plan, state, out, key, number, time)
    elif what == ASKS:
        ask_backup(plan, state, out, key, number, time)
    else:
        fall_due(plan, state, out, key, number, time)


@compiled  # type: ignore[untyped-decorator]
def ask_backup(plan: Any, state: Any, out: Any, key: Any, call: int, time: float) -> None:
    """The team at a call asks for one more unit, which goes before all that wait."""
    cls = plan.backup_class[plan.backup_kind[out.kind[call]], plan.place[call]]
    if plan.why_never[cls] != NONE or plan.role_need[cls, 0] != LIMITED:
        return
    number = call + len(plan.minute)
    if state.length[cls] > 0 or not dispatch(plan, state, out, key, number, cls, time):
        queue(plan, state, number, cls, 0)


@compiled  # type: ignore[untyped-decorator]
def run(plan: Any, state: Any, out: Any, key: Any) -> Any:
    """Play the whole period; returns how many events there were."""
    calls, units = len(plan.minute), len(plan.unit_kind)
    for unit in range(units):
        if plan.windows_from[unit] < plan.windows_from[unit + 1]:
            first = plan.begins[plan.windows_from[unit]]
            push_event(state, first, SHIFT_BEGINS * EVENT + unit)
    call = 0
    while True:
        arrives = plan.minute[call] if call < calls else plan.horizon
        while state.counters[COMING] > 0 and state.event_time[0] <= arrives:
            if state.event_time[0] >= plan.horizon:
                break
            time, code = next_event(state)
            state.counters[HAPPENED] += 1
            happen(plan, state, out, key, code, time)
        if call == calls:
            break
        state.counters[HAPPENED] += 1
        if plan.kind[call] < 0:
            out.status[call] = NOT_REHEARSED
        else:
            enter(plan, state, out, key, call, plan.kind[call], arrives)
        call += 1
    for call in range(calls):
        if state.waits[call]:
            out.status[call] = UNSERVED
            if out.reason[call] == NONE:
                out.reason[call] = STILL_WAITING
    for unit in range(units):
        if state.doing[unit] == BUSY:
            add_overtime(plan, state, out, unit, state.free_at[unit])
    return state.counters[HAPPENED]
