"""The rules of all tables that the facts of many calls leave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.accepted import Accepted
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

    def __init__(self, bulk: Bulk, accepted: Accepted) -> None:
        tables = bulk.compiled.tables
        counts = [plan.words for plan in bulk.plan.tables]
        self.words = sum(counts)
        self.width = self.words + (len(bulk.compiled.axes) + 63) // 64
        self._tested = bulk.plan.tested
        self._begins = np.array(
            [-(word == 0) for count in counts for word in range(count)], np.int64
        ).view(np.uint64)
        # The rules that may match; those that do not wait for an earlier table, where the first
        # that is certain ends the table; and the inputs that count as told.
        waiting = [reduce(int.__or__, (link.tested for link in one.links), 0) for one in tables]
        rules = [
            table.full & ~tested if table.takes_first else 0
            for table, tested in zip(tables, waiting, strict=True)
        ]
        certain = [to_words([own], count) for own, count in zip(rules, counts, strict=True)]
        told = self._told([sum(1 << place for place in self._tested)])
        self._every = np.concatenate([accepted.full, *certain, told], axis=1)
        self._masks = {place: self._masks_of(accepted, place) for place in self._tested}

    def _told(self, inputs: list[int]) -> Array:
        return to_words(inputs, self.width - self.words)

    def _masks_of(self, accepted: Accepted, place: int) -> Array:
        """What each class of an input, and behind them what its not being told, leaves."""
        own, words = accepted.rules[place], self.words
        masks = np.empty((len(own) + 1, self._every.shape[1]), np.uint64)
        masks[:-1, :words] = own
        masks[-1, :words] = accepted.full
        masks[:-1, words : 2 * words] = accepted.full
        # Rules that accept each class wait for no answer.
        masks[-1, words : 2 * words] = np.bitwise_and.reduce(own, axis=0)
        masks[:, 2 * words :] = self._every[:, 2 * words :]
        masks[-1, 2 * words + (place >> 6)] ^= np.uint64(1 << (place & 63))
        return masks

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
