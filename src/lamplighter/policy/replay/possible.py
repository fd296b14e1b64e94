"""The set of outcomes that is still possible in each call, exactly as `Open.possible` has it.

Which rules are left once the known facts are taken into account, and which inputs nobody asked,
is all that a call's future depends on: its *residue*. Calls share few of them. So compiled loops
find the residue of each call, and what is possible is worked out once for each that occurs.
From tables in which one rule decides, rules behind the first one that is certain to match are
left out, since they cannot matter any more. Where the told inputs have few combinations of
classes, as in most histories, the residue of each combination is found once and then looked up.

The worst case is a history in which inputs are told or not at random, so that nearly each call
has a residue of its own: that takes about a microsecond for each. What is possible is found by
`Search` where one rule decides each table, else by `Completions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.diagram import Node, Piece
from lamplighter.policy.replay.accepted import Accepted
from lamplighter.policy.replay.blocks import in_blocks
from lamplighter.policy.replay.bulk import FAILURE, Bulk, Decided
from lamplighter.policy.replay.combinations import Combinations
from lamplighter.policy.replay.completions import Completions
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.joined import Given
from lamplighter.policy.replay.plan import to_words
from lamplighter.policy.replay.residues import Residues
from lamplighter.policy.replay.search import Search
from lamplighter.policy.replay.sets import Members, Sets
from lamplighter.policy.replay.tally import counted

Array: TypeAlias = npt.NDArray[Any]

_BLOCK = 1 << 15
# Steps to find what can matter that take less than a millisecond.
_SOON = 1 << 20


class Possible:
    """Sets of outcomes of one policy, for calls that tell some of its inputs.

    `sets[s]` has the numbers of the outcomes (see `Bulk.outcomes`), in order; number 0, the
    failure, is among them where some answers leave a table without one. `residues` are those
    that came up so far.

    Sets (their places) of calls with more ways to end than can be followed are `unsure`. They
    hold whatever the rules allow one by one, so that some of it may not be possible; or they are
    `unlisted` as well and hold, beside some that are possible, `Bulk.unlisted` for the others.
    """

    def __init__(self, bulk: Bulk, inputs: Iterable[str]) -> None:
        self.bulk = bulk
        wanted = set(inputs)
        self.given = tuple(
            place for place, axis in enumerate(bulk.compiled.axes) if axis.name in wanted
        )
        tested = [place for place in self.given if place in bulk.plan.tested]
        self._accepted = Accepted(bulk)
        fits = Search.fits(bulk)
        self._ends: Search | Completions = (
            Search(bulk, self._accepted) if fits else Completions(bulk)
        )
        self.residues = Residues(bulk, self._accepted, self._ends)
        self.sets: Sets = self._ends.sets
        self._settled_residues: dict[int, int] = {}
        self._numbers: dict[Piece, list[int]] = {}
        self._by_ends: dict[tuple[Piece, int], int] = {}
        self._sizes = {place: len(bulk.compiled.axes[place].examples) + 1 for place in tested}
        few = Combinations.are_few(self._sizes)
        self._combinations = Combinations(self._sizes) if few else None
        # Whether the diagram was too large for something that was asked here. What others asked
        # must not count, or a second replay would look at other cases than the first.
        self.is_too_large = False

    @property
    def kept(self) -> int:
        """How many lists and sums came up and are kept."""
        return self._ends.kept

    def anew(self) -> Possible:
        """The same to `follow` questions, as if no lists or sums had come up.

        Where one rule decides each table the outcomes are few, and it is the same altogether.
        """
        if isinstance(self._ends, Search):
            return self
        new = copy(self)
        new.bulk = self.bulk.anew()
        new._ends = self._ends.anew(new.bulk)
        return new

    @cached_property
    def _asked(self) -> Residues:
        """Residues of facts that no call need have."""
        return Residues(self.bulk, self._accepted, self._ends)

    @property
    def unsure(self) -> set[int]:
        return self.sets.unsure

    @property
    def unlisted(self) -> set[int]:
        return self.sets.unlisted

    def sets_of(
        self, columns: Mapping[str, Column], rows: int, decided: Decided | None = None
    ) -> Array:
        """The set of each call: a place in `sets`.

        `decided` is what `Bulk.decide` said about these calls, where it was asked already: where
        they tell all that some rule tests, nothing else is possible.
        """
        return self._of(columns, rows, decided, of_sets=True)

    def residues_of(
        self, columns: Mapping[str, Column], rows: int, decided: Decided | None = None
    ) -> Array:
        """The residue of each call: a place in `residues`. `decided` is as for `sets_of`."""
        return self._of(columns, rows, decided, of_sets=False)

    def _of(
        self, columns: Mapping[str, Column], rows: int, decided: Decided | None, of_sets: bool
    ) -> Array:
        axes = self.bulk.compiled.axes
        given: dict[int, Given] = {}
        for place in self._sizes:
            column = columns[axes[place].name]
            classes = np.array(self.bulk.classes(axes[place].name, column.values) or [0], np.int32)
            # Beyond the classes: not asked.
            classes[classes < 0] = len(axes[place].examples)
            given[place] = Given(column.codes, classes)
        told = [p for p, one in given.items() if one.classes.max() < len(axes[p].examples)]
        every = len(told) == len(self.bulk.plan.tested)
        # A call in which an input was not asked that must be known has no outcome to go by.
        if decided is not None and every and rows and decided.outcomes.min() >= 0:
            residues = self._settled(given, decided.outcomes)
        elif self._combinations is not None:
            return self._listed(self._combinations, given, rows, of_sets)
        else:
            residues = self.residues.of(given, rows)
        return _picked(self.residues.sets, residues) if of_sets else residues

    def _settled(self, given: Mapping[int, Given], outcomes: Array) -> Array:
        """The residues of calls that tell all, whose sets have one outcome each."""
        # All at once: of lists there may be nearly as many as calls.
        new = sorted(counted(outcomes).keys() - self._settled_residues.keys())
        if new:
            some_row = np.zeros(len(self.bulk.outcomes), np.int64)
            some_row[outcomes] = np.arange(len(outcomes))
            made = self.residues.settled(given, some_row[new], new)
            self._settled_residues |= dict(zip(new, made, strict=True))
        places = [self._settled_residues.get(n, -1) for n in range(len(self.bulk.outcomes))]
        return _picked(np.array(places, np.int32), outcomes)

    def _listed(
        self, combinations: Combinations, given: Mapping[int, Given], rows: int, of_sets: bool
    ) -> Array:
        """The sets or residues of calls by their combinations of classes; of new ones found
        first."""
        joined, new = combinations.joined(given), combinations.to_list(given, rows)
        self._list(combinations, new)
        found = combinations.look_up(joined, rows, of_sets)
        if found is None:
            self._list(combinations, combinations.missing(joined, rows))
            found = combinations.look_up(joined, rows, of_sets)
        assert found is not None
        return found

    def _list(self, combinations: Combinations, new: Array) -> None:
        if len(new):
            residues = self.residues.of(combinations.facts(new), len(new))
            combinations.know(new, self.residues.sets[residues], residues)

    def follow(self, codes: Sequence[int], known: int) -> Members:
        """The outcomes where the inputs in the bits `known` have these classes."""
        return self._ends.one(*self._followed(codes, known))

    def matter_soon(self, codes: Sequence[int], known: int) -> int:
        """As `can_matter`, by what can be told while somebody waits."""
        left, open_inputs = self._followed(codes, known)
        found = self._ends.mattering(left, np.arange(1), open_inputs, _SOON)
        if found is None:
            return self.still_tested(codes, known)
        return sum(1 << place for k, place in enumerate(open_inputs) if int(found[0]) >> k & 1)

    def _followed(self, codes: Sequence[int], known: int) -> tuple[Array, list[int]]:
        """The rules that are left, as one row of words, and the inputs that are open."""
        left = [
            to_words([rules], plan.words)
            for rules, plan in zip(self._left(codes, known), self.bulk.plan.tables, strict=True)
        ]
        open_inputs = [place for place in self.bulk.plan.tested if not known >> place & 1]
        return np.concatenate(left, axis=1), open_inputs

    def still_tested(self, codes: Sequence[int], known: int) -> int:
        """The inputs, as bits, that are not known and that some rule which is left looks at."""
        tested = 0
        for table, rules in zip(self.bulk.compiled.tables, self._left(codes, known), strict=True):
            for place, masks in table.columns:
                if not known >> place & 1 and any(rules & ~mask for mask in masks):
                    tested |= 1 << place
        return tested

    def _left(self, codes: Sequence[int], known: int) -> list[int]:
        """The rules of each table, as bits, that the known facts leave."""
        found = []
        for table in self.bulk.compiled.tables:
            rules = table.full
            for place, masks in table.columns:
                if known >> place & 1:
                    rules &= masks[codes[place]]
            found.append(rules)
        return found

    def can_matter(self, codes: Sequence[int], known: int) -> int:
        """The inputs, as bits, that can change the outcome; where the policy is too large to
        tell, those that a rule still looks at."""
        found = self._restricted(codes, known)
        return self.still_tested(codes, known) if found is None else found[0].support

    def ask_all(self, codes: Array) -> Array:
        """As `ask`, of many facts at once: by input the class in each case, -1 if not known."""
        if not isinstance(self._ends, Search) or not codes.shape[1]:
            return np.array([self.ask(*facts) for facts in _one_by_one(codes)], np.int32)
        residues = self._asked.of(self._given(codes), codes.shape[1])
        sets = self._asked.sets[residues]
        # What is unsure of many may be told of one.
        unsure = np.flatnonzero(np.isin(sets, list(self.unsure)))
        sets[unsure] = [self.ask(*facts) for facts in _one_by_one(codes[:, unsure])]
        return sets

    def all_that_can_matter(self, codes: Array) -> Array:
        """As `can_matter`, of many facts at once: by input, in which cases it can."""
        many = codes.shape[1]
        found, told = np.zeros(codes.shape, bool), np.zeros(many, bool)
        if isinstance(self._ends, Search) and many:
            found, told = self._asked.mattering(self._given(codes), many)
        rest = np.flatnonzero(~told)
        for case, facts in zip(rest, _one_by_one(codes[:, rest]), strict=True):
            bits = self.can_matter(*facts)
            found[:, case] = [bits >> place & 1 for place in range(len(codes))]
        return found

    def _given(self, codes: Array) -> dict[int, Given]:
        """Facts as calls tell them."""
        axes = self.bulk.compiled.axes
        given: dict[int, Given] = {}
        for place in self.bulk.plan.tested:
            classes = len(axes[place].examples)
            own = np.where(codes[place] < 0, classes, codes[place]).astype(np.int32)
            given[place] = Given(own, np.arange(classes + 1, dtype=np.int32))
        return given

    def ask(self, codes: Sequence[int], known: int) -> int:
        """The set where the inputs in the bits `known` have these classes, all inputs in order."""
        restricted = self._restricted(codes, known)
        if restricted is None:
            return self.sets.place(*self.follow(codes, known))
        node, piece = restricted
        found = self._by_ends.get((piece, node.ends))
        if found is None:
            numbers = [n for end, n in enumerate(self.numbers_of(piece)) if node.ends >> end & 1]
            found = self._by_ends[piece, node.ends] = self.sets.place(tuple(sorted(numbers)))
        return found

    def _restricted(self, codes: Sequence[int], known: int) -> tuple[Node, Piece] | None:
        """What the diagram says, None where the policy is too large for one.

        To try it for each question by itself would take longer than to follow that question.
        """
        found = self.bulk.policy.engine.diagram.part(codes, known)
        self.is_too_large = self.is_too_large or found is None
        return found

    def numbers_of(self, piece: Piece) -> list[int]:
        """The number of the outcome at each end of a piece of the diagram."""
        numbers = self._numbers.get(piece)
        if numbers is None:
            numbers = [FAILURE, *map(self.bulk.number, piece.outcomes[1:])]
            self._numbers[piece] = numbers
        return numbers


def _one_by_one(codes: Array) -> Iterator[tuple[list[int], int]]:
    """Of each case the classes of all inputs, and those that are known as bits."""
    for own in codes.T.tolist():
        known = sum(1 << place for place, code in enumerate(own) if code >= 0)
        yield [max(code, 0) for code in own], known


def _picked(values: Array, numbers: Array) -> Array:
    """values[number] of each call."""
    from lamplighter.policy.replay import kernels

    found = np.empty(len(numbers), np.int32)
    shifted = np.concatenate([[-1], values]).astype(np.int32)

    def work(start: int, stop: int) -> None:
        kernels.pick(shifted, numbers[start:stop], found[start:stop])

    in_blocks(len(numbers), work, _BLOCK)
    return found
