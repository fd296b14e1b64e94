"""The compiled event loop: who is sent where, when, and what becomes of every call.

It releases Python's lock, so that replications run on all cores in threads, and is kept on disk
once compiled.
"""

from __future__ import annotations

from math import hypot, inf, isnan
from typing import Any

import numpy as np

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator.compiled import compiled, part
from lamplighter.rehearsal.simulator.draws import minutes_at, mixed, uniform
from lamplighter.rehearsal.simulator.plan import LIMITED, NOBODY, SHARES, STEPS, UNLIMITED
from lamplighter.rehearsal.simulator.queues import (
    leave_queue,
    next_event,
    next_waiting,
    push_event,
    queue,
)

# Numbers of numpy, because a function is compiled anew for every plain number it is called with.
ABSENT, LEADS, WITH_KIND, BY_POLICY, BACKUP, POLICE = (np.int64(one) for one in range(-1, 5))
TO_ARRIVE, TO_LEAVE, ON_SCENE, WRITE_UP, TRANSPORT, BACKUP_ON_SCENE = map(
    np.int64, range(len(STEPS))
)
TRANSPORTED, ASKS_BACKUP, STANDS_DOWN = map(np.int64, range(len(SHARES)))
# The draws of a call: its steps, then these; those of the next one to come are `ROLE_DRAWS` on.
TRAVEL, HAPPENS, PATIENCE = len(STEPS), len(STEPS) + 1, len(STEPS) + 1 + len(SHARES)
ROLE_DRAWS = 16

OFF, FREE, BUSY, ON_BREAK = range(4)
COMING, WAITING, HAPPENED, TRIES = range(4)
# At the same minute things happen in this order, and all of them before a call comes in.
UNIT_FREE, SHIFT_BEGINS, BREAK_OVER, BREAK_DUE, SHIFT_ENDS, ASKS, DUE = range(7)
EVENT = 2**40
FIRST_RANK = np.int64(0)

SERVED, TAKEN_OVER = int(Status.SERVED), int(Status.TAKEN_OVER)
WITHDRAWN, UNSERVED = int(Status.WITHDRAWN), int(Status.UNSERVED)
NOT_REHEARSED = int(Status.NOT_REHEARSED)
NONE, OUTSIDE_HOURS = int(Reason.NONE), int(Reason.OUTSIDE_HOURS)
NO_UNIT_FREE, POLICE_FIRST = int(Reason.NO_UNIT_FREE), int(Reason.POLICE_FIRST)
STILL_WAITING = int(Reason.STILL_WAITING)


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


@part  # type: ignore[untyped-decorator]
def travel(
    plan: Any, state: Any, call: int, role: int, x: float, y: float, area: int, time: float
) -> Any:
    """Minutes from a place to a call for one that leaves now."""
    to = plan.calls[call].area
    if area >= 0 and to >= 0:
        return plan.matrix[area, to]
    if isnan(x) or isnan(plan.calls[call].x):
        share = uniform(mixed(state.key + np.uint64(call)), role * ROLE_DRAWS + TRAVEL)
        return minutes_at(plan, plan.unknown_minutes, share)
    return hypot(plan.calls[call].x - x, plan.calls[call].y - y) * speed_at(plan, time)


@part  # type: ignore[untyped-decorator]
def speed_at(plan: Any, time: float) -> Any:
    """Minutes a kilometre."""
    hour = min(int(time / 60.0), len(plan.hours) - 1)
    return plan.minutes_a_km[plan.hours[hour] % 24]


@part  # type: ignore[untyped-decorator]
def place_of(state: Any, unit: int, time: float) -> Any:
    """Where a unit is: at the end of its way, or part of the way there."""
    there = state.units[unit].there_at
    if time >= there:
        return state.units[unit].to_x, state.units[unit].to_y, state.units[unit].to_area
    gone = (time - state.units[unit].leaves_at) / (there - state.units[unit].leaves_at)
    x = state.units[unit].from_x + gone * (state.units[unit].to_x - state.units[unit].from_x)
    y = state.units[unit].from_y + gone * (state.units[unit].to_y - state.units[unit].from_y)
    return x, y, state.units[unit].from_area if gone < 0.5 else state.units[unit].to_area


