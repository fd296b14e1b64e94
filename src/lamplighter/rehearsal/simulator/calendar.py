"""What is to come: when each unit is free again, and all other events.

A unit that is busy is free again at one time. These times are the leaves of a tournament: each
node has the earlier of the two below it, so that the root has the first. To change a time is to
play as many games as the tree is high, without a branch that a processor could guess wrong. All
other events are few, and lie in a heap.
"""

from __future__ import annotations

from math import inf
from typing import Any

from lamplighter.rehearsal.simulator.codes import COMING
from lamplighter.rehearsal.simulator.compiled import part


@part  # type: ignore[untyped-decorator]
def free_again(state: Any, unit: int, time: float) -> None:
    """A unit will be free at a time; inf: it is not busy. Of equals the first unit wins."""
    turns = state.turns
    place = (len(turns) >> 1) + unit
    turns[place].time = time
    while place > 1:
        place >>= 1
        one, other = turns[2 * place], turns[2 * place + 1]
        earlier = one.time <= other.time
        turns[place].time = one.time if earlier else other.time
        turns[place].unit = one.unit if earlier else other.unit


@part  # type: ignore[untyped-decorator]
def push_event(state: Any, time: float, code: int) -> None:
    """Something will happen; at the same time the lower code goes first."""
    events = state.events
    place = state.counters[COMING]
    state.counters[COMING] += 1
    while place > 0:
        above = (place - 1) >> 1
        if events[above].time < time or (events[above].time == time and events[above].code <= code):
            break
        events[place].time, events[place].code = events[above].time, events[above].code
        place = above
    events[place].time, events[place].code = time, code


@part  # type: ignore[untyped-decorator]
def next_event(state: Any) -> Any:
    """Take what happens next out of the heap, and return its code."""
    events = state.events
    first = events[0].code
    state.counters[COMING] -= 1
    count = state.counters[COMING]
    time, code = events[count].time, events[count].code
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        right = below + 1
        if right < count and (
            events[right].time < events[below].time
            or (
                events[right].time == events[below].time and events[right].code < events[below].code
            )
        ):
            below = right
        if time < events[below].time or (time == events[below].time and code <= events[below].code):
            break
        events[place].time, events[place].code = events[below].time, events[below].code
        place = below
    events[place].time, events[place].code = time, code
    # Nothing comes after the last.
    events[count].time = inf
    return first
