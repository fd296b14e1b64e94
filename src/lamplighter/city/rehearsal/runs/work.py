"""One run of a scenario, in a process of its own: calls, teams, report.

    python -m lamplighter.city.rehearsal.runs.work ID

runs what was asked for under this id. Its state stands in the database, so that a page can follow
it; a process that dies leaves behind only that it stopped.
"""

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.city.apart import paced, work_apart
from lamplighter.city.rehearsal.under_way.work import Beat, do_once, waited_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lamplighter.city.rehearsal.models import Scenario, ScenarioRun

    from .made import Made

# The library's steps in their order, with how long each takes of the whole, about.
_PARTS = {
    "replay": 0.05,
    "calls asked": 0.1,
    "runs asked": 0.2,
    "calls least": 0.1,
    "runs least": 0.2,
    "calls most": 0.1,
    "runs most": 0.2,
}


def run(run_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Run a scenario as it was asked for, unless another process has taken it."""
    from lamplighter.city.rehearsal.models import ScenarioRun

    do_once(ScenarioRun, run_id, _rehearsed, counts="percent", clock=clock)


def _rehearsed(asked: "ScenarioRun", beat: Beat) -> dict[str, Any]:
    """What a run is to keep; where it comes to no end, no files stay either."""
    from .files import folder_of_run

    folder = folder_of_run(asked.pk)
    try:
        made = rehearse_scenario(asked.scenario, folder, beat)
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return {
        "result": made.result,
        "sections": made.sections,
        "result_hash": made.content_hash,
        "percent": 100,
    }


def rehearse_scenario(scenario: "Scenario", folder: Path, beat: Beat) -> "Made":
    """What would come of a scenario; its report and tables are written to `folder`."""
    from lamplighter.city.policies.histories import file_of
    from lamplighter.city.rehearsal.areas.files import areas_of
    from lamplighter.city.rehearsal.models import ScenarioRun
    from lamplighter.city.rehearsal.teams.files import read_team_text
    from lamplighter.policy import parse_policy
    from lamplighter.rehearsal.rehearsing import rehearse

    from .made import make, write_files

    step = ScenarioRun.Step
    under_way = step.CALLS

    def tell(said: str, done: int, of: int) -> None:
        nonlocal under_way
        under_way = step.TEAMS if said.startswith("runs") else step.CALLS
        pace(share_done(said, done, of))

    pace = paced(lambda percent: beat(under_way, percent))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    teams = read_team_text(scenario.teams_text).teams
    assert teams is not None, "a scenario is kept only with teams that can be read"
    rehearsal = rehearse(
        file_of(scenario.history.sha256),
        parse_policy(scenario.policy_text),
        teams,
        areas=areas_of(scenario.areas) if scenario.areas else None,
        groups={group["name"]: group["column"] for group in scenario.groups},
        everyone=scenario.everyone or None,
        answers=scenario.answers,
        seed=scenario.seed,
        replications=scenario.replications,
        progress=tell,
    )
    beat(step.REPORT, 95)
    made = make(rehearsal)
    write_files(rehearsal, made, folder)
    return made


def share_done(said: str, done: int, of: int) -> float:
    """How far the whole is, from how far one of the library's steps is.

    >>> share_done("runs asked", 10, 20)
    0.25
    """
    names = list(_PARTS)
    if said not in names:
        return 0.0
    before = sum(_PARTS[name] for name in names[: names.index(said)])
    return before + _PARTS[said] * done / max(1, of)


def _waited_for(run_id: uuid.UUID) -> "QuerySet[ScenarioRun]":
    from lamplighter.city.rehearsal.models import ScenarioRun

    return waited_for(ScenarioRun, run_id)


if __name__ == "__main__":
    work_apart(run, _waited_for)
