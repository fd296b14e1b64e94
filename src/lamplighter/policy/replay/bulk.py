"""Decides many calls at once, from columns of small codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import prod
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import UNKNOWN, Fact, Result
from lamplighter.policy.errors import FactError
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.blocks import in_blocks
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.joined import Given, Joined
from lamplighter.policy.replay.kinds import Kinds
from lamplighter.policy.replay.numbered import Numbered, distinct
from lamplighter.policy.replay.plan import (
    Layout,
    make_plan,
    numbers_in,
    strides_of,
)

Array: TypeAlias = npt.NDArray[Any]

# The end for facts that leave some table without an answer, or with two.
FAILURE = 0
# The inputs that must be known were not asked.
NOT_ASKED = -1
# In a set of outcomes: others than those in it may be possible, too many to be listed.
UNLISTED: Mapping[str, Result] = MappingProxyType({})

_MOST_LISTED = 1 << 20
_MOST_KEPT = 4
# Listing a combination costs about as much as deciding a call; to look it up costs a fifth of it.
_PAYS_OFF = 1.5


@dataclass(frozen=True)
class Decided:
    """What the policy decides about each call once the questions are over.

    Calls in which the same rules hit are of one kind: call i is of the kind `kinds[i]`, which has
    the outcome `outcome_of[kind]`, a place in `Bulk.outcomes`: 0 where a table has no answer, or
    two, and -1 where an input that must be known was not asked. In table t hits
    `hits_of[t][kind]`, a place in `Bulk.hits[t]`, -1 where no rule does.
    """

    kinds: Array
    outcome_of: Array
    hits_of: tuple[Array, ...]

    @classmethod
    def of(cls, outcomes: Array, hits: Sequence[Array]) -> Decided:
        """From the outcome, and what hits, of each call."""
        rows = np.stack([outcomes, *hits], axis=1).astype(np.int64) + 1
        first, kinds = distinct(rows.view(np.uint64))
        return cls(kinds, outcomes[first], tuple(found[first] for found in hits))

    @cached_property
    def outcomes(self) -> Array:
        """The outcome of each call."""
        return _of_each(self.outcome_of, self.kinds)

    @cached_property
    def hits(self) -> tuple[Array, ...]:
        """For each table, what hits in each call."""
        return tuple(_of_each(found, self.kinds) for found in self.hits_of)

    def without_outcome(self, calls: Array) -> Decided:
        """The same, where these calls have no outcome."""
        count = len(self.outcome_of)
        return Decided(
            self.kinds.astype(np.int32) + calls * np.int32(count),
            np.concatenate([self.outcome_of, np.full_like(self.outcome_of, NOT_ASKED)]),
            tuple(np.concatenate([found, found]) for found in self.hits_of),
        )


class Bulk:
    """One policy, laid out for many calls. Safe to share between threads.

    `outcomes` has the outcomes that came up so far, by number; the first stands for a failure.
    `hits[t]` has the ids of the rules that hit together in table t: where one rule decides, the
    rules in the order in which they count; else what came up so far.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.compiled = policy.engine.compiled
        self.plan = make_plan(self.compiled)
        self.positions = {axis.name: place for place, axis in enumerate(self.compiled.axes)}
        self._ids = [[hit.rule for hit in table.hits] for table in self.compiled.tables]
        self._begin()

    def anew(self) -> Bulk:
        """The same, as if nothing had come up so far."""
        new = copy(self)
        new.compiled = self.compiled.anew()
        new.plan = self.plan.anew(new.compiled)
        new._begin()
        return new

    def _begin(self) -> None:
        self.outcomes: list[Mapping[str, Result]] = [MappingProxyType({})]
        self.hits: list[list[tuple[str, ...]]] = [
            [] if plan.counts_all else [(rule,) for rule in ids]
            for plan, ids in zip(self.plan.tables, self._ids, strict=True)
        ]
        self._numbers: dict[tuple[Result, ...], int] = {}
        self._numbering = Lock()
        # Where all rules that match count: the answers (from 1, 0 is none) beside `hits`.
        self._answers: list[list[int]] = [[] for _ in self.plan.tables]
        self._gathered = [Numbered(plan.words) for plan in self.plan.tables]
        self._of_answers = Numbered(len(self.plan.tables))
        self._kinds = Kinds(self.plan.tables, self._outcomes_of)
        # By the inputs that calls tell: the kind of each combination of their classes.
        self._every: dict[tuple[int, ...], tuple[Mapping[int, int], Array]] = {}
        self._seen: Counter[tuple[int, ...]] = Counter()

    @property
    def kept(self) -> int:
        """How many outcomes, and sets of rules that count together, came up and are kept."""
        return len(self.outcomes) + sum(len(answers) for answers in self._answers)

    def number(self, outcome: Mapping[str, Result]) -> int:
        """The number of an outcome, a new one where it has not come up yet."""
        key = tuple(outcome.values())
        with self._numbering:
            number = self._numbers.setdefault(key, len(self.outcomes))
            if number == len(self.outcomes):
                self.outcomes.append(MappingProxyType(dict(outcome)))
            return number

    @property
    def unlisted(self) -> int:
        """The number that stands, in a set of outcomes, for others that are not listed."""
        with self._numbering:
            if () not in self._numbers:
                self.outcomes.append(UNLISTED)
                self._numbers[()] = len(self.outcomes) - 1
            return self._numbers[()]

    def classes(self, name: str, values: Sequence[Fact | None]) -> list[int]:
        """The class of each value of an input; -1 for None, which was not asked."""
        try:
            axis = self.compiled.axes[self.positions[name]]
        except KeyError:
            raise FactError(f"the policy has no input {name}") from None
        return [-1 if value is None else axis.code(value) for value in values]

    def decide(self, columns: Mapping[str, Column], rows: int) -> Decided:
        """Decide calls whose facts are given by columns; what is not given counts as unknown."""
        given: dict[int, Given] = {}
        for name, column in columns.items():
            classes = self.classes(name, column.values)
            place = self.positions[name]
            settled = [self._settled_class(place, one) for one in classes]
            given[place] = Given(column.codes, np.array(settled or [0], np.int32))
        decided = self._decide(given, rows)
        not_asked = self._not_asked(columns, rows)
        return decided if not_asked is None else decided.without_outcome(not_asked)

    def decide_classes(self, codes: Mapping[int, Array], rows: int) -> Decided:
        """Decide calls whose classes of facts are given for each position of an input."""
        every = {place: np.arange(self.plan.sizes[place], dtype=np.int32) for place in codes}
        return self._decide({place: Given(codes[place], every[place]) for place in codes}, rows)

    def _decide(self, given: Mapping[int, Given], rows: int) -> Decided:
        """Decide calls, or look them up where all that can be said is less than there are calls."""
        tested = {place: given[place] for place in self.plan.tested if place in given}
        joined = Joined(tested, self.plan.most)
        every = self._every.get(tuple(tested)) or self._listed(tuple(tested), rows)
        kinds = self._work_out(joined, rows) if every is None else _look_up(joined, *every, rows)
        return Decided(kinds, *self._kinds.met)

    def _listed(self, told: tuple[int, ...], rows: int) -> tuple[Mapping[int, int], Array] | None:
        """The kinds of all combinations of classes of some inputs, once that pays off."""
        sizes = [self.plan.sizes[place] for place in told]
        self._seen[told] += rows
        if prod(sizes) * _PAYS_OFF > self._seen[told] or prod(sizes) > _MOST_LISTED:
            return None
        strides = dict(zip(told, strides_of(sizes), strict=True))
        combinations = {
            place: Given(
                _digits(size, strides[place], prod(sizes)), np.arange(size, dtype=np.int32)
            )
            for place, size in zip(told, sizes, strict=True)
        }
        kinds = self._work_out(Joined(combinations, self.plan.most), prod(sizes))
        if len(self._every) >= _MOST_KEPT:
            self._every.clear()
        self._every[told] = strides, kinds
        return strides, kinds

    def _work_out(self, joined: Joined, rows: int) -> Array:
        """The kind of each call."""
        tables = self.plan.tables
        kinds = np.empty(rows, self._kinds.dtype)
        told = {place for group in joined.groups for place in group.inputs}
        rest = {p: self._settled_class(p, -1) for p in self.plan.tested if p not in told}

        def work(start: int, stop: int) -> None:
            index = joined.of(start, stop)
            given = np.empty((len(tables), stop - start), np.uint32)
            hits = np.empty((len(tables), stop - start), self._kinds.dtype_of_hits)
            for place in range(len(tables)):
                self._decide_table(place, layouts.of(place), index, given, hits[place])
            self._kinds.of(hits, kinds[start:stop])

        layouts = _Layouts(self, joined, rest)
        for place in range(len(tables)):
            layouts.of(place)  # Once, before each core would lay it out for itself.
        in_blocks(rows, work)
        return kinds

    def _decide_table(
        self, place: int, layout: Layout, index: Array, given: Array, hits: Array
    ) -> None:
        from lamplighter.policy.replay import kernels

        plan = self.plan.tables[place]
        read = (
            index,
            given,
            layout.parts,
            layout.offsets,
            layout.links,
            layout.link_offsets,
            layout.masks,
        )
        if not plan.counts_all and plan.members is None:
            kernels.first_rule(*read, plan.answers, hits, given[place])
            return
        found = np.empty((index.shape[1], plan.words), np.uint64)
        kernels.matching_rules(*read, found)
        if plan.members is None:
            hits[:], given[place] = self.gather(place, found)
        else:
            kernels.agreeing_rule(found, plan.members, plan.answers, hits, given[place])

    def gather(self, place: int, found: Array) -> tuple[Array, Array]:
        """Of a table where all rules that match count: their place in `hits`, and their answer.

        `found` has them as words of bits; the answer is counted from 1, and 0 is none.
        """
        hits = self._gathered[place].of(found, lambda rows: self._gather(place, found[rows]))
        answers = self._answers[place]
        if len(hits) < len(answers):
            return hits, np.array([answers[hit] for hit in hits.tolist()], np.int32)
        return hits, np.array(answers or [0], np.int32)[hits]

    def combine(self, answers: Array) -> Array:
        """The number of each outcome, from rows with the answers of all tables, from 1."""
        rows = np.ascontiguousarray(answers, np.uint64)
        return self._of_answers.of(
            rows, lambda places: [*map(self._outcome_of, rows[places].tolist())]
        )

    def _outcome_of(self, answers: Sequence[int]) -> int:
        if 0 in answers:
            return FAILURE
        outputs: dict[str, Result] = {}
        for table, answer in zip(self.compiled.tables, answers, strict=True):
            outputs |= table.answers[answer - 1]
        return self.number({name: outputs[name] for name in self.policy.outcome})

    def _outcomes_of(self, hits: Array) -> Array:
        """The number of each outcome, from what hits in each table."""
        answers = np.empty((hits.shape[1], len(hits)), np.int64)
        for place, (plan, found) in enumerate(zip(self.plan.tables, hits, strict=True)):
            given = self._answers[place] if plan.counts_all else plan.answers
            answers[:, place] = np.concatenate([[0], given])[found + 1]
        return self.combine(answers)

    def _gather(self, place: int, rows: Array) -> list[int]:
        """The places in `hits` of rules, as words of bits, that hit together for the first time."""
        answers, ids = self.compiled.tables[place].answers, self._ids[place]
        first = len(self.hits[place])
        for numbers in numbers_in(rows):
            answer = answers.of_places(numbers)
            self._answers[place].append(0 if answer is None else answer + 1)
            self.hits[place].append(tuple([ids[n] for n in numbers]))
        return [*range(first, len(self.hits[place]))]

    def _settled_class(self, place: int, given: int) -> int:
        """The class itself; for what was not asked the class of unknown, or the one beyond."""
        if given >= 0:
            return given
        axis = self.compiled.axes[place]
        return len(axis.examples) if axis.declared.always_known else axis.codes[UNKNOWN]

    def mark_not_asked(self, columns: Mapping[str, Column], outcomes: Array) -> None:
        """Calls in which an input was not asked that must be known have no outcome: -1."""
        not_asked = self._not_asked(columns, len(outcomes))
        if not_asked is not None:
            outcomes[not_asked] = NOT_ASKED

    def _not_asked(self, columns: Mapping[str, Column], rows: int) -> Array | None:
        """Which calls these are; None where there are none."""
        found: Array | None = None
        for name, declared in self.policy.inputs.items():
            if not declared.always_known:
                continue
            if name not in columns:
                return np.ones(rows, bool)
            if None in columns[name].values:
                asked = np.array([value is not None for value in columns[name].values])
                missing = ~asked[columns[name].codes]
                found = missing if found is None else found | missing
        return found


