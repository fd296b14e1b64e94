"""Looks for calls for which a table that counts or adds up comes to a total, without the solver.

Which facts are known is chosen first, few before many. With the other facts unknown few rules
are left that can match, and mostly they cannot come to the total; else one fact after the other
is chosen, always the one with the fewest choices left. Of facts that leave the same rules one
is tried, and where only more is asked for, none that leaves fewer rules than another, unless a
table before looks at it as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

from lamplighter.policy.compiled import CompiledTable
from lamplighter.policy.domains import Interval, Number
from lamplighter.policy.prove.boxes import Box, TooMany
from lamplighter.policy.prove.search import Space

# So many looks at what is left once some facts are chosen; beyond it the solver is asked.
_MOST_LOOKS = 25_000

# What a total may be: stretches of whole numbers, both ends in them.
Ranges: TypeAlias = Sequence[tuple[int, int]]
# Of one axis the rules that classes leave, as bits, each with a class that does.
_Choices: TypeAlias = dict[int, int]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each rule adds to a total, in whole numbers of 1 / `scale`.

    Of what is added and of what is taken off each binary digit is kept, with the rules, as
    bits, that have it.
    """

    scale: int
    added: tuple[int, ...]
    taken: tuple[int, ...]

    @classmethod
    def of(cls, table: CompiledTable) -> Weights:
        parts = parts_of_total(table)
        scale = math.lcm(*(part.denominator for part in parts))
        numbers = [int(part * scale) for part in parts]
        return cls(scale, digits(numbers), digits([-number for number in numbers]))

    def most(self, rules: int) -> int:
        """What these rules come to, but for what is taken off."""
        return sum((rules & digit).bit_count() << n for n, digit in enumerate(self.added))

    def least(self, rules: int) -> int:
        """What these rules come to, but for what is added."""
        return -sum((rules & digit).bit_count() << n for n, digit in enumerate(self.taken))

    def ranges(self, intervals: Sequence[Interval]) -> Ranges:
        """The whole numbers in some intervals of totals, as far as rules come to them; those that
        follow each other are one."""
        most, least = self.most(-1), self.least(-1)
        found: list[tuple[int, int]] = []
        for one in intervals:
            low, high = whole_ends(one, self.scale)
            low, high = max(low, least), min(high, most)
            if low <= high:
                found.append((int(low), int(high)))
        return _joined(found)


def whole_ends(interval: Interval, scale: int) -> tuple[Number, Number]:
    """The least and the most of an interval in whole numbers of 1 / `scale`; endless as it is."""
    low, high = interval.low, interval.high
    if low != -math.inf:
        end = Fraction(str(low)) * scale
        low = math.ceil(end) if interval.low_closed else math.floor(end) + 1
    if high != math.inf:
        end = Fraction(str(high)) * scale
        high = math.floor(end) if interval.high_closed else math.ceil(end) - 1
    return low, high


