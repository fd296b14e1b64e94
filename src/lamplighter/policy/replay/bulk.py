"""Decides many calls at once, from columns of small codes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.joined import Given, Joined
from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import (
    Layout,
    Plan,
    TablePlan,
    from_words,
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

# Calls a thread works on at a time: what is known of them fits the second cache of a core.
BLOCK = 1 << 15
_MOST_LISTED = 1 << 20
_MOST_KEPT = 4
# Listing a combination costs about as much as deciding so many calls.
_PAYS_OFF = 4


@dataclass(frozen=True, slots=True)
class Decided:
    """What the policy decides about each call once the questions are over.

    `outcomes[i]` is a place in `Bulk.outcomes`; 0 where a table has no answer, or two, and -1
    where an input that must be known was not asked. `hits[t][i]` is a place in `Bulk.hits[t]`,
    -1 where no rule of table t hits.
    """

    outcomes: Array
    hits: tuple[Array, ...]


class Bulk:
    """One policy, laid out for many calls. Safe to share between threads.

    `outcomes` has the outcomes that came up so far, by number; the first stands for a failure.
    `hits[t]` has the ids of the rules that hit together in table t: where one rule decides, the
    rules in the order in which they count; else what came up so far.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.compiled = policy.engine.compiled
        self.positions = {axis.name: place for place, axis in enumerate(self.compiled.axes)}
        self.outcomes: list[Mapping[str, Result]] = [MappingProxyType({})]
        self.hits: list[list[tuple[str, ...]]] = [
            [] if plan.counts_all else [(rule.id,) for rule in plan.table.table.rules]
            for plan in self.plan.tables
        ]
        self._numbers: dict[tuple[Result, ...], int] = {}
        self._numbering = Lock()
        # Where all rules that match count: the answers (from 1, 0 is none) beside `hits`.
        self._answers: list[list[int]] = [[] for _ in self.plan.tables]
        self._gathered = [Numbered(plan.words) for plan in self.plan.tables]
        self._combined = _Combined(self)
        # By the inputs that calls tell: what is decided about each combination of their classes.
        self._every: dict[tuple[int, ...], _Every] = {}
        self._seen: Counter[tuple[int, ...]] = Counter()

    @cached_property
    def plan(self) -> Plan:
        return make_plan(self.compiled)

    def number(self, outcome: Mapping[str, Result]) -> int:
        """The number of an outcome, a new one where it has not come up yet."""
        key = tuple(outcome.values())
        with self._numbering:
            if key not in self._numbers:
                self.outcomes.append(MappingProxyType(dict(outcome)))
                self._numbers[key] = len(self.outcomes) - 1
            return self._numbers[key]

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
        self.mark_not_asked(columns, decided.outcomes)
        return decided

    def decide_classes(self, codes: Mapping[int, Array], rows: int) -> Decided:
        """Decide calls whose classes of facts are given for each position of an input."""
        every = {place: np.arange(self.plan.sizes[place], dtype=np.int32) for place in codes}
        return self._decide({place: Given(codes[place], every[place]) for place in codes}, rows)

    def _decide(self, given: Mapping[int, Given], rows: int) -> Decided:
        """Decide calls, or look them up where all that can be said is less than there are calls."""
        tested = {place: given[place] for place in self.plan.tested if place in given}
        joined = Joined(tested, self.plan.most)
        key = tuple(tested)
        every = self._every.get(key)
        if every is None:
            sizes = [self.plan.sizes[place] for place in tested]
            self._seen[key] += rows
            if prod(sizes) * _PAYS_OFF > self._seen[key] or prod(sizes) > _MOST_LISTED:
                return self._work_out(joined, rows)
            strides = dict(zip(tested, strides_of(sizes), strict=True))
            numbers = np.arange(prod(sizes), dtype=np.int32)
            combinations = {
                place: Given(
                    numbers // strides[place] % self.plan.sizes[place],
                    np.arange(self.plan.sizes[place], dtype=np.int32),
                )
                for place in tested
            }
            decided = self._work_out(Joined(combinations, self.plan.most), len(numbers))
            if len(self._every) >= _MOST_KEPT:
                self._every.clear()
            every = self._every[key] = _Every(strides, decided)
        return every.look_up(joined, rows)

    def _work_out(self, joined: Joined, rows: int) -> Decided:
        tables = self.plan.tables
        outcomes = np.empty(rows, self._combined.kind)
        hits = tuple(np.empty(rows, _kind_of_hits(table)) for table in tables)
        told = {place for group in joined.groups for place in group.inputs}
        rest = {p: self._settled_class(p, -1) for p in self.plan.tested if p not in told}

        def work(start: int, stop: int) -> None:
            index = joined.of(start, stop)
            given = np.empty((len(tables), stop - start), np.uint32)
            for place in range(len(tables)):
                own = hits[place][start:stop]
                self._decide_table(place, layouts.of(place), index, given, own)
            self._combined.of(given, outcomes[start:stop])

        layouts = _Layouts(self, joined, rest)
        for place in range(len(tables)):
            layouts.of(place)  # Once, before each core would lay it out for itself.
        in_blocks(rows, work)
        return Decided(outcomes, hits)

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
        hits = self._gathered[place].of(
            found, lambda rows: [self._gather(place, found[row]) for row in rows]
        )
        return hits, np.array(self._answers[place] or [0], np.int32)[hits]

    def combine(self, answers: Array) -> Array:
        """The number of each outcome, from rows with the answers of all tables, from 1."""
        return self._combined.number(answers)

    def _gather(self, place: int, row: Array) -> int:
        table = self.compiled.tables[place]
        rules = from_words(row)
        answer = table.answers.of(rules)
        self._answers[place].append(0 if answer is None else answer + 1)
        (numbers,) = numbers_in(row[None])
        self.hits[place].append(tuple([table.table.rules[number].id for number in numbers]))
        return len(self.hits[place]) - 1

    def _settled_class(self, place: int, given: int) -> int:
        """The class itself; for what was not asked the class of unknown, or the one beyond."""
        if given >= 0:
            return given
        axis = self.compiled.axes[place]
        return len(axis.examples) if axis.declared.always_known else axis.codes[UNKNOWN]

    def mark_not_asked(self, columns: Mapping[str, Column], outcomes: Array) -> None:
        """Calls in which an input was not asked that must be known have no outcome: -1."""
        for name, declared in self.policy.inputs.items():
            if not declared.always_known:
                continue
            if name not in columns:
                outcomes[:] = NOT_ASKED
            elif None in columns[name].values:
                asked = np.array([value is not None for value in columns[name].values])
                outcomes[~asked[columns[name].codes]] = NOT_ASKED


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


