"""Looks through boxes for a call that breaks a promise, with as few known facts as can be.

Each way to break a promise asks something of the facts, and of what tables say: that one of some
rules hits, or that a total lies somewhere. The tables are gone through from the last to the
first: where a table says what is wanted, its rules ask something of the facts as well, and of
what the tables before it say. What cannot be told so is tried on the calls that are found.
So where there is none, nothing breaks the promise, and where the first that is found does, none
with fewer known facts does; only in between is the solver asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import count, islice, product

from lamplighter.policy.compiled import CompiledTable
from lamplighter.policy.domains import Number
from lamplighter.policy.promises import Asked, Condition, Contains, atoms
from lamplighter.policy.prove.boxes import TooMany, free_parts, numbers
from lamplighter.policy.prove.classes import unknown_code
from lamplighter.policy.prove.formula import Formula
from lamplighter.policy.prove.search import Found, Space
from lamplighter.policy.prove.totals import Looks, Totals, Weights
from lamplighter.policy.prove.trial import Test
from lamplighter.policy.prove.ways import Left, Ways

# A promise that can be broken in more ways is left to the solver.
_MOST_WAYS = 50
# So many parts are looked at, and so many calls tried, until the solver is asked: few where single
# rules decide, as it is quick then, more where a table gathers or adds up.
_MOST_PARTS = 4_000
_FEW_PARTS = 40
_MOST_TRIED = 300


@dataclass(frozen=True, slots=True)
class _Part:
    """Some classes of each input, of which the tables from `done` on say what is wanted.

    `wanted` are the answers, as bits, that earlier tables have to give for that. `turning` is a
    table and one of its rules, which matches or not as an input is answered of which it is
    wanted that it is asked about.
    """

    left: Left
    region: tuple[int, ...]
    done: int
    wanted: Mapping[int, int]
    turning: tuple[int, int] | None = None


_Rules = tuple[int, ...]
# Parts with the number of facts that are known all over them, fewest first.
_Parts = Iterator[tuple[int, _Part]]


class Fewest:
    """Looks for calls that break promises of one policy."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.spaces = formula.search.spaces
        self.tables = formula.compiled.tables
        self.axes = {axis.name: axis for axis in formula.axes}
        codes = [unknown_code(axis) for axis in formula.axes]
        self.unknown = [0 if code is None else 1 << code for code in codes]
        self._weights: dict[int, Weights] = {}
        self._looks = Looks()
        self._giving: dict[tuple[int, str, int], int] = {}
        gathering = any(t.table.gathers or t.table.aggregate for t in self.tables)
        self._most = _MOST_PARTS if gathering else _FEW_PARTS

    def breaking(self, condition: Condition, test: Test) -> Found:
        """A call that meets a condition and passes a test; `sure` where none with fewer known
        facts does or, where none is found, where there is none."""
        ways = Ways(self.formula.compiled.policy, self.axes, condition)
        listed = ways.listed(_MOST_WAYS)
        if listed is None or any(left.get(("asked", n)) == 2 for left in listed for n in self.axes):
            # That nothing has to be asked hangs on all rules at once.
            return Found(None, sure=False)
        self._looks = Looks()
        self._giving = {}
        try:
            found = self._first(self._parts(ways, [self._start(left) for left in listed]), test)
            if found.sure or not any(isinstance(one, Asked) for one in atoms(condition)):
                return found
            starts = [part for left in listed for part in self._turning(left)]
            closer = self._first(self._parts(ways, starts), test)
        except TooMany:
            return Found(None, sure=False)
        return closer if closer.sure or closer.codes else found

    def _first(self, parts: _Parts, test: Test) -> Found:
        """The first call that passes the test."""
        missed: int | None = None
        for known, part in islice(parts, _MOST_TRIED):
            codes = self.formula.quietest(part.region, range(len(part.region)))
            if test(codes):
                return Found(codes, sure=missed is None or missed == known)
            missed = known if missed is None else missed
        return Found(None, sure=missed is None)

    def _parts(self, ways: Ways, starts: Sequence[_Part]) -> _Parts:
        """The parts of some parts in which all tables say what is wanted. Raises `TooMany`."""
        heap: list[tuple[int, int, _Part | _Parts]] = [
            (self._known(part.region), place, part)
            for place, part in enumerate(starts)
            if all(part.region)
        ]
        heapify(heap)
        number = count(1)
        while heap:
            known, _, one = heappop(heap)
            if next(number) > self._most:
                raise TooMany
            if isinstance(one, _Part):
                if not one.done:
                    yield known, one
                    continue
                one = self._narrower(ways, one)
            found = next(one, None)
            if found is not None:
                # What was found last is looked into first, among parts with as few known facts.
                heappush(heap, (found[0], -next(number), one))
                heappush(heap, (found[0], -next(number), found[1]))

    def _start(self, left: Left) -> _Part:
        """What a way to break a promise leaves of the facts."""
        return _Part(left, tuple(self._region(left)), len(self.tables), {})

    def _turning(self, left: Left) -> Iterator[_Part]:
        """The same where an input has to be asked about: some rule must wait for nothing else."""
        start = self._start(left)
        asked = [
            place
            for place, (name, axis) in enumerate(self.axes.items())
            if left.get(("asked", name)) == 1 and not axis.declared.always_known
        ]
        if not asked:
            yield start
            return
        for place, space in enumerate(self.spaces):
            if asked[0] in space.positions:
                at = space.positions.index(asked[0])
                every = (1 << len(space.axes.masks[at])) - 1
                for rule, box in enumerate(space.boxes):
                    if 0 != box[at] != every:
                        others = [*box[:at], -1, *box[at + 1 :]]
                        part = self._cut(start, space, others, len(self.tables))
                        yield replace(part, turning=(place, rule))

    def _cut(self, part: _Part, space: Space, box: Sequence[int], done: int) -> _Part:
        """What of a part lies in a box of a table."""
        region, wanted = list(part.region), dict(part.wanted)
        for position, codes in zip(space.positions, box, strict=False):
            region[position] &= codes
        for source, answers in zip(space.sources, box[len(space.positions) :], strict=True):
            wanted[source] = wanted.get(source, -1) & answers
        return replace(part, region=tuple(region), done=done, wanted=wanted)

    def _region(self, left: Left) -> list[int]:
        """The classes of facts that are left of each input."""
        region: list[int] = []
        for (name, axis), unknown in zip(self.axes.items(), self.unknown, strict=True):
            every = (1 << len(axis.examples)) - 1
            # What is true may be known, or stand behind what is unknown.
            true = left.get(("actual", name), -1) | unknown
            region.append(every & left.get(("known", name), -1) & true)
        return region

    def _known(self, region: Sequence[int]) -> int:
        pairs = zip(region, self.unknown, strict=True)
        return sum(unknown != 0 and not codes & unknown for codes, unknown in pairs)

    def _narrower(self, ways: Ways, part: _Part) -> _Parts:
        """The parts of a part in which one more table says what is wanted, fewest known first."""
        place = part.done - 1
        space = self.spaces[place]
        inputs = len(space.positions)
        box = [part.region[position] for position in space.positions]
        for source, masks in zip(space.sources, space.axes.masks[inputs:], strict=True):
            box.append(part.wanted.get(source, -1) & ((1 << len(masks)) - 1))
        if not all(box):
            return
        unknown = [self.unknown[position] for position in space.positions]
        unknown += [0] * len(space.sources)
        table = self.tables[place]
        codes = part.left.get(("known", next(iter(table.table.outputs))))
        if table.table.aggregate in ("sum", "count") and codes is not None:
            found = self._adding_up(ways, place, codes, box, unknown)
        else:
            starts: list[tuple[list[int], int]] = []
            for rules, rivals in self._hits(ways, part):
                own = box
                for rule in rules:
                    own = [a & b for a, b in zip(own, space.boxes[rule], strict=True)]
                if all(own):
                    # Of what a sum may come to nothing is told here.
                    starts.append((own, rivals & ~space.unlisted))
            found = free_parts(space.axes, starts, unknown)
        for _, box in found:
            narrower = self._cut(part, space, box, place)
            yield self._known(narrower.region), narrower

    def _adding_up(
        self, ways: Ways, place: int, codes: int, box: Sequence[int], unknown: Sequence[int]
    ) -> Iterator[tuple[int, list[int]]]:
        """The parts of a box in which the total of a table is of some classes."""
        space, table = self.spaces[place], self.tables[place]
        (name,) = table.table.outputs
        if place not in self._weights:
            self._weights[place] = Weights.of(table)
        ranges = self._weights[place].ranges(ways.outputs[name].intervals(codes))
        if not ranges:
            return iter(())
        before = {position for one in self.spaces[:place] for position in one.positions}
        alone = [at for at, position in enumerate(space.positions) if position not in before]
        return Totals(space, self._weights[place], box, ranges, self._looks, alone).parts(unknown)

    def _hits(self, ways: Ways, part: _Part) -> Iterator[tuple[_Rules, int]]:
        """Rules that must match, in each way in which a table may say what is wanted, with
        those (bits) that must not then."""
        space = self.spaces[part.done - 1]
        table = space.table
        if table.table.gathers:
            yield from _gathered(part.left, table)
            return
        if table.table.aggregate in ("sum", "count"):
            yield (), 0
            return
        fitting = self._fitting(ways, part)
        hits = fitting & self._turned(part)
        before = _before(table)
        for rule in range(len(table.hits)):
            if hits >> rule & 1:
                rivals = before[rule] if before else space.spoiling(rule)
                assert rivals is not None
                # Of what is taken in its place only what does not fit spoils it.
                yield (rule,), rivals & ~fitting if before or table.takes_first else rivals

    def _turned(self, part: _Part) -> int:
        """The rules, as bits, whose hit the turning rule can end, or which it is itself."""
        table = self.tables[part.done - 1]
        if part.turning is None or part.turning[0] != part.done - 1:
            return -1
        rule = part.turning[1]
        if not table.takes_first:
            return -1
        other = table.members(table.class_of_rule[rule]) | ((1 << rule) - 1)
        return ~other | 1 << rule

    def _fitting(self, ways: Ways, part: _Part) -> int:
        """The rules, as bits, that give what is wanted of a table where they decide."""
        table = self.tables[part.done - 1]
        answers = part.wanted.get(part.done - 1, -1)
        fitting = sum(
            (answers >> answer & 1) << rule for rule, answer in enumerate(table.class_of_rule)
        )
        for name in table.table.outputs:
            codes = part.left.get(("known", name))
            if codes is not None:
                fitting &= self._given(ways, part.done - 1, name, codes)
        return fitting

    def _given(self, ways: Ways, place: int, name: str, codes: int) -> int:
        """The rules, as bits, of a table that give one of some classes under a name."""
        key = (place, name, codes)
        if key not in self._giving:
            code = ways.outputs[name].code
            self._giving[key] = sum(
                (codes >> code(rule.then[name]) & 1) << number
                for number, rule in enumerate(self.tables[place].table.rules)
            )
        return self._giving[key]


