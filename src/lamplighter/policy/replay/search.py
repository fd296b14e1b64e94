"""All outcomes that the answers to open inputs can lead to, where one rule decides each table.

Where there are few ways to answer, all of them are looked at together (`TruthTables`). Else
outcomes are found one by one. For each rule that may still match, facts are sought with which it
decides: its cells are a box of facts, and whatever must not match beside it (in a table that takes
the first rule, those before it that say something else) is taken out of the box, where there are
several ways one after the other, until facts are left or none are. A rule whose answer was found
already is not sought. So the work grows with the rules that are left and not with how many facts
there are. It is the search of a solver for satisfiability (Davis, Logemann and Loveland, "A machine
program for theorem-proving", 1962), made for boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import prod
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.compiled import CompiledTable
from lamplighter.policy.domains import Result
from lamplighter.policy.replay.accepted import Accepted
from lamplighter.policy.replay.bulk import FAILURE, Bulk
from lamplighter.policy.replay.numbered import distinct
from lamplighter.policy.replay.plan import strides_of, to_words
from lamplighter.policy.replay.sets import BitSets, Members
from lamplighter.policy.replay.truth import TruthTables

Array: TypeAlias = npt.NDArray[Any]

# Outcomes that are told apart by the search, as bits of each call.
_MOST_KEYS = 1 << 15
# Looks at a rule that one call may take, and all calls together: some 10 ns each.
_MOST_LOOKS, _FEWEST_LOOKS = 1 << 18, 1 << 10
_AFFORDABLE = 1 << 30
# Words of truth tables that take as long as one look.
_STEPS = 16
# Boxes that may wait to be looked at. One more, and the search of a call is given up.
_WAITING = 4096


class Search:
    """The search and the truth tables, laid out for one policy in whose tables one rule decides."""

    # Residues that are searched for in one go.
    together = 1 << 12

    def __init__(self, bulk: Bulk, accepted: Accepted) -> None:
        compiled = bulk.compiled
        self._bulk = bulk
        self._tables = compiled.tables
        counts = [plan.words for plan in bulk.plan.tables]
        starts = [sum(counts[:place]) for place in range(len(counts))]
        self._starts, self._counts = np.array(starts), np.array(counts)
        # What the outcome shows of each table, numbered; and which of it each answer gives.
        self._outputs = [
            [name for name in table.table.outputs if name in bulk.policy.outcome]
            for table in self._tables
        ]
        self._kinds: list[dict[tuple[Result, ...], int]] = [{} for _ in self._tables]
        self._words, self._rules = sum(counts), sum(len(table.hits) for table in self._tables)
        self._shown = [
            [
                kinds.setdefault(tuple(answer[name] for name in names), len(kinds))
                for answer in map(table.answers.__getitem__, range(len(table.answers)))
            ]
            for table, names, kinds in zip(self._tables, self._outputs, self._kinds, strict=True)
        ]
        sizes = [len(kinds) for kinds in self._kinds]
        self.width = 2 + prod(sizes) // 64
        self._affordable, self._looks = _AFFORDABLE, 0
        self._counting = Lock()
        self._strides, self._sizes = strides_of(sizes), sizes
        self._classes = {place: len(compiled.axes[place].examples) for place in bulk.plan.tested}
        self._columns = accepted.cells()
        added = [
            [one * stride for one in own]
            for own, stride in zip(self._shown, self._strides, strict=True)
        ]
        self._truth = TruthTables(bulk, self._columns, accepted.full, added, self._links())
        self.sets = BitSets(self.width, self._numbers, self._key)

    @staticmethod
    def fits(bulk: Bulk) -> bool:
        """Whether in each table one rule decides, and the outcomes are few enough."""
        tables = bulk.compiled.tables
        if not all(_one_decides(table) for table in tables):
            return False
        return prod(len(table.answers) for table in tables) < _MOST_KEYS

    @property
    def kept(self) -> int:
        """No lists or sums come up where one rule decides."""
        return 0

    def of(self, left: Array, rows: Array, open_inputs: Sequence[int], calls: int) -> Array:
        """For each of the `rows` of rules that are left: its outcomes, as a row of `BitSets`.

        `calls` is how many such rows there are in all: the more there are, the sooner is the
        search given up for one.
        """
        most = min(max(self._affordable // calls, _FEWEST_LOOKS), _MOST_LOOKS)
        bits = np.zeros((len(rows), self.width), np.uint64)
        width, steps = self._truth.width(open_inputs), most * _STEPS
        if width and width * self._rules <= steps:
            self._count(self._truth.fill(left, rows, open_inputs, bits) // _STEPS)
            return bits
        rules = np.bitwise_count(left[rows][:, : self._words]).sum(axis=1, dtype=np.int64)
        few = rules * width <= steps if width else np.zeros(len(rows), bool)
        if few.any():
            own = bits[few]
            self._count(self._truth.fill(left, rows[few], open_inputs, own) // _STEPS)
            bits[few] = own
        if not few.all():
            bits[~few] = self._searched(left[rows[~few]], open_inputs, most)
        return bits

    def mattering(
        self, left: Array, rows: Array, open_inputs: Sequence[int], most: int = _AFFORDABLE
    ) -> Array | None:
        """For each of the `rows` of rules that are left: the open inputs, as bits in their order,
        that can change the outcome; None where that would take more than `most` steps to tell."""
        steps = len(rows) * self._truth.width(open_inputs) * (64 * len(open_inputs) + self._rules)
        if not 0 < steps <= most or len(open_inputs) > 64:
            return None
        bits = np.zeros((len(rows), self.width), np.uint64)
        self._truth.fill(left, rows, open_inputs, bits, mattering=True)
        return bits[:, 0]

    def one(self, left: Array, open_inputs: Sequence[int]) -> Members:
        """The outcomes where the rules in this one row are left."""
        bits = self.of(left, np.arange(1), open_inputs, 1)
        (members,) = self.sets.members(bits)
        return members, not bits[0, 0]

    def gathered(self, found: Sequence[Array]) -> tuple[Array, Array]:
        """What was found, each set once, in the order in which they came, and the place of each
        row among them: a set of many outcomes takes too much memory to be kept for every row."""
        rows = np.concatenate(found)
        first, numbers = distinct(rows)
        return numbers, rows[first]

    def places(self, found: Sequence[tuple[Array, Array]]) -> Array:
        """The places, in `sets`, of what was gathered."""
        places = self.sets.places(np.concatenate([sets for _, sets in found]))
        starts = np.cumsum([0, *(len(sets) for _, sets in found)]).tolist()
        own = [places[start + numbers] for start, (numbers, _) in zip(starts, found, strict=False)]
        return np.concatenate(own)

    def _searched(self, left: Array, open_inputs: Sequence[int], most: int) -> Array:
        """What is found by `most` looks for each row of rules that are left."""
        from lamplighter.policy.replay import search_kernels

        cells, fields, inputs = self._boxes(open_inputs)
        full = np.bitwise_or.reduce(cells, axis=0)
        bits = np.zeros((len(left), self.width), np.uint64)
        words, width = self._words, cells.shape[1]
        scratch: list[Array] = [np.empty((_WAITING, n), np.uint64) for n in (width, words)]
        scratch += [np.empty(n, np.uint64) for n in (width, words, words)]
        tables = len(self._tables)
        places: list[Array] = [np.zeros((_WAITING, tables), np.int64)]
        places += [np.zeros(n, np.int64) for n in (_WAITING, _WAITING, tables)]
        looks = search_kernels.search(
            np.ascontiguousarray(left[:, :words]),
            cells,
            fields,
            inputs,
            full,
            *self._fixed,
            most,
            tuple(scratch),
            tuple(places),
            bits,
        )
        self._count(looks)
        # One outcome that is allowed is the one that comes.
        bits[np.bitwise_count(bits[:, 1:]).sum(axis=1) == 1, 0] = 0
        return bits

    def _count(self, looks: int) -> None:
        with self._counting:
            self._looks += looks

    def _boxes(self, open_inputs: Sequence[int]) -> tuple[Array, Array, Array]:
        """The cells of all rules for some inputs, and where each of these stands in a box."""
        few = [position for position in open_inputs if self._classes[position] < 64]
        many = [position for position in open_inputs if self._classes[position] >= 64]
        words: list[Array] = []
        lows: list[int] = []
        highs: list[int] = []
        places: list[tuple[int, int, int]] = []
        room = 0
        for position in few:
            classes = self._classes[position]
            if room < classes + 1:
                room = 64
                words.append(np.zeros((64 * self._words, 1), np.uint64))
                lows.append(0)
                highs.append(0)
            room -= classes + 1
            mask = (1 << classes) - 1 << room
            words[-1] |= self._columns[position] << np.uint64(room)
            lows[-1] |= mask
            highs[-1] |= 1 << room + classes
            places.append((len(words) - 1, len(words), mask))
        width = len(words)
        for position in many:
            words.append(self._columns[position])
            places.append((width, width + words[-1].shape[1], (1 << 64) - 1))
            width = places[-1][1]
        cells = np.concatenate([np.zeros((64 * self._words, 0), np.uint64), *words], axis=1)
        fields = np.array([lows, highs], np.uint64)
        inputs = np.array(places, np.uint64).reshape(-1, 3).T
        return np.ascontiguousarray(cells), fields, np.ascontiguousarray(inputs)

    def settle(self) -> None:
        """What was looked at until now counts for what can be afforded from here on."""
        self._affordable = max(_AFFORDABLE - self._looks, 0)

    def _numbers(self, keys: Sequence[int]) -> Array:
        """The numbers of outcomes, as the policy's others are numbered."""
        answers = np.zeros((len(keys), len(self._tables)), np.int64)
        for row, key in zip(answers, keys, strict=True):
            # A failure has no answers.
            for table in range(len(self._tables) if key else 0):
                shown = (key - 1) // self._strides[table] % self._sizes[table]
                row[table] = self._shown[table].index(shown) + 1
        return self._bulk.combine(answers)

    def _key(self, number: int) -> int:
        """The key of the outcome with a number."""
        if number == FAILURE:
            return 0
        outcome = self._bulk.outcomes[number]
        return 1 + sum(
            kinds[tuple(outcome[name] for name in names)] * stride
            for names, kinds, stride in zip(self._outputs, self._kinds, self._strides, strict=True)
        )

    def _links(self) -> tuple[Array, ...]:
        """Which table looks at which; where its masks begin; the masks."""
        tables, sources, offsets, masks = [], [], [0], [np.zeros(0, np.uint64)]
        for place, table in enumerate(self._tables):
            for link in table.links:
                tables.append(place)
                sources.append(link.source)
                masks.append(self._bulk.plan.tables[place].masks_of(link).ravel())
                offsets.append(offsets[-1] + len(masks[-1]))
        places = (np.array(one, np.int64) for one in (tables, sources, offsets))
        return (*places, np.concatenate(masks))

    @cached_property
    def _fixed(self) -> tuple[Array, ...]:
        """What the search needs beside the boxes, whatever the inputs that are open."""
        total, words = 64 * self._words, int(self._counts.max())
        avoid, clashes = (np.zeros((total, words), np.uint64) for _ in range(2))
        answers, shown = np.zeros(total, np.int64), np.zeros(total, np.int64)
        for place, table in enumerate(self._tables):
            plan = self._bulk.plan.tables[place]
            first, rules = 64 * int(self._starts[place]), range(len(table.hits))
            span = slice(first, first + len(rules))
            avoid[span, : plan.words] = to_words([_rivals(table, r) for r in rules], plan.words)
            contradicting = [_contradicting(table, r) for r in rules]
            clashes[span, : plan.words] = to_words(contradicting, plan.words)
            answers[span] = plan.answers
            shown[span] = [
                self._shown[place][a] * self._strides[place] for a in table.class_of_rule
            ]
        always = np.concatenate(
            [
                to_words([sum((not used) << rule for rule, used in enumerate(table.used))], n)[0]
                for table, n in zip(self._tables, self._counts.tolist(), strict=True)
            ]
        )
        return (
            avoid,
            clashes,
            np.array([table.unique or table.any for table in self._tables]),
            np.array([table.takes_first for table in self._tables]),
            always,
            answers,
            shown,
            self._starts,
            self._counts,
            *self._links(),
        )


def _one_decides(table: CompiledTable) -> bool:
    """Whether a table answers what one of its rules says: here the least and the most do, too."""
    return table.table.aggregate in ("min", "max") or not (
        table.table.gathers or table.table.aggregate
    )


def _rivals(table: CompiledTable, rule: int) -> int:
    """The rules, as bits, that must not match beside this one if its answer is to be given."""
    if table.unique:
        return table.full & ~(1 << rule)
    others = table.full & ~table.members(table.class_of_rule[rule])
    if table.takes_first:
        return others & (1 << rule) - 1
    if table.any:
        return others
    ((name, output),) = table.table.outputs.items()
    values = [output.domain.number(one.then[name]) or 0 for one in table.table.rules]
    sign = 1 if table.table.aggregate == "min" else -1
    return sum(1 << n for n, value in enumerate(values) if sign * value < sign * values[rule])


def _contradicting(table: CompiledTable, rule: int) -> int:
    """The rules, as bits, after this one that must not match beside it at all."""
    others = _rivals(table, rule) if table.unique or table.any else 0
    return others & ~((1 << rule + 1) - 1)
