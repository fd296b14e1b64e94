"""The set of outcomes that is still possible in each call, exactly as `Open.possible` has it.

Which rules are left once the known facts are taken into account, and which inputs nobody asked,
is all that a call's future depends on: its *residue*. Calls share few of them. So compiled loops
find the residue of each call, and what is possible is worked out once for each that occurs: where
there are few ways to answer what is open, by deciding all of them, else from the policy's diagram.
From tables in which one rule decides, rules behind the first one that is certain to match are
left out, since they cannot matter any more. Where the told inputs have few combinations of
classes, as in most histories, the residue of each combination is found once and then looked up.

The worst case is a history in which inputs are told or not at random, so that nearly each call
has a residue of its own; it stays exact, and takes some microseconds for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import FAILURE, Bulk, add_all, in_blocks, usable
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import Group, from_words, grouped, joint_masks, to_words

Array: TypeAlias = npt.NDArray[Any]

# So many ways to answer are all decided; above, the diagram is asked.
_MOST_TRIED = 1 << 12
_TRIED_AT_ONCE = 1 << 20
_BLOCK = 1 << 15
# Combinations of classes of the told inputs that are listed, each with its residue.
_MOST_LISTED = 1 << 21


@dataclass(frozen=True, slots=True)
class Residue:
    """Calls with the same future: the classes of the known inputs of one of them, the known
    inputs as bits, and the set of outcomes (a place in `Possible.sets`)."""

    codes: tuple[int, ...]
    known: int
    found: int


class Possible:
    """Sets of outcomes of one policy, for calls that tell some of its inputs.

    `sets[s]` has the numbers of the outcomes (see `Bulk.outcomes`), in order; number 0, the
    failure, is among them where some answers leave a table without one. `residues` are those
    that came up so far.
    """

    def __init__(self, bulk: Bulk, inputs: Iterable[str]) -> None:
        self.bulk = bulk
        self.sets: list[tuple[int, ...]] = []
        self.residues: list[Residue] = []
        wanted = set(inputs)
        self.given = tuple(
            place for place, axis in enumerate(bulk.compiled.axes) if axis.name in wanted
        )
        self._layout = _Layout(bulk, self.given)
        self._sets = np.zeros(0, np.int32)
        self._places: dict[tuple[int, ...], int] = {}
        self._of_end: list[int] = []
        self._by_ends: dict[int, int] = {}
        self._numbered = Numbered(self._layout.words + self._layout.pattern_words)
        sizes = [len(bulk.compiled.axes[place].examples) + 1 for place in self.given]
        self._strides = [prod(sizes[:k]) for k in range(len(sizes))]
        listed = prod(sizes) <= _MOST_LISTED
        self._of_combination = np.full(prod(sizes), -1, np.int32) if listed else None

    def of(self, columns: Mapping[str, Column], rows: int) -> tuple[Array, Array]:
        """The set of each call (a place in `sets`), and its residue (a place in `residues`)."""
        axes = self.bulk.compiled.axes
        codes: dict[int, Array] = {}
        classes: dict[int, Array] = {}
        for place in self.given:
            column = columns[axes[place].name]
            found = np.array(self.bulk.classes(axes[place].name, column.values) or [0], np.int32)
            # Beyond the classes: not asked.
            found[found < 0] = len(axes[place].examples)
            codes[place], classes[place] = usable(column.codes), found
        residues = np.empty(rows, np.int32)

        def work(start: int, stop: int) -> None:
            find = self._residues if self._of_combination is None else self._looked_up
            residues[start:stop] = find(codes, classes, start, stop)

        in_blocks(rows, work, _BLOCK)
        if len(self._sets) < len(self.residues):
            self._sets = np.array([residue.found for residue in self.residues], np.int32)
        sets = self._sets[residues] if rows else np.zeros(0, np.int32)
        return sets, residues

    def _residues(
        self, codes: Mapping[int, Array], classes: Mapping[int, Array], start: int, stop: int
    ) -> Array:
        left = self._layout.left(codes, classes, start, stop)
        return self._numbered.of(left, self._maker(codes, classes, start))

    def _looked_up(
        self, codes: Mapping[int, Array], classes: Mapping[int, Array], start: int, stop: int
    ) -> Array:
        """The residues of calls by their combinations of classes; of new ones found first."""
        known = self._of_combination
        assert known is not None
        keys = np.zeros(stop - start, np.int32)
        steps = zip(self.given, self._strides, strict=True)
        add_all([(codes[p], classes[p] * np.int32(stride)) for p, stride in steps], start, keys)
        found = known[keys]
        unseen = np.flatnonzero(found < 0)
        if len(unseen):
            new, first = np.unique(keys[unseen], return_index=True)
            few = {place: column[start + unseen[first]] for place, column in codes.items()}
            # Another thread may find the same meanwhile: it finds the same residues.
            known[new] = self._residues(few, classes, 0, len(new))
            found = known[keys]
        return found

    def _maker(
        self, codes: Mapping[int, Array], classes: Mapping[int, Array], start: int
    ) -> Callable[[Array], Sequence[int]]:
        """Makes residues from calls at some places of a block."""
        axes = self.bulk.compiled.axes

        def make(places: Array) -> Sequence[int]:
            every = np.zeros((len(places), len(axes)), np.int32)
            known = np.zeros((len(places), len(axes)), bool)
            for position in self.given:
                code = classes[position][codes[position][start + places]]
                known[:, position] = code < len(axes[position].examples)
                every[:, position] = np.where(known[:, position], code, 0)
            found = self._sets_of(every, known)
            first = len(self.residues)
            for row, flags, one in zip(every.tolist(), known.tolist(), found, strict=True):
                bits = sum(flag << position for position, flag in enumerate(flags))
                self.residues.append(Residue(tuple(row), bits, one))
            return range(first, len(self.residues))

        return make

    def _sets_of(self, codes: Array, known: Array) -> list[int]:
        """The set of each row of classes, where some are known."""
        found = np.empty(len(codes), np.int32)
        patterns, pattern_of = np.unique(known, axis=0, return_inverse=True)
        pattern_of = pattern_of.ravel()
        tested = {p for table in self.bulk.compiled.tables for p, _ in table.columns}
        for number, pattern in enumerate(patterns):
            rows = np.flatnonzero(pattern_of == number)
            open_inputs = [p for p in sorted(tested) if not pattern[p]]
            ways = prod(len(self.bulk.compiled.axes[p].examples) for p in open_inputs)
            if ways <= _MOST_TRIED:
                step = max(_TRIED_AT_ONCE // ways, 1)
                for first in range(0, len(rows), step):
                    some = rows[first : first + step]
                    found[some] = self._try_all(codes[some], open_inputs, ways)
                continue
            bits = sum(1 << p for p in np.flatnonzero(pattern).tolist())
            for row in rows.tolist():
                found[row] = self.ask(codes[row].tolist(), bits)
        return found.tolist()

    def _try_all(self, codes: Array, open_inputs: Sequence[int], ways: int) -> Array:
        """The set of each row of classes, by deciding every answer to the open inputs."""
        axes = self.bulk.compiled.axes
        columns = {
            p: np.repeat(codes[:, p], ways) for p in range(len(axes)) if p not in open_inputs
        }
        stride = 1
        for position in open_inputs:
            size = len(axes[position].examples)
            digits = np.arange(ways, dtype=np.int32) // stride % size
            columns[position] = np.tile(digits, len(codes))
            stride *= size
        decided = self.bulk.decide_classes(columns, len(codes) * ways)
        outcomes = decided.outcomes.reshape(len(codes), ways)
        words = (len(self.bulk.outcomes) + 63) // 64
        bits = np.empty((len(codes), words), np.uint64)
        single = np.uint64(1) << (outcomes & 63).astype(np.uint64)
        for word in range(words):
            own = single if words == 1 else np.where(outcomes >> 6 == word, single, np.uint64(0))
            bits[:, word] = np.bitwise_or.reduce(own, axis=1)
        distinct, inverse = np.unique(bits, axis=0, return_inverse=True)
        places = [
            self._place(tuple(n for n in range(64 * words) if mask >> n & 1))
            for mask in (from_words(row) for row in distinct)
        ]
        return np.array(places, np.int32)[inverse.ravel()]

    def _place(self, one: tuple[int, ...]) -> int:
        """The place of a set in `sets`."""
        found = self._places.setdefault(one, len(self.sets))
        if found == len(self.sets):
            self.sets.append(one)
        return found

    def ask(self, codes: Sequence[int], known: int) -> int:
        """The set where the inputs in the bits `known` have these classes, all inputs in order."""
        ends = self.bulk.policy.engine.diagram.restricted(codes, known).ends
        found = self._by_ends.get(ends)
        if found is None:
            numbers = (self._outcome(e) for e in range(ends.bit_length()) if ends >> e & 1)
            one = tuple(sorted(numbers))
            found = self._by_ends[ends] = self._place(one)
        return found

    def ends_of(self, wanted: Callable[[int], bool]) -> int:
        """The ends of the diagram, as bits, whose outcome has a number that is wanted."""
        ends = range(len(self.bulk.policy.engine.diagram.outcomes))
        return sum(1 << end for end in ends if wanted(self._outcome(end)))

    def _outcome(self, end: int) -> int:
        """The number of the outcome at an end of the diagram."""
        outcomes = self.bulk.policy.engine.diagram.outcomes
        while len(self._of_end) < len(outcomes):
            outcome = outcomes[len(self._of_end)]
            self._of_end.append(self.bulk.number(outcome) if self._of_end else FAILURE)
        return self._of_end[end]


class _Layout:
    """The masks of all tables, where an input that was not asked leaves every rule."""

    def __init__(self, bulk: Bulk, given: tuple[int, ...]) -> None:
        compiled = bulk.compiled
        self._axes = compiled.axes
        self._tables = compiled.tables
        self._given = given
        sizes = {place: len(compiled.axes[place].examples) + 1 for place in given}
        counts = [(len(table.table.rules) + 63) // 64 for table in compiled.tables]
        self.words = sum(counts)
        self.pattern_words = (len(compiled.axes) + 63) // 64
        self._starts = [sum(counts[:place]) for place in range(len(counts))]
        self._counts = counts
        tested = {position for table in compiled.tables for position, _ in table.columns}
        self.groups = grouped([p for p in given if p in tested], sizes, self.words)
        self._masks = [self._joint(group, sizes) for group in self.groups]
        # By pattern of inputs that were not asked: the rules that wait for one of them.
        self._waiting = Numbered(self.pattern_words)
        self._waits = np.zeros((0, self.words), np.uint64)
        # Tables where one rule decides: only there a certain rule ends the table.
        self._ends = np.array([table.takes_first for table in compiled.tables])

    def _joint(self, group: Group, sizes: Mapping[int, int]) -> Array:
        """The rules of all tables that each joint class of a group leaves."""
        parts = [
            joint_masks(group, dict(table.columns), table.full, sizes, words, table.full)
            for table, words in zip(self._tables, self._counts, strict=True)
        ]
        return np.ascontiguousarray(np.concatenate(parts, axis=1))

    def left(
        self, codes: Mapping[int, Array], classes: Mapping[int, Array], start: int, stop: int
    ) -> Array:
        """For each call of a block: the rules that are left, and which inputs were not asked."""
        from lamplighter.policy.replay import kernels

        rows = stop - start
        left = np.empty((rows, self.words + self.pattern_words), np.uint64)
        index = np.zeros((max(len(self.groups), 1), rows), np.int32)
        for number, group in enumerate(self.groups):
            steps = [
                (codes[place], classes[place] * np.int32(stride))
                for place, stride in zip(group.inputs, group.strides, strict=True)
            ]
            add_all(steps, start, index[number])
        for number, masks in enumerate(self._masks):
            kernels.keep_rules(index[number], masks, left, number == 0)
        if not self._masks:
            left[:, : self.words] = self._full()
        bits = left[:, self.words :]
        if self._mark_not_asked(codes, classes, start, bits):
            rows_of = np.ascontiguousarray(bits)
            patterns = self._waiting.of(
                rows_of, lambda places: [self._wait(bits[p]) for p in places]
            )
        else:
            one = self._waiting.of(bits[:1].copy(), lambda _: [self._wait(bits[0])])
            patterns = np.full(rows, one[0], np.int32)
        kernels.end_tables(
            left, patterns, self._waits, np.array(self._starts), np.array(self._counts), self._ends
        )
        return left

    def _mark_not_asked(
        self, codes: Mapping[int, Array], classes: Mapping[int, Array], start: int, bits: Array
    ) -> bool:
        """Set the bits of inputs that were not asked; whether calls differ in that."""
        from lamplighter.policy.replay import kernels

        never = sum(1 << place for place in range(len(self._axes)) if place not in codes)
        bits[:] = to_words([never], self.pattern_words)[0]
        differ = False
        for place in self._given:
            beyond = classes[place] == len(self._axes[place].examples)
            if beyond.any():
                word, bit = divmod(place, 64)
                flags = beyond.astype(np.uint64) << np.uint64(bit)
                kernels.add_bits(codes[place], start, flags, bits, word)
                differ = True
        return differ

    def _wait(self, row: Array) -> int:
        """Number a pattern, and keep the rules that wait for an input of it, or for a table."""
        pattern = from_words(row)
        waiting = []
        for table, words in zip(self._tables, self._counts, strict=True):
            rules = 0
            for position, masks in table.columns:
                if pattern >> position & 1:
                    for mask in masks:
                        rules |= table.full & ~mask
            for link in table.links:
                rules |= link.tested
            waiting.append(to_words([rules], words)[0])
        self._waits = np.vstack([self._waits, np.concatenate(waiting)[None, :]])
        return len(self._waits) - 1

    def _full(self) -> Array:
        every = [
            to_words([table.full], words)[0]
            for table, words in zip(self._tables, self._counts, strict=True)
        ]
        return np.concatenate(every)
