"""A policy laid out for the compiled loops: joint classes of inputs, words of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.compiled import Compiled, CompiledTable

Array: TypeAlias = npt.NDArray[Any]

# A part of a table fits the second cache of a core.
_PART_WORDS = 8192


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs whose classes are joined into one number: the sum of class times stride."""

    inputs: tuple[int, ...]
    strides: tuple[int, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The masks of one table: row `offsets[k] + value * words` has the rules, as words of bits,
    that accept this value of the number `parts[k]` of a call."""

    parts: Array
    offsets: Array
    masks: Array
    words: int
    known: tuple[int, ...]


class TablePlan:
    """One table: what it reads, and how the rules that match become an answer.

    `answers[rule]` is 1 and the answer where the rule decides alone. `members` has, where rules
    must agree, those that may match beside a rule. `counts_all`: all rules that match count.
    """

    def __init__(
        self,
        compiled: Compiled,
        place: int,
        groups: tuple[Group, ...],
        sizes: Sequence[int],
    ) -> None:
        self.table: CompiledTable = compiled.tables[place]
        self.words = (len(self.table.table.rules) + 63) // 64
        self.answers = np.array([one + 1 for one in self.table.class_of_rule], np.int32)
        self.members = _members(self.table, self.words)
        self.counts_all = not (self.table.takes_first or self.table.any or self.table.unique)
        self._tables = compiled.tables
        self._parts: list[int] = []
        self._chunks: list[Array] = []
        columns = dict(self.table.columns)
        for number, group in enumerate(groups):
            if any(position in columns for position in group.inputs):
                self._parts.append(number)
                full = self.table.full
                self._chunks.append(joint_masks(group, columns, full, sizes, self.words, 0))
        for link in self.table.links:
            self._parts.append(len(groups) + link.source)
        if not self._parts:
            self._parts.append(0)
            self._chunks.append(
                np.tile(to_words([self.table.full], self.words), (groups[0].size, 1))
            )
        self._layout: Layout | None = None

    def layout(self) -> Layout:
        """The masks, for all answers that earlier tables have given so far."""
        counts = tuple(len(self._tables[link.source].answers) for link in self.table.links)
        layout = self._layout
        if layout is None or layout.known != counts:
            chunks = list(self._chunks)
            for link, count in zip(self.table.links, counts, strict=True):
                # 0 stands for no answer, which nothing accepts.
                masks = [0, *(link.masks[answer] for answer in range(count))]
                chunks.append(to_words(masks, self.words))
            ends = np.cumsum([chunk.size for chunk in chunks])
            layout = self._layout = Layout(
                np.array(self._parts, np.int64),
                np.array([0, *ends[:-1]], np.int64),
                np.concatenate([chunk.ravel() for chunk in chunks]),
                self.words,
                counts,
            )
        return layout


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the loops need. `sizes[i]`: the classes of input i and, where it must be known,
    one more for a call in which it was not asked, which no rule accepts."""

    sizes: tuple[int, ...]
    groups: tuple[Group, ...]
    tables: tuple[TablePlan, ...]


def make_plan(compiled: Compiled) -> Plan:
    """Lay out a compiled policy; nothing in it depends on the calls."""
    sizes = tuple(len(axis.examples) + bool(axis.declared.always_known) for axis in compiled.axes)
    words = max((len(table.table.rules) + 63) // 64 for table in compiled.tables)
    tested = {position for table in compiled.tables for position, _ in table.columns}
    groups = grouped(tested, sizes, words) or (Group((), (), 1),)
    places = range(len(compiled.tables))
    tables = tuple(TablePlan(compiled, place, groups, sizes) for place in places)
    return Plan(sizes, groups, tables)


def grouped(
    inputs: Iterable[int], sizes: Mapping[int, int] | Sequence[int], words: int
) -> tuple[Group, ...]:
    """Put inputs into as few groups as fit a core's cache, with so many words a joint class."""
    most = max(_PART_WORDS // words, 1)
    bins: list[list[int]] = []
    for position in sorted(inputs, key=lambda position: (-sizes[position], position)):
        for one in bins:
            if prod(sizes[p] for p in one) * sizes[position] <= most:
                one.append(position)
                break
        else:
            bins.append([position])
    groups = []
    for one in bins:
        strides, size = [], 1
        for position in one:
            strides.append(size)
            size *= sizes[position]
        groups.append(Group(tuple(one), tuple(strides), size))
    return tuple(groups)


def joint_masks(
    group: Group,
    columns: Mapping[int, tuple[int, ...]],
    full: int,
    sizes: Mapping[int, int] | Sequence[int],
    words: int,
    unasked: int,
) -> Array:
    """The rules that accept each joint class of a group, as rows of words.

    `columns` has the rules that accept each class of an input; a class beyond these, which stands
    for an input that was not asked, is accepted by the rules `unasked`.
    """
    joint = np.full((1, words), np.uint64(2**64 - 1))
    for position in group.inputs:
        masks = columns.get(position, (full,) * sizes[position])
        own = to_words((*masks, *[unasked] * (sizes[position] - len(masks))), words)
        # The earlier inputs of a group have the smaller strides.
        joint = (own[:, None, :] & joint[None, :, :]).reshape(-1, words)
    return joint


def to_words(masks: Sequence[int], words: int) -> Array:
    """Rules as bits, whole numbers of any length, as rows of words of 64 bits."""
    data = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(data, "<u8").astype(np.uint64).reshape(len(masks), words)


def from_words(row: Array) -> int:
    """Rules as bits, from a row of words."""
    return int.from_bytes(row.astype("<u8").tobytes(), "little")


def _members(table: CompiledTable, words: int) -> Array | None:
    if table.unique:
        return to_words([1 << rule for rule in range(len(table.table.rules))], words)
    if table.any:
        return to_words([table.members(answer) for answer in table.class_of_rule], words)
    return None