def _joined(ranges: Ranges) -> Ranges:
    """The same whole numbers in as few stretches as can be, the lowest first."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def parts_of_total(table: CompiledTable) -> list[Fraction]:
    """What each rule adds to a count or a sum."""
    if table.table.aggregate == "count":
        return [Fraction(1)] * len(table.hits)
    (name,) = table.table.outputs
    domain = table.table.outputs[name].domain
    # As texts, so that 0.1 is a tenth and not the nearest binary number.
    return [Fraction(str(domain.number(rule.then[name]))) for rule in table.table.rules]


def digits(numbers: Sequence[int]) -> tuple[int, ...]:
    """For each binary digit the rules, as bits, whose number has it; one below 0 has none."""
    width = max(0, *numbers).bit_length()
    return tuple(
        sum((max(number, 0) >> digit & 1) << rule for rule, number in enumerate(numbers))
        for digit in range(width)
    )


class Looks:
    """How often it was looked at what is left."""

    def __init__(self) -> None:
        self._looks = 0

    def one_more(self) -> None:
        """Raises `TooMany`."""
        self._looks += 1
        if self._looks > _MOST_LOOKS:
            raise TooMany


class Totals:
    """The parts of a box in which a table may come to a total, fewest known facts first.

    `alone` are the places of the axes that no table before looks at, so that any class may stand
    for another there.
    """

    def __init__(
        self,
        space: Space,
        weights: Weights,
        box: Box,
        ranges: Ranges,
        looks: Looks,
        alone: Sequence[int],
    ) -> None:
        self.space = space
        self.axes = space.axes
        self.weights = weights
        self.box = box
        self.ranges = ranges
        self.low = min(low for low, _ in ranges)
        self.high = max(high for _, high in ranges)
        # With nothing taken off and no total too high, what leaves more rules is as good.
        rising = not weights.taken and len(ranges) == 1 and self.high >= weights.most(-1)
        self.widest = alone if rising else ()
        self.looks = looks

    def parts(self, unknown: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Each with the number of axes on which the class of `unknown` (a bit, or 0) is not in it.

        Raises `TooMany`.
        """
        places = range(len(self.box))
        forced = sum(unknown[p] != 0 and not self.box[p] & unknown[p] for p in places)
        optional = [p for p in places if unknown[p] & self.box[p]]
        rules = self.axes.meeting(self.box)
        without = {p: self.axes.side(p, self.box[p] & unknown[p])[0] for p in optional}
        known = {p: self._choices(p, self.box[p] & ~unknown[p], rules) for p in places}
        for place in self.widest:
            choices = known[place]
            if place in without:
                # A fact that leaves nothing that unknown does not leave need not be known.
                choices = {m: codes for m, codes in choices.items() if m & ~without[place]}
            known[place] = _widest(choices)
        for size in range(len(optional) + 1):
            for more in combinations(optional, size):
                left, box = rules, list(self.box)
                waiting = {p: known[p] for p in places if p in more or p not in without}
                for place in without.keys() - waiting.keys():
                    left &= without[place]
                    box[place] &= unknown[place]
                for place in more:
                    left &= self.axes.side(place, self.box[place] & ~unknown[place])[0]
                self.looks.one_more()
                if self._fits(left, 0):
                    for part in self._chosen(left, waiting, box):
                        yield forced + size, part

    def _choices(self, place: int, codes: int, rules: int) -> _Choices:
        found: _Choices = {}
        for code, mask in enumerate(self.axes.masks[place]):
            if codes >> code & 1:
                found[mask & rules] = found.get(mask & rules, 0) | 1 << code
        return found

    def _chosen(self, rules: int, waiting: dict[int, _Choices], box: Box) -> Iterator[list[int]]:
        """The parts of a box with choices that still wait, where these rules may match."""
        self.looks.one_more()
        box = list(box)
        left: dict[int, _Choices] = {}
        for place, choices in waiting.items():
            fitting = self._fitting(choices, rules)
            if not fitting:
                return
            if fitting.keys() == {rules}:
                box[place] = fitting[rules]
            else:
                left[place] = fitting
        if not self._low_enough(rules, left):
            return
        if not left:
            yield box
            return
        place = min(left, key=lambda place: len(left[place]))
        choices = left.pop(place)
        for fewer in sorted(choices, key=self.weights.most, reverse=True):
            box[place] = choices[fewer]
            yield from self._chosen(fewer, left, box)

    def _low_enough(self, rules: int, left: dict[int, _Choices]) -> bool:
        """Whether the total can be one that is wanted, whatever is chosen; choices with which it
        is too high are left out: with those of one axis, what matches on all others is certain."""
        once, twice = self.space.unlisted, self.space.unlisted
        refused: dict[int, int] = {}
        for place, choices in left.items():
            certain = rules
            for fewer in choices:
                certain &= fewer
            refused[place] = rules & ~certain
            twice |= once & refused[place]
            once |= refused[place]
        if not self._fits(rules, rules & ~once):
            return False
        if self.high < self.weights.most(rules):
            least = self.weights.least(rules)
            for place, choices in left.items():
                alone = rules & ~twice & (refused[place] | ~once)
                left[place] = {
                    fewer: codes
                    for fewer, codes in choices.items()
                    if least + self.weights.most(fewer & alone) <= self.high
                }
        return all(left.values())

    def _fitting(self, choices: _Choices, rules: int) -> _Choices:
        """The choices that leave enough of these rules, told by what they leave."""
        found: _Choices = {}
        for mask, codes in choices.items():
            fewer = mask & rules
            if fewer in found:
                found[fewer] |= codes
            elif self.weights.most(fewer) >= self.low:
                found[fewer] = codes
        return found

    def _fits(self, rules: int, certain: int) -> bool:
        """Whether the total can be one that is wanted where some rules may, and some must match."""
        weights = self.weights
        least = weights.least(rules) + weights.most(certain)
        most = weights.most(rules) + weights.least(certain)
        return any(low <= most and least <= high for low, high in self.ranges)


def _widest(choices: _Choices) -> _Choices:
    """Those that leave rules which no other leaves all of."""
    found: _Choices = {}
    for mask in sorted(choices, key=int.bit_count, reverse=True):
        if all(mask & ~other for other in found):
            found[mask] = choices[mask]
    return found
