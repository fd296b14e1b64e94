"""What is left of a box when others are taken out of it, held to trying every point."""

from __future__ import annotations

from functools import reduce
from itertools import product
from operator import and_, or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy.prove import boxes
from lamplighter.policy.prove.boxes import (
    Axes,
    TooMany,
    classes_of_rules,
    free_parts,
    free_point,
)


@st.composite
def axes_and_rivals(draw: st.DrawFn) -> tuple[Axes, list[int], int]:
    rules = draw(st.integers(1, 7))
    full = (1 << rules) - 1
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    masks = [[draw(st.integers(0, full)) for _ in range(size)] for size in sizes]
    box = [draw(st.integers(1, (1 << size) - 1)) for size in sizes]
    return Axes(masks, full), box, draw(st.integers(0, full))


def points(box: list[int]) -> list[tuple[int, ...]]:
    return list(
        product(*[[c for c in range(codes.bit_length()) if codes >> c & 1] for codes in box])
    )


def takers(axes: Axes, point: tuple[int, ...]) -> int:
    found = axes.full
    for masks, code in zip(axes.masks, point, strict=True):
        found &= masks[code]
    return found


@settings(max_examples=400, deadline=None)
@given(axes_and_rivals())
def test_a_part_is_free_exactly_where_no_rival_takes_it(one: tuple[Axes, list[int], int]) -> None:
    axes, box, rivals = one
    free, used = free_point(axes, box, rivals)
    if free is None:
        assert not used & ~rivals
        assert all(takers(axes, point) & used for point in points(box))
    else:
        assert set(points(free)) <= set(points(box))
        assert not any(takers(axes, point) & rivals for point in points(free))
        assert points(free)


@settings(max_examples=300, deadline=None)
@given(axes_and_rivals(), st.data())
def test_the_first_free_part_has_the_fewest_known_facts(
    one: tuple[Axes, list[int], int], data: st.DataObject
) -> None:
    axes, box, rivals = one
    unknown = [
        data.draw(st.sampled_from([0, *(1 << c for c in range(len(m)))])) for m in axes.masks
    ]

    def known(point: tuple[int, ...]) -> int:
        return sum(bit != 0 and bit != 1 << code for code, bit in zip(point, unknown, strict=True))

    free = [known(point) for point in points(box) if not takers(axes, point) & rivals]
    found = list(free_parts(axes, [(box, rivals)], unknown))
    assert [number for number, _ in found[:1]] == ([min(free)] if free else [])
    assert [number for number, _ in found] == sorted(number for number, _ in found)
    for number, part in found:
        assert not any(takers(axes, point) & rivals for point in points(part))
        assert min(map(known, points(part))) == number


@given(axes_and_rivals())
def test_some_and_all_classes_are_told_alike(one: tuple[Axes, list[int], int]) -> None:
    axes, box, _ = one
    for place, (meets, covers) in enumerate(axes.sides(box)):
        masks = [mask for code, mask in enumerate(axes.masks[place]) if box[place] >> code & 1]
        assert meets == reduce(or_, masks)
        assert covers == reduce(and_, masks)


@given(axes_and_rivals())
def test_boxes_and_masks_say_the_same(one: tuple[Axes, list[int], int]) -> None:
    axes, _, _ = one
    for place, masks in enumerate(axes.masks):
        for rule, codes in enumerate(classes_of_rules(masks, axes.full.bit_length())):
            assert [codes >> c & 1 for c in range(len(masks))] == [m >> rule & 1 for m in masks]
            assert axes.boxes[rule][place] == codes


def test_what_takes_too_many_looks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "_MOST_LOOKS", 0)
    with pytest.raises(TooMany):
        free_point(Axes([[1, 0]], 1), [3], 1)
