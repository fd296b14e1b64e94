"""Kinds of calls: those in which the same rules hit, which is all that the outcome depends on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import TablePlan, strides_of

Array: TypeAlias = npt.NDArray[Any]

_MOST_LISTED = 1 << 20


class Kinds:
    """Numbers the kinds that come up while calls go by. Safe to share between threads.

    `outcomes_of(hits)` gives the number of the outcome of each kind; `hits` has a row for each
    table with the place of what hits, -1 where nothing does.
    """

    def __init__(self, tables: Sequence[TablePlan], outcomes_of: Callable[[Array], Array]) -> None:
        # 0 is no rule; what hits together in a table where all rules count comes up as calls go by.
        sizes = [len(table.answers) + 1 for table in tables]
        gathers = any(table.counts_all for table in tables)
        listed = not gathers and prod(sizes) <= _MOST_LISTED
        self.dtype = np.uint16 if listed and prod(sizes) < 1 << 16 else np.int32
        self.dtype_of_hits = np.int32 if gathers else smallest(max(sizes))
        self._sizes = np.array(sizes, np.int64)[:, None]
        self._strides = np.array(strides_of(sizes), np.uint64) if listed else None
        self._numbers = np.full(prod(sizes) if listed else 0, -1, np.int32)
        self._numbered = Numbered(len(tables))
        self._outcomes_of = outcomes_of
        # The outcome of each kind, and what hits: read without the lock, so replaced as one.
        self._met = np.zeros(0, np.int32), np.zeros((len(tables), 0), self.dtype_of_hits)
        self._lock = Lock()

    @property
    def met(self) -> tuple[Array, tuple[Array, ...]]:
        """By number of the kind, for all that were met so far: the number of its outcome, in the
        smallest type that holds those of all of them; and what hits in each table."""
        outcomes, hits = self._met
        return outcomes.astype(smallest(int(outcomes.max(initial=0)))), tuple(hits)

    def of(self, hits: Array, found: Array) -> None:
        """The kind of each call of a block, into `found`."""
        from lamplighter.policy.replay import kind_kernels

        if self._strides is None:
            rows = np.ascontiguousarray(hits.T.astype(np.int64) + 1).view(np.uint64)
            found[:] = self._numbered.of(rows, lambda places: self._add(hits[:, places]))
        elif kind_kernels.combine(hits, self._strides, self._numbers, found):
            met = np.zeros(len(self._numbers), bool)
            kind_kernels.mark_combined(hits, self._strides, met)
            self._list(met)
            kind_kernels.combine(hits, self._strides, self._numbers, found)

    def _list(self, met: Array) -> None:
        """Number those that were met at these places, and not before."""
        with self._lock:
            # Another thread may have met them meanwhile.
            new = np.flatnonzero(met & (self._numbers < 0))
            if len(new) and self._strides is not None:
                digits = new // self._strides.astype(np.int64)[:, None] % self._sizes
                self._numbers[new] = self._add((digits - 1).astype(self.dtype_of_hits))

    def _add(self, hits: Array) -> range:
        outcomes, known = self._met
        self._met = (
            np.concatenate([outcomes, self._outcomes_of(hits)]),
            np.concatenate([known, hits], axis=1),
        )
        return range(len(outcomes), len(outcomes) + hits.shape[1])


def smallest(most: int) -> type[np.signedinteger[Any]]:
    """The smallest kind of whole number that holds so much, and -1."""
    return next((kind for kind in (np.int8, np.int16) if most <= np.iinfo(kind).max), np.int32)
