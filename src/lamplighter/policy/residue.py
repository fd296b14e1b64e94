"""What is left of the tables once some facts are known: the states that a diagram is built from.

A state has one number for each table: the rules that may still hit, as bits; or, once the
table's outputs are certain, `-1 - class of outputs`. Two states that are equal have the same
future, so equal states share one node of the diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from lamplighter.policy.compiled import Compiled, CompiledTable, Link

State: TypeAlias = tuple[int, ...]


class Residues:
    """Steps from state to state, one input after the other, in the policy's order."""

    def __init__(self, compiled: Compiled) -> None:
        self.tables = compiled.tables
        self.masks = tuple(axis.masks for axis in compiled.axes)
        # later[t][position]: the rules of table t that still wait for an input from there on.
        self.later = tuple(_waiting(table, len(compiled.axes)) for table in compiled.tables)
        # What settling needs of each table, at hand: it is done some thousand times a question.
        self._each = [
            (table, table.links, later, _settler(table))
            for table, later in zip(self.tables, self.later, strict=True)
        ]

    def start(self) -> State | None:
        """Nothing is known."""
        return self.settle(0, [table.full for table in self.tables])

    def step(self, state: State, position: int, code: int) -> State | None:
        """The input at `position` is known; None where some table has no answer any more."""
        masks = self.masks[position]
        return self.settle(
            position + 1,
            [rules & masks[t][code] if rules >= 0 else rules for t, rules in enumerate(state)],
        )

    def left(self, state: State, position: int) -> list[State]:
        """For each class of an input the rules of undecided tables that it leaves."""
        masks = self.masks[position]
        undecided = [(rules, masks[t]) for t, rules in enumerate(state) if rules >= 0]
        return list(zip(*[[rules & mask for mask in own] for rules, own in undecided], strict=True))

    def settle(self, position: int, rules: list[int]) -> State | None:
        """Bring a state into its simplest form: drop rules that cannot matter any more."""
        for t, (table, links, later, settle) in enumerate(self._each):
            left = rules[t]
            if left < 0:
                continue
            waiting = later[position]
            for link in links:
                source = rules[link.source]
                if source < 0:
                    left &= link.masks[-1 - source]
                else:
                    left &= self._reachable(link, source)
                    waiting |= link.tested
            settled = settle(table, left, waiting)
            if settled is None:
                return None
            rules[t] = settled
        return tuple(rules)

    def open_classes(self, table: int, rules: int) -> set[int]:
        """The answers that an undecided table may still give, where a rule alone decides it."""
        classes = self.tables[table].class_of_rule
        found: set[int] = set()
        while rules:
            low = rules & -rules
            found.add(classes[low.bit_length() - 1])
            rules ^= low
        return found

    def _reachable(self, link: Link, source: int) -> int:
        """The rules that accept some answer which the undecided earlier table may still give.

        What a table that adds up may give is not listed: every rule then counts as reachable.
        """
        if self.tables[link.source].table.aggregate is not None:
            return -1
        reachable = 0
        for answer in self.open_classes(link.source, source):
            reachable |= link.masks[answer]
        return reachable


def _waiting(table: CompiledTable, inputs: int) -> Sequence[int]:
    waiting = [0] * (inputs + 1)
    columns = dict(table.columns)
    for position in reversed(range(inputs)):
        tested = 0
        for mask in columns.get(position, ()):
            tested |= table.full & ~mask
        waiting[position] = waiting[position + 1] | tested
    return waiting


def _settler(table: CompiledTable) -> Callable[[CompiledTable, int, int], int | None]:
    if table.takes_first:
        return _settle_first
    if table.any:
        return _settle_any
    return _settle_unique if table.unique else _settle_all


def _settle_first(table: CompiledTable, left: int, waiting: int) -> int | None:
    """Hit policy first: nothing counts below the first rule that is certain to match."""
    if not left:
        return None
    certain = left & ~waiting
    if not certain:
        return left
    low = certain & -certain
    answer = table.class_of_rule[low.bit_length() - 1]
    above = left & (low - 1)
    # Rules just above it that say the same change nothing.
    while above:
        last = above.bit_length() - 1
        if table.class_of_rule[last] != answer:
            return above | low
        above ^= 1 << last
    return -1 - answer


def _settle_unique(table: CompiledTable, left: int, waiting: int) -> int | None:
    """Hit policy unique: one rule decides, and a second one that matches is a failure."""
    certain = left & ~waiting
    if not left or certain & (certain - 1):
        return None
    if certain and certain == left:
        return -1 - table.class_of_rule[left.bit_length() - 1]
    return left


def _settle_all(table: CompiledTable, left: int, waiting: int) -> int | None:
    """Where all rules that match count, the answer waits for each of them."""
    if left & waiting:
        return left
    answer = table.answers.of(left)
    return None if answer is None else -1 - answer


def _settle_any(table: CompiledTable, left: int, waiting: int) -> int | None:
    """Hit policy any: once a rule is certain, the others matter only if they contradict."""
    if not left:
        return None
    certain = left & ~waiting
    if not certain:
        return left
    low = certain & -certain
    answer = table.class_of_rule[low.bit_length() - 1]
    same = table.members(answer)
    if certain & ~same:
        return None
    contradicting = left & ~same
    return (contradicting | low) if contradicting else -1 - answer
