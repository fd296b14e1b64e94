"""Decides many calls at once, from columns of small codes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from lamplighter.policy.replay.numbered import Numbered
from lamplighter.policy.replay.plan import Plan, TablePlan, from_words, make_plan

Array: TypeAlias = npt.NDArray[Any]

# The end for facts that leave some table without an answer, or with two.
FAILURE = 0
# The inputs that must be known were not asked.
NOT_ASKED = -1

# Calls a thread works on at a time: what is known of them fits the second cache of a core.
BLOCK = 1 << 14
_MOST_LISTED = 1 << 20
_MOST_KEPT = 4


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
        self._every: dict[tuple[int, ...], Decided] = {}

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

    def classes(self, name: str, values: Sequence[Fact | None]) -> list[int]:
        """The class of each value of an input; -1 for None, which was not asked."""
        try:
            axis = self.compiled.axes[self.positions[name]]
        except KeyError:
            raise FactError(f"the policy has no input {name}") from None
        return [-1 if value is None else axis.code(value) for value in values]

    def decide(self, columns: Mapping[str, Column], rows: int) -> Decided:
        """Decide calls whose facts are given by columns; what is not given counts as unknown."""
        given: dict[int, tuple[Array, Array]] = {}
        for name, column in columns.items():
            classes = self.classes(name, column.values)
            place = self.positions[name]
            settled = [self._settled_class(place, one) for one in classes]
            given[place] = (usable(column.codes), np.array(settled or [0], np.int32))
        decided = self._decide(given, rows)
        self.mark_not_asked(columns, decided.outcomes)
        return decided

    def decide_classes(self, codes: Mapping[int, Array], rows: int) -> Decided:
        """Decide calls whose classes of facts are given for each position of an input."""
        sizes = self.plan.sizes
        same = {place: np.arange(sizes[place], dtype=np.int32) for place in codes}
        return self._decide({place: (codes[place], same[place]) for place in codes}, rows)

    def _decide(self, given: Mapping[int, tuple[Array, Array]], rows: int) -> Decided:
        """Decide calls, or look them up where all that can be said is less than there are calls."""
        tested = tuple(p for group in self.plan.groups for p in group.inputs if p in given)
        sizes = [self.plan.sizes[place] for place in tested]
        if prod(sizes) > min(rows, _MOST_LISTED):
            return self._work_out(given, rows)
        strides = [prod(sizes[:k]) for k in range(len(sizes))]
        every = self._every.get(tested)
        if every is None:
            numbers = np.arange(prod(sizes), dtype=np.int32)
            columns = {
                place: (numbers // stride % size, np.arange(size, dtype=np.int32))
                for place, stride, size in zip(tested, strides, sizes, strict=True)
            }
            if len(self._every) >= _MOST_KEPT:
                self._every.clear()
            every = self._every[tested] = self._work_out(columns, len(numbers))
        steps = [
            (given[place][0], given[place][1] * np.int32(stride))
            for place, stride in zip(tested, strides, strict=True)
        ]
        return _looked_up(every, steps, rows)

    def _work_out(self, given: Mapping[int, tuple[Array, Array]], rows: int) -> Decided:
        groups, tables = self.plan.groups, self.plan.tables
        outcomes = np.empty(rows, np.int32)
        hits = tuple(np.empty(rows, _kind_of_hits(table)) for table in tables)
        fixed: list[int] = []
        steps: list[list[tuple[Array, Array]]] = []
        for number, group in enumerate(groups):
            fixed.append(0)
            steps.append([])
            for place, stride in zip(group.inputs, group.strides, strict=True):
                if place in given:
                    codes, classes = given[place]
                    steps[number].append((codes, classes * np.int32(stride)))
                else:
                    fixed[number] += self._settled_class(place, -1) * stride

        def work(start: int, stop: int) -> None:
            index = np.empty((len(groups) + len(tables), stop - start), np.int32)
            for number, constant in enumerate(fixed):
                index[number] = constant
            for number, ours in enumerate(steps):
                add_all(ours, start, index[number])
            for place in range(len(tables)):
                self._decide_table(place, index, hits[place][start:stop])
            self._combined.of(index, outcomes[start:stop])

        in_blocks(rows, work)
        return Decided(outcomes, hits)

    def _decide_table(self, place: int, index: Array, hits: Array) -> None:
        from lamplighter.policy.replay import kernels

        plan = self.plan.tables[place]
        layout = plan.layout()
        read = (index, layout.parts, layout.offsets, layout.masks, layout.words)
        row = len(self.plan.groups) + place
        if plan.counts_all:
            found = np.empty((index.shape[1], plan.words), np.uint64)
            kernels.matching_rules(*read, found)
            hits[:], index[row] = self.gather(place, found)
        elif plan.members is None:
            kernels.first_rule(*read, plan.answers, hits, row)
        else:
            kernels.agreeing_rule(*read, plan.answers, hits, row, plan.members)

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
        ids = tuple(rule.id for n, rule in enumerate(table.table.rules) if rules >> n & 1)
        self.hits[place].append(ids)
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


def _looked_up(every: Decided, steps: Sequence[tuple[Array, Array]], rows: int) -> Decided:
    """The decisions of calls, each a combination of classes whose decision is listed."""
    outcomes = np.empty(rows, every.outcomes.dtype)
    hits = tuple(np.empty(rows, listed.dtype) for listed in every.hits)

    def work(start: int, stop: int) -> None:
        keys = np.zeros(stop - start, np.int32)
        add_all(steps, start, keys)
        every.outcomes.take(keys, out=outcomes[start:stop], mode="clip")
        for listed, found in zip(every.hits, hits, strict=True):
            listed.take(keys, out=found[start:stop], mode="clip")

    in_blocks(rows, work)
    return Decided(outcomes, hits)


class _Combined:
    """Numbers of outcomes by the answers of all tables, worked out as they come up."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        tables = bulk.plan.tables
        # 0 is no answer; the answers of other tables than these are not known beforehand.
        sizes = [len(table.table.answers) + 1 for table in tables]
        listed = not any(table.counts_all for table in tables) and prod(sizes) <= _MOST_LISTED
        self._strides = np.array([prod(sizes[:k]) for k in range(len(sizes))], np.int64)
        self._sizes = sizes
        self._outcomes = np.full(prod(sizes), -1, np.int32) if listed else None
        if self._outcomes is not None:
            fails = np.indices(sizes[::-1]).min(axis=0).ravel() == 0
            self._outcomes[fails] = FAILURE
        self._numbered = Numbered(len(tables))

    def of(self, index: Array, found: Array) -> None:
        """The number of the outcome of each call in a block, into `found`."""
        from lamplighter.policy.replay import kernels

        first = len(self._bulk.plan.groups)
        if self._outcomes is None:
            found[:] = self.number(index[first:].T)
            return
        if kernels.combine(index, first, self._strides, self._outcomes, found):
            for answers in np.unique(index[first:, found < 0], axis=1).T.tolist():
                key = sum(a * s for a, s in zip(answers, self._strides.tolist(), strict=True))
                self._outcomes[key] = self._number(answers)
            kernels.combine(index, first, self._strides, self._outcomes, found)

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
    if table.counts_all or len(table.answers) >= 2**15:
        return np.int32
    return np.int16 if len(table.answers) >= 2**7 else np.int8


def add_all(columns: Sequence[tuple[Array, Array]], start: int, index: Array) -> None:
    """Add to the index of each call what its codes from `start` on stand for, in each column."""
    from lamplighter.policy.replay import kernels

    for first in range(0, len(columns), 4):
        four = columns[first : first + 4]
        if len(four) == 4:
            kernels.add_four(*(c for c, _ in four), start, *(s for _, s in four), index)
        else:
            for codes, steps in four:
                kernels.add_classes(codes, start, steps, index)


def usable(codes: Array) -> Array:
    """Codes of a kind that the loops are compiled for."""
    if codes.dtype in (np.uint8, np.int32):
        return codes
    return codes.astype(np.uint8 if codes.dtype == np.int8 else np.int32)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_blocks(rows: int, work: Callable[[int, int], None], block: int = BLOCK) -> None:
    """Run `work(start, stop)` over all rows, on all cores."""
    spans: Iterator[tuple[int, int]] = (
        (start, min(start + block, rows)) for start in range(0, rows, block)
    )
    if rows <= block or cores() == 1:
        for span in spans:
            work(*span)
        return
    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(lambda span: work(*span), spans):
            pass
