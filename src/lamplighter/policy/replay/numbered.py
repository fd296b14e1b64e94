"""Rows of numbers that are met while calls go by, each with a number of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


class Numbered:
    """A hash table from rows of words to numbers, read by compiled loops, filled by Python."""

    def __init__(self, words: int) -> None:
        self._lock = Lock()
        self._count = 0
        self._table = _empty(words, 1 << 10)

    def of(self, rows: Array, make: Callable[[Array], Sequence[int]]) -> Array:
        """The number of each row.

        `make(places)` is called with the places, among these rows, of distinct rows that were not
        met before, and gives their numbers, which are not negative.
        """
        from lamplighter.policy.replay import kernels

        found = np.empty(len(rows), np.int32)
        if kernels.look_up_rows(rows, *self._table, found):
            with self._lock:
                new = np.flatnonzero(found < 0)
                new = new[distinct(rows[new])[0]]
                # Another thread may have met them meanwhile.
                known = np.empty(len(new), np.int32)
                kernels.look_up_rows(rows[new], *self._table, known)
                new = new[known < 0]
                if len(new):
                    self._add(rows[new], make(new))
            kernels.look_up_rows(rows, *self._table, found)
        return found

    def _add(self, rows: Array, numbers: Sequence[int]) -> None:
        from lamplighter.policy.replay import kernels

        keys, values = self._table
        slots = len(values)
        while 2 * (self._count + len(rows)) > slots:
            slots *= 2
        if slots > len(values):
            larger = _empty(keys.shape[1], slots)
            full = values >= 0
            kernels.insert_rows(keys[full], values[full], *larger)
            self._table = larger
        kernels.insert_rows(rows, np.asarray(numbers, np.int32), *self._table)
        self._count += len(rows)


def _empty(words: int, slots: int) -> tuple[Array, Array]:
    return np.zeros((slots, words), np.uint64), np.full(slots, -1, np.int32)


def distinct(rows: Array) -> tuple[Array, Array]:
    """The place of the first of each kind of row, in order, and the number of each row's kind."""
    from lamplighter.policy.replay import kernels

    slots = np.full(1 << (2 * len(rows)).bit_length(), -1, np.int64)
    first = np.empty(len(rows), np.int64)
    numbers = np.empty(len(rows), np.int32)
    return first[: kernels.number_rows(rows, slots, first, numbers)], numbers
