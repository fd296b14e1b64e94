"""Areas of few calls are joined with their neighbors, until a number tells something of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

FEWEST_FOR_A_MAP = 20
# Of fewer calls than this nothing is told to the public.
FEWEST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Regions:
    """Neighboring areas that stand as one: the region of each area, and what each is called.

    of_area: index into `names` for each area; members: the areas of each region
    """

    of_area: tuple[int, ...]
    names: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]


def regions(
    names: Sequence[str],
    calls: Sequence[float],
    centers: Sequence[tuple[float, float]],
    fewest: float = FEWEST_FOR_A_MAP,
) -> Regions:
    """Join areas until each region has at least `fewest` calls, the smallest first.

    A region joins the one whose middle, of centers as (latitude, longitude), is near; small ones
    are taken for nearer.
    A region is called after its area of the most calls. Areas without any call join as others do.

    >>> found = regions(["A", "B", "C"], [40, 3, 50], [(0, 0), (0, 1), (0, 3)], 20)
    >>> found.of_area, found.names
    ((0, 0, 1), ('A + 1', 'C'))
    """
    groups = [[place] for place in range(len(names))]
    totals = [float(count) for count in calls]
    narrow = cos(radians(centers[0][0])) if centers else 1.0

    def middle(group: Sequence[int]) -> tuple[float, float]:
        return _middle([centers[place] for place in group])

    def apart(one: Sequence[int], other: Sequence[int]) -> float:
        # Large regions are further away, so that regions stay compact and of like size.
        (a, b), (c, d) = middle(one), middle(other)
        return hypot(a - c, (b - d) * narrow) * sqrt(len(other))

    while len(groups) > 1 and min(totals) < fewest:
        small = totals.index(min(totals))
        near = min(
            (place for place in range(len(groups)) if place != small),
            key=lambda place: apart(groups[small], groups[place]),
        )
        groups[near] = groups[near] + groups[small]
        totals[near] += totals[small]
        del groups[small], totals[small]
    return _named(names, calls, groups)


def wider(
    joined: Regions,
    names: Sequence[str],
    calls: Sequence[float],
    centers: Sequence[tuple[float, float]],
    weights: Sequence[float],
    fewest: float,
) -> Regions:
    """Regions joined further, until the weights of each come to at least `fewest`.

    names, calls, centers: of the areas; weights: of the regions
    """
    found = regions(joined.names, weights, _middles(joined, centers), fewest)
    groups: list[list[int]] = [[] for _ in found.names]
    for place, region in enumerate(joined.of_area):
        groups[found.of_area[region]].append(place)
    return _named(names, calls, groups)


def _middles(joined: Regions, centers: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found = []
    for region in range(len(joined.names)):
        inside = [centers[place] for place, one in enumerate(joined.of_area) if one == region]
        found.append(_middle(inside))
    return found


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _named(names: Sequence[str], calls: Sequence[float], groups: list[list[int]]) -> Regions:
    of_area = [0] * len(names)
    called, members = [], []
    for number, group in enumerate(sorted(groups, key=min)):
        for place in group:
            of_area[place] = number
        ordered = sorted(group, key=lambda place: -calls[place])
        more = f" + {len(group) - 1}" if len(group) > 1 else ""
        called.append(names[ordered[0]] + more)
        members.append(tuple(names[place] for place in ordered))
    return Regions(tuple(of_area), tuple(called), tuple(members))
