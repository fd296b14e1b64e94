"""All outcomes that some answers lead to where all rules that match count: input by input.

What is left of the rules is a row of words, and one more word for each table that is settled, with
its answer. For each input that nobody asked every row is narrowed by each class of answers; rows
that are equal have the same future, so they become one. At the end each row has one outcome, and
the sets are put together on the way back. This is the policy's diagram, built for many calls at
once and layer by layer; `Diagram` builds it for one call.

Of a table that gathers there may be as many lists as there are sets of rules. Where there are more
than can be followed, some are, and the set is marked: others may be possible beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.numbered import distinct
from lamplighter.policy.replay.plan import numbers_in, to_words
from lamplighter.policy.replay.sets import ListedSets, Members

Array: TypeAlias = npt.NDArray[Any]

# Words that the rows of a layer may have before the calls are looked at in smaller groups.
_MANY = 1 << 22
_PARTS = 32
# Rows that are narrowed for one layer of one call, and for all calls together.
_MOST_STEPS, _FEWEST_STEPS, _AFFORDABLE = 1 << 16, 1 << 5, 1 << 20
# Where so few rows are left to a call, one by one would take longer than to follow them.
_TOGETHER = 1 << 10
# Outcomes that are listed for one call, and for all calls together.
_MOST_LISTED, _ALL_LISTED = 1 << 10, 20_000
# Where there are more than can be listed, so many are.
_EXAMPLES = 100
# Rows that are narrowed for each layer once it is clear that not all can be listed.
_TRIED = 1 << 10


class Completions:
    """The outcomes that are possible for calls of one policy. Safe to share between threads."""

    # Rows that are followed in one go: more share more, fewer leave work to every core.
    together = 1 << 10

    def __init__(self, bulk: Bulk) -> None:
        self.sets = ListedSets(bulk)
        self._bulk = bulk
        self._tables = bulk.compiled.tables
        counts = [table.words for table in bulk.plan.tables]
        starts = [sum(counts[:place]) for place in range(len(counts))]
        self._words = sum(counts)
        self._spans = [slice(start, start + n) for start, n in zip(starts, counts, strict=True)]
        self._masks = {position: self._narrowed(position) for position in bulk.plan.tested}
        # The rules that look at each input.
        self._looking = {
            position: ~np.bitwise_and.reduce(masks, axis=0)
            for position, masks in self._masks.items()
        }
        self._all_count = all(plan.counts_all for plan in bulk.plan.tables) and not any(
            table.links for table in self._tables
        )
        self._settling = (
            np.array(starts),
            np.array(counts),
            np.array([table.takes_first for table in self._tables]),
            np.array([not plan.counts_all for plan in bulk.plan.tables]),
            *self._links(),
            np.concatenate([plan.answers for plan in bulk.plan.tables]).astype(np.uint64),
            np.cumsum([0, *[len(plan.answers) for plan in bulk.plan.tables]]),
        )

    @property
    def kept(self) -> int:
        """How many lists and sums came up and are kept."""
        return self._bulk.kept

    def anew(self, bulk: Bulk) -> Completions:
        """The same, with the outcomes and answers of this one."""
        new = copy(self)
        new.sets, new._bulk, new._tables = ListedSets(bulk), bulk, bulk.compiled.tables
        return new

    def of(
        self, left: Array, rows: Array, open_inputs: Sequence[int], calls: int
    ) -> tuple[Array, list[Members]]:
        """For each of the `rows` of rules that are left: the place of its outcomes among those of
        all of them.

        Rules stand table by table, each in words of its own. `open_inputs` are those that nobody
        asked and that some rule tests. `calls` is how many such rows there are in all: the more
        there are, the sooner is a call given up.
        """
        return self._followed(left[rows][:, : self._words], open_inputs, calls)

    def _followed(
        self, left: Array, open_inputs: Sequence[int], calls: int
    ) -> tuple[Array, list[Members]]:
        from lamplighter.policy.replay import kernels

        steps = min(max(_AFFORDABLE // calls, _FEWEST_STEPS), _MOST_STEPS)
        listed = min(max(_ALL_LISTED // calls, 1), _MOST_LISTED)
        nothing = np.full((1, self._words), np.uint64(2**64 - 1))
        rows = np.zeros((len(left), self._words + len(self._tables)), np.uint64)
        rows[:, : self._words] = left
        rows, places = self._step(rows, nothing, open_inputs)
        layers: list[Array] = []
        given_up, few = False, min(_EXAMPLES, listed)
        for number, position in enumerate(open_inputs):
            masks = self._told_apart(rows, position)
            size = len(rows) * len(masks)
            apart = steps > _TOGETHER and size > len(left) * steps
            if len(left) > 1 and (apart or size * rows.shape[1] > _MANY):
                return self._in_parts(left, open_inputs, calls)
            most = max(steps // len(masks), 1) * len(left)
            if len(left) == 1:
                # Of one call that is given up a few examples do, and are all that is followed on.
                # No more rows can stay than there are.
                given_up = (
                    given_up
                    or len(rows) > most
                    or len(rows) > listed < self._stay(rows, open_inputs[number:])
                )
                most = min(most, few) if given_up else most
            rows = _cut_short(rows, most, layers)
            tried = _evenly(len(masks), max(_TRIED // len(rows), 1) if given_up else len(masks))
            rows, child = self._step(rows, masks[tried], open_inputs[number + 1 :])
            layers.append(_with_others(child.reshape(-1, len(tried)), len(rows), given_up))
        if len(left) > 1 and steps > _TOGETHER and len(rows) > listed * len(left):
            return self._in_parts(left, open_inputs, calls)
        given_up = given_up or (len(left) == 1 and len(rows) > listed)
        rows = _cut_short(rows, few if given_up else listed * len(left), layers)
        ends, own = np.unique(self._outcomes(rows), return_inverse=True)
        found = np.zeros((len(rows) + 1, len(ends) // 64 + 2), np.uint64)
        bits = np.uint64(1) << (own & 63).astype(np.uint64)
        found[np.arange(len(rows)), (own >> 6) + 1] = bits
        # What was cut short leads to the last row, which says so.
        found[-1, 0] = 1
        for layer in reversed(layers):
            united = np.zeros((len(layer) + 1, found.shape[1]), np.uint64)
            kernels.unite(layer, found, united[:-1])
            united[-1, 0] = 1
            found = united
        found = found[places]
        if found[:, 0].any():
            found, ends = self._with_one_each(found, ends, left, open_inputs)
        first, numbers = distinct(found)
        return numbers, self._members(found[first], ends)

    def _with_one_each(
        self, found: Array, ends: Array, left: Array, open_inputs: Sequence[int]
    ) -> tuple[Array, Array]:
        """The sets with, in each, the outcome where all open inputs have their first class."""
        rows = np.zeros((len(left), self._words + len(self._tables)), np.uint64)
        rows[:, : self._words] = left
        places = np.arange(len(left))
        for number, position in enumerate(open_inputs):
            masks = self._masks[position][:1]
            rows, after = self._step(rows, masks, open_inputs[number + 1 :])
            places = after[places]
        outcomes = self._outcomes(rows)[places]
        every = np.union1d(ends, outcomes)
        flags = np.zeros((len(left), len(every)), bool)
        for row, numbers in enumerate(numbers_in(found[:, 1:])):
            flags[row, np.searchsorted(every, ends[numbers])] = True
        flags[np.arange(len(left)), np.searchsorted(every, outcomes)] = True
        bits = np.packbits(flags, axis=1, bitorder="little")
        words = np.zeros((len(left), (bits.shape[1] + 7) // 8 * 8), np.uint8)
        words[:, : bits.shape[1]] = bits
        return np.concatenate([found[:, :1], words.view("<u8").astype(np.uint64)], axis=1), every

    def _in_parts(
        self, left: Array, open_inputs: Sequence[int], calls: int
    ) -> tuple[Array, list[Members]]:
        parts = np.array_split(left, min(_PARTS, len(left)))
        return self.gathered([self._followed(part, open_inputs, calls) for part in parts])

    def gathered(self, found: Sequence[tuple[Array, list[Members]]]) -> tuple[Array, list[Members]]:
        """What was found, as one."""
        numbers: list[Array] = []
        members: list[Members] = []
        for own, some in found:
            numbers.append(own + len(members))
            members += some
        return np.concatenate(numbers), members

    def mattering(
        self, left: Array, rows: Array, open_inputs: Sequence[int], most: int = 0
    ) -> Array | None:
        """Which inputs can change the outcome is not told here."""
        return None

    def one(self, left: Array, open_inputs: Sequence[int]) -> Members:
        """The outcomes where the rules in this one row are left."""
        _, (members,) = self._followed(left, open_inputs, 1)
        return members

    def places(self, found: Sequence[tuple[Array, list[Members]]]) -> Array:
        """The places, in `sets`, of what was gathered."""
        own = [
            np.array([self.sets.place(*one) for one in members], np.int32)[numbers]
            for numbers, members in found
        ]
        return np.concatenate(own)

    def settle(self) -> None:
        """Nothing is left to do."""

    def _members(self, rows: Array, ends: Array) -> list[Members]:
        found = [tuple(ends[numbers].tolist()) for numbers in numbers_in(rows[:, 1:])]
        others = (self._bulk.unlisted,) if rows[:, 0].any() else ()
        return [
            ((*numbers, *others), False) if cut_short else (numbers, True)
            for numbers, cut_short in zip(found, rows[:, 0].tolist(), strict=True)
        ]

    def _step(self, rows: Array, masks: Array, still_open: Sequence[int]) -> tuple[Array, Array]:
        """The different rows once each row is narrowed by each mask, and the place of each."""
        from lamplighter.policy.replay import kernels

        waits = self._waiting(still_open)
        new = np.empty((len(rows) * len(masks), rows.shape[1]), np.uint64)
        kernels.narrow(rows, masks, waits, *self._settling, new)
        first, places = distinct(new)
        return new[first], places

    def _waiting(self, still_open: Sequence[int]) -> Array:
        """The rules that look at some of these inputs."""
        waits = np.zeros(self._words, np.uint64)
        for position in still_open:
            waits |= self._looking[position]
        return waits

    def _stay(self, rows: Array, still_open: Sequence[int]) -> int:
        """How many rows there will be at the end at least, 0 where that is not known.

        Where all rules that match count and no table looks at another, rows that are certain of
        different rules never become one.
        """
        if not self._all_count or len(rows) <= _EXAMPLES:
            return 0
        certain = rows[:, : self._words] & ~self._waiting(still_open)
        return len(distinct(certain)[0])

    def _told_apart(self, rows: Array, position: int) -> Array:
        """What the classes of an input leave of these rows, each once: few rules, few classes."""
        from lamplighter.policy.replay import bit_kernels

        left = np.zeros(self._words, np.uint64)
        bit_kernels.unite(rows, np.arange(len(rows)), left)
        masks = self._masks[position] & left
        first, _ = distinct(masks)
        found: Array = masks[first]
        return found

    def _outcomes(self, rows: Array) -> Array:
        """The number of the outcome of each row, all inputs being known."""
        from lamplighter.policy.replay import kernels

        given = np.zeros((len(rows), len(self._tables)), np.uint32)
        for place, (table, plan) in enumerate(
            zip(self._tables, self._bulk.plan.tables, strict=True)
        ):
            left = np.ascontiguousarray(rows[:, self._spans[place]])
            for link in table.links:
                masks = plan.masks_of(link)
                kernels.keep_rules(np.ascontiguousarray(given[:, link.source]), masks, left, False)
            answers = np.empty(len(rows), np.uint32)
            if plan.counts_all:
                _, answers[:] = self._bulk.gather(place, left)
            else:
                members = plan.members
                if members is None:
                    every = np.uint64(2**64 - 1)
                    members = np.full((len(plan.answers), plan.words), every)
                hits = np.empty(len(rows), np.int32)
                kernels.agreeing_rule(left, members, plan.answers, hits, answers)
            settled = rows[:, self._words + place]
            given[:, place] = np.where(settled > 0, settled, answers)
        return self._bulk.combine(given)

    def _narrowed(self, position: int) -> Array:
        """The rules of all tables that accept each class of an input."""
        classes = len(self._bulk.compiled.axes[position].examples)
        parts = [
            to_words(dict(table.columns).get(position, (table.full,) * classes), plan.words)
            for table, plan in zip(self._tables, self._bulk.plan.tables, strict=True)
        ]
        return np.concatenate(parts, axis=1)

    def _links(self) -> tuple[Array, Array, Array, Array, Array]:
        """Which table looks at which; where its masks begin; the masks; the rules that look."""
        ends: list[tuple[int, int]] = []
        offsets = [0]
        masks = [np.zeros(0, np.uint64)]
        tested = [np.zeros((0, self._words), np.uint64)]
        for place, (table, plan) in enumerate(
            zip(self._tables, self._bulk.plan.tables, strict=True)
        ):
            for link in table.links:
                ends.append((place, link.source))
                masks.append(plan.masks_of(link).ravel())
                offsets.append(offsets[-1] + len(masks[-1]))
                row = np.zeros((1, self._words), np.uint64)
                row[0, self._spans[place]] = to_words([link.tested], plan.words)[0]
                tested.append(row)
        pairs = np.array(ends, np.int64).reshape(-1, 2)
        return (
            np.ascontiguousarray(pairs[:, 0]),
            np.ascontiguousarray(pairs[:, 1]),
            np.array(offsets, np.int64),
            np.concatenate(masks),
            np.concatenate(tested),
        )


def _cut_short(rows: Array, most: int, layers: list[Array]) -> Array:
    """Some rows, evenly chosen, where there are too many; what led to others leads beyond them."""
    if len(rows) <= most or not layers:
        return rows
    kept = _evenly(len(rows), most)
    places = np.full(len(rows) + 1, most, np.int32)
    places[kept] = np.arange(most, dtype=np.int32)
    layers[-1] = places[layers[-1]]
    return rows[kept]


def _evenly(count: int, most: int) -> Array:
    """So many of the places below `count`, evenly chosen."""
    if most >= count:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.int64)


def _with_others(layer: Array, beyond: int, others: bool) -> Array:
    """What the rows of a layer lead to; where not all classes were tried, also beyond all rows."""
    if not others:
        return layer
    return np.concatenate([layer, np.full((len(layer), 1), beyond, layer.dtype)], axis=1)
