"""Looks for a call in the box of a rule that no other box takes, without the solver.

A rule accepts on each axis some classes of facts: together they are a box. Of other boxes as of
masks over classes it is quickly told, by bits for all at once, which of them meet a box and on
how many axes they leave room in it. One that leaves room on no axis takes the whole box. One
that leaves room on a single axis is cut off there, without a choice; only where all leave room
on several is the box split. Nothing is asked of facts one by one, so the answer is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

# For each axis some classes, as bits.
Box: TypeAlias = Sequence[int]

# So many looks at a box; beyond it the question is one for the solver.
_MOST_LOOKS = 3_000


class TooMany(Exception):
    """The boxes cut each other into more pieces than are looked at."""


class Axes:
    """Some axes: `masks[a][c]` are the rules, as bits, that accept the class c of the axis a.

    `boxes[r]` has for each axis the classes, as bits, that rule r accepts.
    """

    def __init__(self, masks: Sequence[Sequence[int]], full: int) -> None:
        self.masks = masks
        self.full = full
        rules = full.bit_length()
        by_axis = [classes_of_rules(own, rules) for own in masks]
        self.boxes = [[own[rule] for own in by_axis] for rule in range(rules)]

    def everything(self) -> list[int]:
        """The box of all calls."""
        return [(1 << len(masks)) - 1 for masks in self.masks]

    def meeting(self, box: Box) -> int:
        """The rules, as bits, whose boxes have something in common with a box."""
        found = self.full
        for masks, codes in zip(self.masks, box, strict=True):
            found &= _sides(masks, codes)[0]
        return found


def classes_of_rules(masks: Sequence[int], rules: int) -> list[int]:
    """For each rule the classes, as bits, that it accepts, given the rules of each class.

    From one class to the next few rules change, so only where a stretch begins and ends is
    looked at: from a to b it is 2^b - 2^a.
    """
    found = [0] * rules
    before = 0
    for code, mask in enumerate((*masks, 0)):
        bit, changed = 1 << code, mask ^ before
        while changed:
            low = changed & -changed
            found[low.bit_length() - 1] += -bit if mask & low else bit
            changed ^= low
        before = mask
    return found


def free_point(axes: Axes, box: Box, rivals: int) -> tuple[list[int] | None, int]:
    """A part of a box that none of the rivals (bits) meets; None where they take all of it.

    Beside it those of the rivals that were looked at: they alone take all of it as well.
    Raises `TooMany`.
    """
    used = 0
    looks = 0
    sides = [_sides(masks, codes) for masks, codes in zip(axes.masks, box, strict=True)]
    waiting = [(list(box), sides, rivals)]
    while waiting:
        left, sides, rivals = waiting.pop()
        while True:
            looks += 1
            if looks > _MOST_LOOKS:
                raise TooMany
            if not all(left):
                break
            for meets, _ in sides:
                rivals &= meets
            if not rivals:
                return left, used
            once, twice = 0, 0
            for _, covers in sides:
                room = rivals & ~covers
                twice |= once & room
                once |= room
            if rivals & ~once:
                used |= _lowest(rivals & ~once)
                break
            single = once & ~twice
            if single:
                used |= _cut_off(axes, left, sides, single)
                rivals &= ~single
                continue
            # Of those that leave room on several axes, the one that stands first.
            rival = _lowest(rivals)
            used |= rival
            place = next(p for p, (_, covers) in enumerate(sides) if not covers & rival)
            taken = axes.boxes[rival.bit_length() - 1][place]
            other, others = left.copy(), sides.copy()
            other[place] &= taken
            others[place] = _sides(axes.masks[place], other[place])
            waiting.append((other, others, rivals))
            left[place] &= ~taken
            sides[place] = _sides(axes.masks[place], left[place])
    return None, used


def _cut_off(axes: Axes, left: list[int], sides: list[tuple[int, int]], single: int) -> int:
    """Take out of a box what rivals take that leave room on one axis only; those that did."""
    used = 0
    for place, (_, covers) in enumerate(sides):
        here = single & ~covers
        if here:
            used |= here
            while here:
                low = _lowest(here)
                left[place] &= ~axes.boxes[low.bit_length() - 1][place]
                here ^= low
            sides[place] = _sides(axes.masks[place], left[place])
    return used


def _sides(masks: Sequence[int], codes: int) -> tuple[int, int]:
    """The rules that accept some of these classes, and those that accept all of them."""
    meets, covers = 0, -1
    while codes:
        low = codes & -codes
        mask = masks[low.bit_length() - 1]
        meets |= mask
        covers &= mask
        codes ^= low
    return meets, covers


def _lowest(rules: int) -> int:
    return rules & -rules
