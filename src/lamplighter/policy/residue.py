"""What is left of the tables once some facts are known: the states that a diagram is built from.

A state has a number for each table: the rules that may still hit, as bits; or, once the table's
outputs are certain, `-1 - class of outputs`. Two states that are equal have the same future, so
equal states share one node of the diagram. Most policies that are large have one table. Then the
state is its number alone, and of lists and sums, which nothing else looks at, the certain outputs
are `-1 - rules`: they are made up when they are told.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from lamplighter.policy.compiled import Compiled, CompiledTable, Link
from lamplighter.policy.domains import Result

State = TypeVar("State", int, tuple[int, ...])


class Residues(ABC, Generic[State]):
    """Steps from state to state, one input after the other, in the policy's order."""

    def __init__(self, compiled: Compiled) -> None:
        self.tables = compiled.tables
        self._masks = tuple(axis.masks for axis in compiled.axes)
        self._outcome = compiled.policy.outcome

    @staticmethod
    def of(compiled: Compiled) -> Residues[Any]:
        """The residues of one policy."""
        return _OfOne(compiled) if len(compiled.tables) == 1 else _OfMany(compiled)

    @abstractmethod
    def start(self) -> State:
        """Nothing is known; to be settled."""

    @abstractmethod
    def is_open(self, state: State) -> bool:
        """Whether some table is not certain yet."""

    @abstractmethod
    def narrowed(self, state: State, position: int) -> list[State]:
        """For each class of an input the state with the rules that it leaves, to be settled."""

    @abstractmethod
    def narrowed_by(self, state: State, position: int, code: int) -> State:
        """The same for one class."""

    @abstractmethod
    def settle(self, position: int, narrowed: State) -> State | None:
        """The simplest form of a state, without rules that cannot matter any more; None where
        some table has no answer. The inputs before `position` are known."""

    def outcome(self, state: State) -> Mapping[str, Result]:
        """What the policy gives in a state that is not open."""
        outputs = self._outputs(state)
        return {name: outputs[name] for name in self._outcome}

    @abstractmethod
    def _outputs(self, state: State) -> Mapping[str, Result]:
        """What the tables give."""


class _OfOne(Residues[int]):
    """Of a policy with one table."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled)
        (self._table,) = compiled.tables
        self._own = [masks for (masks,) in self._masks]
        self._later = _waiting(self._table, len(self._own))
        self._settle = _settler(self._table, _settle_only)

    def start(self) -> int:
        return self._table.full

    def is_open(self, state: int) -> bool:
        return state >= 0

    def narrowed(self, state: int, position: int) -> list[int]:
        return [state & mask for mask in self._own[position]]

    def narrowed_by(self, state: int, position: int, code: int) -> int:
        return state & self._own[position][code]

    def settle(self, position: int, narrowed: int) -> int | None:
        return self._settle(self._table, narrowed, self._later[position])

    def _outputs(self, state: int) -> Mapping[str, Result]:
        answers = self._table.answers
        answer = answers.of(-1 - state) if self._settle is _settle_only else -1 - state
        assert answer is not None
        return answers[answer]


class _OfMany(Residues[tuple[int, ...]]):
    """Of a policy with several tables."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled)
        # What settling needs of each table, at hand: it is done some thousand times a question.
        self._each = [
            (
                table,
                [(link, self._reaching(link)) for link in table.links],
                _waiting(table, len(self._masks)),
                _settler(table, _settle_all),
            )
            for table in self.tables
        ]

    def start(self) -> tuple[int, ...]:
        return tuple([table.full for table in self.tables])

    def is_open(self, state: tuple[int, ...]) -> bool:
        return max(state) >= 0

    def narrowed(self, state: tuple[int, ...], position: int) -> list[tuple[int, ...]]:
        by_table = [
            [rules & mask for mask in masks] if rules >= 0 else [rules] * len(masks)
            for rules, masks in zip(state, self._masks[position], strict=True)
        ]
        return [*zip(*by_table, strict=True)]

    def narrowed_by(self, state: tuple[int, ...], position: int, code: int) -> tuple[int, ...]:
        by_table = zip(state, self._masks[position], strict=True)
        return tuple([left & masks[code] if left >= 0 else left for left, masks in by_table])

    def settle(self, position: int, narrowed: tuple[int, ...]) -> tuple[int, ...] | None:
        rules = [*narrowed]
        for t, (table, links, later, settle) in enumerate(self._each):
            left = rules[t]
            if left < 0:
                continue
            waiting = later[position]
            for link, reaching in links:
                source = rules[link.source]
                if source < 0:
                    left &= link.masks[-1 - source]
                else:
                    reachable = 0
                    for giving, accepting in reaching:
                        if source & giving:
                            reachable |= accepting
                    left &= reachable
                    waiting |= link.tested
            settled = settle(table, left, waiting)
            if settled is None:
                return None
            rules[t] = settled
        return tuple(rules)

    def _outputs(self, state: tuple[int, ...]) -> Mapping[str, Result]:
        outputs: dict[str, Result] = {}
        for table, rules in zip(self.tables, state, strict=True):
            outputs |= table.answers[-1 - rules]
        return outputs

    def _reaching(self, link: Link) -> list[tuple[int, int]]:
        """By answer of the earlier table, the rules that may still give it, and the rules that
        accept it.

        What a table that adds up may give is not listed: every rule then counts as reachable.
        """
        table = self.tables[link.source]
        if table.table.aggregate is not None:
            return [(-1, -1)]
        return [(rules, link.masks[answer]) for answer, rules in table.rules_of_class.items()]


def _waiting(table: CompiledTable, inputs: int) -> Sequence[int]:
    waiting = [0] * (inputs + 1)
    columns = dict(table.columns)
    for position in reversed(range(inputs)):
        tested = 0
        for mask in columns.get(position, ()):
            tested |= table.full & ~mask
        waiting[position] = waiting[position + 1] | tested
    return waiting


_Settle: TypeAlias = Callable[[CompiledTable, int, int], int | None]


def _settler(table: CompiledTable, where_all_count: _Settle) -> _Settle:
    if table.takes_first:
        return _settle_first
    if table.any:
        return _settle_any
    return _settle_unique if table.unique else where_all_count


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


def _settle_only(table: CompiledTable, left: int, waiting: int) -> int | None:
    """The same for the only table: which rules count is told, and not yet what they give."""
    if left & waiting:
        return left
    return -1 - left if left or table.answers.of(0) is not None else None


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
