"""The compiled loops: joint classes of facts, then one AND a word of 64 rules.

They release Python's lock, so that blocks of calls run on all cores in threads, and they are
kept on disk once compiled.
"""

# What numba compiles has no annotations that mypy could use beyond arrays.
from __future__ import annotations

from typing import Any

import numba
import numpy as np

_compiled: Any = numba.njit(nogil=True, cache=True)

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_PLACE = np.zeros(64, np.int32)
_PLACE[[((int(_DE_BRUIJN) << bit) & (2**64 - 1)) >> 58 for bit in range(64)]] = np.arange(64)


@_compiled
def add_classes(codes: Any, start: int, steps: Any, index: Any) -> None:
    """index[i] += steps[codes[start + i]]"""
    for i in range(len(index)):
        index[i] += steps[codes[start + i]]


@_compiled
def look_up(index: Any, table: Any, found: Any) -> int:
    """found[i] = table[index[i]]; gives how many of them are negative."""
    missing = 0
    for i in range(len(index)):
        value = table[index[i]]
        found[i] = value
        missing += value < 0
    return missing


@_compiled
def split(first: int, stride: int, size: int, codes: Any) -> None:
    """codes[i]: the digit of the number first + i that has this stride and size."""
    for i in range(len(codes)):
        codes[i] = (first + i) // stride % size


@_compiled
def first_rule(
    index: Any,
    parts: Any,
    offsets: Any,
    masks: Any,
    words: int,
    order: Any,
    answers: Any,
    none: int,
    rules: Any,
    place: int,
) -> None:
    """The rule that stands first among those that match.

    Part k reads `index[parts[k]]`; its masks begin at `offsets[k]`, one row of `words` words a
    joint class. `order[bit]` is the rule of a bit, `answers[bit]` its class of outputs, which
    becomes `index[place]`; `none` where no rule matches.
    """
    count = len(parts)
    for i in range(index.shape[1]):
        rule, answer = -1, none
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            if left != _ZERO:
                low = left & (~left + _ONE)
                bit = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                rule, answer = order[bit], answers[bit]
                break
        rules[i] = rule
        index[place, i] = answer


@_compiled
def agreeing_rule(
    index: Any,
    parts: Any,
    offsets: Any,
    masks: Any,
    words: int,
    order: Any,
    answers: Any,
    none: int,
    rules: Any,
    place: int,
    members: Any,
) -> None:
    """As `first_rule`, but every rule that matches must be one of `members[bit of the first]`.

    Those are the rules with the same outputs, or the rule alone.
    """
    count = len(parts)
    for i in range(index.shape[1]):
        rule, answer, first = -1, none, -1
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            if left != _ZERO:
                if first < 0:
                    low = left & (~left + _ONE)
                    first = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                    rule, answer = order[first], answers[first]
                if left & ~members[first, word] != _ZERO:
                    rule, answer = -1, none
                    break
        rules[i] = rule
        index[place, i] = answer


@_compiled
def combine(index: Any, tables: Any, steps: Any, starts: Any, outcomes: Any, found: Any) -> None:
    """The outcome of the answers of all tables: found[i] = outcomes[sum of their steps]."""
    for i in range(index.shape[1]):
        key = 0
        for k in range(len(tables)):
            key += steps[starts[k] + index[tables[k], i]]
        found[i] = outcomes[key]
