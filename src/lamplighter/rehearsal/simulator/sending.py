"""Who is sent to a call, how long it takes them, and what is put down about it."""

from __future__ import annotations

from math import isnan, nan, sqrt
from typing import Any

from lamplighter.rehearsal.simulator.bits import put_in, take_out
from lamplighter.rehearsal.simulator.calendar import push_event, set_next
from lamplighter.rehearsal.simulator.classes import LIMITED, NOBODY, UNLIMITED
from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
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
    WITH_KIND,
    WRITE_UP,
)
from lamplighter.rehearsal.simulator.compiled import inlined, part
from lamplighter.rehearsal.simulator.luck import draw, happens, luck_of
from lamplighter.rehearsal.simulator.roster import ASKS
from lamplighter.rehearsal.simulator.travelling import (
    hour_of,
    minutes_a_km,
    minutes_to,
    nearest,
    place_of,
    place_of_call,
)


@part  # type: ignore[untyped-decorator]
def occupy(plan: Any, state: Any, unit: int, where: Any, time: float, until: float) -> None:
    """A unit is busy somewhere from now on; then it waits there, or drives to its base."""
    now, base = state.units[unit], plan.units[unit]
    now.doing, now.clear_at, now.calm_until = BUSY, until, plan.turns[now.turn].time
    take_out(state.free, unit)
    set_next(plan, state, unit)
    hour = hour_of(plan, state, time)
    if until <= hour.ends:
        state.busy[unit, hour.of_week] += until - time
    else:
        add_minutes(plan, state.busy, unit, time, until)
    x, y, area = where
    if isnan(x) and area < 0:
        # Nobody knows where it was: then where it came from, or its base.
        x, y, area = base.base_x, base.base_y, base.base_area
        if base.roams:
            x, y, area = place_of(now, time)
    now.from_x, now.from_y, now.from_area, now.leaves_at = x, y, area, until
    if base.roams:
        now.to_x, now.to_y, now.to_area, now.there_at = x, y, area, until
        return
    minutes = 0.0
    if area >= 0 and base.base_area >= 0:
        minutes = plan.matrix[area, base.base_area]
    elif not (isnan(x) or isnan(base.base_x)):
        minutes = sqrt((x - base.base_x) ** 2 + (y - base.base_y) ** 2) * minutes_a_km(plan, until)
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
def dispatch(
    plan: Any, state: Any, call: int, cls: int, time: float, police_at: float, known: int
) -> Any:
    """Send all who are to go, or nobody. `known` is the one who leads, where no other is free.

    1. Find the nearest free unit for each role; where one is missing, nobody goes.
    2. All leave now, each with its own time to leave and its own way.
    3. Where police are there before an unarmed team, the team is free again at once.
    4. Work begins when all are there. The one that leads may take the person somewhere.
    """
    luck, where = luck_of(state, call), place_of_call(plan, call)
    lead = plan.classes[cls]
    unit, way = known, 0.0
    if known >= 0:
        way = minutes_to(plan, state, luck, where, known, LEADS, time)
    elif lead.need == LIMITED:
        unit, way = nearest(plan, state, luck, where, cls, LEADS, LEADS, time)
        if unit < 0:
            return False
    if not lead.alone:
        return dispatch_together(plan, state, luck, where, call, cls, time, police_at, unit, way)
    habit = plan.habits[lead.kind, plan.nature[call] + 1]
    arrived = time + arrival(plan, state, luck, call, habit, lead.need, LEADS, way)
    if police_at <= arrived:
        stand_down(plan, state, luck, where, call, unit, time, arrived, police_at)
    else:
        over = arrived + draw(plan, state, luck, call, habit.on_scene, ON_SCENE, LEADS)
        serve(plan, state, luck, where, habit, call, lead.kind, unit, time, arrived, over)
    return True


@part  # type: ignore[untyped-decorator]
def dispatch_together(
    plan: Any,
    state: Any,
    luck: Any,
    where: Any,
    call: int,
    cls: int,
    time: float,
    police_at: float,
    unit: int,
    way: float,
) -> Any:
    """As `dispatch`, with those who come along; the one that leads is found already."""
    second, third = ABSENT, ABSENT
    second_way, third_way = 0.0, 0.0
    lead, along, by_policy = (
        plan.roles[cls, LEADS],
        plan.roles[cls, WITH_KIND],
        plan.roles[cls, BY_POLICY],
    )
    # Who goes in one role cannot go in the next.
    if unit >= 0:
        take_out(state.free, unit)
    found = True
    if along.need == LIMITED:
        second, second_way = nearest(plan, state, luck, where, cls, WITH_KIND, WITH_KIND, time)
        found = second >= 0
        if found:
            take_out(state.free, second)
    if found and by_policy.need == LIMITED:
        third, third_way = nearest(plan, state, luck, where, cls, BY_POLICY, BY_POLICY, time)
        found = third >= 0
    if not found:
        if unit >= 0:
            put_in(state.free, unit)
        if second >= 0:
            put_in(state.free, second)
        return False
    # A role that nobody has is of any kind, whose habits it does not ask for.
    nature = plan.nature[call] + 1
    habit, its, their = (
        plan.habits[lead.kind, nature],
        plan.habits[along.kind, nature],
        plan.habits[by_policy.kind, nature],
    )
    arrived = time + arrival(plan, state, luck, call, habit, lead.need, LEADS, way)
    partner = time + arrival(plan, state, luck, call, its, along.need, WITH_KIND, second_way)
    other = time + arrival(plan, state, luck, call, their, by_policy.need, BY_POLICY, third_way)
    stands_down = police_at <= arrived
    if stands_down:
        over = arrived
        stand_down(plan, state, luck, where, call, unit, time, arrived, police_at)
    else:
        begins = max(arrived, max(partner, other))
        over = begins + draw(plan, state, luck, call, habit.on_scene, ON_SCENE, LEADS)
        serve(plan, state, luck, where, habit, call, lead.kind, unit, time, arrived, over)
    if second >= 0:
        until = max(over, partner)
        if not stands_down:
            until += draw(plan, state, luck, call, its.write_up, WRITE_UP, WITH_KIND)
        occupy(plan, state, second, where, time, until)
    if third >= 0:
        until = max(over, other)
        if not stands_down:
            until += draw(plan, state, luck, call, their.write_up, WRITE_UP, BY_POLICY)
        occupy(plan, state, third, where, time, until)
    return True


