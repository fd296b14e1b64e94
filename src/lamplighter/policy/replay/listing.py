"""Many sets of outcomes as columns of numbers: a history may have nearly as many sets as calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.numbered import distinct

Array: TypeAlias = npt.NDArray[Any]

# Words of bits that sets may take at any rate, and for each of their members.
_FEW_WORDS, _WORDS_A_MEMBER = 1 << 22, 4


@dataclass(frozen=True, slots=True)
class Listing:
    """Sets one behind the other: the numbers of the outcomes in set s are
    `members[starts[s]:starts[s + 1]]`, in order."""

    members: Array
    starts: Array

    @classmethod
    def of(cls, sets: Sequence[Sequence[int]]) -> Listing:
        """Sets that are told one by one."""
        members = np.fromiter(chain.from_iterable(sets), np.int32)
        return cls(members, np.cumsum([0, *map(len, sets)]))

    @classmethod
    def of_bits(cls, rows: Array) -> Listing:
        """Sets as rows of words; bit k of a row stands for outcome k."""
        from lamplighter.policy.replay import bit_kernels

        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(np.bitwise_count(rows).sum(axis=1, dtype=np.int64), out=starts[1:])
        members = np.empty(starts[-1], np.int32)
        bit_kernels.list_bits(rows, members)
        return cls(members, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def counts(self) -> Array:
        """How many outcomes each set has."""
        return np.diff(self.starts)

    def of_each(self, whose: Array) -> Array:
        """For each member, what its set has."""
        return np.repeat(whose, self.counts)

    def with_more(self, others: Listing) -> Listing:
        """These sets, and others behind them."""
        return Listing(
            np.concatenate([self.members, others.members]),
            np.concatenate([self.starts, others.starts[1:] + self.starts[-1]]),
        )

    def picked(self, places: Array) -> Listing:
        """The sets at some places."""
        counts = self.counts[places]
        starts = np.concatenate([[0], np.cumsum(counts)])
        shift = self.starts[places] - starts[:-1]
        return Listing(self.members[np.arange(starts[-1]) + np.repeat(shift, counts)], starts)

    def only(self, kept: Array) -> Listing:
        """The same sets, of each those members that are kept."""
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Listing(self.members[kept], starts)

    def renumbered(self, numbers: Array) -> Listing:
        """The same sets, where member m is called `numbers[m]`, in their order, each once."""
        bits = self._as_bits(numbers)
        if bits is not None:
            return Listing.of_bits(bits)
        many = int(numbers.max()) + 1
        members = np.unique(self.of_each(np.arange(len(self))) * many + numbers[self.members])
        starts = np.searchsorted(members, np.arange(len(self) + 1) * many)
        return Listing((members % many).astype(np.int32), starts)

    def kinds(self) -> tuple[Array, Array]:
        """The place of the first set of each kind, in order, and the kind of each set."""
        bits = self._as_bits(np.arange(self.members.max(initial=0) + 1))
        if bits is not None:
            return distinct(bits)
        told, ends = self.members.tobytes(), (self.members.itemsize * self.starts).tolist()
        numbers: dict[bytes, int] = {}
        kinds = [numbers.setdefault(told[a:b], len(numbers)) for a, b in pairwise(ends)]
        return np.unique(kinds, return_index=True)[1], np.array(kinds, np.int32)

    def _as_bits(self, numbers: Array) -> Array | None:
        """Each set as a row of words, with the bits `numbers[member]` of its members.

        None where that would take much more room than the members: of lists nearly each call may
        have one of its own, and a bit for each of them in each set is more than there is memory.
        """
        from lamplighter.policy.replay import bit_kernels

        words = len(self) * (int(numbers.max(initial=0)) // 64 + 1)
        if words > _FEW_WORDS + _WORDS_A_MEMBER * len(self.members):
            return None
        found = bits_for(len(self), numbers)
        bit_kernels.add_listed(self.members, self.starts, numbers, found)
        return found


def bits_for(rows: int, numbers: Array) -> Array:
    """Rows of words in which each of some numbers may be a bit; none is set."""
    return np.zeros((rows, int(numbers.max(initial=0)) // 64 + 1), np.uint64)
