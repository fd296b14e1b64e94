"""What is to come: to each unit, and all other events.

What comes next to a unit is that it is free again, or what its shifts bring. These are the leaves
of a tournament: each node has the earlier of the two below it, so that the root has the first. To
change one is to play as many games as the tree is high, without a branch that a processor could
guess wrong. All other events are few, and lie in a heap. At the same time the lower code goes
first.
"""

from __future__ import annotations

from math import inf
from typing import Any

from lamplighter.rehearsal.simulator.codes import COMING, EVENT
from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.order import in_order, sooner
from lamplighter.rehearsal.simulator.roster import UNIT_FREE


@part  # type: ignore[untyped-decorator]
def set_next(plan: Any, state: Any, unit: int) -> None:
    """What comes next to a unit has changed."""
    now, games = state.units[unit], state.games
    turn = plan.turns[now.turn]
    place = (len(games) >> 1) + unit
    time = in_order(min(now.clear_at, turn.time))
    code = (UNIT_FREE if now.clear_at <= turn.time else turn.what) * EVENT + unit
    games[place].time, games[place].code = time, code
    # Whoever won so far is carried up, so that no game waits for what the one below has written.
    while place > 1:
        other = games[place ^ 1]
        place >>= 1
        first = sooner(time, code, other.time, other.code)
        code = code if first else other.code
        time = time if first else other.time
        games[place].time, games[place].code = time, code


@part  # type: ignore[untyped-decorator]
def push_event(state: Any, time: float, code: int) -> None:
    """Something will happen that is not of one unit's shifts."""
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
