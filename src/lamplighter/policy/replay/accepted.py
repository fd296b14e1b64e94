"""The rules of all tables that accept each class of facts, and the classes that each rule accepts.

All that finds sets of outcomes starts from these bits, so that they are laid out in one go.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.plan import to_words

Array: TypeAlias = npt.NDArray[Any]


class Accepted:
    """By tested input, `rules[place]` has a row of words for each class: the rules of all tables
    that accept it. `full` is the row of all rules."""

    def __init__(self, bulk: Bulk) -> None:
        tables, counts = bulk.compiled.tables, [plan.words for plan in bulk.plan.tables]
        self._classes = {p: len(bulk.compiled.axes[p].examples) for p in bulk.plan.tested}
        own = []
        for table, words in zip(tables, counts, strict=True):
            columns = dict(table.columns)
            masks = (
                columns.get(place) or (table.full,) * classes
                for place, classes in self._classes.items()
            )
            own.append(to_words([*chain.from_iterable(masks), table.full], words))
        self._rows = np.concatenate(own, axis=1)
        self.full = self._rows[-1:]
        ends = np.cumsum([0, *self._classes.values()]).tolist()
        self.rules = {
            place: self._rows[start:stop]
            for place, start, stop in zip(self._classes, ends, ends[1:], strict=False)
        }

    def cells(self) -> dict[int, Array]:
        """By tested input, for each rule the classes that it accepts, as words of bits.

        Where there is no rule all classes are accepted, so that all rules together accept all.
        """
        from lamplighter.policy.replay import bit_kernels

        widths = [(classes + 63) // 64 for classes in self._classes.values()]
        ends = np.cumsum([0, *widths]).tolist()
        cells = np.zeros((64 * self.full.shape[1], ends[-1]), np.uint64)
        sizes = np.array([*self._classes.values()], np.int64)
        bit_kernels.turn(self._rows | ~self.full, sizes, cells)
        return {
            place: np.ascontiguousarray(cells[:, start:stop])
            for place, start, stop in zip(self._classes, ends, ends[1:], strict=False)
        }
