"""Where a run or a search stands, and what its page is told while it works."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from lamplighter.city.rehearsal.models import ScenarioRun, StaffingSearch

# A process that has not been heard of for so long is gone.
SILENCE = timedelta(seconds=60)


def state_of(found: ScenarioRun | StaffingSearch, now: datetime) -> str:
    """Where it stands: `running`, `silent`, `failed`, `stopped` or `done`."""
    if found.done_at is None:
        return "silent" if now - (found.beat_at or found.asked_at) > SILENCE else "running"
    if found.stopped_by_id is not None:
        return "stopped"
    return "failed" if found.failed else "done"


def silent_since(now: datetime) -> Q:
    """What is open, but its process has not been heard of for too long."""
    since = now - SILENCE
    return Q(done_at=None) & (Q(beat_at__lt=since) | Q(beat_at=None, asked_at__lt=since))


def how_far(found: ScenarioRun | StaffingSearch, says: str, now: datetime) -> dict[str, Any]:
    """How far it is, for the page that follows it; `says` is that in words."""
    return {
        "done": state_of(found, now) != "running",
        "percent": found.percent,
        "says": says,
        "step": found.get_step_display(),
    }