class _Layouts:
    """The masks of each table for the facts of some calls, made anew where answers came up."""

    def __init__(self, bulk: Bulk, joined: Joined, rest: Mapping[int, int]) -> None:
        self._bulk = bulk
        self._joined = joined
        self._rest = rest
        self._made: dict[int, tuple[list[int], Layout]] = {}

    def of(self, place: int) -> Layout:
        tables = self._bulk.compiled.tables
        known = [len(tables[link.source].answers) for link in tables[place].links]
        made = self._made.get(place)
        if made is None or made[0] != known:
            layout = self._bulk.plan.tables[place].laid_out(self._joined, self._rest)
            made = self._made[place] = known, layout
        return made[1]


def _digits(size: int, stride: int, count: int) -> Array:
    """The digit with this stride, of so many values, of each number below `count`."""
    digits = np.arange(size, dtype=np.uint8 if size <= 1 << 8 else np.int32)
    return np.tile(np.repeat(digits, stride), count // (size * stride))


def _look_up(joined: Joined, strides: Mapping[int, int], kinds: Array, rows: int) -> Array:
    """The kinds of calls, each one of the combinations of which `kinds` are listed."""
    found = np.empty(rows, kinds.dtype)
    lookup = Lookup(joined, strides, kinds)

    def work(start: int, stop: int) -> None:
        found[start:stop] = lookup.of(start, stop)

    in_blocks(rows, work)
    return found


class Lookup:
    """Finds what is listed for the combination of classes that each call is."""

    def __init__(self, joined: Joined, strides: Mapping[int, int], listed: Array) -> None:
        self._joined = joined
        self._steps, self._offsets = joined.steps(strides)
        self._listed = listed

    def of(self, start: int, stop: int) -> Array:
        from lamplighter.policy.replay import kernels

        found = np.empty(stop - start, self._listed.dtype)
        index = self._joined.of(start, stop)
        kernels.look_up(index, self._steps, self._offsets, self._listed, found)
        return found


def _of_each(values: Array, kinds: Array) -> Array:
    """values[kind] of each call."""
    from lamplighter.policy.replay import kind_kernels

    found = np.empty(len(kinds), values.dtype)

    def work(start: int, stop: int) -> None:
        kind_kernels.of_each(values, kinds[start:stop], found[start:stop])

    in_blocks(len(kinds), work)
    return found
