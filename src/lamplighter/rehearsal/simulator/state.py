"""What changes while a scenario runs: units, waiting calls, events to come, and outcomes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.simulator.plan import STEPS, Plan
from lamplighter.rehearsal.simulator.tables import table, words_for

Array = npt.NDArray[Any]

UNIT = np.dtype(
    [
        ("doing", "i8"),
        ("window", "i8"),
        ("turn", "i8"),  # what its shifts bring next
        ("clear_at", "f8"),  # when it is free again; inf: it is not busy
        ("break_of", "i8"),  # the last window in which the break was taken
        ("break_until", "f8"),
        ("free_since", "f8"),
        ("calm_until", "f8"),  # while it is busy: when its shifts bring something
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
        ("call", "i8"),  # -1: nobody waits here
        ("cls", "i8"),  # of those whom it waits for
        ("rank", "i8"),
        ("before", "i8"),
        ("after", "i8"),
        ("entered", "f8"),  # since when it waits for them
        ("patient_until", "f8"),
        ("police_at", "f8"),
    ]
)
LINE = np.dtype([("first", "i8"), ("last", "i8")])
# Nobody of a class waits in a rank before `least`.
CLASS = np.dtype([("tried", "i8"), ("length", "i8"), ("least", "i8")])
HOUR = np.dtype([("ends", "f8"), ("of_week", "i8"), ("minutes_a_km", "f8")])
EVENT = np.dtype([("time", "f8"), ("code", "i8")])
GAME = np.dtype([("time", "i8"), ("code", "i8")])  # the time as its bits

# The widest first, so that each begins where its numbers may.
OUTCOMES: dict[str, np.dtype[Any]] = {
    "dispatched": np.dtype(np.float64),
    "arrived": np.dtype(np.float64),
    "cleared": np.dtype(np.float64),
    "unit": np.dtype(np.int32),
    "kind": np.dtype(np.int16),
    "status": np.dtype(np.int8),
    "reason": np.dtype(np.int8),
    "backup": np.dtype(np.bool_),
}
AT_ONCE = 256  # calls whose draws stay near the processor until they are used


class State(NamedTuple):
    """The moment, and what became of the calls so far."""

    key: np.uint64
    counters: Array
    games: Array  # what comes next to each unit, as a tournament
    events: Array  # all others that come, as a heap by time, then code
    hour: Array  # that of the moment, as one record
    units: Array
    free: Array  # units as bits
    waiting: Array  # slots, the first of which is nobody's
    slots: Array  # of the calls that will be due
    lines: Array  # the slots that wait, by class and rank
    classes: Array
    busy: Array  # minutes by unit and local hour of week
    on_duty: Array
    ahead: Array  # what the last calls draw of `Plan.exponential_steps`, by step and call
    status: Array  # columns of `Run`, as are the rest
    reason: Array
    kind: Array
    unit: Array
    dispatched: Array
    arrived: Array
    cleared: Array
    backup: Array


def new_state(plan: Plan, on_duty: Array, key: np.uint64) -> State:
    """Before anything has happened; `on_duty` as the shifts have it."""
    calls, units, classes = len(plan.minute), len(plan.units), len(plan.classes)
    leaves = 1 << max(units - 1, 0).bit_length()
    # Memory that nobody writes to costs nothing, so nothing is filled before it is used, not
    # even with zeros: memory that was given back is cleared again for these. Every
    # call may be due with each kind that it is handed to, and ask for backup once; the end of a
    # break comes for each shift of each unit, for long breaks after the shifts that follow.
    starts = np.append(np.unique(plan.units["first_window"]), len(plan.windows))
    shifts = int(np.diff(starts).max()) if units else 0
    events = np.empty(calls * (len(plan.kinds) + 1) + units * shifts + 16, EVENT)
    events["time"][0] = np.inf
    return State(
        key=key,
        counters=np.zeros(7, np.int64),
        games=table(GAME, time=np.full(2 * leaves, np.inf).view(np.int64)),
        events=events,
        hour=np.zeros(1, HOUR),
        units=table(
            UNIT,
            window=plan.units["first_window"],
            turn=plan.units["first_turn"],
            clear_at=np.full(units, np.inf),
            break_of=np.full(units, -1),
            to_x=plan.units["base_x"],
            to_y=plan.units["base_y"],
            to_area=plan.units["base_area"],
        ),
        free=np.zeros(words_for(units), np.uint64),
        waiting=np.empty(2 * calls + 1, WAITING),
        slots=np.empty(calls, np.int32),
        lines=np.zeros(classes * plan.ranks, LINE),
        classes=np.zeros(classes, CLASS),
        busy=np.zeros_like(on_duty),
        on_duty=on_duty.copy(),
        ahead=np.empty((len(STEPS), 2 * AT_ONCE)),
        **_outcomes(calls),
    )


def _outcomes(calls: int) -> dict[str, Array]:
    """The columns of `Run` for each call, of zeros: served, without a reason or a backup.

    They lie in one piece of memory, which the system then clears in large pages.
    """
    memory = np.zeros(calls * sum(kind.itemsize for kind in OUTCOMES.values()), np.uint8)
    columns, start = {}, 0
    for name, kind in OUTCOMES.items():
        end = start + calls * kind.itemsize
        columns[name] = memory[start:end].view(kind)
        start = end
    return columns
