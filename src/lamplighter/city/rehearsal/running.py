"""One run of a scenario, in a process of its own: calls, teams, report.

    python -m lamplighter.city.rehearsal.running ID

runs what was asked for under this id. Its state stands in the database, so that a page can follow
it; a process that dies leaves behind only that it stopped.
"""

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.city.apart import paced, wait_for_turn, work_apart

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .made import Made
    from .models import Scenario, ScenarioRun

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

Beat = Callable[[str, int], None]


class Stopped(Exception):
    """Somebody stopped the work, or it was taken for dead: nobody waits for it."""


def run(run_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Run a scenario as it was asked for, unless another process has taken it.

    1. Take it: an update that finds nobody's beat says that it is ours.
    2. Wait for work that is under way, and say meanwhile that we live.
    3. Rehearse, writing how far it is. An update that finds the run ended says that nobody waits.
    4. Keep what was found, and the files beside it; or one sentence why not.
    """
    from lamplighter.history import HistoryError

    from .files import folder_of_run
    from .models import ScenarioRun

    asked = ScenarioRun.objects.filter(pk=run_id, done_at=None)
    if not asked.filter(beat_at=None).update(beat_at=clock()):
        return

    def beat(step: str, percent: int) -> None:
        if not asked.update(step=step, percent=percent, beat_at=clock()):
            raise Stopped

    folder = folder_of_run(run_id)
    try:
        wait_for_turn(lambda: beat(ScenarioRun.Step.WAITING, 0))
        scenario = ScenarioRun.objects.select_related("scenario__history").get(pk=run_id).scenario
        made = rehearse_scenario(scenario, folder, beat)
    except Stopped:
        shutil.rmtree(folder, ignore_errors=True)
        return
    except (HistoryError, ValueError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        asked.update(failed=sentence_of(error), done_at=clock())
        return
    asked.update(
        result=made.result,
        sections=made.sections,
        result_hash=made.content_hash,
        percent=100,
        done_at=clock(),
    )


def rehearse_scenario(scenario: "Scenario", folder: Path, beat: Beat) -> "Made":
    """What would come of a scenario; its report and tables are written to `folder`."""
    from lamplighter.city.policies.histories import file_of
    from lamplighter.policy import parse_policy
    from lamplighter.rehearsal.rehearsing import rehearse

    from .area_files import areas_of
    from .made import make, write_files
    from .models import ScenarioRun
    from .team_files import read_team_text

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


def sentence_of(error: Exception) -> str:
    """Why it failed; where the city keeps its files is nobody's business who reads the page."""
    from django.conf import settings

    if isinstance(error, OSError):
        return type(error).__name__
    return str(error).replace(f"{Path(settings.CITY_HOME)}/", "")


def _waited_for(run_id: uuid.UUID) -> "QuerySet[ScenarioRun]":
    from .models import ScenarioRun

    return ScenarioRun.objects.filter(pk=run_id, done_at=None, beat_at__isnull=False)


if __name__ == "__main__":
    work_apart(run, _waited_for)
