"""The facts of one input, grouped into classes that no cell of the policy tells apart."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import xor

from lamplighter.policy.domains import (
    UNKNOWN,
    Fact,
    Interval,
    Number,
    Value,
    format_value,
)
from lamplighter.policy.errors import FactError, did_you_mean
from lamplighter.policy.model import Input, Table

_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Axis:
    """One input of the compiled policy.

    `masks[t][c]` has bit r set where rule r of table t accepts the facts of class c;
    `examples[c]` is a fact of that class. `codes` maps facts to classes; numbers are found
    through `points`, the ends of all intervals in the cells.
    """

    declared: Input
    masks: tuple[tuple[int, ...], ...]
    examples: tuple[Fact, ...]
    codes: Mapping[Fact, int]
    points: tuple[Number, ...] = ()
    stretches: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.declared.name

    def code(self, fact: object) -> int:
        """The class of a fact, or a `FactError` that says what would be right."""
        name, domain = self.name, self.declared.domain
        fact = domain.settled(fact)
        if fact is UNKNOWN or fact == "unknown":
            if self.declared.always_known:
                raise FactError(f"{name} must be known; give it a value, {domain}")
            return self.codes[UNKNOWN]
        if fact not in domain:
            shown = format_value(fact) if isinstance(fact, str | bool | int | float) else repr(fact)
            hint = f"it must be {domain}"
            if fact is None:
                hint = "give UNKNOWN where nobody knows, and nothing where nobody was asked"
            elif domain.kind == "choice":
                hint = did_you_mean(shown, domain.values)
            raise FactError(f"{shown} is not a value of {name}; {hint}")
        if domain.is_line:
            found = self.on_line(fact)
            assert found is not None
            return found
        assert isinstance(fact, str | bool)
        return self.codes[fact]

    def on_line(self, fact: object) -> int | None:
        """The class of a value of a line, in the form in which it is kept; None if it is none."""
        domain = self.declared.domain
        number = domain.number(fact)
        if number is None or not domain.holds(number):
            return None
        return self.stretches[_stretch(self.points, number)]

    def intervals(self, codes: int) -> list[Interval]:
        """The stretches of a line whose numbers lie in these classes, given as bits."""
        pairs = zip(_stretches(self.points), self.stretches, strict=True)
        return [one for one, code in pairs if code != _NOWHERE and codes >> code & 1]


def _stretch(points: Sequence[Number], number: Number) -> int:
    """2i+1 for the i-th point itself, 2i for what lies below it and above the one before."""
    place = bisect_left(points, number)
    return 2 * place + (place < len(points) and points[place] == number)


def build_axis(declared: Input, tables: Sequence[Table]) -> Axis:
    """Group the facts of an input by the rules that accept them."""
    if declared.domain.is_line:
        return _line_axis(declared, tables)
    values: tuple[Value, ...] = declared.domain.values
    if declared.type == "boolean":
        values = (True, False)
    facts: list[Fact] = [*values]
    if not declared.always_known:
        facts.append(UNKNOWN)
    grouped = _group(list(zip(facts, _accepting_facts(declared.name, facts, tables), strict=True)))
    return Axis(
        declared,
        _by_table(grouped.masks, tables),
        grouped.examples,
        dict(zip(facts, grouped.members, strict=True)),
    )


def _line_axis(declared: Input, tables: Sequence[Table]) -> Axis:
    limits = declared.range
    assert limits is not None
    ends: set[Number] = {limits.low, limits.high}
    for table in tables:
        for rule in table.rules:
            if declared.name in rule.when:
                for interval in rule.when[declared.name].side.intervals:
                    ends |= {interval.low, interval.high}
    points = tuple(sorted(end for end in ends if end not in (-math.inf, math.inf)))
    found: list[tuple[Fact, tuple[int, ...]]] = []
    places: list[int] = []
    accepting = _accepting_stretches(declared.name, points, tables)
    for place, stretch in enumerate(_stretches(points)):
        example = declared.domain.example(stretch)
        if example is not None:
            value = declared.domain.value(example)
            found.append((value, accepting[place]))
            places.append(place)
    if not declared.always_known:
        found += [(UNKNOWN, masks) for masks in _accepting_facts(declared.name, [UNKNOWN], tables)]
    grouped = _group(found)
    stretches = [_NOWHERE] * (2 * len(points) + 1)
    for place, member in zip(places, grouped.members, strict=False):
        stretches[place] = member
    codes: dict[Fact, int] = {}
    if not declared.always_known:
        codes[UNKNOWN] = grouped.members[-1]
    return Axis(
        declared,
        _by_table(grouped.masks, tables),
        grouped.examples,
        codes,
        points,
        tuple(stretches),
    )


def _stretches(points: Sequence[Number]) -> list[Interval]:
    """The line of numbers, cut at the points."""
    ends = [-math.inf, *points, math.inf]
    line: list[Interval] = []
    for low, high in pairwise(ends):
        line += [Interval(low, high, False, False), Interval(high, high)]
    return line[:-1]


def _accepting_stretches(
    column: str, points: Sequence[Number], tables: Sequence[Table]
) -> list[tuple[int, ...]]:
    """For each stretch of a line, for each table, the rules, as bits, that accept all of it.

    Stretches end where intervals end: one that is met anywhere is covered.
    """
    place_of = {point: 2 * place + 1 for place, point in enumerate(points)}
    stretches = 2 * len(points) + 1
    by_table: list[list[int]] = []
    for table in tables:
        # Where rules begin and cease to accept: from one stretch to the next few do.
        changes = [0] * (stretches + 1)
        for number, rule in enumerate(table.rules):
            cell = rule.when.get(column)
            accepted = (1 << stretches) - 1 if cell is None else 0
            for one in cell.side.intervals if cell else ():
                first = place_of[one.low] + (not one.low_closed) if one.low in place_of else 0
                end = stretches
                if one.high in place_of:
                    end = place_of[one.high] + one.high_closed
                if first < end:
                    accepted |= (1 << end) - (1 << first)
            edges = accepted ^ accepted << 1
            while edges:
                low = edges & -edges
                changes[low.bit_length() - 1] ^= 1 << number
                edges ^= low
        by_table.append(list(accumulate(changes[:-1], xor)))
    return list(zip(*by_table, strict=True))


def _accepting_facts(
    column: str, facts: Sequence[Fact], tables: Sequence[Table]
) -> list[tuple[int, ...]]:
    """For each fact, unknown or a value that is no number, for each table the rules, as bits,
    that accept it."""
    by_table: list[list[int]] = []
    for table in tables:
        always, unknown = 0, 0
        of_value: dict[Fact, int] = {}
        for number, rule in enumerate(table.rules):
            bit = 1 << number
            cell = rule.when.get(column)
            if cell is None:
                always |= bit
                continue
            if cell.side.unknown:
                unknown |= bit
            for value in cell.side.values:
                of_value[value] = of_value.get(value, 0) | bit
        by_table.append([always | (unknown if f is UNKNOWN else of_value.get(f, 0)) for f in facts])
    return list(zip(*by_table, strict=True))


@dataclass(frozen=True, slots=True)
class _Grouped:
    masks: tuple[tuple[int, ...], ...]
    examples: tuple[Fact, ...]
    members: tuple[int, ...]


def _group(found: Sequence[tuple[Fact, tuple[int, ...]]]) -> _Grouped:
    classes: dict[tuple[int, ...], int] = {}
    examples: list[Fact] = []
    members: list[int] = []
    for fact, masks in found:
        if masks not in classes:
            classes[masks] = len(classes)
            examples.append(fact)
        members.append(classes[masks])
    return _Grouped(tuple(classes), tuple(examples), tuple(members))


def _by_table(
    masks: Sequence[tuple[int, ...]], tables: Sequence[Table]
) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(mask[t] for mask in masks) for t in range(len(tables)))