@part  # type: ignore[untyped-decorator]
def nearest(
    plan: Any, state: Any, call: int, cls: int, role: int, time: float, one: int, two: int
) -> Any:
    """The free unit of a role that is there first, but `one` and `two`; of equals, the rested."""
    best, minutes = -1, inf
    draws = BACKUP if call >= len(plan.calls) else role
    call = call % len(plan.calls)
    for place in range(plan.roles[cls, role].first, plan.roles[cls, role].end):
        unit = plan.members[place]
        if state.units[unit].doing != FREE or unit in (one, two):
            continue
        x, y, area = place_of(state, unit, time)
        taken = travel(plan, state, call, draws, x, y, area, time)
        if taken < minutes or (
            taken == minutes and state.units[unit].free_since < state.units[best].free_since
        ):
            best, minutes = unit, taken
    return best, minutes


@part  # type: ignore[untyped-decorator]
def occupy(plan: Any, state: Any, unit: int, call: int, time: float, until: float) -> None:
    """A unit is busy with a call from now on; then it waits there, or drives to its base."""
    state.units[unit].doing = BUSY
    state.units[unit].free_at = until
    add_minutes(plan, state.busy, unit, time, until)
    push_event(state, until, UNIT_FREE * EVENT + unit)
    at_base = isnan(plan.calls[call].x) and plan.calls[call].area < 0
    x, y, area = plan.calls[call].x, plan.calls[call].y, plan.calls[call].area
    if at_base:
        # Nobody knows where it was: then where it came from, or its base.
        x, y, area = place_of(state, unit, time)
        if not plan.units[unit].roams:
            x, y, area = (
                plan.units[unit].base_x,
                plan.units[unit].base_y,
                plan.units[unit].base_area,
            )
    state.units[unit].from_x, state.units[unit].from_y, state.units[unit].from_area = x, y, area
    state.units[unit].leaves_at = until
    if plan.units[unit].roams:
        state.units[unit].to_x, state.units[unit].to_y, state.units[unit].to_area = x, y, area
        state.units[unit].there_at = until
        return
    to_x, to_y, to_area = (
        plan.units[unit].base_x,
        plan.units[unit].base_y,
        plan.units[unit].base_area,
    )
    minutes = 0.0
    if area >= 0 and to_area >= 0:
        minutes = plan.matrix[area, to_area]
    elif not (isnan(x) or isnan(to_x)):
        minutes = hypot(x - to_x, y - to_y) * speed_at(plan, until)
    state.units[unit].to_x, state.units[unit].to_y, state.units[unit].to_area = to_x, to_y, to_area
    state.units[unit].there_at = until + minutes


@part  # type: ignore[untyped-decorator]
def add_minutes(plan: Any, table: Any, unit: int, begins: float, ends: float) -> None:
    """Add minutes of a unit, within the period, to the local hours of week in which they lie."""
    ends = min(ends, plan.horizon)
    while begins < ends:
        hour = int(begins / 60.0)
        until = min((hour + 1) * 60.0, ends)
        table[unit, plan.hours[hour]] += until - begins
        begins = until


@part  # type: ignore[untyped-decorator]
def dispatch(plan: Any, state: Any, call: int, cls: int, time: float) -> Any:
    """Send all who are to go, or nobody.

    1. Find the nearest free unit for each role; where one is missing, nobody goes.
    2. All leave now, each with its own time to leave and its own way.
    3. Where police are there before an unarmed team, the team is free again at once.
    4. Work begins when all are there. The one that leads may take the person somewhere.
    """
    if call >= len(plan.calls):
        return send_backup(plan, state, call, cls, time)
    first, second, third = ABSENT, ABSENT, ABSENT
    way, second_way, third_way = 0.0, 0.0, 0.0
    if plan.roles[cls, LEADS].need == LIMITED:
        first, way = nearest(plan, state, call, cls, LEADS, time, ABSENT, ABSENT)
        if first < 0:
            return False
    if plan.roles[cls, WITH_KIND].need == LIMITED:
        second, second_way = nearest(plan, state, call, cls, WITH_KIND, time, first, ABSENT)
        if second < 0:
            return False
    if plan.roles[cls, BY_POLICY].need == LIMITED:
        third, third_way = nearest(plan, state, call, cls, BY_POLICY, time, first, second)
        if third < 0:
            return False
    kind = plan.roles[cls, LEADS].kind
    arrived = time + arrival(plan, state, call, cls, LEADS, way)
    partner = time + arrival(plan, state, call, cls, WITH_KIND, second_way)
    other = time + arrival(plan, state, call, cls, BY_POLICY, third_way)
    stood_down = state.calls[call].police_at <= arrived
    scene_over = arrived
    if not stood_down:
        begins = max(arrived, max(partner, other))
        scene_over = begins + draw(plan, state, call, ON_SCENE, kind, LEADS)
        cleared = scene_over
        if happens(plan, state, call, TRANSPORTED, kind):
            cleared += draw(plan, state, call, TRANSPORT, kind, LEADS)
        cleared += draw(plan, state, call, WRITE_UP, kind, LEADS)
        if happens(plan, state, call, ASKS_BACKUP, kind):
            state.calls[call].backup = True
            push_event(state, arrived, ASKS * EVENT + call)
        if first >= 0:
            occupy(plan, state, first, call, time, cleared)
        record(plan, state, call, kind, first, time, arrived, cleared)
    else:
        if first >= 0:
            occupy(plan, state, first, call, time, arrived)
        police_came(plan, state, call, time, arrived)
    if second >= 0:
        until = max(scene_over, partner)
        if not stood_down:
            until += draw(plan, state, call, WRITE_UP, plan.roles[cls, WITH_KIND].kind, WITH_KIND)
        occupy(plan, state, second, call, time, until)
    if third >= 0:
        until = max(scene_over, other)
        if not stood_down:
            until += draw(plan, state, call, WRITE_UP, plan.roles[cls, BY_POLICY].kind, BY_POLICY)
        occupy(plan, state, third, call, time, until)
    return True


