"""The heap of coming events, and the lists of calls that wait."""

from __future__ import annotations

from typing import Any

from lamplighter.rehearsal.simulator.codes import COMING, TRIES, WAITING
from lamplighter.rehearsal.simulator.compiled import part


@part  # type: ignore[untyped-decorator]
def push_event(state: Any, time: float, code: int) -> None:
    """Something will happen; at the same time the lower code goes first."""
    times, codes = state.event_time, state.event_code
    place = state.counters[COMING]
    state.counters[COMING] += 1
    while place > 0:
        above = (place - 1) >> 1
        if times[above] < time or (times[above] == time and codes[above] <= code):
            break
        times[place], codes[place] = times[above], codes[above]
        place = above
    times[place], codes[place] = time, code


@part  # type: ignore[untyped-decorator]
def next_event(state: Any) -> Any:
    """Take what happens next out of the heap."""
    times, codes = state.event_time, state.event_code
    first_time, first_code = times[0], codes[0]
    state.counters[COMING] -= 1
    count = state.counters[COMING]
    time, code = times[count], codes[count]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= count:
            break
        right = below + 1
        if right < count and (
            times[right] < times[below]
            or (times[right] == times[below] and codes[right] < codes[below])
        ):
            below = right
        if time < times[below] or (time == times[below] and code <= codes[below]):
            break
        times[place], codes[place] = times[below], codes[below]
        place = below
    times[place], codes[place] = time, code
    return first_time, first_code


@part  # type: ignore[untyped-decorator]
def queue(plan: Any, state: Any, number: int, cls: int, rank: int) -> None:
    """A call waits behind those of its class and rank that came in before it."""
    line = cls * plan.ranks + rank
    behind = state.lines[line].last
    # Backup is asked for in order of time; a call that was handed on may go before others.
    while rank > 0 and behind >= 0 and behind > number:
        behind = state.waiting[behind].before
    ahead_of = state.waiting[behind].after if behind >= 0 else state.lines[line].first
    state.waiting[number].before, state.waiting[number].after = behind, ahead_of
    if behind >= 0:
        state.waiting[behind].after = number
    else:
        state.lines[line].first = number
    if ahead_of >= 0:
        state.waiting[ahead_of].before = number
    else:
        state.lines[line].last = number
    state.waiting[number].waits = True
    state.classes[cls].length += 1
    state.counters[WAITING] += 1


@part  # type: ignore[untyped-decorator]
def leave_queue(plan: Any, state: Any, number: int, cls: int, rank: int) -> None:
    """A call no longer waits."""
    line = cls * plan.ranks + rank
    before, after = state.waiting[number].before, state.waiting[number].after
    if before >= 0:
        state.waiting[before].after = after
    else:
        state.lines[line].first = after
    if after >= 0:
        state.waiting[after].before = before
    else:
        state.lines[line].last = before
    state.waiting[number].waits = False
    state.classes[cls].length -= 1
    state.counters[WAITING] -= 1


@part  # type: ignore[untyped-decorator]
def next_waiting(plan: Any, state: Any, unit: int) -> Any:
    """The most urgent call that a unit can take, and its class, but of classes just tried."""
    best, best_class, best_rank = -1, -1, plan.ranks
    for place in range(plan.units[unit].first_class, plan.units[unit].end_class):
        cls = plan.unit_classes[place]
        if state.classes[cls].length == 0 or state.classes[cls].tried == state.counters[TRIES]:
            continue
        rank = 0
        while state.lines[cls * plan.ranks + rank].first < 0:
            rank += 1
        number = state.lines[cls * plan.ranks + rank].first
        if rank < best_rank or (rank == best_rank and number < best):
            best, best_class, best_rank = number, cls, rank
    return best, best_class
