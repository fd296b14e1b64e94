"""Rows of numbers that are met while calls go by, each with a number of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

# Rows for which there is room at first: so few that making more is loaded with the rest.
_FEW = 1 << 4
# Rows for which there is room at once, at most.
_MANY = 1 << 20


class Numbered:
    """A hash table from rows of words to numbers, read by compiled loops, filled by Python."""

    def __init__(self, words: int) -> None:
        self._lock = Lock()
        self._count = 0
        # What is read without the lock is replaced as one; a row whose number is -1 has none yet.
        self._table = (
            np.zeros(2 * _FEW, np.uint64),
            np.empty((_FEW, words), np.uint64),
            np.full(_FEW, -1, np.int32),
        )
        self._hashes = np.empty(_FEW, np.uint64)

    def __len__(self) -> int:
        return self._count

    @property
    def rows(self) -> Array:
        """The different rows that were met, in the order in which they came."""
        return self._table[1][: self._count]

    @property
    def hashes(self) -> tuple[Array, Array]:
        """The hash of each different row, and its number."""
        return self._hashes[: self._count], self._table[2][: self._count]

    def of(
        self, rows: Array, make: Callable[[Array], Sequence[int] | Array], of_rows: int = 0
    ) -> Array:
        """The number of each row.

        `make(places)` is called with the places, among these rows, of distinct rows that were not
        met before, and gives their numbers, which are not negative. `of_rows` is how many rows are
        to come in all, these among them: where nearly all are new, room is made for them at once.
        """
        from lamplighter.policy.replay import numbered_kernels as kernels

        found, hashes = np.empty(len(rows), np.int32), np.empty(len(rows), np.uint64)
        if kernels.look_up_rows(rows, *self._table, hashes, found):
            with self._lock:
                # Another thread may have met some of them meanwhile.
                missing = np.flatnonzero(found < 0)
                self._make_room(len(missing))
                slots, keys, numbers = self._table
                first, at = np.empty((2, len(missing)), np.int64)
                count = kernels.add_rows(
                    rows, missing, hashes, slots, self._hashes, keys, self._count, first, at
                )
                new = count - self._count
                if new:
                    numbers[self._count : count] = make(first[:new])
                    self._count = count
                found[missing] = numbers[at]
                if 2 * new > len(rows):
                    self._make_room(min(of_rows, _MANY) - count)
        return found

    def _make_room(self, more: int) -> None:
        from lamplighter.policy.replay import numbered_kernels as kernels

        room, count = len(self._hashes), self._count
        while count + more > room:
            room *= 2
        if room > len(self._hashes):
            _, keys, numbers = self._table
            slots = np.zeros(2 * room, np.uint64)
            kernels.fill_slots(self._hashes, count, slots)
            self._hashes = _longer(self._hashes, count, room)
            numbers = _longer(numbers, count, room)
            numbers[count:] = -1
            self._table = slots, _longer(keys, count, room), numbers


def _longer(rows: Array, count: int, room: int) -> Array:
    """The first rows, and room for more of them."""
    longer = np.empty((room, *rows.shape[1:]), rows.dtype)
    longer[:count] = rows[:count]
    return longer


def distinct(rows: Array) -> tuple[Array, Array]:
    """The place of the first of each kind of row, in order, and the number of each row's kind."""
    from lamplighter.policy.replay import numbered_kernels as kernels

    slots = np.zeros(1 << (2 * len(rows)).bit_length(), np.uint64)
    first = np.empty(len(rows), np.int64)
    numbers = np.empty(len(rows), np.int32)
    return first[: kernels.number_rows(rows, slots, first, numbers)], numbers
