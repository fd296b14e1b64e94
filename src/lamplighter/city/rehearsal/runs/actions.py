"""What is done with runs of a scenario: started, stopped."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import ScenarioRun
from lamplighter.city.rehearsal.under_way.actions import start, stop


def run_scenario(scenario_id: uuid.UUID, *, by: User, now: datetime) -> ScenarioRun:
    """Start a run of a scenario, in a process of its own; raises Refusal where one is under way."""
    run = ScenarioRun(scenario_id=scenario_id, asked_by=by, asked_at=now)
    already = Refusal(
        "runs-already",
        _("This scenario is being run: its page shows how far it is."),
        status=409,
    )
    start(run, "lamplighter.city.rehearsal.runs.work", verb="scenario run", already=already)
    return run


def stop_run(run_id: uuid.UUID, *, by: User, now: datetime) -> bool:
    """Stop a run; says whether there was one to stop."""
    return stop(ScenarioRun, run_id, verb="scenario run stopped", by=by, now=now)
