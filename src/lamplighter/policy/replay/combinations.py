"""What is known of each combination of classes of the told inputs, where these are few."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.blocks import in_blocks
from lamplighter.policy.replay.bulk import Lookup
from lamplighter.policy.replay.joined import Given, Joined
from lamplighter.policy.replay.plan import strides_of

Array: TypeAlias = npt.NDArray[Any]

_BLOCK = 1 << 15
# Combinations that are listed.
_MOST_LISTED = 1 << 21
# Where there are so many times as many calls as combinations, all of these are listed.
_PAYS_OFF = 16
# Joint values of inputs in one group: what is listed of each fits the second cache of a core.
_MOST_JOINED = 1 << 16


class Combinations:
    """The set and the residue of each combination of classes; `sizes` has the classes by input,
    the last of them for an input that was not asked."""

    def __init__(self, sizes: Mapping[int, int]) -> None:
        self._sizes = sizes
        self._strides = dict(zip(sizes, strides_of([*sizes.values()]), strict=True))
        # Sets, and residues; -1 where they are not known yet. Small numbers are kept small while
        # they can be: fewer bytes are read and written faster.
        self._known = np.full((2, prod(sizes.values())), -1, np.int16)

    @staticmethod
    def are_few(sizes: Mapping[int, int]) -> bool:
        """Whether the combinations can be listed."""
        return prod(sizes.values()) <= _MOST_LISTED

    def joined(self, given: Mapping[int, Given]) -> Joined:
        """The facts of calls, as `look_up` wants them."""
        return Joined(given, _MOST_JOINED)

    def to_list(self, given: Mapping[int, Given], rows: int) -> Array:
        """Combinations that are not known yet and that are nearly certain to occur."""
        told: Array = np.zeros(1, np.int32)
        # What is not asked leads to every answer, so that waits until it does occur.
        for place, one in given.items():
            classes = np.unique(one.classes[one.classes < self._sizes[place] - 1])
            if len(told) * len(classes) * _PAYS_OFF > rows:
                return told[:0]
            told = (told[:, None] + classes * np.int32(self._strides[place])).ravel()
        new: Array = told[self._known[0][told] < 0]
        return new

    def missing(self, joined: Joined, rows: int) -> Array:
        """Combinations that occur and that are not known yet."""
        find = Lookup(joined, self._strides, np.arange(self._known.shape[1], dtype=np.int32))
        occurs = np.zeros(self._known.shape[1], bool)

        def work(start: int, stop: int) -> None:
            occurs[find.of(start, stop)] = True

        in_blocks(rows, work, _BLOCK)
        return np.flatnonzero(occurs & (self._known[0] < 0)).astype(np.int32)

    def facts(self, combinations: Array) -> dict[int, Given]:
        """Calls that have these combinations, one each."""
        return {
            place: Given(
                combinations // np.int32(self._strides[place]) % np.int32(size),
                np.arange(size, dtype=np.int32),
            )
            for place, size in self._sizes.items()
        }

    def know(self, combinations: Array, sets: Array, residues: Array) -> None:
        """These have these sets and residues."""
        largest = max(sets.max(initial=0), residues.max(initial=0))
        if largest > np.iinfo(self._known.dtype).max:
            self._known = self._known.astype(np.int32)
        self._known[0][combinations] = sets
        self._known[1][combinations] = residues

    def look_up(self, joined: Joined, rows: int, of_sets: bool) -> Array | None:
        """The set of each call, or its residue; None where some are not known."""
        from lamplighter.policy.replay import kernels

        listed = self._known[0 if of_sets else 1]
        steps, offsets = joined.steps(self._strides)
        if len(offsets) == 1:
            listed, steps = listed[steps], steps[:0]
        found = np.empty(rows, listed.dtype)
        unknown: list[bool] = []

        def work(start: int, stop: int) -> None:
            index = joined.of(start, stop)
            every = kernels.look_up_known(index, steps, offsets, listed, found[start:stop])
            unknown.append(every < 0)

        in_blocks(rows, work, _BLOCK)
        return None if any(unknown) else found
