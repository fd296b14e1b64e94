"""The compiled loops: joint classes of facts, then one AND a word of 64 rules.

They release Python's lock, so that blocks of calls run on all cores in threads, and they are
kept on disk once compiled. A block of calls is a matrix `index` with a row for each number that
is known of a call; tables read some of its rows and write one of their own: 0 where they have no
answer, else the number of their answer and 1.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# What numba compiles is dynamic: arrays of several kinds of whole numbers.
_compiled: Any = numba.njit(nogil=True, cache=True)

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_PLACE = np.zeros(64, np.int32)
_PLACE[[((int(_DE_BRUIJN) << bit) & (2**64 - 1)) >> 58 for bit in range(64)]] = np.arange(64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@_compiled  # type: ignore[untyped-decorator]
def add_classes(codes: Any, start: int, steps: Any, index: Any) -> None:
    """index[i] += steps[codes[start + i]]"""
    for i in range(len(index)):
        index[i] += steps[codes[start + i]]


@_compiled  # type: ignore[untyped-decorator]
def look_up(index: Any, table: Any, found: Any) -> int:
    """found[i] = table[index[i]]; gives how many of them are negative."""
    missing = 0
    for i in range(len(index)):
        value = table[index[i]]
        found[i] = value
        missing += value < 0
    return missing


@_compiled  # type: ignore[untyped-decorator]
def split(first: int, stride: int, size: int, codes: Any) -> None:
    """codes[i]: the digit of the number first + i that has this stride and size."""
    for i in range(len(codes)):
        codes[i] = (first + i) // stride % size


@_compiled  # type: ignore[untyped-decorator]
def first_rule(
    index: Any,
    parts: Any,
    offsets: Any,
    masks: Any,
    words: int,
    answers: Any,
    hits: Any,
    place: int,
) -> None:
    """The rule that stands first among those that match; -1 where none does.

    Part k reads `index[parts[k]]`; its masks begin at `offsets[k]`, one row of `words` words for
    each value of it. `answers[rule]` goes to `index[place]`.
    """
    count = len(parts)
    for i in range(index.shape[1]):
        rule, answer = -1, 0
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            if left != _ZERO:
                low = left & (~left + _ONE)
                rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                answer = answers[rule]
                break
        hits[i] = rule
        index[place, i] = answer


@_compiled  # type: ignore[untyped-decorator]
def agreeing_rule(
    index: Any,
    parts: Any,
    offsets: Any,
    masks: Any,
    words: int,
    answers: Any,
    hits: Any,
    place: int,
    members: Any,
) -> None:
    """As `first_rule`, but no rule may match that is not among `members[first rule]`."""
    count = len(parts)
    for i in range(index.shape[1]):
        rule, answer = -1, 0
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            if left != _ZERO:
                if rule < 0:
                    low = left & (~left + _ONE)
                    rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                    answer = answers[rule]
                if left & ~members[rule, word] != _ZERO:
                    rule, answer = -1, 0
                    break
        hits[i] = rule
        index[place, i] = answer


@_compiled  # type: ignore[untyped-decorator]
def matching_rules(
    index: Any, parts: Any, offsets: Any, masks: Any, words: int, found: Any
) -> None:
    """All rules that match, as words of bits in `found[i]`."""
    count = len(parts)
    for i in range(index.shape[1]):
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            found[i, word] = left


@_compiled  # type: ignore[untyped-decorator]
def look_up_rows(rows: Any, keys: Any, values: Any, found: Any) -> int:
    """The number of each row of words in a hash table; -1 where it has none yet. Counts those."""
    missing = 0
    last = len(values) - 1
    for i in range(len(rows)):
        slot = _slot(rows[i], last)
        while values[slot] >= 0 and not _same(rows[i], keys[slot]):
            slot = (slot + 1) & last
        found[i] = values[slot]
        missing += values[slot] < 0
    return missing


@_compiled  # type: ignore[untyped-decorator]
def insert_row(row: Any, value: int, keys: Any, values: Any) -> None:
    """Put a row of words that is not there yet into a hash table with room for it."""
    last = len(values) - 1
    slot = _slot(row, last)
    while values[slot] >= 0:
        slot = (slot + 1) & last
    # Whoever reads meanwhile sees the row only once it is whole.
    keys[slot] = row
    values[slot] = value


@_compiled  # type: ignore[untyped-decorator]
def _slot(row: Any, last: int) -> Any:
    mixed = _ZERO
    for word in range(len(row)):
        mixed = (mixed ^ np.uint64(row[word])) * _MIX
        mixed ^= mixed >> _HALF
    return np.int64(mixed & np.uint64(last))


@_compiled  # type: ignore[untyped-decorator]
def _same(row: Any, other: Any) -> bool:
    for word in range(len(row)):  # noqa: SIM110
        if row[word] != other[word]:
            return False
    return True


@_compiled  # type: ignore[untyped-decorator]
def combine(index: Any, first: int, strides: Any, outcomes: Any, found: Any) -> int:
    """The outcome of the answers of all tables, from row `first` on; counts those not seen yet.

    found[i] = outcomes[sum of answer times stride], 0 where a table has no answer.
    """
    missing = 0
    for i in range(index.shape[1]):
        key, fails = 0, False
        for k in range(len(strides)):
            answer = index[first + k, i]
            fails |= answer == 0
            key += answer * strides[k]
        value = 0 if fails else outcomes[key]
        found[i] = value
        missing += value < 0
    return missing
