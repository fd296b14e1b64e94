"""The rules of all tables that the facts of many calls leave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.joined import Given, Group, Joined
from lamplighter.policy.replay.plan import to_words

Array: TypeAlias = npt.NDArray[Any]

# Words of the masks of one group of inputs: those of all groups fit the second cache of a core.
_MOST_WORDS = 1 << 14


class RulesLeft:
    """Finds what is left of the rules of all tables; an input that was not asked leaves them all.

    A row of what is left has the rules as `words` words of bits, then as bits the inputs that
    some rule tests and that were told. Rules behind one that is certain to match are left out
    where the first rule decides.
    """

    def __init__(self, bulk: Bulk) -> None:
        tables = bulk.compiled.tables
        counts = [plan.words for plan in bulk.plan.tables]
        self.words = sum(counts)
        self.width = self.words + (len(bulk.compiled.axes) + 63) // 64
        self._tested = bulk.plan.tested
        self._begins = np.array(
            [-(word == 0) for count in counts for word in range(count)], np.int64
        ).view(np.uint64)
        words_of = [(table, count) for table, count in zip(tables, counts, strict=True)]
        # The rules that may match; those that do not wait for an earlier table, where the first
        # that is certain ends the table; and the inputs that count as told.
        full = [to_words([table.full], count) for table, count in words_of]
        certain = []
        for table, count in words_of:
            waiting = reduce(int.__or__, (link.tested for link in table.links), 0)
            rules = table.full & ~waiting if table.takes_first else 0
            certain.append(to_words([rules], count))
        told = sum(1 << place for place in self._tested)
        self._every = np.concatenate([*full, *certain, self._told([told])], axis=1)
        self._masks = {place: self._masks_of(bulk, place) for place in self._tested}

    def _told(self, inputs: list[int]) -> Array:
        return to_words(inputs, self.width - self.words)

    def _masks_of(self, bulk: Bulk, place: int) -> Array:
        """What each class of an input, and behind them what its not being told, leaves."""
        classes = len(bulk.compiled.axes[place].examples)
        left, certain = [], []
        for table, plan in zip(bulk.compiled.tables, bulk.plan.tables, strict=True):
            masks = dict(table.columns).get(place, (table.full,) * classes)
            left.append(to_words([*masks, table.full], plan.words))
            waiting = reduce(int.__or__, (table.full & ~mask for mask in masks), 0)
            certain.append(to_words([table.full] * classes + [table.full & ~waiting], plan.words))
        every = sum(1 << one for one in self._tested)
        told = self._told([every] * classes + [every & ~(1 << place)])
        return np.concatenate([*left, *certain, told], axis=1)

    def of(self, given: Mapping[int, Given]) -> Left:
        """Those of calls with these facts, input by input."""
        joined = Joined(given, max(_MOST_WORDS // self._every.shape[1], 1))
        masks = [self._joint(group) for group in joined.groups]
        for place in self._tested:
            if place not in given:
                masks[0] &= self._masks[place][-1]
        return Left(joined, masks, self._begins)

    def _joint(self, group: Group) -> Array:
        """What each joint value of a group leaves."""
        joint = self._every
        for place, classes in zip(group.inputs, group.classes, strict=True):
            own = self._masks[place][classes]
            # The earlier inputs of a group have the smaller strides.
            joint = (own[:, None, :] & joint[None, :, :]).reshape(-1, joint.shape[1])
        return joint.copy() if joint is self._every else joint

    def open_inputs(self, row: Array) -> list[int]:
        """The inputs that some rule tests and that were not told."""
        told = row[self.words :].tolist()
        return [place for place in self._tested if not told[place >> 6] >> (place & 63) & 1]


class Left:
    """What is left of the rules in some calls."""

    def __init__(self, joined: Joined, masks: list[Array], begins: Array) -> None:
        self._joined = joined
        self._masks = np.concatenate(masks)
        self._offsets = np.cumsum([0, *[len(one) for one in masks[:-1]]])
        self._begins = begins

    def of(self, start: int, stop: int) -> Array:
        """A row for each call of a block."""
        from lamplighter.policy.replay import left_kernels

        masks = self._masks
        both = np.empty(masks.shape[1], np.uint64)
        rows = np.empty((stop - start, masks.shape[1] - len(self._begins)), np.uint64)
        index = self._joined.of(start, stop)
        left_kernels.rules_left(index, self._offsets, masks, self._begins, both, rows)
        return rows
