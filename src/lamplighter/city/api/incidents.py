"""Incidents and their stories, for programs; each as the token's person may see it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field

from lamplighter.city.accounts.access import ON_CALLS
from lamplighter.city.accounts.models import Role
from lamplighter.city.dispatch.actions import close_incident
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.dispatch.queries import BOARD_READERS
from lamplighter.city.dispatch.recommend import Recommended, recommended_units
from lamplighter.city.dispatch.words import policy_words
from lamplighter.city.field.queries import SeenEncounter, seen_encounters
from lamplighter.city.incidents.queries import Wanted, listed_incidents, whole_incident
from lamplighter.city.incidents.sentences import line_of
from lamplighter.city.incidents.story import story_for
from lamplighter.city.intake.models import Incident
from lamplighter.city.intake.queries import visible_incidents

from .cursor import Cursor, read_cursor
from .reading import text
from .room import Room
from .schemas import CallOut, In, call_out

room = Room("incidents")
Limit = Field(50, ge=1, le=200)


class WantedIn(In):
    state: Literal["", "open", "closed"] = ""
    limit: int = Limit
    cursor: text(200) = Field("", description="`next_cursor` of the page before.")


class IncidentRowOut(BaseModel):
    id: UUID
    nature: str
    opened_at: datetime
    closed_at: datetime | None
    closed_as: str
    address: str
    neighborhood: str | None
    responder: str = Field(description="Who goes, by the most urgent call's standing decision.")
    priority: int
    target_minutes: int
    calls: int


class IncidentsOut(BaseModel):
    incidents: list[IncidentRowOut]
    next_cursor: str = Field(description="Empty at the end.")


class AssignmentOut(BaseModel):
    id: UUID
    incident_id: UUID
    unit_id: UUID
    call_sign: str
    kind: str
    status: str = Field(description="assigned, accepted, en_route, on_scene or cleared.")
    other_kind_reason: str
    assigned_at: datetime
    accepted_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    cleared_at: datetime | None
    cleared_as: str


class EncounterSeenOut(BaseModel):
    """An encounter as the token's person may see it: null is what they may not see."""

    id: UUID
    assignment_id: UUID
    call_sign: str
    recorded_at: datetime
    met: str | None
    outcome: str | None
    needs: list[str] | None
    offered: list[str] | None
    accepted: list[str] | None
    transport: str | None


class ToldOut(BaseModel):
    """One entry of the journal, with what may be seen of it."""

    seq: int
    at: datetime
    actor: str
    verb: str
    sentence: str
    call_id: UUID | None
    unit_id: UUID | None
    data: dict[str, Any]


class IncidentOut(BaseModel):
    id: UUID
    nature: str
    opened_at: datetime
    closed_at: datetime | None
    closed_as: str
    address: str
    latitude: float | None
    longitude: float | None
    neighborhood: str | None
    calls: list[CallOut]
    assignments: list[AssignmentOut]
    encounters: list[EncounterSeenOut]
    story: list[ToldOut]


class ClosedOut(BaseModel):
    id: UUID
    closed_at: datetime
    closed_as: str


class CloseIn(In):
    closed_as: text(20) = Field(description="How it ended: helped, declined, not_served and so on.")


class RecommendedOut(BaseModel):
    incident_id: UUID
    missing: list[str] = Field(description="The kinds of unit that are needed and not sent.")
    units: list[Recommended]
    advice: list[str] = Field(description="Said when no unit of a missing kind is free.")


@room.get("/incidents", roles=ON_CALLS, answer=IncidentsOut, summary="Incidents, latest first")
def list_incidents(request: HttpRequest, wanted: Query[WantedIn]) -> IncidentsOut:
    """A responder sees those that their unit was sent to. `next_cursor` gives the next page."""
    rows = listed_incidents(request.auth, Wanted(state=wanted.state)).order_by("-opened_at", "-id")
    if wanted.cursor:
        rows = rows.filter(read_cursor(wanted.cursor).after())
    found = list(rows[: wanted.limit + 1])
    page = found[: wanted.limit]
    more = len(found) > wanted.limit
    return IncidentsOut(
        incidents=[_row(incident) for incident in page],
        next_cursor=Cursor(page[-1].opened_at, page[-1].id).written() if more else "",
    )


