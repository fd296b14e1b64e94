"""What a rehearsed program costs and saves, with the assumptions that this rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.teams import Assumed


class Saves(StrEnum):
    """Whose time is saved."""

    POLICE = "police"
    AMBULANCE = "ambulance"
    EMERGENCY_DEPARTMENT = "emergency department"


class Result(StrEnum):
    """What a tornado is drawn of."""

    NET_PER_YEAR = "net per year"
    COST_PER_YEAR = "cost per year"


@dataclass(frozen=True, slots=True)
class KindCosts:
    """What one kind of unit costs. Money is None where `missing` says what must be stated first.

    hours_per_year: unit-hours on duty; vehicles: the most units on duty at one time
    """

    kind: str
    label: Mapping[str, str]
    hours_per_year: float
    vehicles: int
    responses_per_year: Interval
    per_hour: float | None
    per_response: Interval | None
    per_year: float | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saving:
    """Minutes that others need not spend, and what they are worth. None: `missing` says why."""

    of: Saves
    minutes_per_year: Interval | None
    per_year: Interval | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How a result moves when one assumption goes from its low to its high, all else as stated."""

    name: str
    assumed: Assumed
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost against savings, per year of 365 days, in `currency` as the team file says it.

    per_hour: of a unit on duty, over all kinds; per_response: of a call that a unit came to
    savings: each of police, ambulances and emergency departments, computed or not
    net_per_year: cost less the savings that could be computed; `left_out` says which were not
    assumptions: every number that was used, with its source; `taken` are those that the team file
    does not state
    tornado: of `tornado_of`, what matters most first; without what does not move it at all
    unused: names of the team file that no cost knows
    """

    currency: str
    kinds: tuple[KindCosts, ...]
    hours_per_year: float
    responses_per_year: Interval
    per_hour: float | None
    per_response: Interval | None
    per_year: float | None
    savings: tuple[Saving, ...]
    net_per_year: Interval | None
    left_out: tuple[Saves, ...]
    missing: tuple[str, ...]
    assumptions: tuple[Assumed, ...]
    taken: tuple[str, ...]
    tornado_of: Result
    tornado: tuple[Bar, ...]
    unused: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; what could not be computed is None."""
        from lamplighter.rehearsal.plain import plain

        return dict(plain(self))
