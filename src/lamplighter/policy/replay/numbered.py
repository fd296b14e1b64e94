"""Rows of numbers that are met while calls go by, each with a number of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


class Numbered:
    """A hash table from rows of words to numbers, read by compiled loops, filled by Python.

    `make(row)` is called once for each distinct row and gives its number, which is not negative.
    """

    def __init__(self, words: int, make: Callable[[Array], int]) -> None:
        self._make = make
        self._lock = Lock()
        self._count = 0
        self._table = _empty(words, 1 << 10)

    def of(self, rows: Array) -> Array:
        """The number of each row."""
        from lamplighter.policy.replay import kernels

        found = np.empty(len(rows), np.int32)
        if kernels.look_up_rows(rows, *self._table, found):
            with self._lock:
                for row in np.unique(rows[found < 0], axis=0):
                    self._add(row)
            kernels.look_up_rows(rows, *self._table, found)
        return found

    def _add(self, row: Array) -> None:
        from lamplighter.policy.replay import kernels

        one = np.empty(1, np.int32)
        if not kernels.look_up_rows(row[None, :], *self._table, one):
            return
        keys, values = self._table
        if 2 * (self._count + 1) > len(values):
            larger = _empty(keys.shape[1], 2 * len(values))
            for place in np.flatnonzero(values >= 0):
                kernels.insert_row(keys[place], values[place], *larger)
            self._table = larger
        kernels.insert_row(row, self._make(row), *self._table)
        self._count += 1


def _empty(words: int, slots: int) -> tuple[Array, Array]:
    return np.zeros((slots, words), np.uint64), np.full(slots, -1, np.int32)
