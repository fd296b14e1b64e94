"""The different sets of outcomes that came up, each with a place of its own.

A history in which facts are missing at random has nearly as many sets as calls. So those that are
found as bits are kept as bits, and told as numbers only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import UNLISTED, Bulk
from lamplighter.policy.replay.listing import Listing, bits_for
from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import numbers_in, to_words

Array: TypeAlias = npt.NDArray[Any]

# The numbers of outcomes, in order, and whether just these are possible.
Members: TypeAlias = tuple[tuple[int, ...], bool]


class Sets(Sequence[tuple[int, ...]]):
    """The numbers of the outcomes of each set, in order.

    `unsure` and `unlisted` have the places of those that `Possible` calls so.
    """

    def __init__(self) -> None:
        self.unsure: set[int] = set()
        self.unlisted: set[int] = set()
        self._members: list[tuple[int, ...]] = []
        self._listing = Listing.of([])

    def __len__(self) -> int:
        return len(self._members)

    @property
    def listing(self) -> Listing:
        """All sets that came up so far, as columns."""
        if len(self._listing) < len(self):
            self._listing = self._listing.with_more(self._listed(len(self._listing)))
        return self._listing

    def _listed(self, start: int) -> Listing:
        """The sets from this one on."""
        return Listing.of(self._members[start:])

    def renumbered(self, numbers: Array, start: int = 0) -> Listing:
        """The sets from this one on, where outcome k is called `numbers[k]`, each once."""
        return self._listed(start).renumbered(numbers)

    def place(self, members: tuple[int, ...], sure: bool = True) -> int:
        """The place of the set with these outcomes."""
        raise NotImplementedError

    def _told(self) -> list[tuple[int, ...]]:
        return self._members

    @overload
    def __getitem__(self, place: int) -> tuple[int, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> list[tuple[int, ...]]: ...
    def __getitem__(self, place: int | slice) -> tuple[int, ...] | list[tuple[int, ...]]:
        return self._told()[place]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(self._told())


class ListedSets(Sets):
    """Sets that are found as numbers."""

    def __init__(self, bulk: Bulk) -> None:
        super().__init__()
        self._bulk = bulk
        self._places: dict[Members, int] = {}

    def place(self, members: tuple[int, ...], sure: bool = True) -> int:
        place = self._places.setdefault((members, sure), len(self._members))
        if place == len(self._members):
            self._members.append(members)
            if not sure:
                self.unsure.add(place)
                if any(self._bulk.outcomes[member] is UNLISTED for member in members):
                    self.unlisted.add(place)
        return place


class BitSets(Sets):
    """Sets that are found as bits: row by row one word that is 1 where the set is unsure, and
    the keys of its outcomes as bits of the words after it. `numbers_of(keys)` are the numbers of
    the outcomes, and `key_of(number)` is the other way round."""

    def __init__(
        self,
        words: int,
        numbers_of: Callable[[Sequence[int]], Array],
        key_of: Callable[[int], int],
    ) -> None:
        super().__init__()
        self._numbers_of, self._key_of = numbers_of, key_of
        self._numbered = Numbered(words)
        self._numbers = np.full(64 * (words - 1), -1, np.int32)
        self._seen = np.zeros(words - 1, np.uint64)
        self._keys: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._numbered)

    def places(self, rows: Array) -> Array:
        """The place of each set."""
        return self._numbered.of(rows, lambda new: self._placed(rows[new]))

    def place(self, members: tuple[int, ...], sure: bool = True) -> int:
        bits = 0 if sure else 1
        for member in members:
            if member not in self._keys:
                self._keys[member] = self._key_of(member)
            bits |= 1 << 64 + self._keys[member]
        place = int(self.places(to_words([bits], 1 + len(self._seen)))[0])
        if place == len(self._members):
            self._members.append(members)
        return place

    def members(self, rows: Array) -> list[tuple[int, ...]]:
        """The numbers of the outcomes of sets that need not be among these."""
        self._learn(rows)
        return self._as_tuples(self._as_numbers(rows, self._numbers))

    def _as_numbers(self, rows: Array, numbers: Array) -> Listing:
        """The numbers of the keys in each set."""
        from lamplighter.policy.replay import bit_kernels

        found = bits_for(len(rows), numbers)
        bit_kernels.renumber_bits(rows[:, 1:], numbers, found)
        return Listing.of_bits(found)

    def _as_tuples(self, listing: Listing) -> list[tuple[int, ...]]:
        members = listing.members.tolist()
        return [tuple(members[a:b]) for a, b in pairwise(listing.starts.tolist())]

    def _listed(self, start: int) -> Listing:
        return self._as_numbers(self._numbered.rows[start:], self._numbers)

    def renumbered(self, numbers: Array, start: int = 0) -> Listing:
        # No set has an outcome that has no number yet.
        return self._as_numbers(self._numbered.rows[start:], numbers[self._numbers])

    def _placed(self, rows: Array) -> Array:
        places = np.arange(len(self), len(self) + len(rows))
        if self._learn(rows):
            self.unsure.update(places[rows[:, 0] != 0].tolist())
        return places

    def _learn(self, rows: Array) -> bool:
        """Number the outcomes that come up for the first time; tells whether a set is unsure."""
        from lamplighter.policy.replay import bit_kernels

        every = np.zeros(rows.shape[1], np.uint64)
        bit_kernels.unite(rows, np.arange(len(rows)), every)
        new = every[1:] & ~self._seen
        (keys,) = numbers_in(new[None])
        if keys:
            self._numbers[keys] = self._numbers_of(keys)
        self._seen |= new
        return bool(every[0])

    def _told(self) -> list[tuple[int, ...]]:
        if len(self._members) < len(self):
            self._members += self._as_tuples(self._listed(len(self._members)))
        return self._members
