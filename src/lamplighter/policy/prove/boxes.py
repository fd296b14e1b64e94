"""Looks for a call in the box of a rule that no other box takes, without the solver.

A rule accepts on each axis some classes of facts: together they are a box. Of other boxes as of
masks over classes it is quickly told, by bits for all at once, which of them meet a box and on
how many axes they leave room in it. One that leaves room on no axis takes the whole box. One
that leaves room on a single axis is cut off there, without a choice; only where all leave room
on several is the box split. Nothing is asked of facts one by one, so the answer is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeAlias

# For each axis some classes, as bits.
Box: TypeAlias = Sequence[int]

# So many looks at a box; beyond it the question is one for the solver.
_MOST_LOOKS = 3_000


class TooMany(Exception):
    """The boxes cut each other into more pieces than are looked at."""


class Sides:
    """The rules, as bits, that accept some, and all, of the classes of one axis.

    The classes of a line are many, and most of a box are stretches of it: for stretches of 2, 4,
    8 and more classes it is kept who accepts some, and all, so that two of them tell of any one.
    """

    def __init__(self, masks: Sequence[int]) -> None:
        self.masks = masks
        self._some, self._all = [list(masks)], [list(masks)]
        self._known: dict[int, tuple[int, int]] = {}

    def of(self, codes: int) -> tuple[int, int]:
        """The rules that accept some of these classes, and those that accept all of them."""
        known = self._known.get(codes)
        if known is None:
            known = self._known[codes] = self._told(codes)
        return known

    def _told(self, codes: int) -> tuple[int, int]:
        meets, covers = 0, -1
        starts, ends = codes & ~(codes << 1), codes & ~(codes >> 1)
        while starts:
            start, end = starts & -starts, ends & -ends
            starts ^= start
            ends ^= end
            first, after = start.bit_length() - 1, end.bit_length()
            step = (after - first).bit_length() - 1
            while len(self._some) <= step:
                self._double()
            other = after - (1 << step)
            some, every = self._some[step], self._all[step]
            meets |= some[first] | some[other]
            covers &= every[first] & every[other]
        return meets, covers

    def _double(self) -> None:
        half = 1 << (len(self._some) - 1)
        some, every = self._some[-1], self._all[-1]
        self._some.append([a | b for a, b in zip(some, some[half:], strict=False)])
        self._all.append([a & b for a, b in zip(every, every[half:], strict=False)])


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
        self._sides = [Sides(own) for own in masks]

    def sides(self, box: Box) -> list[tuple[int, int]]:
        """For each axis the rules that accept some, and all, of a box's classes there."""
        return [sides.of(codes) for sides, codes in zip(self._sides, box, strict=True)]

    def side(self, place: int, codes: int) -> tuple[int, int]:
        """The rules that accept some, and all, of these classes of the axis at `place`."""
        return self._sides[place].of(codes)

    def everything(self) -> list[int]:
        """The box of all calls."""
        return [(1 << len(masks)) - 1 for masks in self.masks]

    def meeting(self, box: Box) -> int:
        """The rules, as bits, whose boxes have something in common with a box."""
        found = self.full
        for meets, _ in self.sides(box):
            found &= meets
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


@dataclass(slots=True)
class _Part:
    """A part of a box, and the rivals that may take some of it, or have `taken` all of it."""

    left: list[int]
    rivals: int
    sides: list[tuple[int, int]]
    taken: bool = False


def free_point(axes: Axes, box: Box, rivals: int) -> tuple[list[int] | None, int]:
    """A part of a box that none of the rivals (bits) meets; None where they take all of it.

    Beside it those of the rivals that were looked at: they alone take all of it as well.
    Raises `TooMany`.
    """
    used = 0
    waiting = [_Part(list(box), rivals, axes.sides(box))]
    looks = 0
    while waiting:
        looks += 1
        if looks > _MOST_LOOKS:
            raise TooMany
        part = waiting.pop()
        used |= _cut(axes, part)
        if not part.taken:
            if not part.rivals:
                return part.left, used
            used |= _lowest(part.rivals)
            waiting.append(_split_off(axes, part))
            waiting.append(part)
    return None, used


def free_parts(
    axes: Axes, starts: Iterable[tuple[Box, int]], unknown: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """Parts of some boxes that none of the box's rivals (bits) meets, with the fewest known
    facts first: on how many axes the class of `unknown` (a bit, or 0) is not in the part.

    Raises `TooMany`.
    """
    heap: list[tuple[int, int, _Part]] = []
    for number, (box, rivals) in enumerate(starts):
        heap.append((_known(box, unknown), number, _Part(list(box), rivals, [])))
    heapify(heap)
    looks = 0
    while heap:
        known, number, part = heappop(heap)
        looks += 1
        if looks > _MOST_LOOKS:
            raise TooMany
        part.sides = part.sides or axes.sides(part.left)
        _cut(axes, part)
        if part.taken:
            continue
        more = _known(part.left, unknown)
        if more == known and not part.rivals:
            yield known, part.left
            continue
        # Of parts with as few known facts, the one that was cut last is looked at first.
        if more == known:
            other = _split_off(axes, part)
            heappush(heap, (_known(other.left, unknown), -2 * looks, other))
            more = _known(part.left, unknown)
        heappush(heap, (more, -2 * looks - 1, part))


def _known(box: Box, unknown: Sequence[int]) -> int:
    return sum(bit != 0 and not codes & bit for codes, bit in zip(box, unknown, strict=True))


def _cut(axes: Axes, part: _Part) -> int:
    """Cut off what is taken without a choice; the rivals that did.

    Afterwards the part is taken, or free of rivals, or all of them leave room on several axes.
    """
    used = 0
    left, sides, rivals = part.left, part.sides, part.rivals
    while True:
        if not all(left):
            part.taken = True
            break
        for meets, _ in sides:
            rivals &= meets
        if not rivals:
            break
        once, twice = 0, 0
        for _, covers in sides:
            room = rivals & ~covers
            twice |= once & room
            once |= room
        if rivals & ~once:
            used |= _lowest(rivals & ~once)
            part.taken = True
            break
        single = once & ~twice
        if not single:
            break
        used |= _cut_off(axes, left, sides, single)
        rivals &= ~single
    part.rivals = rivals
    return used


def _split_off(axes: Axes, part: _Part) -> _Part:
    """Cut off the side of the rival that stands first, on one axis; that side, as a part."""
    rival = _lowest(part.rivals)
    place = next(p for p, (_, covers) in enumerate(part.sides) if not covers & rival)
    taken = axes.boxes[rival.bit_length() - 1][place]
    other = _Part(part.left.copy(), part.rivals, part.sides.copy())
    for one, codes in ((other, taken), (part, ~taken)):
        one.left[place] &= codes
        one.sides[place] = axes.side(place, one.left[place])
    return other


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
            sides[place] = axes.side(place, left[place])
    return used


def _lowest(rules: int) -> int:
    return rules & -rules


def numbers(rules: int) -> list[int]:
    """The rules given as bits."""
    return [number for number in range(rules.bit_length()) if rules >> number & 1]
