"""The calls that wait, in a list for each class and rank.

Who waits has a slot, which the next one takes that waits once it is given back: few slots are in
use at a time, and those stay near the processor.
"""

from __future__ import annotations

from typing import Any

from lamplighter.rehearsal.simulator.codes import (
    FIRST_RANK,
    NOBODY_WAITS,
    SLOTS,
    SPARE,
    TRIES,
    WAITING,
)
from lamplighter.rehearsal.simulator.compiled import inlined, part


@inlined  # type: ignore[untyped-decorator]
def queue(plan: Any, state: Any, call: int, cls: int, rank: int) -> Any:
    """A call waits behind those of its class and rank that came in before it; returns its slot."""
    slot = state.counters[SPARE]
    if slot != NOBODY_WAITS:
        state.counters[SPARE] = state.waiting[slot].after
    else:
        state.counters[SLOTS] += 1
        slot = state.counters[SLOTS]
    line = state.lines[cls * plan.ranks + rank]
    behind = line.last
    # Backup is asked for in order of time; a call that was handed on may go before others.
    while rank > 0 and behind != NOBODY_WAITS and state.waiting[behind].call > call:
        behind = state.waiting[behind].before
    ahead_of = line.first if behind == NOBODY_WAITS else state.waiting[behind].after
    this = state.waiting[slot]
    this.call, this.cls, this.rank = call, cls, rank
    this.before, this.after = behind, ahead_of
    if behind != NOBODY_WAITS:
        state.waiting[behind].after = slot
    else:
        line.first = slot
    if ahead_of != NOBODY_WAITS:
        state.waiting[ahead_of].before = slot
    else:
        line.last = slot
    its = state.classes[cls]
    its.least = rank if its.length == 0 else min(its.least, rank)
    its.length += 1
    state.counters[WAITING] += 1
    return slot


@part  # type: ignore[untyped-decorator]
def leave_queue(plan: Any, state: Any, slot: int) -> None:
    """A call no longer waits."""
    this = state.waiting[slot]
    line = state.lines[this.cls * plan.ranks + this.rank]
    if this.before != NOBODY_WAITS:
        state.waiting[this.before].after = this.after
    else:
        line.first = this.after
    if this.after != NOBODY_WAITS:
        state.waiting[this.after].before = this.before
    else:
        line.last = this.before
    state.classes[this.cls].length -= 1
    state.counters[WAITING] -= 1
    this.call = -1
    this.after = state.counters[SPARE]
    state.counters[SPARE] = slot


@inlined  # type: ignore[untyped-decorator]
def next_waiting(plan: Any, state: Any, unit: int) -> Any:
    """The slot of the most urgent call that a unit can take, but of classes just tried."""
    best, best_rank = NOBODY_WAITS, plan.ranks
    for place in range(plan.units[unit].first_class, plan.units[unit].end_class):
        cls = plan.unit_classes[place]
        its = state.classes[cls]
        if its.length == 0 or its.tried == state.counters[TRIES]:
            continue
        rank = its.least
        first = state.lines[cls * plan.ranks + rank].first
        while first == NOBODY_WAITS:
            rank += 1
            first = state.lines[cls * plan.ranks + rank].first
        its.least = rank
        if rank < best_rank or (
            rank == best_rank and goes_before(state.waiting[first], state.waiting[best])
        ):
            best, best_rank = first, rank
    return best


@part  # type: ignore[untyped-decorator]
def goes_before(one: Any, other: Any) -> Any:
    """Of two that are as urgent: the backup asked for sooner, or the call that came in sooner."""
    if one.rank == FIRST_RANK and one.entered != other.entered:
        return one.entered < other.entered
    return one.call < other.call
