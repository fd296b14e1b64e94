"""What a search for a staffing found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.staffing.starting import Need
from lamplighter.rehearsal.staffing.target import Met, Target
from lamplighter.rehearsal.teams import Point, Shift, Teams


class Meets(StrEnum):
    """Whether a plan meets the target."""

    YES = "yes"  # confirmed: the intervals over replications lie inside it
    LIKELY = "likely"  # the mean meets it, the intervals do not say
    NO = "no"


class Ended(StrEnum):
    """Why a search ended."""

    FOUND = "found"  # no plan near the one found is cheaper and meets the target
    SPENT = "scenarios spent"  # the best so far: more scenarios may find a better one
    OUT_OF_REACH = "out of reach"  # no number of units in these shifts meets the target


@dataclass(frozen=True, slots=True)
class Staffed:
    """So many units of a kind, in one shift, at one base (None: they have none)."""

    units: str
    kind: str
    shift: Shift
    number: int
    base: str | None
    place: Point | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of units, what they cost, and how they met the calls.

    unit_hours: on duty in a week; money: per year, None where the team file states too little
    within, fall_back: shares of calls, as in `Target`, of all kinds together that are not out of
        reach; kinds: of each kind
    busy: share of their minutes on duty
    runs: replications over which these are taken; one has no interval
    """

    staffed: tuple[Staffed, ...]
    unit_hours: float
    money: float | None
    within: Interval
    fall_back: Interval
    kinds: Mapping[str, Met]
    busy: Interval
    runs: int
    meets: Meets


@dataclass(frozen=True, slots=True)
class Staffing:
    """The smallest staffing found, and the frontier of cost against what is met.

    out_of_reach: kinds that miss the target with plenty of units; they stay as they were
    best: the cheapest plan with which the other kinds meet the target, None if there is none
    teams: the team file with the numbers of `best` (of `most` where there is none)
    start: what Erlang's formulas asked for; most: the largest plan that was tried
    frontier: plans of which none is cheaper and meets more calls in time, the cheapest first
    needs: by kind, the calls and the units needed in each hour of the week, by Erlang's formula
    plans, scenarios: how many plans were simulated, in how many runs; of these `known` runs came
    from the file of an earlier search
    """

    target: Target
    kinds: tuple[str, ...]
    out_of_reach: tuple[str, ...]
    seed: int
    replications: int
    best: Plan | None
    teams: Teams
    start: Plan
    most: Plan
    frontier: tuple[Plan, ...]
    needs: tuple[Need, ...]
    calls: int
    plans: int
    scenarios: int
    known: int
    ended: Ended
    currency: str
    says: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; without the teams, which `best` describes."""
        from lamplighter.rehearsal.plain import plain

        return {name: value for name, value in plain(self).items() if name != "teams"}
