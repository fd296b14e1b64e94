"""What becomes of a call that nobody can be sent to: it waits, is handed on, or is given up."""

from __future__ import annotations

from math import inf
from typing import Any

from lamplighter.rehearsal.simulator.bits import lowest, without_lowest
from lamplighter.rehearsal.simulator.calendar import push_event
from lamplighter.rehearsal.simulator.classes import LIMITED
from lamplighter.rehearsal.simulator.codes import (
    ABSENT,
    EVENT,
    FIRST_RANK,
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
from lamplighter.rehearsal.simulator.compiled import inlined, part
from lamplighter.rehearsal.simulator.draws import minutes_of
from lamplighter.rehearsal.simulator.luck import draw, happens, luck_of
from lamplighter.rehearsal.simulator.queues import leave_queue, queue
from lamplighter.rehearsal.simulator.reading import LOWEST
from lamplighter.rehearsal.simulator.roster import DUE
from lamplighter.rehearsal.simulator.sending import dispatch, nobody_comes, police_came
from lamplighter.rehearsal.simulator.tables import WORD
from lamplighter.rehearsal.simulator.travelling import somebody_is_free


@part  # type: ignore[untyped-decorator]
def enter(plan: Any, state: Any, call: int, cls: int, time: float, patient_until: float) -> None:
    """A class of units is to answer a call from now on: it is served, waits, or is handed on.

    A call that no unit of the kind can take before its time is up is handed on at once: whoever
    dispatches knows the roster.
    """
    while True:
        why = plan.classes[cls].why_never
        if why == NONE:
            kind, need = plan.classes[cls].kind, plan.classes[cls].need
            police_at = inf
            if plan.classes[cls].may_stand_down:
                police_at = police_come(plan, state, call, kind)
                if -inf < police_at <= time:
                    luck = luck_of(state, call)
                    police_came(plan, state, luck, call, time, time, police_at)
                    return
            if (
                state.classes[cls].length == 0
                and (need != LIMITED or somebody_is_free(plan, state, cls))
                and dispatch(plan, state, call, cls, time, police_at, ABSENT)
            ):
                return
            until = time + plan.kinds[kind].waits_at_most
            if until == inf or (until > time and on_duty_by(plan, state, cls, time) <= until):
                if plan.kinds[kind].patience >= 0 and patient_until == inf:
                    number = plan.kinds[kind].patience
                    patience = minutes_of(plan, number, luck_of(state, call), PATIENCE)
                    patient_until = max(plan.minute[call] + patience, time)
                wait(plan, state, call, cls, time, patient_until, police_at, until)
                return
            why = why_not(plan, state, cls, time, time)
        if state.reason[call] == NONE:
            state.reason[call] = why
        cls = plan.classes[cls].next
        if cls < 0:
            nobody_comes(state, call, UNSERVED)
            return


@inlined  # type: ignore[untyped-decorator]
def wait(
    plan: Any,
    state: Any,
    call: int,
    cls: int,
    time: float,
    patient_until: float,
    police_at: float,
    until: float,
) -> None:
    """A call waits until somebody is free for it, or until it is due."""
    slot = queue(plan, state, call, cls, plan.ranks_of[plan.priority[call] - LOWEST])
    this = state.waiting[slot]
    this.entered, this.patient_until, this.police_at = time, patient_until, police_at
    due = due_at(until, this)
    if due < plan.horizon:
        state.slots[call] = slot
        push_event(state, due, DUE * EVENT + call)


@part  # type: ignore[untyped-decorator]
def police_come(plan: Any, state: Any, call: int, kind: int) -> Any:
    """When police come to a call of an unarmed kind by themselves.

    inf: they do not; -inf: nobody knows when, but before the team.
    """
    nature, police = plan.nature[call] + 1, plan.police
    share = plan.habits[kind, nature].stands_down_share
    if not share > 0.0 or not happens(luck_of(state, call), share, STANDS_DOWN):
        return inf
    if police < 0 or not plan.kinds[police].unlimited:
        return -inf
    number = plan.habits[police, nature].to_arrive
    return plan.minute[call] + draw(
        plan, state, luck_of(state, call), call, number, TO_ARRIVE, POLICE
    )


@part  # type: ignore[untyped-decorator]
def due_at(until: float, this: Any) -> Any:
    """When a call is due that is handed on at a time if nothing else comes first."""
    due = min(until, this.patient_until)
    if this.police_at > this.entered:
        due = min(due, this.police_at)
    return due


@part  # type: ignore[untyped-decorator]
def fall_due(plan: Any, state: Any, call: int, time: float) -> None:
    """A waiting call has waited as long as it could: police came, it was given up, or handed on."""
    slot = state.slots[call]
    this = state.waiting[slot]
    # It may be served by now, and another one wait in its slot, or it waits for others.
    if this.call != call or this.rank == FIRST_RANK:
        return
    until = this.entered + plan.kinds[plan.classes[this.cls].kind].waits_at_most
    if due_at(until, this) != time:
        return
    cls = this.cls
    leave_queue(plan, state, slot)
    if this.police_at == time:
        police_came(plan, state, luck_of(state, call), call, time, time, time)
        return
    if state.reason[call] == NONE:
        state.reason[call] = why_not(plan, state, cls, this.entered, time)
    if this.patient_until == time:
        nobody_comes(state, call, WITHDRAWN)
    elif plan.classes[cls].next < 0:
        nobody_comes(state, call, UNSERVED)
    else:
        enter(plan, state, call, plan.classes[cls].next, time, this.patient_until)


@part  # type: ignore[untyped-decorator]
def on_duty_by(plan: Any, state: Any, cls: int, time: float) -> Any:
    """When at least one unit for each role has been on duty from now on; inf: never."""
    latest = time
    for role in range(3):
        if plan.roles[cls, role].need != LIMITED:
            continue
        soonest = inf
        for word in range(len(state.free)):
            left = plan.members[cls, role, word]
            while left != 0 and soonest > time:
                unit = word * WORD + lowest(left)
                left = without_lowest(left)
                window = state.units[unit].window
                while plan.windows[window].ends <= time:
                    window += 1
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
        for word in range(len(state.free)):
            left = plan.members[cls, role, word]
            while left != 0 and not seen:
                unit = word * WORD + lowest(left)
                left = without_lowest(left)
                seen = was_on_duty(plan, state, unit, since, until)
        if not seen:
            return OUTSIDE_HOURS
    return NO_UNIT_FREE


@part  # type: ignore[untyped-decorator]
def was_on_duty(plan: Any, state: Any, unit: int, since: float, until: float) -> Any:
    """Whether a unit was on duty at some moment of this time."""
    window = state.units[unit].window
    while plan.windows[window].begins <= until:
        if plan.windows[window].ends > since:
            return True
        window += 1
    before = state.units[unit].window - 1
    return before >= plan.units[unit].first_window and plan.windows[before].ends > since
