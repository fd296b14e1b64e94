"""The compiled loops of a hash table whose keys are rows of words.

A slot is empty, 0, or has the upper half of a row's hash and, in its lower half, the row's place
among all rows and 1. So that a row is compared only with the one that it is likely to be.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import ONE, ZERO, compiled

_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
# Where a row is not found in its first slot: -1 as a number.
_ELSE = _LOW


@compiled  # type: ignore[untyped-decorator]
def look_up_rows(rows: Any, slots: Any, keys: Any, numbers: Any, mixed: Any, found: Any) -> int:
    """The number of each row of words; -1 where it has none yet. Counts those.

    `mixed` gets the hashes of the rows. What is far away in memory is read in loops of their own,
    which ask for many places before the first of them has come.
    """
    missing = 0
    last = np.uint64(len(slots) - 1)
    for i in range(len(rows)):
        mixed[i] = hash_of(rows, i)
    for i in range(len(rows)):
        slot = slots[mixed[i] & last]
        found[i] = slot & _LOW if (slot ^ mixed[i]) >> _HALF == ZERO or slot == ZERO else _ELSE
    for i in range(len(rows)):
        place = np.int64(found[i]) - 1
        # The first slot is nearly always the right one.
        if place < -1 or (place >= 0 and not _same(rows, i, keys, place)):
            place = _place(rows, i, mixed[i], slots, keys)
        found[i] = numbers[place] if place >= 0 else -1
        missing += found[i] < 0
    return missing


@compiled  # type: ignore[untyped-decorator]
def add_rows(
    rows: Any,
    chosen: Any,
    mixed: Any,
    slots: Any,
    hashes: Any,
    keys: Any,
    count: int,
    first: Any,
    at: Any,
) -> int:
    """Put the rows that are not there yet into a table with room for them; `count` are there.

    Row `chosen[k]` is found at the place `at[k]` among `keys`. `first[n]` is the row from which
    new place n was filled. Gives how many there are now.
    """
    old = count
    for k in range(len(chosen)):
        i = chosen[k]
        place = _place(rows, i, mixed[i], slots, keys)
        if place < 0:
            place = count
            count += 1
            first[place - old] = i
            # Whoever reads meanwhile sees the row only once it is whole.
            for word in range(rows.shape[1]):
                keys[place, word] = rows[i, word]
            hashes[place] = mixed[i]
            _put(mixed[i], place, slots)
        at[k] = place
    return count


@compiled  # type: ignore[untyped-decorator]
def fill_slots(hashes: Any, count: int, slots: Any) -> None:
    """Put rows that differ into an empty table with room for them."""
    for place in range(count):
        _put(hashes[place], place, slots)


@compiled  # type: ignore[untyped-decorator]
def _place(rows: Any, i: int, mixed: Any, slots: Any, keys: Any) -> Any:
    """The place of a row among the keys; -1 where it is not there."""
    last = np.uint64(len(slots) - 1)
    slot = mixed & last
    while slots[slot] != ZERO:
        if (slots[slot] ^ mixed) >> _HALF == ZERO:
            place: Any = np.int64(slots[slot] & _LOW) - 1
            if _same(rows, i, keys, place):
                return place
        slot = (slot + ONE) & last
    return -1


@compiled  # type: ignore[untyped-decorator]
def _put(mixed: Any, place: int, slots: Any) -> None:
    last = np.uint64(len(slots) - 1)
    slot = mixed & last
    while slots[slot] != ZERO:
        slot = (slot + ONE) & last
    slots[slot] = (mixed & ~_LOW) | np.uint64(place + 1)


@compiled  # type: ignore[untyped-decorator]
def number_rows(rows: Any, slots: Any, first: Any, numbers: Any) -> int:
    """Number the kinds of row in the order in which they come; gives how many there are.

    `first[n]` is the place of the first row of kind n. `slots` is room for a hash table, twice as
    long as there are rows, of zeros.
    """
    count = 0
    last = np.uint64(len(slots) - 1)
    for i in range(len(rows)):
        mixed = hash_of(rows, i)
        slot = mixed & last
        number: Any = -1
        while slots[slot] != ZERO:
            if (slots[slot] ^ mixed) >> _HALF == ZERO:
                kind: Any = np.int64(slots[slot] & _LOW) - 1
                if _same(rows, i, rows, first[kind]):
                    number = kind
                    break
            slot = (slot + ONE) & last
        if number < 0:
            number = count
            first[count] = i
            count += 1
            slots[slot] = (mixed & ~_LOW) | np.uint64(count)
        numbers[i] = number
    return count


@compiled  # type: ignore[untyped-decorator]
def hash_of(rows: Any, i: int) -> Any:
    """A hash of a row: sums of products that do not wait for each other."""
    factor, mixed = _MIX, ZERO
    for word in range(rows.shape[1]):
        bits = rows[i, word]
        # The upper bits come down as well: a product carries upwards only.
        mixed += (bits ^ (bits >> _HALF)) * factor
        factor *= _MIX
    mixed = (mixed ^ (mixed >> _HALF)) * _MIX
    return mixed ^ (mixed >> _HALF)


@compiled  # type: ignore[untyped-decorator]
def _same(rows: Any, i: int, others: Any, k: int) -> bool:
    for word in range(rows.shape[1]):  # noqa: SIM110
        if rows[i, word] != others[k, word]:
            return False
    return True