@room.get(
    "/incidents/{incident_id}",
    roles=ON_CALLS,
    answer=IncidentOut,
    summary="One incident with its calls, units, encounters and story",
)
def see_incident(request: HttpRequest, incident_id: UUID) -> IncidentOut:
    """What was said and who was met are shown only to those who may see them on the page."""
    now = timezone.now()
    whole = whole_incident(request.auth, incident_id, now)
    if whole is None:
        raise Http404
    incident = whole.incident
    natures = policy_words(now)["nature"]
    return IncidentOut(
        id=incident.id,
        nature=incident.nature,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        closed_as=incident.closed_as,
        address=incident.address,
        latitude=incident.latitude,
        longitude=incident.longitude,
        neighborhood=incident.neighborhood.name if incident.neighborhood else None,
        calls=[call_out(shown, may_see_reasons=whole.may_see_reasons) for shown in whole.calls],
        assignments=[assignment_out(assignment) for assignment in whole.assignments],
        encounters=[_encounter(seen) for seen in seen_encounters(request.auth, incident_id)],
        story=[
            ToldOut(
                seq=told.seq,
                at=told.at,
                actor=told.actor,
                verb=told.verb,
                sentence=line_of(told, natures).what,
                call_id=told.call_id,
                unit_id=told.unit_id,
                data=told.data,
            )
            for told in story_for(request.auth, incident)
        ],
    )


@room.get(
    "/incidents/{incident_id}/recommended-units",
    roles=BOARD_READERS,
    answer=RecommendedOut,
    summary="The three best units for an incident, each with its reasons",
)
def recommend_units(request: HttpRequest, incident_id: UUID) -> RecommendedOut:
    incident = visible_incidents(request.auth).filter(pk=incident_id).first()
    if incident is None:
        raise Http404
    best = recommended_units(incident, timezone.now())
    return RecommendedOut(
        incident_id=best.incident_id,
        missing=list(best.missing),
        units=list(best.units),
        advice=list(best.advice),
    )


@room.post(
    "/incidents/{incident_id}/close",
    roles=(Role.DISPATCHER,),
    answer=ClosedOut,
    summary="Close an incident that needs nobody any more",
    status=200,
)
def close_open_incident(request: HttpRequest, incident_id: UUID, how: CloseIn) -> ClosedOut:
    closed = close_incident(incident_id, how.closed_as, by=request.auth, now=timezone.now())
    return ClosedOut(id=closed.id, closed_at=closed.closed_at, closed_as=closed.closed_as)


def assignment_out(assignment: Assignment) -> AssignmentOut:
    return AssignmentOut(
        id=assignment.id,
        incident_id=assignment.incident_id,
        unit_id=assignment.unit_id,
        call_sign=assignment.unit.call_sign,
        kind=assignment.unit.kind,
        status=assignment.status,
        other_kind_reason=assignment.other_kind_reason,
        assigned_at=assignment.assigned_at,
        accepted_at=assignment.accepted_at,
        en_route_at=assignment.en_route_at,
        on_scene_at=assignment.on_scene_at,
        cleared_at=assignment.cleared_at,
        cleared_as=assignment.cleared_as,
    )


def _row(incident: Incident) -> IncidentRowOut:
    return IncidentRowOut(
        id=incident.id,
        nature=incident.nature,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        closed_as=incident.closed_as,
        address=incident.address,
        neighborhood=incident.neighborhood.name if incident.neighborhood else None,
        responder=incident.sent_responder,
        priority=incident.priority,
        target_minutes=incident.target_minutes,
        calls=incident.call_count,
    )


def _encounter(seen: SeenEncounter) -> EncounterSeenOut:
    return EncounterSeenOut(
        id=seen.id,
        assignment_id=seen.assignment_id,
        call_sign=seen.call_sign,
        recorded_at=seen.recorded_at,
        met=seen.met,
        outcome=seen.outcome,
        needs=seen.needs,
        offered=seen.offered,
        accepted=seen.accepted,
        transport=seen.transport,
    )
