"""The whole rehearsal: a history meets a policy and teams, and its bounds, and another policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lamplighter.policy.model import Policy
from lamplighter.policy.replay import Comparison, Replay
from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.observed import Measures, Reached, Week
from lamplighter.rehearsal.outcome import Summary
from lamplighter.rehearsal.regions import Regions
from lamplighter.rehearsal.teams import Teams

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas
    from lamplighter.rehearsal.costs import Costs
    from lamplighter.rehearsal.fairness import Fairness
    from lamplighter.rehearsal.staffing import Staffing

Answers: TypeAlias = Literal["stated", "least", "most"]
Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One policy, with one way of answering what the history does not tell, met by the teams.

    drawn: calls in which some answer had to be drawn
    left_out: calls that were not asked for by anybody, or lack what is needed, by reason
    summary: of all calls; own: of those that are the teams' to answer (see `teams_own`)
    reached, measures: of the teams' own calls
    """

    policy: Policy
    answers: Answers
    calls: Calls
    drawn: int
    left_out: Mapping[str, int]
    summary: Summary
    own: Summary
    reached: Reached
    week: Week
    measures: Measures
    costs: Costs | None = None
    fairness: Fairness | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was rehearsed, from which files, and what came of it.

    asked: the policy as asked for; least, most: the same with the answers that send the fewest
    and the most calls to the teams; against: another policy, with the same answers and chance
    replay: what is certain of the policy and what only possible, without any draw
    compared: what the change from `against` to `policy` moves, without any draw
    regions: neighboring areas that `own` of each scenario tells as one
    """

    city: str
    history: str
    history_hash: str
    policy: Policy
    teams: Teams
    seed: int
    replications: int
    answers: Answers
    version: str
    asked: Scenario
    replay: Replay
    least: Scenario | None = None
    most: Scenario | None = None
    against: Scenario | None = None
    replay_against: Replay | None = None
    compared: Comparison | None = None
    areas: Areas | None = None
    regions: Regions | None = None
    staffing: Staffing | None = None
    command: str = ""
