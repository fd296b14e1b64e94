"""The set of outcomes that is still possible in each call, exactly as `Open.possible` has it.

Which rules are left once the known facts are taken into account, and which inputs nobody asked,
is all that a call's future depends on: its *residue*. Calls share few of them. So compiled loops
find the residue of each call, and what is possible is worked out once for each that occurs.
From tables in which one rule decides, rules behind the first one that is certain to match are
left out, since they cannot matter any more. Where the told inputs have few combinations of
classes, as in most histories, the residue of each combination is found once and then looked up.

The worst case is a history in which inputs are told or not at random, so that nearly each call
has a residue of its own: that takes some microseconds for each. What is possible is found by
`Search` where one rule decides each table, else by `Completions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.diagram import Node
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.replay.bulk import FAILURE, UNLISTED, Bulk, Decided, Lookup, in_blocks
from lamplighter.policy.replay.completions import Completions
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.joined import Given, Joined
from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import from_words, joint_masks, strides_of, to_words
from lamplighter.policy.replay.residues import Residues
from lamplighter.policy.replay.search import Members, Search
from lamplighter.policy.replay.tally import counted

Array: TypeAlias = npt.NDArray[Any]

_BLOCK = 1 << 15
# Combinations of classes of the told inputs that are listed, each with its residue.
_MOST_LISTED = 1 << 21
# Where there are so many times as many calls as combinations, all of these are listed.
_PAYS_OFF = 16
_MOST_JOINED = 1 << 13
# Residues whose answers are followed together: more share more, fewer leave work to every core.
_TOGETHER = 1 << 10


class Possible:
    """Sets of outcomes of one policy, for calls that tell some of its inputs.

    `sets[s]` has the numbers of the outcomes (see `Bulk.outcomes`), in order; number 0, the
    failure, is among them where some answers leave a table without one. `residues` are those
    that came up so far.

    Sets (their places) of calls with more ways to end than can be followed are `unsure`. They
    hold whatever the rules allow one by one, so that some of it may not be possible; or they are
    `unlisted` as well and hold, beside some that are possible, `Bulk.unlisted` for the others.
    """

    def __init__(self, bulk: Bulk, inputs: Iterable[str]) -> None:
        self.bulk = bulk
        self.sets: list[tuple[int, ...]] = []
        self.unsure: set[int] = set()
        self.unlisted: set[int] = set()
        wanted = set(inputs)
        self.given = tuple(
            place for place, axis in enumerate(bulk.compiled.axes) if axis.name in wanted
        )
        tested = [place for place in self.given if place in bulk.plan.tested]
        self._layout = _Layout(bulk, tested)
        self.residues = Residues(len(bulk.compiled.axes), self._layout.words)
        self._ends = Search(bulk) if Search.fits(bulk) else Completions(bulk)
        self._places: dict[tuple[tuple[int, ...], bool], int] = {}
        self._settled_residues: dict[int, int] = {}
        self._of_end: list[int] = []
        self._by_ends: dict[int, int] = {}
        self._numbered = Numbered(self._layout.words + self._layout.pattern_words)
        self._sizes = {place: len(bulk.compiled.axes[place].examples) + 1 for place in tested}
        self._strides = dict(zip(tested, strides_of([*self._sizes.values()]), strict=True))
        combinations = prod(self._sizes.values())
        listed = combinations <= _MOST_LISTED
        self._of_combination = np.full(combinations, -1, np.int32) if listed else None

    def of(
        self, columns: Mapping[str, Column], rows: int, decided: Decided | None = None
    ) -> tuple[Array, Array]:
        """The set of each call (a place in `sets`), and its residue (a place in `residues`).

        `decided` is what `Bulk.decide` said about these calls, where it was asked already: where
        they tell all that some rule tests, nothing else is possible.
        """
        axes = self.bulk.compiled.axes
        given: dict[int, Given] = {}
        for place in self._sizes:
            column = columns[axes[place].name]
            classes = np.array(self.bulk.classes(axes[place].name, column.values) or [0], np.int32)
            # Beyond the classes: not asked.
            classes[classes < 0] = len(axes[place].examples)
            given[place] = Given(column.codes, classes)
        told = [p for p, one in given.items() if one.classes.max() < len(axes[p].examples)]
        every = len(told) == len(self.bulk.plan.tested)
        # A call in which an input was not asked that must be known has no outcome to go by.
        if decided is not None and every and rows and decided.outcomes.min() >= 0:
            return self._settled(given, decided.outcomes)
        known = self._of_combination
        residues = self._found(given, rows) if known is None else self._listed(given, known, rows)
        return _picked(self.residues.sets, residues), residues

    def _settled(self, given: Mapping[int, Given], outcomes: Array) -> tuple[Array, Array]:
        """Of calls that tell all, whose sets have one outcome each."""
        new = counted(outcomes).keys() - self._settled_residues.keys()
        some_row = np.zeros(len(self.bulk.outcomes), np.int64)
        if new:
            some_row[outcomes] = np.arange(len(outcomes))
        for number in new:
            row = some_row[number]
            codes = np.full((1, len(self.bulk.compiled.axes)), -1, np.int32)
            for place, one in given.items():
                codes[0, place] = one.classes[one.codes[row]]
            nothing = np.zeros((1, self._layout.words), np.uint64)
            (self._settled_residues[number],) = self.residues.add(codes, nothing)
            self.residues.have(np.array([self._place((number,))]))
        places = [self._settled_residues.get(n, -1) for n in range(len(self.bulk.outcomes))]
        residues = _picked(np.array(places, np.int32), outcomes)
        return _picked(self.residues.sets, residues), residues

    def _found(self, given: Mapping[int, Given], rows: int) -> Array:
        """The residues of calls, by what is left of the rules in each."""
        residues = np.empty(rows, np.int32)
        rules = self._layout.rules(given)

        def work(start: int, stop: int) -> None:
            left = self._layout.left(given, rules, start, stop)
            residues[start:stop] = self._numbered.of(left, self._maker(given, start, left))

        in_blocks(rows, work, _BLOCK)
        self._find_sets()
        return residues

    def _listed(self, given: Mapping[int, Given], known: Array, rows: int) -> Array:
        """The residues of calls by their combinations of classes; of new ones found first."""
        joined = Joined(given, _MOST_JOINED)
        residues = np.empty(rows, np.int32)

        def look_up(listed: Array) -> None:
            find = Lookup(joined, self._strides, listed)

            def work(start: int, stop: int) -> None:
                residues[start:stop] = find.of(start, stop)

            in_blocks(rows, work, _BLOCK)

        # What is not asked is followed to every answer, so that is done only where it occurs.
        told = np.zeros(1, np.int64)
        for place, one in given.items():
            classes = np.unique(one.classes[one.classes < self._sizes[place] - 1])
            if len(told) * len(classes) * _PAYS_OFF > rows:
                break
            told = (told[:, None] + classes * self._strides[place]).ravel()
        else:
            self._list(known, told[known[told] < 0])
        look_up(known)
        if rows and residues.min() < 0:
            look_up(np.arange(len(known), dtype=np.int32))
            seen = np.zeros(len(known), bool)
            seen[residues] = True
            self._list(known, np.flatnonzero(seen & (known < 0)))
            look_up(known)
        return residues

    def _list(self, known: Array, new: Array) -> None:
        """Find the residues of some combinations of classes."""
        combinations = {
            place: Given(
                (new // self._strides[place] % size).astype(np.int32),
                np.arange(size, dtype=np.int32),
            )
            for place, size in self._sizes.items()
        }
        known[new] = self._found(combinations, len(new))

    def _maker(
        self, given: Mapping[int, Given], start: int, left: Array
    ) -> Callable[[Array], Sequence[int]]:
        """Makes residues, whose sets are not known yet, from calls at some places of a block."""
        axes = self.bulk.compiled.axes

        def make(places: Array) -> Sequence[int]:
            codes = np.full((len(places), len(axes)), -1, np.int32)
            for position, one in given.items():
                code = one.classes[one.codes[start + places]]
                codes[:, position] = np.where(code < len(axes[position].examples), code, -1)
            return self.residues.add(codes, left[places, : self._layout.words])

        return make

    def _find_sets(self) -> None:
        """Work out the sets of the residues that have none yet, those with the same open inputs
        at once."""
        codes, left = self.residues.without_set()
        if not len(codes):
            return
        tested = np.array(self.bulk.plan.tested, np.int64)
        # One column more, so that there is one for a policy without inputs.
        patterns = np.packbits(np.pad(codes < 0, ((0, 0), (0, 1))), axis=1)
        order = np.lexsort(patterns.T)
        new = np.any(patterns[order][1:] != patterns[order][:-1], axis=1)
        spans = [
            places[start : start + _TOGETHER]
            for places in np.split(order, np.flatnonzero(new) + 1)
            for start in range(0, len(places), _TOGETHER)
        ]
        found: list[tuple[Array, list[Members]]] = [(np.zeros(0, np.int32), [])] * len(spans)

        def work(first: int, last: int) -> None:
            for number in range(first, last):
                places = spans[number]
                open_inputs = tested[codes[places[0], tested] < 0].tolist()
                found[number] = self._ends.of(left[places], open_inputs, len(codes))

        in_blocks(len(spans), work, 1)
        self._ends.settle()
        sets = np.empty(len(codes), np.int32)
        for places, (numbers, members) in zip(spans, found, strict=True):
            sets[places] = np.array([self._place(*one) for one in members], np.int32)[numbers]
        self.residues.have(sets)

    def _place(self, members: tuple[int, ...], sure: bool = True) -> int:
        """The place of a set in `sets`."""
        found = self._places.setdefault((members, sure), len(self.sets))
        if found == len(self.sets):
            self.sets.append(members)
            if not sure:
                self.unsure.add(found)
                if any(self.bulk.outcomes[one] is UNLISTED for one in members):
                    self.unlisted.add(found)
        return found

    def follow(self, codes: Sequence[int], known: int) -> Members:
        """The outcomes where the inputs in the bits `known` have these classes."""
        left = [
            to_words([rules], plan.words)[0]
            for rules, plan in zip(self._left(codes, known), self.bulk.plan.tables, strict=True)
        ]
        open_inputs = [place for place in self.bulk.plan.tested if not known >> place & 1]
        _, (found,) = self._ends.of(np.concatenate(left)[None], open_inputs, 1)
        return found

    def still_tested(self, codes: Sequence[int], known: int) -> int:
        """The inputs, as bits, that are not known and that some rule which is left looks at."""
        tested = 0
        for table, rules in zip(self.bulk.compiled.tables, self._left(codes, known), strict=True):
            for place, masks in table.columns:
                if not known >> place & 1 and any(rules & ~mask for mask in masks):
                    tested |= 1 << place
        return tested

    def _left(self, codes: Sequence[int], known: int) -> list[int]:
        """The rules of each table, as bits, that the known facts leave."""
        found = []
        for table in self.bulk.compiled.tables:
            rules = table.full
            for place, masks in table.columns:
                if known >> place & 1:
                    rules &= masks[codes[place]]
            found.append(rules)
        return found

    def can_matter(self, codes: Sequence[int], known: int) -> int:
        """The inputs, as bits, that can change the outcome; where the policy is too large to
        tell, those that a rule still looks at."""
        node = self._restricted(codes, known)
        return self.still_tested(codes, known) if node is None else node.support

    def ask(self, codes: Sequence[int], known: int) -> int:
        """The set where the inputs in the bits `known` have these classes, all inputs in order."""
        node = self._restricted(codes, known)
        if node is None:
            return self._place(*self.follow(codes, known))
        ends = node.ends
        found = self._by_ends.get(ends)
        if found is None:
            numbers = (self._outcome(e) for e in range(ends.bit_length()) if ends >> e & 1)
            one = tuple(sorted(numbers))
            found = self._by_ends[ends] = self._place(one)
        return found

    def _restricted(self, codes: Sequence[int], known: int) -> Node | None:
        """What the diagram says, None where the policy is too large for one.

        To try it for each question anew would take longer than to follow the question itself.
        """
        diagram = self.bulk.policy.engine.diagram
        try:
            return None if diagram.is_too_large else diagram.restricted(codes, known)
        except DecisionError:
            return None

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


def _picked(values: Array, numbers: Array) -> Array:
    """values[number] of each call."""
    from lamplighter.policy.replay import kernels

    found = np.empty(len(numbers), np.int32)
    shifted = np.concatenate([[-1], values]).astype(np.int32)

    def work(start: int, stop: int) -> None:
        kernels.pick(shifted, numbers[start:stop], found[start:stop])

    in_blocks(len(numbers), work, _BLOCK)
    return found


class _Layout:
    """What is left of the rules of all tables; an input that was not asked leaves them all."""

    def __init__(self, bulk: Bulk, given: Sequence[int]) -> None:
        compiled = bulk.compiled
        self._axes = compiled.axes
        self._tables = compiled.tables
        self._tested = bulk.plan.tested
        self._given = given
        counts = [(len(table.table.rules) + 63) // 64 for table in compiled.tables]
        self.words = sum(counts)
        self.pattern_words = (len(compiled.axes) + 63) // 64
        self._starts = np.array([sum(counts[:place]) for place in range(len(counts))])
        self._counts = np.array(counts)
        # By pattern of inputs that were not asked: the rules that wait for one of them.
        self._waiting = Numbered(self.pattern_words)
        self._waits = np.zeros((0, self.words), np.uint64)
        # Tables where one rule decides: only there a certain rule ends the table.
        self._ends = np.array([table.takes_first for table in compiled.tables])

    def rules(self, given: Mapping[int, Given]) -> tuple[Joined, list[Array]]:
        """The facts of calls, joined, and the rules of all tables that each joint value leaves."""
        joined = Joined(given, max(_MOST_JOINED // self.words, 1))
        masks = [
            np.concatenate(
                [
                    joint_masks(group, dict(table.columns), words, table.full)
                    & to_words([table.full], words)
                    for table, words in zip(self._tables, self._counts.tolist(), strict=True)
                ],
                axis=1,
            )
            for group in joined.groups
        ]
        return joined, masks

    def left(
        self,
        given: Mapping[int, Given],
        rules: tuple[Joined, list[Array]],
        start: int,
        stop: int,
    ) -> Array:
        """For each call of a block: the rules that are left, and which inputs were not asked."""
        from lamplighter.policy.replay import kernels

        joined, masks = rules
        left = np.empty((stop - start, self.words + self.pattern_words), np.uint64)
        for number, index in enumerate(joined.of(start, stop)):
            kernels.keep_rules(index, masks[number], left, number == 0)
        bits = left[:, self.words :]
        self._mark_not_asked(given, start, stop, bits)
        patterns = self._waiting.of(
            np.ascontiguousarray(bits), lambda places: [self._wait(bits[p]) for p in places]
        )
        kernels.end_tables(left, patterns, self._waits, self._starts, self._counts, self._ends)
        return left

    def _mark_not_asked(
        self, given: Mapping[int, Given], start: int, stop: int, bits: Array
    ) -> None:
        """Set the bits of inputs that were not asked and that some rule tests."""
        from lamplighter.policy.replay import kernels

        never = sum(1 << place for place in self._tested if place not in given)
        bits[:] = to_words([never], self.pattern_words)[0]
        for place, one in given.items():
            beyond = one.classes == len(self._axes[place].examples)
            if beyond.any():
                word, bit = divmod(place, 64)
                flags = beyond.astype(np.uint64) << np.uint64(bit)
                kernels.add_bits(one.codes[start:stop], flags, bits, word)

    def _wait(self, row: Array) -> int:
        """Number a pattern, and keep the rules that wait for an input of it, or for a table."""
        pattern = from_words(row)
        waiting = []
        for table, words in zip(self._tables, self._counts.tolist(), strict=True):
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
