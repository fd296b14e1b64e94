"""Decides many calls at once, from columns of small codes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import UNKNOWN, Fact
from lamplighter.policy.errors import FactError
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.plan import NOT_ASKED, Plan, make_plan

Array: TypeAlias = npt.NDArray[Any]

# Calls a thread works on at a time: what it needs of them stays in the core's cache.
BLOCK = 1 << 15


@dataclass(frozen=True, slots=True)
class Decided:
    """What the policy decides about each call once the questions are over.

    `outcomes[i]` is a place in `Bulk.outcomes`; 0 where a table has no answer, or two, and -1
    where an input that must be known was not asked. `rules[t][i]` is the rule that hits in table
    t, -1 where none does.
    """

    outcomes: Array
    rules: tuple[Array, ...]


class Bulk:
    """One policy, laid out for many calls. Safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.compiled = policy.engine.compiled
        self.positions = {axis.name: place for place, axis in enumerate(self.compiled.axes)}

    @cached_property
    def plan(self) -> Plan:
        return make_plan(self.compiled)

    @property
    def outcomes(self) -> tuple[Mapping[str, Any], ...]:
        """The outcomes by number; the first stands for a failure."""
        return self.plan.outcomes

    def classes(self, name: str, values: tuple[Fact | None, ...]) -> list[int]:
        """The class of each value of an input; -1 for None, which was not asked."""
        try:
            axis = self.compiled.axes[self.positions[name]]
        except KeyError:
            raise FactError(f"the policy has no input {name}") from None
        return [-1 if value is None else axis.code(value) for value in values]

    @cached_property
    def numbers(self) -> Mapping[tuple[Any, ...], int]:
        """The number of each outcome, by its values in order; failures are not among them."""
        return {tuple(one.values()): place for place, one in enumerate(self.outcomes) if place}

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
        from lamplighter.policy.replay import kernels

        plan = self.plan
        small = np.int16 if max(len(t.order) for t in plan.tables) < 2**15 else np.int32
        outcomes = np.empty(rows, np.int32)
        rules = tuple(np.empty(rows, small) for _ in plan.tables)
        numbers = len(plan.groups) + len(plan.tables)
        every = np.arange(len(plan.groups), numbers)
        fixed: list[int] = []
        steps: list[tuple[int, Array, Array]] = []
        for number, group in enumerate(plan.groups):
            fixed.append(0)
            for place, stride in zip(group.inputs, group.strides, strict=True):
                if place in given:
                    codes, classes = given[place]
                    steps.append((number, codes, classes * np.int32(stride)))
                else:
                    fixed[number] += self._settled_class(place, -1) * stride

        def work(start: int, stop: int) -> None:
            index = np.empty((numbers, stop - start), np.int32)
            for number, constant in enumerate(fixed):
                index[number] = constant
            for number, codes, classes in steps:
                kernels.add_classes(codes, start, classes, index[number])
            for place, table in enumerate(plan.tables):
                shared = (
                    index, table.parts, table.offsets, table.masks, table.words, table.order,
                    table.answers, table.none, rules[place][start:stop], len(plan.groups) + place,
                )  # fmt: skip
                if table.members is None:
                    kernels.first_rule(*shared)
                else:
                    kernels.agreeing_rule(*shared, table.members)
            kernels.combine(
                index, every, plan.steps, plan.starts, plan.outcome_of, outcomes[start:stop]
            )

        in_blocks(rows, work)
        return Decided(outcomes, rules)

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


def usable(codes: Array) -> Array:
    """Codes of a kind that the loops are compiled for."""
    if codes.dtype in (np.uint8, np.int32):
        return codes
    return codes.astype(np.uint8 if codes.dtype == np.int8 else np.int32)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_blocks(rows: int, work: Callable[[int, int], None]) -> None:
    """Run `work(start, stop)` over all rows, on all cores."""
    spans: Iterator[tuple[int, int]] = (
        (start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK)
    )
    if rows <= BLOCK or cores() == 1:
        for span in spans:
            work(*span)
        return
    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(lambda span: work(*span), spans):
            pass
