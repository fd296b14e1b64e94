"""One search for a staffing, in a process of its own: calls, plans, the frontier.

    python -m lamplighter.city.rehearsal.searches.work ID

searches what was asked for under this id. Each run is written to a file of the scenario as soon as
it is known, so that a search that was stopped, or died, is gone on with by asking for it again.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lamplighter.city.apart import paced, work_apart
from lamplighter.city.rehearsal.under_way.work import Beat, do_once, waited_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lamplighter.city.rehearsal.models import StaffingSearch

    from .plans import Found


def search(search_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Search as it was asked for, unless another process has taken it."""
    from lamplighter.city.rehearsal.models import StaffingSearch

    do_once(StaffingSearch, search_id, _searched, counts="scenarios", clock=clock)


def _searched(asked: "StaffingSearch", beat: Beat) -> dict[str, Any]:
    """What a search is to keep."""
    found = search_teams(asked, beat)
    return {"result": found.result, "sections": found.sections, "scenarios": found.scenarios}


def search_teams(wanted: "StaffingSearch", beat: Beat) -> "Found":
    """The smallest teams of a scenario that meet a target, and the frontier."""
    from lamplighter.city.policies.histories import file_of
    from lamplighter.city.rehearsal.areas.files import areas_of
    from lamplighter.city.rehearsal.models import StaffingSearch
    from lamplighter.city.rehearsal.runs.files import file_of_search
    from lamplighter.city.rehearsal.teams.files import read_team_text
    from lamplighter.policy import parse_policy
    from lamplighter.rehearsal.demand import calls_of
    from lamplighter.rehearsal.observed import team_kinds
    from lamplighter.rehearsal.staffing import Target, find_staffing
    from lamplighter.rehearsal.teams_file import area_middles, settled

    from .plans import Found, bases_of

    scenario, step = wanted.scenario, StaffingSearch.Step
    beat(step.CALLS, 0)
    teams = read_team_text(scenario.teams_text).teams
    assert teams is not None, "a scenario is kept only with teams that can be read"
    areas = areas_of(scenario.areas) if scenario.areas else None
    pace = paced(lambda percent: beat(step.CALLS, 0))
    calls = calls_of(
        file_of(scenario.history.sha256),
        parse_policy(scenario.policy_text),
        answers=scenario.answers,
        seed=scenario.seed,
        areas=areas,
        unarmed={answer for kind in team_kinds(teams) for answer in kind.answers},
        progress=lambda done, of: pace(done / max(1, of)),
    ).calls
    based = settled(teams, area_middles(calls, areas))
    reached = 0

    def tell(done: int, _most: int) -> None:
        nonlocal reached
        reached = done
        pace_plans(0.0)

    pace_plans = paced(lambda percent: beat(step.PLANS, reached))
    kept = file_of_search(wanted)
    kept.parent.mkdir(parents=True, exist_ok=True)
    staffing = find_staffing(
        calls,
        based,
        Target(wanted.percent_within / 100, wanted.minutes, wanted.percent_fall_back / 100),
        bases=bases_of(teams, based) if wanted.bases == StaffingSearch.Bases.ANY else None,
        seed=scenario.seed,
        most_scenarios=wanted.most_scenarios,
        resume=kept,
        progress=tell,
    )
    return Found.of(staffing)


def _waited_for(search_id: uuid.UUID) -> "QuerySet[StaffingSearch]":
    from lamplighter.city.rehearsal.models import StaffingSearch

    return waited_for(StaffingSearch, search_id)


if __name__ == "__main__":
    work_apart(search, _waited_for)
