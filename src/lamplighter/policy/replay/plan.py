"""A policy laid out for the compiled loops: joint values of inputs, words of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.compiled import Compiled, CompiledTable, Link
from lamplighter.policy.replay.joined import Group, Joined

Array: TypeAlias = npt.NDArray[Any]

# The masks of the groups of one table fit the second cache of a core.
_PART_WORDS = 8192


@dataclass(frozen=True, slots=True)
class Layout:
    """The masks of one table: row `offsets[k] + value * words` has the rules, as words of bits,
    that accept this value: of the group `parts[k]`, and of the answer of table `links[k]`."""

    parts: Array
    offsets: Array
    links: Array
    link_offsets: Array
    masks: Array


class TablePlan:
    """One table: what it reads, and how the rules that match become an answer.

    `answers[rule]` is 1 and the answer where the rule decides alone. `members` has, where rules
    must agree, those that may match beside a rule. `counts_all`: all rules that match count.
    """

    def __init__(self, compiled: Compiled, place: int) -> None:
        self.table: CompiledTable = compiled.tables[place]
        self.words = (len(self.table.table.rules) + 63) // 64
        self.answers = np.array([one + 1 for one in self.table.class_of_rule], np.uint32)
        self.members = _members(self.table, self.words)
        self.counts_all = not (self.table.takes_first or self.table.any or self.table.unique)
        self._tables = compiled.tables

    def anew(self, compiled: Compiled, place: int) -> TablePlan:
        """The same for a table whose answers are numbered anew."""
        new = copy(self)
        new.table, new._tables = compiled.tables[place], compiled.tables
        return new

    def laid_out(self, joined: Joined, rest: Mapping[int, int]) -> Layout:
        """The masks for calls whose facts are joined; the class of each other input is in `rest`.

        They hold for all answers that earlier tables have given so far.
        """
        columns = dict(self.table.columns)
        accepted = self.table.full
        for position, code in rest.items():
            masks = columns.pop(position, None)
            if masks is not None:
                # A class beyond the others is that of an input which was not asked.
                accepted &= masks[code] if code < len(masks) else 0
        parts = [n for n, g in enumerate(joined.groups) if not columns.keys().isdisjoint(g.inputs)]
        chunks = [joint_masks(joined.groups[n], columns, self.words, 0) for n in parts or [0]]
        chunks[0] = chunks[0] & to_words([accepted], self.words)
        chunks += [self.masks_of(link) for link in self.table.links]
        starts = np.cumsum([0, *[chunk.size for chunk in chunks]]).astype(np.uint64)
        count = len(parts or [0])
        return Layout(
            np.array(parts or [0], np.int64),
            starts[:count],
            np.array([link.source for link in self.table.links], np.int64),
            starts[count:-1],
            np.concatenate([chunk.ravel() for chunk in chunks]),
        )

    def masks_of(self, link: Link) -> Array:
        """The rules that accept each answer of an earlier table so far, as rows of words.

        0 stands for no answer, which nothing accepts.
        """
        answers = range(len(self._tables[link.source].answers))
        return to_words([0, *(link.masks[answer] for answer in answers)], self.words)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the loops need. `sizes[i]`: the classes of input i and, where it must be known,
    one more for a call in which it was not asked, which no rule accepts. `most` values may be
    joined in one group."""

    sizes: tuple[int, ...]
    tables: tuple[TablePlan, ...]
    tested: tuple[int, ...]
    most: int

    def anew(self, compiled: Compiled) -> Plan:
        """The same for a policy whose answers are numbered anew."""
        tables = tuple(table.anew(compiled, place) for place, table in enumerate(self.tables))
        return replace(self, tables=tables)


def make_plan(compiled: Compiled) -> Plan:
    """Lay out a compiled policy; nothing in it depends on the calls."""
    sizes = tuple(len(axis.examples) + bool(axis.declared.always_known) for axis in compiled.axes)
    tables = tuple(TablePlan(compiled, place) for place in range(len(compiled.tables)))
    tested = {position for table in compiled.tables for position, _ in table.columns}
    most = max(_PART_WORDS // max(table.words for table in tables), 1)
    return Plan(sizes, tables, tuple(sorted(tested)), most)


def joint_masks(
    group: Group, columns: Mapping[int, tuple[int, ...]], words: int, unasked: int
) -> Array:
    """The rules that accept each joint value of a group, as rows of words.

    `columns` has the rules that accept each class of an input; a class beyond these, which stands
    for an input that was not asked, is accepted by the rules `unasked`.
    """
    every = np.full((1, words), np.uint64(2**64 - 1))
    joint = every
    for position, classes in zip(group.inputs, group.classes, strict=True):
        own = np.broadcast_to(every, (len(classes), words))
        if position in columns:
            masks = columns[position]
            own = to_words((*masks, unasked), words)[np.minimum(classes, len(masks))]
        # The earlier inputs of a group have the smaller strides.
        joint = (own[:, None, :] & joint[None, :, :]).reshape(-1, words)
    return joint


def to_words(masks: Sequence[int], words: int) -> Array:
    """Rules as bits, whole numbers of any length, as rows of words of 64 bits."""
    data = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(data, "<u8").astype(np.uint64).reshape(len(masks), words)


def numbers_in(rows: Array) -> list[list[int]]:
    """The numbers whose bits are set in each row of words."""
    flags = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    numbers = np.nonzero(flags)[1].tolist()
    ends = np.cumsum(flags.sum(axis=1, dtype=np.int64)).tolist()
    return [numbers[a:b] for a, b in pairwise([0, *ends])]


def strides_of(sizes: Sequence[int]) -> list[int]:
    """How far apart the values of each digit of a number stand, the first digit the smallest."""
    return [prod(sizes[:place]) for place in range(len(sizes))]


def _members(table: CompiledTable, words: int) -> Array | None:
    if table.unique:
        return to_words([1 << rule for rule in range(len(table.table.rules))], words)
    if table.any:
        return to_words([table.members(answer) for answer in table.class_of_rule], words)
    return None
