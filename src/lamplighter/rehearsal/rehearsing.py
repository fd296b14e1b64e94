"""The whole rehearsal: a history meets a policy and teams, and its bounds, and another policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from lamplighter.policy.model import Policy, Words
from lamplighter.policy.replay import Comparison, Replay, compare, replay
from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.costs import Costs, cost_of
from lamplighter.rehearsal.demand import Demand, calls_of
from lamplighter.rehearsal.fairness import Fairness, fairness_of
from lamplighter.rehearsal.observed import (
    Array,
    Measures,
    Reached,
    Week,
    measures,
    only,
    reached,
    team_kinds,
    teams_own,
    week,
)
from lamplighter.rehearsal.outcome import Dimension, Group, Summary
from lamplighter.rehearsal.regions import FEWEST_TOLD, Regions, regions, wider
from lamplighter.rehearsal.simulator import simulate_many
from lamplighter.rehearsal.staffing import Staffing, Target, find_staffing
from lamplighter.rehearsal.summary import summarise
from lamplighter.rehearsal.teams import Teams
from lamplighter.rehearsal.teams_file import area_middles, settled, warnings_of

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas

Answers: TypeAlias = Literal["stated", "least", "most"]
Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One policy, with one way of answering what the history does not tell, met by the teams.

    settled: calls of which the history alone tells who is to answer
    left_out: calls that were not asked for by anybody, or lack what is needed, by reason
    summary: of all calls; own: of those that are the teams' to answer (see `teams_own`)
    reached, measures: of the teams' own calls
    wide: the teams' own calls by the wide regions of the rehearsal
    """

    policy: Policy
    answers: Answers
    calls: Calls
    settled: int
    left_out: Mapping[str, int]
    summary: Summary
    own: Summary
    reached: Reached
    week: Week
    measures: Measures
    costs: Costs | None = None
    fairness: Fairness | None = None
    wide: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was rehearsed, from which files, and what came of it.

    asked: the policy as asked for; least, most: the same with the answers that send the fewest
    and the most calls to the teams; against: another policy, with the same answers and chance
    replay: what is certain of the policy and what only possible, without any draw
    compared: what the change from `against` to `policy` moves, without any draw
    regions: neighboring areas that `own` of each scenario tells as one
    wide: the same joined further, so that ten calls of each were served and ten were not
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
    wide: Regions | None = None
    staffing: Staffing | None = None
    warnings: tuple[Words, ...] = ()
    command: str = ""


def rehearse(
    history: str | Path,
    policy: Policy,
    teams: Teams,
    *,
    against: Policy | None = None,
    areas: Areas | None = None,
    answers: Answers = "stated",
    seed: int = 1,
    replications: int = 20,
    groups: Mapping[str, str] | None = None,
    everyone: str | None = None,
    target: Target | None = None,
    resume: Path | None = None,
    progress: Progress | None = None,
) -> Rehearsal:
    """What would happen with the calls of a history under a policy, if these teams did the work.

    The calls are met with the answers as stated (or, with `answers`, those that send the fewest or
    the most of them to the teams), and for the bounds with both ends; and under `against`, if
    there is one, with the same answers and the same chance. Each is simulated `replications`
    times. `groups` names for each group of people the column of `areas.properties` that counts
    them, `everyone` the one that counts all people (None: the groups together are everyone): with
    them it is measured for whom the policy is better or worse. With a `target` the smallest
    staffing that meets it is searched, which goes on from the file `resume`. `progress` is called
    with what is being done, how much of it, and of how much.

    Raises HistoryError, ReplayError, and what the demand and the simulator raise for a history,
    a policy or teams that cannot be met.
    """
    tell = progress or _quiet
    found = replay(policy, history, progress=_stage(tell, "replay"))
    stage = _Stage(Path(history), teams, areas, seed, replications, tell, groups or {}, everyone)
    asked, demand = stage.scenario("asked", policy, answers, None)
    joined = stage.joined
    ends = {
        end: stage.scenario(end, policy, end, joined)[0]
        for end in ("least", "most")
        if answers == "stated"
    }
    other, other_replay, compared = None, None, None
    if against is not None:
        other, _ = stage.scenario("against", against, answers, joined)
        other_replay = replay(against, history, progress=_stage(tell, "replay"))
        compared = compare(against, policy, history, progress=_stage(tell, "compare"))
    staffing = None
    if target is not None:
        staffing = find_staffing(
            asked.calls,
            settled(teams, area_middles(asked.calls, areas), asked.calls),
            target,
            seed=seed,
            resume=resume,
            progress=_stage(tell, "staffing"),
        )
    return Rehearsal(
        city=demand.city,
        history=demand.history,
        history_hash=demand.history_hash,
        policy=policy,
        teams=teams,
        seed=seed,
        replications=replications,
        answers=answers,
        version=version("lamplighter"),
        asked=asked,
        replay=found,
        least=ends.get("least"),
        most=ends.get("most"),
        against=other,
        replay_against=other_replay,
        compared=compared,
        areas=areas,
        regions=joined,
        wide=stage.wide,
        staffing=staffing,
        warnings=warnings_of(teams, policy),
    )


