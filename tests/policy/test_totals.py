"""The totals that rules come to in a box, held to trying every point."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy.prove import totals
from lamplighter.policy.prove.boxes import Axes, TooMany
from lamplighter.policy.prove.totals import Looks, Totals, Weights, digits


def weights_of(numbers: list[int]) -> Weights:
    return Weights(1, digits(numbers), digits([-number for number in numbers]))


@st.composite
def boxes_and_ranges(draw: st.DrawFn) -> tuple[Totals, list[int], list[int]]:
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
    low = draw(st.integers(least, most))
    high = draw(st.one_of(st.just(most), st.integers(low, most)))
    space: Any = SimpleNamespace(axes=Axes(masks, full), sources=[], unlisted=0)
    return Totals(space, weights, box, [(low, high)], Looks()), unknown, numbers


@settings(max_examples=500, deadline=None)
@given(boxes_and_ranges())
def test_the_first_part_comes_to_the_total_with_the_fewest_known_facts(
    one: tuple[Totals, list[int], list[int]],
) -> None:
    found, unknown, numbers = one
    ((low, high),) = found.ranges

    def fits(point: tuple[int, ...]) -> bool:
        rules = found.axes.full
        for masks, code in zip(found.axes.masks, point, strict=True):
            rules &= masks[code]
        return low <= sum(n for rule, n in enumerate(numbers) if rules >> rule & 1) <= high

    def known(point: tuple[int, ...]) -> int:
        return sum(bit != 0 and bit != 1 << code for code, bit in zip(point, unknown, strict=True))

    def points(box: Any) -> list[tuple[int, ...]]:
        return list(product(*[[c for c in range(4) if codes >> c & 1] for codes in box]))

    expected = [known(point) for point in points(found.box) if fits(point)]
    parts = list(found.parts(unknown))
    assert [number for number, _ in parts[:1]] == ([min(expected)] if expected else [])
    for number, part in parts:
        assert points(part)
        assert all(fits(point) and known(point) == number for point in points(part))


def test_what_takes_too_many_looks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "_MOST_LOOKS", 0)
    space: Any = SimpleNamespace(axes=Axes([[1, 0]], 1), sources=[], unlisted=0)
    with pytest.raises(TooMany):
        list(Totals(space, weights_of([1]), [3], [(1, 1)], Looks()).parts([0]))


def test_a_rule_that_another_fact_may_still_refuse_is_not_certain() -> None:
    axes = Axes([[0b11, 0b01], [0b11, 0b10]], 0b11)
    space: Any = SimpleNamespace(axes=axes, sources=[], unlisted=0)
    found = Totals(space, weights_of([1, 1]), [0b11, 0b11], [(0, 0)], Looks())
    assert list(found.parts([0, 0])) == [(0, [0b10, 0b10])]
