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


@compiled  # type: ignore[untyped-decorator]
def look_up_rows(rows: Any, slots: Any, keys: Any, numbers: Any, found: Any) -> int:
    """The number of each row of words; -1 where it has none yet. Counts those."""
    missing = 0
    last = np.uint64(len(slots) - 1)
    for i in range(len(rows)):
        mixed = _mixed(rows, i)
        at = mixed & last
        number = -1
        while slots[at] != ZERO:
            if (slots[at] ^ mixed) >> _HALF == ZERO:
                place = np.int64(slots[at] & _LOW) - 1
                if _same(rows, i, keys, place):
                    number = numbers[place]
                    break
            at = (at + ONE) & last
        found[i] = number
        missing += number < 0
    return missing


@compiled  # type: ignore[untyped-decorator]
def add_rows(rows: Any, chosen: Any, slots: Any, keys: Any, count: int, first: Any, at: Any) -> int:
    """Put the rows that are not there yet into a table with room for them; `count` are there.

    Row `chosen[k]` is found at the place `at[k]` among `keys`. `first[n]` is the row from which
    new place n was filled. Gives how many there are now.
    """
    old = count
    last = np.uint64(len(slots) - 1)
    for k in range(len(chosen)):
        i = chosen[k]
        mixed = _mixed(rows, i)
        slot = mixed & last
        place = -1
        while slots[slot] != ZERO:
            if (slots[slot] ^ mixed) >> _HALF == ZERO:
                other = np.int64(slots[slot] & _LOW) - 1
                if _same(rows, i, keys, other):
                    place = other
                    break
            slot = (slot + ONE) & last
        if place < 0:
            place = count
            count += 1
            first[place - old] = i
            # Whoever reads meanwhile sees the row only once it is whole.
            for word in range(rows.shape[1]):
                keys[place, word] = rows[i, word]
            slots[slot] = (mixed & ~_LOW) | np.uint64(place + 1)
        at[k] = place
    return count


@compiled  # type: ignore[untyped-decorator]
def fill_slots(keys: Any, count: int, slots: Any) -> None:
    """Put rows that differ into an empty table with room for them."""
    last = np.uint64(len(slots) - 1)
    for place in range(count):
        mixed = _mixed(keys, place)
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
        mixed = _mixed(rows, i)
        slot = mixed & last
        number = -1
        while slots[slot] != ZERO:
            if (slots[slot] ^ mixed) >> _HALF == ZERO:
                kind = np.int64(slots[slot] & _LOW) - 1
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
def _mixed(rows: Any, i: int) -> Any:
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