def _gathered(left: Left, table: CompiledTable) -> Iterator[tuple[_Rules, int]]:
    """The same for a table that gathers; of what must be in its list two are told."""
    wanted: list[int] = []
    refused = 0
    for test, answer in left.items():
        if isinstance(test, Contains) and test.name in table.table.outputs:
            domain = table.table.outputs[test.name].domain
            holding = sum(
                domain.accepts(test.side, rule.then[test.name]) << number
                for number, rule in enumerate(table.table.rules)
            )
            if answer == 1:
                wanted.append(holding)
            else:
                refused |= holding
    wanted = sorted({rules & ~refused for rules in wanted}, key=int.bit_count)[:2]
    for rules in product(*[numbers(some) for some in wanted]):
        yield rules, refused


def _before(table: CompiledTable) -> list[int]:
    """For each rule of a table that gives the least or the most, the rules (bits) whose number
    is taken before its own; nothing for other tables."""
    if table.table.aggregate not in ("min", "max"):
        return []
    (name,) = table.table.outputs
    domain = table.table.outputs[name].domain
    numbers: list[Number] = [domain.number(rule.then[name]) or 0 for rule in table.table.rules]
    if table.table.aggregate == "max":
        numbers = [-number for number in numbers]
    with_number: dict[Number, int] = {}
    for rule, number in enumerate(numbers):
        with_number[number] = with_number.get(number, 0) | 1 << rule
    below = 0
    before: dict[Number, int] = {}
    for number in sorted(with_number):
        before[number] = below
        below |= with_number[number]
    return [before[number] for number in numbers]
