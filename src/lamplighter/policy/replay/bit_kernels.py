"""What the compiled loops over bits share. Rules are numbered by their bits, 64 to a word."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# Nothing is allocated in these loops, so that no references are counted.
_options: Any = {"nogil": True, "cache": True, "_nrt": False}
compiled: Any = numba.njit(**_options)

ONE = np.uint64(1)
ZERO = np.uint64(0)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_PLACE = np.zeros(64, np.int64)
_PLACE[[((int(_DE_BRUIJN) << bit) & (2**64 - 1)) >> 58 for bit in range(64)]] = np.arange(64)


@compiled  # type: ignore[untyped-decorator]
def place_of(bit: Any) -> int:
    """Which of the 64 bits the only one is that is set."""
    return int(_PLACE[(bit * _DE_BRUIJN) >> _SHIFT])


@compiled  # type: ignore[untyped-decorator]
def is_clear(words: Any) -> bool:
    for word in words:  # noqa: SIM110
        if word != ZERO:
            return False
    return True


@compiled  # type: ignore[untyped-decorator]
def copy(source: Any, target: Any) -> None:
    for k in range(len(source)):
        target[k] = source[k]


@compiled  # type: ignore[untyped-decorator]
def has(found: Any, key: int) -> bool:
    return bool((found[key >> 6] >> np.uint64(key & 63)) & ONE != ZERO)


@compiled  # type: ignore[untyped-decorator]
def add(found: Any, key: int) -> None:
    found[key >> 6] |= ONE << np.uint64(key & 63)


@compiled  # type: ignore[untyped-decorator]
def unite(rows: Any, places: Any, found: Any) -> None:
    """Add all bits of the rows at some places."""
    for place in places:
        for word in range(len(found)):
            found[word] |= rows[place, word]


@compiled  # type: ignore[untyped-decorator]
def list_bits(rows: Any, found: Any) -> None:
    """found gets the places of the bits of each row, row by row."""
    at = 0
    for i in range(len(rows)):
        for word in range(rows.shape[1]):
            bits = rows[i, word]
            while bits != ZERO:
                low = bits & (~bits + ONE)
                bits ^= low
                found[at] = 64 * word + place_of(low)
                at += 1


@compiled  # type: ignore[untyped-decorator]
def renumber_bits(rows: Any, numbers: Any, found: Any) -> None:
    """found[i] gets the bit numbers[k] for each bit k of rows[i]."""
    for i in range(len(rows)):
        for word in range(rows.shape[1]):
            bits = rows[i, word]
            while bits != ZERO:
                low = bits & (~bits + ONE)
                bits ^= low
                add(found[i], numbers[64 * word + place_of(low)])


@compiled  # type: ignore[untyped-decorator]
def add_listed(members: Any, starts: Any, numbers: Any, found: Any) -> None:
    """found[i] gets the bit numbers[k] for each k of members[starts[i]:starts[i + 1]]."""
    for i in range(len(found)):
        for at in range(starts[i], starts[i + 1]):
            add(found[i], numbers[members[at]])


@compiled  # type: ignore[untyped-decorator]
def turn(accepted: Any, sizes: Any, cells: Any) -> None:
    """cells[rule] gets the classes that a rule accepts, for one input after the other, each of
    which begins at a word. Input k has `sizes[k]` rows of `accepted`, one for each class."""
    row = at = 0
    for size in sizes:
        for one in range(size):
            bit = ONE << np.uint64(one & 63)
            for word in range(accepted.shape[1]):
                rules = accepted[row, word]
                while rules != ZERO:
                    low = rules & (~rules + ONE)
                    rules ^= low
                    cells[word * 64 + place_of(low), at + (one >> 6)] |= bit
            row += 1
        at += (size + 63) >> 6