@part  # type: ignore[untyped-decorator]
def arrival(plan: Any, state: Any, call: int, cls: int, role: int, way: float) -> Any:
    """Minutes from dispatch until the one in a role is there."""
    kind = plan.roles[cls, role].kind
    if plan.roles[cls, role].need == NOBODY:
        return 0.0
    if plan.roles[cls, role].need == UNLIMITED:
        return draw(plan, state, call, TO_ARRIVE, kind, role)
    return draw(plan, state, call, TO_LEAVE, kind, role) + way


@part  # type: ignore[untyped-decorator]
def send_backup(plan: Any, state: Any, number: int, cls: int, time: float) -> Any:
    """Send one more unit to a call; the one that asked goes on as it would have."""
    call = number - len(plan.calls)
    if state.calls[call].cleared <= time:
        return True  # over before anybody was free to come
    unit, way = nearest(plan, state, number, cls, LEADS, time, ABSENT, ABSENT)
    if unit < 0:
        return False
    leaves = draw(plan, state, call, TO_LEAVE, plan.roles[cls, LEADS].kind, BACKUP)
    stays = draw(plan, state, call, BACKUP_ON_SCENE, state.calls[call].kind, LEADS)
    occupy(plan, state, unit, call, time, time + leaves + way + stays)
    return True


@part  # type: ignore[untyped-decorator]
def record(
    plan: Any,
    state: Any,
    call: int,
    kind: int,
    unit: int,
    time: float,
    arrived: float,
    cleared: float,
) -> None:
    """Somebody came to a call."""
    state.calls[call].status = SERVED if kind == plan.calls[call].kind else TAKEN_OVER
    state.calls[call].kind = kind
    state.calls[call].unit = unit
    state.calls[call].dispatched = time
    state.calls[call].arrived = arrived
    state.calls[call].cleared = cleared


@part  # type: ignore[untyped-decorator]
def police_came(plan: Any, state: Any, call: int, time: float, arrived: float) -> None:
    """Police were at a call before the team that was to answer.

    Where there is always one of them they came when they came; else nobody knows when, but no
    later than the team.
    """
    police = plan.police
    if police >= 0 and plan.kinds[police].unlimited:
        time, arrived = plan.calls[call].minute, state.calls[call].police_at
        cleared = arrived + draw(plan, state, call, ON_SCENE, police, LEADS)
        if happens(plan, state, call, TRANSPORTED, police):
            cleared += draw(plan, state, call, TRANSPORT, police, LEADS)
        cleared += draw(plan, state, call, WRITE_UP, police, LEADS)
    else:
        cleared = arrived
    if state.calls[call].reason == NONE:
        state.calls[call].reason = POLICE_FIRST
    record(plan, state, call, police, ABSENT, time, arrived, cleared)
    state.calls[call].status = TAKEN_OVER


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
        push_event(state, time + plan.windows[window].break_minutes, BREAK_OVER * EVENT + unit)
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
            leave_queue(
                plan, state, number, cls, FIRST_RANK if number != call else plan.calls[call].rank
            )
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
    state.units[unit].to_x, state.units[unit].to_y = (
        plan.units[unit].base_x,
        plan.units[unit].base_y,
    )
    state.units[unit].to_area = plan.units[unit].base_area
    state.units[unit].there_at = time
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
        if state.units[number].doing == ON_BREAK:
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


@compiled  # type: ignore[untyped-decorator]
def run(plan: Any, state: Any) -> Any:
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
