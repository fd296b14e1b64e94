"""All outcomes that the answers to open inputs can lead to, all answers looked at together.

Where there are few ways to answer, each rule's truth table over them is a row of words, and the
rules of a table take their points out of what is left, 64 points at a time. That needs no search,
and what it takes is known beforehand: the rules that are left times the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.compiled import CompiledTable
from lamplighter.policy.replay.bulk import Bulk

Array: TypeAlias = npt.NDArray[Any]

# Words that the truth tables of all rules may have together.
_MOST_ROOM = 1 << 19
# Words of truth tables that are gone through block by block where the first rule decides.
_FEW_WORDS = 128
# Words of points that are kept for the open inputs that were asked about; there may be very many.
_MOST_KEPT = 1 << 20
# Rows of which it is not asked which rules they have left.
_MANY_ROWS = 1 << 7


class TruthTables:
    """The truth tables of one policy in whose tables one rule decides.

    `cells` has, for each tested input, the classes that every rule accepts, as rows of words;
    `full` has all rules as bits;
    `shown[t]` what each answer of table t adds to the number of an outcome; `links` are those of
    the search.
    """

    def __init__(
        self,
        bulk: Bulk,
        cells: Mapping[int, Array],
        full: Array,
        shown: Sequence[Sequence[int]],
        links: tuple[Array, ...],
    ) -> None:
        tables, plans = bulk.compiled.tables, bulk.plan.tables
        self._counts = np.array([plan.words for plan in plans])
        self._starts = np.cumsum([0, *self._counts[:-1]])
        self._words = int(self._counts.sum())
        none = np.zeros((64 * self._words, 0), np.uint64)
        self._cells = np.concatenate([none, *cells.values()], axis=1)
        widths = np.cumsum([0, *[own.shape[1] for own in cells.values()]]).tolist()
        self._offsets = dict(zip(cells, widths, strict=False))
        self._sizes = {place: len(bulk.compiled.axes[place].examples) for place in cells}
        self._links = links
        # Bits that tell all outcomes apart, and a failure, which is 0.
        self._planes = (1 + sum(map(max, shown))).bit_length()
        self._later_points: dict[tuple[int, ...], Array] = {}
        self._kept = 0
        # A table is asked once for each answer of the one before, which pays off where it matters.
        self._takes_first = all(table.takes_first for table in tables) and all(
            table.links for table in tables[1:]
        )
        self._rules = full.ravel()
        self._most_answers = max(len(table.answers) for table in tables)
        answers = np.zeros(64 * self._words, np.int64)
        for start, plan in zip(self._starts.tolist(), plans, strict=True):
            answers[64 * start : 64 * start + len(plan.answers)] = plan.answers
        self._fixed = (
            np.array([_mode(table) for table in tables]),
            answers,
            np.cumsum([0, *[len(table.answers) + 1 for table in tables]]),
            np.concatenate([_ranks(table) for table in tables]),
            np.concatenate([[0, *own] for own in shown]).astype(np.int64),
            np.flatnonzero([max(own) > 0 for own in shown]),
            self._starts,
            self._counts,
            links,
        )

    @cached_property
    def _ends(self) -> tuple[Any, ...]:
        """What `complete_first` wants beside the points: where the answer of each rule has its
        place, or in the last table what it adds to the number of an outcome."""
        _, answers, starts, _, shown, *_ = self._fixed
        ends = answers + np.repeat(starts[:-1], 64 * self._counts)
        last = 64 * int(self._starts[-1])
        ends[last:] = shown[ends[last:]]
        own = ends.astype(np.uint64), starts, shown.astype(np.uint64)
        return (*own, self._starts, self._counts, self._links)

    def width(self, open_inputs: Sequence[int]) -> int:
        """The words of a truth table over these inputs; 0 where they would be too many."""
        points = prod(self._sizes[place] for place in open_inputs)
        width = (points + 63) // 64
        return width if 64 * self._words * width <= _MOST_ROOM else 0

    def fill(
        self,
        left: Array,
        rows: Array,
        open_inputs: Sequence[int],
        bits: Array,
        mattering: bool = False,
    ) -> int:
        """The outcomes where what is left of the rules is `left[row]`, into `bits`, which is clear.

        There is a row of bits for each of the `rows`. With `mattering` its first word gets
        instead, as bits, which of the open inputs can change the outcome. Gives the steps it took.
        """
        from lamplighter.policy.replay import bit_kernels, points_kernels, truth_kernels

        width = self.width(open_inputs)
        sizes = np.array([self._sizes[place] for place in open_inputs], np.int64)
        points = int(sizes.prod())
        matching = np.empty((64 * self._words, width), np.uint64)
        # Of many rows nearly all rules are left: to lay out the others takes less than to tell.
        wanted = self._rules.copy()
        if len(rows) < _MANY_ROWS:
            wanted[:] = 0
            bit_kernels.unite(left, rows, wanted)
        offsets = np.array([self._offsets[place] for place in open_inputs], np.int64)
        points_kernels.spread(wanted, self._cells, offsets, sizes, matching)
        if self._takes_first and width <= _FEW_WORDS and not mattering:
            return self._of_first(left, rows, points, wanted, matching, bits)
        tables, kinds = len(self._counts), len(self._fixed[3])
        room = np.empty((7 + tables, width), np.uint64)
        room[0] = _first(points)
        planes = np.empty((self._planes if mattering else 0, width), np.uint64)
        later = self._later(tuple(open_inputs)) if mattering else room
        places = (
            np.empty((tables + 2, max(self._most_answers, tables)), np.int64),
            np.empty(tables, np.int64),
            np.empty(kinds, np.int64),
        )
        hits = np.empty((kinds, width), np.uint64)
        looks: int = truth_kernels.complete(
            left, rows, matching, *self._fixed, room, hits, places, sizes, later, planes, bits
        )
        return width * looks

    def _later(self, open_inputs: tuple[int, ...]) -> Array:
        """By open input, the points that are not of its first class."""
        found = self._later_points.get(open_inputs)
        if found is None:
            sizes = [self._sizes[place] for place in open_inputs]
            points, stride = prod(sizes), 1
            flags = np.zeros((len(sizes), 64 * self.width(open_inputs)), bool)
            for own, size in zip(flags, sizes, strict=True):
                classes = np.repeat(np.arange(size) > 0, stride)
                own[:points] = np.tile(classes, points // len(classes))
                stride *= size
            packed = np.packbits(flags, axis=1, bitorder="little")
            found = packed.view("<u8").astype(np.uint64)
            if self._kept + found.size > _MOST_KEPT:
                self._later_points.clear()
                self._kept = 0
            self._kept += found.size
            self._later_points[open_inputs] = found
        return found

    def _of_first(
        self, left: Array, rows: Array, points: int, wanted: Array, matching: Array, bits: Array
    ) -> int:
        """As `fill`, where the first rule of each table decides and there are few words."""
        from lamplighter.policy.replay import first_kernels, lanes, points_kernels

        count = -(-matching.shape[1] // lanes.LANES)
        blocks = np.empty((count, len(matching), lanes.LANES), np.uint64)
        present = np.zeros((count, self._words), np.uint64)
        points_kernels.in_blocks(wanted, matching, blocks, present)
        every = np.zeros(blocks.shape[::2], np.uint64)
        every.ravel()[: matching.shape[1]] = _first(points)
        tables, kinds = len(self._counts), len(self._ends[2])
        places = (
            # One more than there are answers: what is written there does not count.
            np.empty((tables, self._most_answers + 1), np.uint64),
            *np.empty((3, tables), np.int64),
            np.empty(tables, np.uint64),
            np.zeros(kinds, np.uint64),
        )
        looks: int = first_kernels.complete_first(
            left,
            rows,
            every,
            blocks,
            present,
            *self._ends,
            np.zeros((kinds + 1, lanes.LANES), np.uint64),
            places,
            bits,
        )
        return lanes.LANES * looks


def _first(points: int) -> Array:
    """So many bits, in words."""
    words = np.full((points + 63) // 64, ~np.uint64(0))
    if points % 64:
        words[-1] = (1 << points % 64) - 1
    return words


def _mode(table: CompiledTable) -> int:
    """How the rules of a table that match together decide."""
    from lamplighter.policy.replay import truth_kernels as modes

    if table.takes_first:
        return modes.FIRST
    if table.unique:
        return modes.ALONE
    return modes.AGREEING if table.any else modes.RANKED


def _ranks(table: CompiledTable) -> Array:
    """The place of each answer, from 1, among those of a table that gives its least or most."""
    if table.table.aggregate is None:
        return np.zeros(len(table.answers) + 1, np.int64)
    ((name, output),) = table.table.outputs.items()
    answers = [table.answers[answer][name] for answer in range(len(table.answers))]
    numbers = np.array([output.domain.number(answer) or 0 for answer in answers])
    numbers = numbers if table.table.aggregate == "min" else -numbers
    return np.concatenate([[0], np.argsort(np.argsort(numbers, kind="stable"))])
