"""What the rehearsal room shows, to whom, and what can be chosen in it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.policies.models import Draft, ImportedHistory

from .models import AreaFile, Scenario, ScenarioRun, StaffingSearch
from .under_way.queries import state_of

# Whoever writes policies or runs the programs rehearses; an administrator reads along.
IN_THE_ROOM = (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR)
REHEARSES = (Role.POLICY_AUTHOR, Role.MANAGER)


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario with its latest run, and where that stands."""

    scenario: Scenario
    run: ScenarioRun | None
    now: datetime

    @property
    def state(self) -> str:
        """`new`, `running`, `silent`, `failed`, `stopped` or `done`."""
        return "new" if self.run is None else state_of(self.run, self.now)


def visible_to(user: Any) -> QuerySet[Scenario]:
    """The scenarios that somebody may see: all that are not put away, or none."""
    if not isinstance(user, User) or not user.has_role(*IN_THE_ROOM):
        return Scenario.objects.none()
    return (
        Scenario.objects.filter(put_away_at=None)
        .select_related("history", "by", "area_file")
        .defer("area_file__text")
    )


def rows_for(user: Any, now: datetime, *, at_most: int = 60) -> list[ScenarioRow]:
    """The scenarios of the room, the latest first, each with its latest run."""
    found = (
        visible_to(user)
        .defer("policy_text", "teams_text", "areas")
        .prefetch_related(Prefetch("runs", _in_short()))
        .order_by("-at", "-id")[:at_most]
    )
    return [row_of(scenario, now) for scenario in found]


def _in_short() -> QuerySet[ScenarioRun]:
    """Runs with the first part of their results only: a whole one is large."""
    return ScenarioRun.objects.defer("result", "sections").annotate(
        headline=KeyTransform("headline", "result")
    )


def row_of(scenario: Scenario, now: datetime) -> ScenarioRow:
    """A scenario with its latest run; where that ended without a result, with one that has."""
    runs = sorted(scenario.runs.all(), key=lambda run: (run.asked_at, run.pk), reverse=True)
    latest = runs[0] if runs else None
    if latest is not None and latest.done_at is not None and not latest.result_hash:
        latest = next((run for run in runs if run.result_hash), latest)
    return ScenarioRow(scenario, latest, now)


def searches_of(user: Any) -> QuerySet[StaffingSearch]:
    """The searches for teams of the scenarios that somebody may see, the latest first."""
    return (
        StaffingSearch.objects.filter(scenario__in=visible_to(user))
        .select_related("scenario__history", "asked_by", "stopped_by")
        .order_by("-asked_at", "-id")
    )


def comparable_with(user: Any, scenario: Scenario) -> list[Scenario]:
    """What a scenario was changed from, and what was made of it, where there is a result."""
    family = Q(pk=scenario.copied_from_id) | Q(copied_from=scenario)
    done = ScenarioRun.objects.filter(scenario=OuterRef("pk"), result__isnull=False)
    return list(visible_to(user).filter(family, Exists(done)).order_by("at", "id")[:3])


def free_name(wanted: str) -> str:
    """A name that no scenario of the room has: the one that is wanted, or that with a number."""
    taken = set(Scenario.objects.filter(put_away_at=None).values_list("name", flat=True))
    wanted = wanted[:110]
    numbered = (f"{wanted} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)


def put_away_by(user: Any) -> QuerySet[Scenario]:
    """The scenarios that were put away, for those who may bring them back; the latest first."""
    if not isinstance(user, User) or not user.has_role(*REHEARSES):
        return Scenario.objects.none()
    return (
        Scenario.objects.exclude(put_away_at=None)
        .select_related("history", "by", "put_away_by")
        .order_by("-put_away_at", "-id")
    )


def histories() -> QuerySet[ImportedHistory]:
    """Histories that can be rehearsed on, the one that ends last first."""
    return ImportedHistory.objects.order_by("-last_at", "name")


def drafts() -> QuerySet[Draft]:
    """Drafts that are being written."""
    return (
        Draft.objects.filter(closed_at=None)
        .select_related("changed_by")
        .defer("text")
        .order_by("-changed_at")
    )


def area_files(user: Any) -> QuerySet[AreaFile]:
    """The areas that were brought and not put away, the latest first, or none."""
    if not isinstance(user, User) or not user.has_role(*IN_THE_ROOM):
        return AreaFile.objects.none()
    return (
        AreaFile.objects.filter(put_away_at=None)
        .select_related("by")
        .defer("text")
        .order_by("-at", "-id")
    )


def latest_results(user: Any, scenarios: list[uuid.UUID]) -> list[ScenarioRun]:
    """Of each of these scenarios that somebody may see, its latest run with a result, in order."""
    runs = (
        ScenarioRun.objects.filter(
            scenario__in=visible_to(user).filter(pk__in=scenarios), result__isnull=False
        )
        .select_related("scenario__history", "scenario__by", "scenario__area_file")
        .defer("sections")
        .annotate(outlines=KeyTransform("outlines", "sections"))
        .order_by("asked_at", "id")
    )
    latest = {run.scenario_id: run for run in runs}
    return [latest[one] for one in scenarios if one in latest]