class _Every:
    """What is decided about each combination of classes of some inputs."""

    def __init__(self, strides: Mapping[int, int], decided: Decided) -> None:
        self._strides = strides
        sizes = [int(hits.max()) + 2 for hits in decided.hits]
        # What hits in all tables settles the outcome.
        kinds = np.zeros(len(decided.outcomes), np.int64)
        for hits, stride in zip(decided.hits, strides_of(sizes), strict=True):
            kinds += (hits.astype(np.int64) + 1) * stride
        _, first, kind = np.unique(kinds, return_index=True, return_inverse=True)
        self._kind = kind.ravel().astype(np.uint16 if len(first) < 1 << 16 else np.uint32)
        self._outcomes = decided.outcomes[first]
        self._hits = tuple(hits[first] for hits in decided.hits)

    def look_up(self, joined: Joined, rows: int) -> Decided:
        """The decisions of calls, each one of the combinations."""
        outcomes = np.empty(rows, self._outcomes.dtype)
        hits = tuple(np.empty(rows, listed.dtype) for listed in self._hits)
        find = Lookup(joined, self._strides, self._kind)

        def work(start: int, stop: int) -> None:
            kinds = find.of(start, stop).astype(np.intp)
            self._outcomes.take(kinds, out=outcomes[start:stop], mode="clip")
            for listed, found in zip(self._hits, hits, strict=True):
                listed.take(kinds, out=found[start:stop], mode="clip")

        in_blocks(rows, work)
        return Decided(outcomes, hits)


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


class _Combined:
    """Numbers of outcomes by the answers of all tables, worked out as they come up."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        tables = bulk.plan.tables
        # 0 is no answer; the answers of other tables than these are not known beforehand.
        sizes = [len(table.table.answers) + 1 for table in tables]
        listed = not any(table.counts_all for table in tables) and prod(sizes) <= _MOST_LISTED
        self._strides = np.array(strides_of(sizes), np.uint64)
        self._sizes = sizes
        self.kind = _kind(prod(sizes)) if listed else np.int32
        self._outcomes = np.full(prod(sizes), -1, self.kind) if listed else None
        if self._outcomes is not None:
            fails = np.indices(sizes[::-1]).min(axis=0).ravel() == 0
            self._outcomes[fails] = FAILURE
        self._numbered = Numbered(len(tables))

    def of(self, given: Array, found: Array) -> None:
        """The number of the outcome of each call in a block, into `found`."""
        from lamplighter.policy.replay import kernels

        if self._outcomes is None:
            found[:] = self.number(given.T)
            return
        if kernels.combine(given, self._strides, self._outcomes, found):
            for answers in np.unique(given[:, found < 0], axis=1).T.tolist():
                key = sum(a * s for a, s in zip(answers, self._strides.tolist(), strict=True))
                self._outcomes[key] = self._number(answers)
            kernels.combine(given, self._strides, self._outcomes, found)

    def number(self, answers: Array) -> Array:
        """The number of each outcome, from rows with the answers of all tables."""
        rows = np.ascontiguousarray(answers, np.uint64)
        return self._numbered.of(
            rows, lambda places: [self._number(rows[place].tolist()) for place in places]
        )

    def _number(self, answers: Sequence[int]) -> int:
        if 0 in answers:
            return FAILURE
        outputs: dict[str, Result] = {}
        for table, answer in zip(self._bulk.compiled.tables, answers, strict=True):
            outputs |= table.answers[answer - 1]
        return self._bulk.number({name: outputs[name] for name in self._bulk.policy.outcome})


def _kind_of_hits(table: TablePlan) -> type[np.signedinteger[Any]]:
    return np.int32 if table.counts_all else _kind(len(table.answers))


def _kind(count: int) -> type[np.signedinteger[Any]]:
    """The smallest kind of whole number that holds so many and -1."""
    return next((kind for kind in (np.int8, np.int16) if count <= np.iinfo(kind).max), np.int32)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_blocks(rows: int, work: Callable[[int, int], None], block: int = BLOCK) -> None:
    """Run `work(start, stop)` over all rows, on all cores."""
    starts = iter(range(0, rows, block))

    def on_one_core() -> None:
        # Threads take blocks from one iterator: a future for each block would cost too much.
        for start in starts:
            work(start, min(start + block, rows))

    if rows <= block or cores() == 1:
        on_one_core()
        return
    with ThreadPoolExecutor(cores()) as pool:
        for one in [pool.submit(on_one_core) for _ in range(cores())]:
            one.result()
