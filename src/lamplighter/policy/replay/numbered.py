"""Rows of numbers that are met while calls go by, each with a number of its own."""

from __future__ import annotations

from collections.abc import Callable
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

    def of(self, rows: Array, make: Callable[[int], int]) -> Array:
        """The number of each row.

        `make(place)` is called once for each distinct row that was not met before, with its place
        among these rows, and gives its number, which is not negative.
        """
        from lamplighter.policy.replay import kernels

        found = np.empty(len(rows), np.int32)
        if kernels.look_up_rows(rows, *self._table, found):
            with self._lock:
                new = np.flatnonzero(found < 0)
                for place in new[_distinct(rows[new])].tolist():
                    self._add(rows[place], place, make)
            kernels.look_up_rows(rows, *self._table, found)
        return found

    def _add(self, row: Array, place: int, make: Callable[[int], int]) -> None:
        from lamplighter.policy.replay import kernels

        one = np.empty(1, np.int32)
        if not kernels.look_up_rows(row[None, :], *self._table, one):
            return
        keys, values = self._table
        if 2 * (self._count + 1) > len(values):
            larger = _empty(keys.shape[1], 2 * len(values))
            for slot in np.flatnonzero(values >= 0):
                kernels.insert_row(keys[slot], values[slot], *larger)
            self._table = larger
        kernels.insert_row(row, make(place), *self._table)
        self._count += 1


def _empty(words: int, slots: int) -> tuple[Array, Array]:
    return np.zeros((slots, words), np.uint64), np.full(slots, -1, np.int32)


def _distinct(rows: Array) -> Array:
    """The place of the first of each kind of row, in order."""
    whole = np.ascontiguousarray(rows).view([("", rows.dtype)] * rows.shape[1]).ravel()
    return np.sort(np.unique(whole, return_index=True)[1])
