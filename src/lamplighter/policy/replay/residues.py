"""Calls with the same future, kept as columns, since a history may have very many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.accepted import Accepted
from lamplighter.policy.replay.blocks import cores, in_blocks
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.completions import Completions
from lamplighter.policy.replay.joined import Given
from lamplighter.policy.replay.left import RulesLeft
from lamplighter.policy.replay.numbered import Numbered, distinct
from lamplighter.policy.replay.search import Search

Array: TypeAlias = npt.NDArray[Any]

_BLOCK = 1 << 15
# Residues whose sets are found in one go, so that a share is left to every core.
_FEWEST_TOGETHER = 1 << 8


@dataclass(frozen=True, slots=True)
class Residue:
    """Calls with the same future: the classes of the known inputs of one of them, the known
    inputs as bits, and the set of outcomes (a place in `Possible.sets`)."""

    codes: tuple[int, ...]
    known: int
    found: int


class Residues:
    """The residues that came up so far, each with the place of its set of outcomes; what is
    possible is found by the `ends`."""

    def __init__(self, bulk: Bulk, accepted: Accepted, ends: Search | Completions) -> None:
        self._axes = bulk.compiled.axes
        self.ends = ends
        self._left = RulesLeft(bulk, accepted)
        self._numbered = Numbered(self._left.width)
        # By input the class in each residue, -1 where it is not known.
        largest = max([len(axis.examples) for axis in self._axes], default=0)
        self._codes = np.zeros((len(self._axes), 0), np.min_scalar_type(-largest - 1))
        self._sets = np.zeros(0, np.int32)
        # Those that have no set yet: their classes, and what is left of the rules.
        self._new: list[tuple[Array, Array]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> Residue:
        codes = self._codes[:, place].tolist()
        known = sum(1 << position for position, code in enumerate(codes) if code >= 0)
        return Residue(tuple(max(code, 0) for code in codes), known, int(self._sets[place]))

    @property
    def sets(self) -> Array:
        """The set of each residue."""
        return self._sets

    @property
    def codes(self) -> Array:
        """By input its class in each residue, -1 where it is not known."""
        return self._codes

    @property
    def hashes(self) -> Array:
        """A number of each residue that only depends on what it is."""
        found = np.zeros(self._count, np.uint64)
        hashes, numbers = self._numbered.hashes
        found[numbers] = hashes
        return found

    def of(self, given: Mapping[int, Given], rows: int) -> Array:
        """The residues of calls, by what is left of the rules in each."""
        residues = np.empty(rows, np.int32)
        left = self._left.of(given)

        def work(start: int, stop: int) -> None:
            found = left.of(start, stop)
            residues[start:stop] = self._numbered.of(
                found, lambda places: self._add(given, start + places, found[places]), rows
            )

        in_blocks(rows, work, _BLOCK)
        self._find_sets()
        return residues

    def settled(
        self, given: Mapping[int, Given], rows: Array, outcomes: Sequence[int]
    ) -> Sequence[int]:
        """Residues for calls like those in some rows, each of which has just one outcome."""
        made = self._add(given, rows, np.zeros((len(rows), self._left.width), np.uint64))
        self._have(np.array([self.ends.sets.place((one,)) for one in outcomes], np.int32))
        found: list[int] = made.tolist()
        return found

    def _add(self, given: Mapping[int, Given], rows: Array, left: Array) -> Array:
        """Make residues, whose sets are not known yet, of calls in these rows."""
        codes = np.full((len(self._axes), len(rows)), -1, self._codes.dtype)
        for place, one in given.items():
            told = one.classes < len(self._axes[place].examples)
            classes = np.where(told, one.classes, -1).astype(codes.dtype)
            classes.take(one.codes[rows], out=codes[place], mode="clip")
        self._new.append((codes, left))
        self._count += len(rows)
        return np.arange(self._count - len(rows), self._count)

    def _find_sets(self) -> None:
        """Work out the sets of the residues that have none yet, those with the same open inputs
        at once."""
        if not self._new:
            return
        rows = np.concatenate([left for _, left in self._new])
        first, order, stops = self._by_open_inputs(rows)
        share = -(-len(rows) // (2 * cores()))
        together = min(max(share, _FEWEST_TOGETHER), self.ends.together)
        spans = [
            (pattern, begin, min(begin + together, stop))
            for pattern, (start, stop) in enumerate(zip([0, *stops], stops, strict=False))
            for begin in range(start, stop, together)
        ]
        # Short spans one after the other are gathered in one go.
        groups = [list(group) for _, group in groupby(spans, lambda span: span[1] // together)]
        found: list[Any] = [None] * len(groups)

        def of(pattern: int, start: int, stop: int) -> Any:
            open_inputs = self._left.open_inputs(rows[first[pattern]])
            return self.ends.of(rows, order[start:stop], open_inputs, len(rows))

        def work(first_group: int, last_group: int) -> None:
            for number in range(first_group, last_group):
                found[number] = self.ends.gathered([of(*span) for span in groups[number]])

        in_blocks(len(groups), work, 1)
        self.ends.settle()
        sets = np.empty(len(rows), np.int32)
        sets[order] = self.ends.places(found)
        self._have(sets)

    def _by_open_inputs(self, rows: Array) -> tuple[Array, Array, list[int]]:
        """The rows in an order in which those with the same open inputs stand together; where
        each kind stops, and the first row of each."""
        first, patterns = distinct(np.ascontiguousarray(rows[:, self._left.words :]))
        # Sorted by counting where that is possible.
        order = np.argsort(patterns.astype(np.min_scalar_type(len(first))), kind="stable")
        return first, order, np.cumsum(np.bincount(patterns)).tolist()

    def mattering(self, given: Mapping[int, Given], rows: int) -> tuple[Array, Array]:
        """By input, in which calls it can change the outcome; and of which calls that is told,
        since it may take too long to tell."""
        left = self._left.of(given).of(0, rows)
        first, order, stops = self._by_open_inputs(left)
        found, told = np.zeros((len(self._axes), rows), bool), np.ones(rows, bool)
        for row, start, stop in zip(first, [0, *stops], stops, strict=False):
            places = order[start:stop]
            open_inputs = self._left.open_inputs(left[row])
            own = self.ends.mattering(left, places, open_inputs)
            if own is None:
                told[places] = False
                continue
            for number, place in enumerate(open_inputs):
                found[place, places] = own >> np.uint64(number) & np.uint64(1)
        return found, told

    def _have(self, sets: Array) -> None:
        """Those without a set have these."""
        self._codes = np.concatenate([self._codes, *(codes for codes, _ in self._new)], axis=1)
        self._sets = np.concatenate([self._sets, sets])
        self._new.clear()
