"""A policy laid out for the compiled loops: joint classes of inputs, words of rules, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.compiled import Compiled, CompiledTable
from lamplighter.policy.domains import Value
from lamplighter.policy.model import Output

Array: TypeAlias = npt.NDArray[Any]

# The end for facts that leave some table without an answer, or with two.
FAILURE = 0
# The inputs that must be known were not asked.
NOT_ASKED = -1

# A part of a table fits the second cache of a core.
_PART_WORDS = 8192
_MOST_OUTCOMES = 1 << 20


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs whose classes are joined into one number: the sum of class times stride."""

    inputs: tuple[int, ...]
    strides: tuple[int, ...]
    size: int


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table: which numbers of a call it reads (`parts`), and the rules that each accepts.

    `order[bit]` is the rule of a bit, `answers[bit]` its class of outputs; `none` is the class of
    no answer. `members` has, where rules must agree, the rules that may match beside a rule.
    """

    parts: Array
    offsets: Array
    masks: Array
    words: int
    order: Array
    answers: Array
    none: int
    members: Array | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the loops need. `sizes[i]`: the classes of input i and, where it must be known,
    one more for a call in which it was not asked, which no rule accepts.

    Outcomes are numbered; 0 is the failure. `steps`, `starts` and `outcome_of` find the number
    from the answers of the tables.
    """

    sizes: tuple[int, ...]
    groups: tuple[Group, ...]
    tables: tuple[TablePlan, ...]
    outcomes: tuple[Mapping[str, Value], ...]
    steps: Array
    starts: Array
    outcome_of: Array


def make_plan(compiled: Compiled) -> Plan:
    """Lay out a compiled policy; nothing in it depends on the calls."""
    sizes = tuple(len(axis.examples) + bool(axis.declared.always_known) for axis in compiled.axes)
    words = max((len(table.table.rules) + 63) // 64 for table in compiled.tables)
    groups = _groups(compiled, sizes, max(_PART_WORDS // words, 1))
    tables = tuple(_table(compiled, place, groups, sizes) for place in range(len(compiled.tables)))
    return Plan(sizes, groups, tables, *_outcomes(compiled))


def _groups(compiled: Compiled, sizes: Sequence[int], most: int) -> tuple[Group, ...]:
    """Put the inputs that rules test into as few groups of at most `most` joint classes."""
    tested = sorted(
        {position for table in compiled.tables for position, _ in table.columns},
        key=lambda position: -sizes[position],
    )
    bins: list[list[int]] = []
    for position in tested:
        for one in bins:
            if prod(sizes[p] for p in one) * sizes[position] <= most:
                one.append(position)
                break
        else:
            bins.append([position])
    groups = []
    for one in bins or [[]]:
        strides, size = [], 1
        for position in one:
            strides.append(size)
            size *= sizes[position]
        groups.append(Group(tuple(one), tuple(strides), size))
    return tuple(groups)


def _table(
    compiled: Compiled, place: int, groups: tuple[Group, ...], sizes: Sequence[int]
) -> TablePlan:
    table = compiled.tables[place]
    count = len(table.table.rules)
    order = list(range(count))
    words = (count + 63) // 64
    columns = dict(table.columns)
    parts: list[int] = []
    chunks: list[Array] = []
    for number, group in enumerate(groups):
        if any(position in columns for position in group.inputs):
            joint = np.full((1, words), np.uint64(2**64 - 1))
            for position in group.inputs:
                masks = columns.get(position, (table.full,) * len(compiled.axes[position].examples))
                masks = (*masks, *[0] * (sizes[position] - len(masks)))
                own = _words(masks, order, words)
                # The earlier inputs of a group have the smaller strides.
                joint = (own[:, None, :] & joint[None, :, :]).reshape(-1, words)
            parts.append(number)
            chunks.append(joint)
    for link in table.links:
        parts.append(len(groups) + link.source)
        chunks.append(_words((*link.masks, 0), order, words))
    if not parts:
        parts.append(0)
        chunks.append(np.tile(_words((table.full,), order, words), (groups[0].size, 1)))
    ends = np.cumsum([chunk.size for chunk in chunks])
    return TablePlan(
        parts=np.array(parts, np.int64),
        offsets=np.array([0, *ends[:-1]], np.int64),
        masks=np.concatenate([chunk.ravel() for chunk in chunks]),
        words=words,
        order=np.array(order, np.int32),
        answers=np.array([table.class_of_rule[rule] for rule in order], np.int32),
        none=len(table.answers),
        members=_members(table, order, words),
    )


def _words(masks: Sequence[int], order: Sequence[int], words: int) -> Array:
    """Rules as bits, whole numbers of any length, as rows of words of 64 bits in a given order."""
    if list(order) == sorted(order):
        data = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
        return np.frombuffer(data, "<u8").astype(np.uint64).reshape(len(masks), words)
    moved = [sum((mask >> rule & 1) << bit for bit, rule in enumerate(order)) for mask in masks]
    return _words(moved, range(len(order)), words)


def _members(table: CompiledTable, order: Sequence[int], words: int) -> Array | None:
    if not table.unique:
        return None
    same = [table.members(table.class_of_rule[rule]) for rule in order]
    return _words(same, order, words)


def _outcomes(
    compiled: Compiled,
) -> tuple[tuple[Mapping[str, Value], ...], Array, Array, Array]:
    """Number the outcomes that the answers of the tables can make together."""
    names = compiled.policy.outcome
    steps: list[int] = []
    starts: list[int] = []
    projected: list[list[dict[str, Value]]] = []
    stride = 1
    for table in compiled.tables:
        kinds: dict[tuple[Value, ...], int] = {}
        own = [name for name in names if name in table.table.outputs]
        starts.append(len(steps))
        for answer in table.answers:
            kind = kinds.setdefault(tuple(answer[name] for name in own), len(kinds))
            steps.append(stride * kind)
        steps.append(stride * len(kinds))
        projected.append([dict(zip(own, kind, strict=True)) for kind in kinds])
        stride *= len(kinds) + 1
    if stride > _MOST_OUTCOMES:
        raise OverflowError(f"{compiled.policy.name} has more than {_MOST_OUTCOMES} outcomes")
    found: list[tuple[Mapping[str, Value], int]] = []
    for chosen in product(*(range(len(kinds)) for kinds in projected)):
        key, factor, made = 0, 1, {}
        for kind, kinds in zip(chosen, projected, strict=True):
            key += factor * kind
            factor *= len(kinds) + 1
            made.update(kinds[kind])
        found.append((MappingProxyType({name: made[name] for name in names}), key))
    ranks = {name: _ranks(compiled.policy.output(name)) for name in names}
    found.sort(key=lambda one: [ranks[name](value) for name, value in one[0].items()])
    outcome_of = np.zeros(stride, np.int32)
    for number, (_, key) in enumerate(found, 1):
        outcome_of[key] = number
    outcomes = (MappingProxyType({}), *(outcome for outcome, _ in found))
    return outcomes, np.array(steps, np.int64), np.array(starts, np.int64), outcome_of


def _ranks(output: Output) -> Callable[[Value], Value]:
    """Outcomes stand in the order in which the policy declares their values."""
    places: Mapping[Value, Value] = {one: place for place, one in enumerate(output.domain.values)}
    return lambda value: places.get(value, value)
