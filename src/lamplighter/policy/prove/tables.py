"""What a table does with the rules that match, by its hit policy, as formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from lamplighter.policy.compiled import CompiledTable
from lamplighter.policy.domains import Interval, Number, Side
from lamplighter.policy.prove.logic import FALSE, TRUE, either, every, negated, same
from lamplighter.policy.prove.totals import parts_of_total, whole_ends

Named = Callable[[z3.BoolRef], z3.BoolRef]


@dataclass(frozen=True)
class Total:
    """A sum or a count: `number` is (the total - `least`) * `scale`, never negative."""

    number: z3.BitVecRef
    least: Fraction
    scale: int

    def inside(self, interval: Interval) -> z3.BoolRef:
        """That the total lies in an interval."""
        least, most = int(self.least * self.scale), (1 << self.number.size()) - 1
        low, high = (end - least for end in whole_ends(interval, self.scale))
        low, high = max(low, 0), min(high, most)
        if low > high:
            return FALSE
        return z3.And(z3.UGE(self.number, int(low)), z3.ULE(self.number, int(high)))


@dataclass(frozen=True, eq=False)
class TableTruths:
    """What a table does for a call: the rules that match, those that hit, and what it answers.

    `answers` has one truth for each answer that a rule alone can give, in the order of
    `CompiledTable.answers`; it is empty where the table gathers or gives a `total`.
    `answered` is whether there is an answer at all. Where the first rule that matches decides,
    `free` has for each rule that none up to it matches.
    """

    matches: tuple[z3.BoolRef, ...]
    hits: tuple[z3.BoolRef, ...]
    answers: tuple[z3.BoolRef, ...]
    total: Total | None
    answered: z3.BoolRef
    free: tuple[z3.BoolRef, ...] = ()


def table_truths(
    table: CompiledTable,
    matches: tuple[z3.BoolRef, ...],
    named: Named,
    like: TableTruths | None = None,
) -> TableTruths:
    """What the hit policy of a table makes of the rules that match; `named` gives names.

    `like` is the same table in another run: what is the same there is taken from it.
    """
    aggregate = table.table.aggregate
    if table.table.gathers:
        return TableTruths(matches, matches, (), None, TRUE)
    if aggregate in ("sum", "count"):
        return TableTruths(matches, matches, (), _total(table, matches), TRUE)
    if aggregate is not None:
        return _least_or_most(table, matches, named)
    hits, free = _first_of(matches, named, like) if table.takes_first else (matches, ())
    answers = tuple(named(either(part)) for part in _by_answer(table, hits))
    answered = either(answers)
    if table.unique:
        answered = z3.And(answered, z3.AtMost(*matches, 1))
    elif table.any:
        answered = z3.And(answered, z3.AtMost(*answers, 1))
    return TableTruths(matches, hits, answers, None, named(answered), free)


def _by_answer(table: CompiledTable, truths: Sequence[z3.BoolRef]) -> list[list[z3.BoolRef]]:
    parts: list[list[z3.BoolRef]] = [[] for _ in set(table.class_of_rule)]
    for truth, answer in zip(truths, table.class_of_rule, strict=True):
        parts[answer].append(truth)
    return parts


def _first_of(
    matches: Sequence[z3.BoolRef], named: Named, like: TableTruths | None = None
) -> tuple[tuple[z3.BoolRef, ...], tuple[z3.BoolRef, ...]]:
    """The rules that hit where only the first that matches does; and that none does so far."""
    hits: list[z3.BoolRef] = []
    free: list[z3.BoolRef] = []
    copied = False
    for number, match in enumerate(matches):
        if like is not None and match is like.matches[number]:
            hits.append(like.hits[number])
            free.append(like.free[number])
            continue
        copied, like = copied or like is not None, None
        if match is FALSE:
            hits.append(FALSE)
            free.append(free[-1] if free else TRUE)
        elif not free:
            hits.append(match)
            free.append(negated(match))
        else:
            hit = every([free[-1], match])
            # In another run nobody asks about single rules.
            hits.append(hit if copied else named(hit))
            free.append(named(every([free[-1], negated(match)])))
    return tuple(hits), tuple(free)


def _least_or_most(
    table: CompiledTable, matches: tuple[z3.BoolRef, ...], named: Named
) -> TableTruths:
    (name,) = table.table.outputs
    domain = table.table.outputs[name].domain

    def number(answer: int) -> Number:
        return domain.number(table.answers[answer][name]) or 0

    parts = _by_answer(table, matches)
    order = sorted(range(len(parts)), key=number, reverse=table.table.aggregate == "max")
    first, _ = _first_of([named(either(parts[answer])) for answer in order], named)
    answers = [first[order.index(answer)] for answer in range(len(parts))]
    return TableTruths(matches, matches, tuple(answers), None, named(either(answers)))


def _total(table: CompiledTable, matches: Sequence[z3.BoolRef]) -> Total:
    parts = parts_of_total(table)
    scale = math.lcm(*(part.denominator for part in parts))
    least = sum((part for part in parts if part < 0), Fraction(0))
    terms: list[tuple[z3.BitVecRef, int]] = []
    for match, part in zip(matches, parts, strict=True):
        most = int(abs(part) * scale)
        width = max(1, most.bit_length())
        there, nothing = z3.BitVecVal(most, width), z3.BitVecVal(0, width)
        # What is less than nothing counts where it does not match, so that no term is negative.
        term = z3.If(match, there, nothing) if part > 0 else z3.If(match, nothing, there)
        terms.append((term, most))
    return Total(_added(terms), least, scale)


def _added(terms: list[tuple[z3.BitVecRef, int]]) -> z3.BitVecRef:
    """The sum of numbers, each with the most that it can be.

    Two and two are added, then these sums, so that most additions are of few bits.
    """
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        odd = terms[len(terms) // 2 * 2 :]
        terms = [_sum_of_two(*one, *other) for one, other in pairs] + odd
    return terms[0][0] if terms else z3.BitVecVal(0, 1)


def _sum_of_two(
    one: z3.BitVecRef, most: int, other: z3.BitVecRef, other_most: int
) -> tuple[z3.BitVecRef, int]:
    total = most + other_most
    width = max(1, total.bit_length())
    wide = [z3.ZeroExt(width - part.size(), part) for part in (one, other)]
    return wide[0] + wide[1], total


def gives(table: CompiledTable, truths: TableTruths, name: str, side: Side) -> z3.BoolRef:
    """That what a table gives under `name`, which is not a list, lies in `side`."""
    if truths.total is not None:
        return either([truths.total.inside(interval) for interval in side.intervals])
    domain = table.table.results[name].domain
    found: list[z3.BoolRef] = []
    for answer, truth in enumerate(truths.answers):
        value = table.answers[answer][name]
        if not isinstance(value, tuple) and domain.accepts(side, value):
            found.append(truth)
    return either(found)


def holds_one(table: CompiledTable, truths: TableTruths, name: str, side: Side) -> z3.BoolRef:
    """That the list that a table gathers under `name` holds something in `side`."""
    domain = table.table.outputs[name].domain
    return either(
        [
            hit
            for hit, rule in zip(truths.hits, table.table.rules, strict=True)
            if domain.accepts(side, rule.then[name])
        ]
    )


def differ(
    table: CompiledTable, one: TableTruths, other: TableTruths, names: Sequence[str]
) -> z3.BoolRef:
    """That a table gives different outputs under these names; both runs have an answer."""
    if not names:
        return FALSE
    if one.total is not None and other.total is not None:
        return one.total.number != other.total.number
    if table.table.gathers:
        return either([_lists_differ(table, one, other, name) for name in names])
    groups: dict[tuple[object, ...], list[int]] = {}
    for answer in range(len(one.answers)):
        outputs = table.answers[answer]
        groups.setdefault(tuple(outputs[name] for name in names), []).append(answer)
    return either(
        [
            negated(
                same(
                    either([one.answers[a] for a in group]),
                    either([other.answers[a] for a in group]),
                )
            )
            for group in groups.values()
        ]
    )


def _lists_differ(
    table: CompiledTable, one: TableTruths, other: TableTruths, name: str
) -> z3.BoolRef:
    """That two lists differ in length, or in what stands in some place."""
    width = len(one.hits).bit_length()
    places, length = _places(one.hits, width)
    other_places, other_length = _places(other.hits, width)
    values = [rule.then[name] for rule in table.table.rules]
    clashes = [
        z3.And(one.hits[a], other.hits[b], places[a] == other_places[b])
        for a in range(len(values))
        for b in range(len(values))
        if values[a] != values[b]
    ]
    return z3.Or(length != other_length, *clashes)


def _places(hits: Sequence[z3.BoolRef], width: int) -> tuple[list[z3.BitVecRef], z3.BitVecRef]:
    """For each rule how many before it hit, and how many do in all."""
    places: list[z3.BitVecRef] = []
    before = z3.BitVecVal(0, width)
    for hit in hits:
        places.append(before)
        before = before + z3.If(hit, z3.BitVecVal(1, width), z3.BitVecVal(0, width))
    return places, before