@dataclass
class _Stage:
    """What all scenarios of a rehearsal have in common."""

    history: Path
    teams: Teams
    areas: Areas | None
    seed: int
    replications: int
    tell: Progress
    groups: Mapping[str, str]
    everyone: str | None = None
    joined: Regions | None = None
    wide: Regions | None = None

    def scenario(
        self, name: str, policy: Policy, answers: Answers, joined: Regions | None
    ) -> tuple[Scenario, Demand]:
        """Meet the calls and simulate them; the first scenario says which areas are joined."""
        demand = calls_of(
            self.history,
            policy,
            answers=answers,
            seed=self.seed,
            areas=self.areas,
            unarmed=self._unarmed(),
            progress=_stage(self.tell, f"calls {name}"),
        )
        calls = demand.calls
        teams = settled(self.teams, area_middles(calls, self.areas), calls)
        runs = simulate_many(
            calls,
            teams,
            seed=self.seed,
            replications=self.replications,
            progress=_stage(self.tell, f"runs {name}"),
        )
        own = teams_own(calls, teams)
        if joined is None and self.areas is not None:
            joined = self.joined = _regions(calls, own, self.areas)
        mine = _told_as(calls, joined).only(own)
        mine_runs = [only(run, own) for run in runs]
        summary = summarise(calls, teams, runs)
        own_summary = summarise(mine, teams, mine_runs)
        wide: tuple[Group, ...] = ()
        if name == "asked" and joined is not None and self.areas is not None:
            self.wide = _wide(calls, own, self.areas, joined, own_summary.by[Dimension.AREA])
            told = _told_as(calls, self.wide).only(own)
            wide = summarise(told, teams, mine_runs).by[Dimension.AREA]
        scenario = Scenario(
            policy=policy,
            answers=answers,
            calls=calls,
            settled=demand.settled,
            left_out=demand.left_out,
            summary=summary,
            own=own_summary,
            reached=reached(mine, mine_runs),
            week=week(calls, own, runs),
            measures=measures(mine, mine_runs),
            costs=cost_of(summary, teams),
            fairness=fairness_of(
                calls, runs, self.areas, self.groups, everyone=self.everyone, chosen=own
            )
            if self.areas is not None and self.groups
            else None,
            wide=wide,
        )
        return scenario, demand

    def _unarmed(self) -> Collection[str]:
        return {answer for kind in team_kinds(self.teams) for answer in kind.answers}


def _regions(calls: Calls, own: Array, areas: Areas) -> Regions:
    return regions(areas.names, _by_area(calls, own, areas), _centers(areas))


def _wide(
    calls: Calls, own: Array, areas: Areas, joined: Regions, groups: Sequence[Group]
) -> Regions:
    """Regions of which whoever knows the share served cannot count a few calls."""
    found = {group.label: group for group in groups}
    weights = [
        found[name].calls * min(found[name].served.mean, 1 - found[name].served.mean)
        if name in found
        else 0.0
        for name in joined.names
    ]
    counted, centers = _by_area(calls, own, areas), _centers(areas)
    return wider(joined, areas.names, counted, centers, weights, FEWEST_TOLD)


def _by_area(calls: Calls, own: Array, areas: Areas) -> list[float]:
    known = calls.area[own & (calls.area >= 0)]
    return [float(count) for count in np.bincount(known, minlength=len(areas))]


def _centers(areas: Areas) -> list[tuple[float, float]]:
    return [(float(latitude), float(longitude)) for latitude, longitude in areas.centers]


def _told_as(calls: Calls, joined: Regions | None) -> Calls:
    """The calls with regions in the place of areas."""
    if joined is None:
        return calls
    of_area = np.array([*joined.of_area, -1], dtype=np.int16)
    return replace(calls, area=of_area[calls.area], areas=joined.names)


def _stage(tell: Progress, name: str) -> Callable[[int, int], None]:
    def step(done: int, whole: int) -> None:
        tell(name, done, whole)

    return step


def _quiet(_what: str, _done: int, _whole: int) -> None:
    """Nobody wants to know."""
