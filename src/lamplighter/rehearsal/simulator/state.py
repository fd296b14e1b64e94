"""What changes while a scenario runs: units, waiting calls, events to come, and outcomes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.simulator.plan import Plan
from lamplighter.rehearsal.simulator.tables import table

Array = npt.NDArray[Any]

UNIT = np.dtype(
    [
        ("doing", "i8"),
        ("window", "i8"),
        ("next_window", "i8"),
        ("break_of", "i8"),  # the last window in which the break was taken
        ("break_until", "f8"),
        ("free_since", "f8"),
        ("free_at", "f8"),
        # on its way from one place to another, or there
        ("from_x", "f8"),
        ("from_y", "f8"),
        ("to_x", "f8"),
        ("to_y", "f8"),
        ("leaves_at", "f8"),
        ("there_at", "f8"),
        ("from_area", "i8"),
        ("to_area", "i8"),
    ]
)
WAITING = np.dtype(
    [
        ("before", "i8"),
        ("after", "i8"),
        ("waits", "i8"),
        ("cls", "i8"),  # of those whom it waits for
        ("entered", "f8"),  # since when it waits for them
        ("patient_until", "f8"),
        ("police_at", "f8"),
    ]
)
LINE = np.dtype([("first", "i8"), ("last", "i8")])
CLASS = np.dtype([("tried", "i8"), ("length", "i8")])


class State(NamedTuple):
    """The moment. A call `i` that asks for backup waits as number `i + number of calls`."""

    key: np.uint64
    counters: Array  # events to come, calls that wait, events so far, rounds of tries
    event_time: Array  # a heap by time, then code
    event_code: Array
    units: Array
    times: Array  # rows of `Run`, one place a call
    codes: Array
    waiting: Array
    lines: Array  # the calls that wait, by class and rank
    classes: Array
    busy: Array  # minutes by unit and local hour of week
    on_duty: Array


def new_state(plan: Plan, on_duty: Array, key: np.uint64) -> State:
    """Before anything has happened; `on_duty` as the shifts have it."""
    calls, units, classes = len(plan.minute), len(plan.units), len(plan.classes)
    # Every call may be due with each kind that it is handed to, and ask for backup once.
    events = calls * (len(plan.kinds) + 1) + 4 * units + 16
    return State(
        key=key,
        counters=np.zeros(4, np.int64),
        event_time=np.empty(events),
        event_code=np.empty(events, np.int64),
        units=table(
            UNIT,
            window=plan.units["first_window"],
            next_window=plan.units["first_window"],
            break_of=np.full(units, -1),
            to_x=plan.units["base_x"],
            to_y=plan.units["base_y"],
            to_area=plan.units["base_area"],
        ),
        # Memory that nobody writes to costs nothing, so nothing is filled before it is used.
        times=np.empty((3, calls)),
        codes=np.empty((5, calls), np.int32),
        waiting=np.zeros(2 * calls, WAITING),
        lines=np.full(classes * plan.ranks, -1, LINE),
        classes=np.zeros(classes, CLASS),
        busy=np.zeros_like(on_duty),
        on_duty=on_duty.copy(),
    )
