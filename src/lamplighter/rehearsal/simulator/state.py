"""What changes while a scenario runs: units, waiting calls, events to come, and outcomes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.simulator.plan import Plan

Array = npt.NDArray[Any]


class State(NamedTuple):
    """The moment. A call `i` that asks for backup waits as number `i + number of calls`."""

    counters: Array  # coming events, waiting, events so far, round of tries
    # coming events: a heap by time, then code
    event_time: Array
    event_code: Array
    # units
    doing: Array
    window: Array
    next_window: Array
    break_of: Array  # the last window in which the break was taken
    free_since: Array
    free_at: Array
    from_x: Array
    from_y: Array
    from_area: Array
    leaves_at: Array
    to_x: Array
    to_y: Array
    to_area: Array
    there_at: Array
    # calls
    asks: Array  # the kind that is to answer now
    entered: Array  # since when that kind is
    patient_until: Array
    police_at: Array
    # waiting: a list for each class and rank, and how many of a class wait
    waits: Array
    before: Array
    after: Array
    first: Array
    last: Array
    length: Array
    tried: Array


class Outcome(NamedTuple):
    """The arrays of a `Run`."""

    status: Array
    reason: Array
    kind: Array
    unit: Array
    dispatched: Array
    arrived: Array
    cleared: Array
    backup: Array
    busy: Array
    on_duty: Array


def new_state(plan: Plan) -> State:
    """Before anything has happened."""
    calls, units = len(plan.minute), len(plan.unit_kind)
    classes = len(plan.why_never)
    # Every call may be due with each kind that it is handed to, and ask for backup once.
    events = calls * (len(plan.takes_over) + 1) + 4 * units + 16
    lists = classes * plan.ranks
    return State(
        counters=np.zeros(4, np.int64),
        event_time=np.empty(events),
        event_code=np.empty(events, np.int64),
        doing=np.zeros(units, np.int8),
        window=plan.windows_from[:-1].copy(),
        next_window=plan.windows_from[:-1].copy(),
        break_of=np.full(units, -1, np.int32),
        free_since=np.zeros(units),
        free_at=np.zeros(units),
        from_x=plan.base_x.copy(),
        from_y=plan.base_y.copy(),
        from_area=plan.base_area.copy(),
        leaves_at=np.zeros(units),
        to_x=plan.base_x.copy(),
        to_y=plan.base_y.copy(),
        to_area=plan.base_area.copy(),
        there_at=np.zeros(units),
        asks=plan.kind.copy(),
        entered=np.empty(calls),
        patient_until=np.full(calls, np.inf),
        police_at=np.full(calls, np.inf),
        waits=np.zeros(2 * calls, np.bool_),
        before=np.empty(2 * calls, np.int32),
        after=np.empty(2 * calls, np.int32),
        first=np.full(lists, -1, np.int32),
        last=np.full(lists, -1, np.int32),
        length=np.zeros(classes, np.int32),
        tried=np.zeros(classes, np.int64),
    )


def new_outcome(plan: Plan, on_duty: Array) -> Outcome:
    """Nobody has come to any call yet."""
    calls = len(plan.minute)
    return Outcome(
        status=np.empty(calls, np.int8),
        reason=np.zeros(calls, np.int8),
        kind=np.full(calls, -1, np.int16),
        unit=np.full(calls, -1, np.int32),
        dispatched=np.full(calls, np.nan),
        arrived=np.full(calls, np.nan),
        cleared=np.full(calls, np.nan),
        backup=np.zeros(calls, np.bool_),
        busy=np.zeros_like(on_duty),
        on_duty=on_duty.copy(),
    )
