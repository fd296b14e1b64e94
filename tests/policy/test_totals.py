"""The totals that rules come to in a box, held to trying every point."""

from __future__ import annotations

import math
from itertools import product
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy.domains import Interval
from lamplighter.policy.prove import totals
from lamplighter.policy.prove.boxes import Axes, TooMany
from lamplighter.policy.prove.totals import Looks, Totals, Weights, digits

Drawn: TypeAlias = tuple[Totals, list[int], list[int], list[int]]


def weights_of(numbers: list[int]) -> Weights:
    return Weights(1, digits(numbers), digits([-number for number in numbers]))


@st.composite
def boxes_and_ranges(draw: st.DrawFn) -> Drawn:
    rules = draw(st.integers(1, 6))
    full = (1 << rules) - 1
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    masks = [[draw(st.integers(0, full)) for _ in range(size)] for size in sizes]
    box = [draw(st.integers(1, (1 << size) - 1)) for size in sizes]
    unknown = [draw(st.sampled_from([0, *(1 << code for code in range(n))])) for n in sizes]
    lowest = draw(st.sampled_from([0, -3]))
    numbers = [draw(st.integers(lowest, 4)) for _ in range(rules)]
    weights = weights_of(numbers)
    least, most = weights.least(-1), weights.most(-1)
    ends = sorted(draw(st.sets(st.integers(least, most), min_size=1, max_size=3)))
    # With three ends, what lies between the second and the third is not wanted.
    pairs = zip(ends[::2], [*ends, most][1::2], strict=False)
    ranges = weights.ranges([Interval(low, high) for low, high in pairs])
    alone = sorted(draw(st.sets(st.sampled_from(range(len(sizes))))))
    space: Any = SimpleNamespace(axes=Axes(masks, full), sources=[], unlisted=0)
    return Totals(space, weights, box, ranges, Looks(), alone), unknown, numbers, alone


@settings(max_examples=500, deadline=None)
@given(boxes_and_ranges())
def test_the_first_part_comes_to_the_total_with_the_fewest_known_facts(one: Drawn) -> None:
    found, unknown, numbers, alone = one

    def fits(point: tuple[int, ...]) -> bool:
        rules = found.axes.full
        for masks, code in zip(found.axes.masks, point, strict=True):
            rules &= masks[code]
        total = sum(n for rule, n in enumerate(numbers) if rules >> rule & 1)
        return any(low <= total <= high for low, high in found.ranges)

    def known(point: tuple[int, ...]) -> int:
        return sum(bit != 0 and bit != 1 << code for code, bit in zip(point, unknown, strict=True))

    def points(box: Any) -> list[tuple[int, ...]]:
        return list(product(*[[c for c in range(4) if codes >> c & 1] for codes in box]))

    fitting = [point for point in points(found.box) if fits(point)]
    parts = list(found.parts(unknown))
    assert [number for number, _ in parts[:1]] == ([min(map(known, fitting))] if fitting else [])
    for number, part in parts:
        assert points(part)
        assert all(fits(point) and known(point) == number for point in points(part))
    # Of what tables before look at, no class that leads to the total is passed over.
    shared = [place for place in range(len(found.box)) if place not in alone]
    for point in fitting:
        assert any(
            number <= known(point) and all(part[place] >> point[place] & 1 for place in shared)
            for number, part in parts
        )


def test_totals_that_follow_each_other_are_one_stretch() -> None:
    halves = Weights(2, digits([1, 4]), digits([-1, -4]))
    above = [Interval(1, 1), Interval(1, math.inf, False, False)]
    assert halves.ranges(above) == [(2, 5)]
    assert halves.ranges([Interval(2, 3), Interval(0, 1)]) == [(0, 2), (4, 5)]
    assert halves.ranges([Interval(0.6, 0.9)]) == []


def test_what_takes_too_many_looks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "_MOST_LOOKS", 0)
    space: Any = SimpleNamespace(axes=Axes([[1, 0]], 1), sources=[], unlisted=0)
    with pytest.raises(TooMany):
        list(Totals(space, weights_of([1]), [3], [(1, 1)], Looks(), [0]).parts([0]))


def test_a_rule_that_another_fact_may_still_refuse_is_not_certain() -> None:
    axes = Axes([[0b11, 0b01], [0b11, 0b10]], 0b11)
    space: Any = SimpleNamespace(axes=axes, sources=[], unlisted=0)
    found = Totals(space, weights_of([1, 1]), [0b11, 0b11], [(0, 0)], Looks(), [0, 1])
    assert list(found.parts([0, 0])) == [(0, [0b10, 0b10])]
