"""Who is served and how fast, by area and by the people who live there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lamplighter.rehearsal.outcome import Interval


class IntervalsFrom(StrEnum):
    """What the intervals stand for."""

    REPLICATIONS = "replications"  # the same calls, with other luck
    DAYS = "days"  # one run, with days of calls drawn again (bootstrap)


@dataclass(frozen=True, slots=True)
class AreaServed:
    """One area. A number is None where there is nothing that it could be of.

    calls: in the period; per_thousand: calls a year per 1,000 people; people: None: not told
    served: share of calls to which the kind came that was to answer
    minutes: from the call to the arrival of whoever came, on average; p90: nine in ten at most
    few: too few calls to be compared with others; such an area has no rank
    rank: 1 is the area with the smallest share served
    """

    name: str
    calls: float
    people: float | None
    per_thousand: float | None
    served: Interval | None
    minutes: Interval | None
    p90: float | None
    few: bool
    rank: int | None


@dataclass(frozen=True, slots=True)
class GroupServed:
    """What a random member of a group meets where they live: area figures, weighted by people.

    people: in all areas; counted: share of them in areas that have a figure
    served, minutes: as of areas; served_gap, minutes_gap: less those of everyone, point by point
    """

    name: str
    column: str
    people: float
    counted: float
    served: Interval | None
    minutes: Interval | None
    served_gap: Interval | None
    minutes_gap: Interval | None


@dataclass(frozen=True, slots=True)
class Gap:
    """The two groups that are furthest apart; `gap` is the first less the second."""

    first: str
    second: str
    gap: Interval


@dataclass(frozen=True, slots=True)
class Fairness:
    """Served share and response time by area and by group of people.

    everyone: all people of the groups together, or of the column that counts all
    calls, outside: calls in the period, and those of them outside every area (they are in no area)
    few_below: an area with fewer calls is flagged and has no rank
    limits: what this can not say, in plain words, each {en, es}
    """

    areas: tuple[AreaServed, ...]
    groups: tuple[GroupServed, ...]
    everyone: GroupServed | None
    widest_served: Gap | None
    widest_minutes: Gap | None
    calls: float
    outside: float
    few_below: int
    intervals: IntervalsFrom
    limits: tuple[Mapping[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        from lamplighter.rehearsal.plain import plain

        return dict(plain(self))