@inlined  # type: ignore[untyped-decorator]
def arrival(
    plan: Any, state: Any, luck: Any, call: int, habit: Any, need: int, role: int, way: float
) -> Any:
    """Minutes from dispatch until the one in a role is there."""
    if need == NOBODY:
        return 0.0
    if need == UNLIMITED:
        return draw(plan, state, luck, call, habit.to_arrive, TO_ARRIVE, role)
    return draw(plan, state, luck, call, habit.to_leave, TO_LEAVE, role) + way


@inlined  # type: ignore[untyped-decorator]
def serve(
    plan: Any,
    state: Any,
    luck: Any,
    where: Any,
    habit: Any,
    call: int,
    kind: int,
    unit: int,
    time: float,
    arrived: float,
    over: float,
) -> None:
    """The one that leads works until it is over, then takes the person somewhere and writes up."""
    cleared = cleared_at(plan, state, luck, call, habit, over)
    if happens(luck, habit.backup_share, ASKS_BACKUP):
        state.backup[call] = True
        push_event(state, arrived, ASKS * EVENT + call)
    if unit >= 0:
        occupy(plan, state, unit, where, time, cleared)
    state.status[call] = SERVED if state.reason[call] == NONE else TAKEN_OVER
    record(state, call, kind, unit, time, arrived, cleared)


@inlined  # type: ignore[untyped-decorator]
def cleared_at(plan: Any, state: Any, luck: Any, call: int, habit: Any, over: float) -> Any:
    """When the one that leads is free, which may take the person somewhere and then writes up."""
    if happens(luck, habit.transport_share, TRANSPORTED):
        over += draw(plan, state, luck, call, habit.transport, TRANSPORT, LEADS)
    return over + draw(plan, state, luck, call, habit.write_up, WRITE_UP, LEADS)


@part  # type: ignore[untyped-decorator]
def stand_down(
    plan: Any,
    state: Any,
    luck: Any,
    where: Any,
    call: int,
    unit: int,
    time: float,
    arrived: float,
    police_at: float,
) -> None:
    """A team finds police there, and leaves."""
    if unit >= 0:
        occupy(plan, state, unit, where, time, arrived)
    police_came(plan, state, luck, call, time, arrived, police_at)


@part  # type: ignore[untyped-decorator]
def send_backup(plan: Any, state: Any, call: int, cls: int, time: float) -> Any:
    """Send one more unit to a call; the one that asked goes on as it would have."""
    if state.cleared[call] <= time:
        return True  # over before anybody was free to come
    luck, where = luck_of(state, call), place_of_call(plan, call)
    unit, way = nearest(plan, state, luck, where, cls, LEADS, BACKUP, time)
    if unit < 0:
        return False
    nature = plan.nature[call] + 1
    comes = plan.habits[plan.roles[cls, LEADS].kind, nature]
    asked = plan.habits[state.kind[call], nature]
    leaves = draw(plan, state, luck, call, comes.to_leave, TO_LEAVE, BACKUP)
    stays = draw(plan, state, luck, call, asked.backup_on_scene, BACKUP_ON_SCENE, LEADS)
    occupy(plan, state, unit, where, time, time + leaves + way + stays)
    return True


@part  # type: ignore[untyped-decorator]
def record(
    state: Any, call: int, kind: int, unit: int, time: float, arrived: float, cleared: float
) -> None:
    """Who came to a call, and when."""
    state.kind[call] = kind
    state.unit[call] = unit
    state.dispatched[call] = time
    state.arrived[call] = arrived
    state.cleared[call] = cleared


@part  # type: ignore[untyped-decorator]
def nobody_comes(state: Any, call: int, status: int) -> None:
    """Nobody came to a call, and nobody will."""
    record(state, call, ABSENT, ABSENT, nan, nan, nan)
    state.status[call] = status


@part  # type: ignore[untyped-decorator]
def police_came(
    plan: Any, state: Any, luck: Any, call: int, time: float, arrived: float, police_at: float
) -> None:
    """Police were at a call before the team that was to answer.

    Where there is always one of them they came when they came; else nobody knows when, but no
    later than the team.
    """
    police = plan.police
    if police >= 0 and plan.kinds[police].unlimited:
        time, arrived = plan.minute[call], police_at
        habit = plan.habits[police, plan.nature[call] + 1]
        over = arrived + draw(plan, state, luck, call, habit.on_scene, ON_SCENE, LEADS)
        cleared = cleared_at(plan, state, luck, call, habit, over)
    else:
        cleared = arrived
    if state.reason[call] == NONE:
        state.reason[call] = POLICE_FIRST
    state.status[call] = TAKEN_OVER
    record(state, call, police, ABSENT, time, arrived, cleared)
