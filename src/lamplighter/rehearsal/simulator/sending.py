"""Who is sent to a call, how long it takes them, and what is put down about it."""

from __future__ import annotations

from math import hypot, isnan
from typing import Any

from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
    ASKS,
    ASKS_BACKUP,
    BACKUP,
    BACKUP_ON_SCENE,
    BUSY,
    BY_POLICY,
    EVENT,
    LEADS,
    NONE,
    ON_SCENE,
    POLICE_FIRST,
    SERVED,
    TAKEN_OVER,
    TO_ARRIVE,
    TO_LEAVE,
    TRANSPORT,
    TRANSPORTED,
    UNIT_FREE,
    WITH_KIND,
    WRITE_UP,
)
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.luck import draw, happens
from lamplighter.rehearsal.simulator.plan import LIMITED, NOBODY, UNLIMITED
from lamplighter.rehearsal.simulator.queues import push_event
from lamplighter.rehearsal.simulator.travelling import nearest, place_of, speed_at


@part  # type: ignore[untyped-decorator]
def occupy(plan: Any, state: Any, unit: int, call: int, time: float, until: float) -> None:
    """A unit is busy with a call from now on; then it waits there, or drives to its base."""
    state.units[unit].doing = BUSY
    state.units[unit].free_at = until
    add_minutes(plan, state.busy, unit, time, until)
    push_event(state, until, UNIT_FREE * EVENT + unit)
    now, base = state.units[unit], plan.units[unit]
    x, y, area = plan.calls[call].x, plan.calls[call].y, plan.calls[call].area
    if isnan(x) and area < 0:
        # Nobody knows where it was: then where it came from, or its base.
        x, y, area = place_of(state, unit, time)
        if not base.roams:
            x, y, area = base.base_x, base.base_y, base.base_area
    now.from_x, now.from_y, now.from_area, now.leaves_at = x, y, area, until
    if base.roams:
        now.to_x, now.to_y, now.to_area, now.there_at = x, y, area, until
        return
    minutes = 0.0
    if area >= 0 and base.base_area >= 0:
        minutes = plan.matrix[area, base.base_area]
    elif not (isnan(x) or isnan(base.base_x)):
        minutes = hypot(x - base.base_x, y - base.base_y) * speed_at(plan, until)
    now.to_x, now.to_y, now.to_area = base.base_x, base.base_y, base.base_area
    now.there_at = until + minutes


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
