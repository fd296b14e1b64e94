"""What may be listed, and everything of one incident for its page."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.utils import timezone

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.models import Assignment, BackupRequest
from lamplighter.city.field.explained import Explained, explain
from lamplighter.city.intake.models import MOST_URGENT_FIRST, Call, Decision, Incident, Responder
from lamplighter.city.intake.queries import visible_incidents

from .waiting import Wait, wait_for_help


@dataclass(frozen=True)
class Wanted:
    """Which incidents somebody asked to see; an empty part asks for all."""

    state: str = ""
    nature: str = ""
    responder: str = ""
    day: date | None = None


def listed_incidents(user: User, wanted: Wanted) -> QuerySet[Incident]:
    """The incidents that a person may see and asked for, latest first, with what a row shows."""
    standing = Decision.objects.filter(call__incident=OuterRef("pk"), superseded_by=None).order_by(
        *MOST_URGENT_FIRST
    )
    sent = Case(When(override_responder="", then=F("responder")), default=F("override_responder"))
    reached = Assignment.objects.filter(incident=OuterRef("pk")).order_by()
    calls = Call.objects.filter(incident=OuterRef("pk")).order_by()
    rows = Incident.objects.filter(pk__in=visible_incidents(user).values("pk")).annotate(
        sent_responder=Subquery(standing.annotate(sent=sent).values("sent")[:1]),
        priority=Subquery(standing.values("priority")[:1]),
        target_minutes=Subquery(standing.values("target_minutes")[:1]),
        first_call_at=Subquery(
            calls.values("incident").annotate(at=Min("received_at")).values("at")
        ),
        call_count=Subquery(
            calls.values("incident").annotate(count=Count("pk")).values("count"),
            output_field=IntegerField(),
        ),
        first_on_scene_at=Subquery(
            reached.values("incident")
            .annotate(
                at=Min(Case(When(one_at_a_time=True, then="on_scene_at"), default="accepted_at"))
            )
            .values("at")
        ),
    )
    return (
        rows.filter(_asked_for(wanted)).select_related("neighborhood").order_by("-opened_at", "-id")
    )


def _asked_for(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.state == "open":
        asked &= Q(closed_at=None)
    elif wanted.state == "closed":
        asked &= Q(closed_at__isnull=False)
    if wanted.nature:
        asked &= Q(nature=wanted.nature)
    if wanted.responder:
        asked &= Q(sent_responder=wanted.responder)
    if wanted.day:
        # A day of the city's clock: one with a change of the clock has 23 or 25 hours.
        zone = timezone.get_current_timezone()
        begins = datetime.combine(wanted.day, time.min, zone)
        ends = datetime.combine(wanted.day + timedelta(days=1), time.min, zone)
        asked &= Q(opened_at__gte=begins, opened_at__lt=ends)
    return asked


@dataclass(frozen=True)
class DecisionMade:
    """A decision as it stands on the page: in the words of its policy."""

    decision: Decision
    explained: Explained
    sent: str
    policy_says: str
    stands: bool

    @property
    def policy_slug(self) -> str:
        """The policy's address; its rules are anchored there as `rule-<id>`."""
        return self.explained.policy_name.replace(" ", "-")


@dataclass(frozen=True)
class CallShown:
    """A call of an incident; what the caller said is empty for those who need not know it."""

    call: Call
    narrative: str
    callback: str
    decisions: tuple[DecisionMade, ...]

    @property
    def standing(self) -> DecisionMade:
        """The decision that none replaced."""
        return next(made for made in self.decisions if made.stands)

    @property
    def earlier(self) -> tuple[DecisionMade, ...]:
        """The decisions that were replaced, latest first."""
        return tuple(made for made in reversed(self.decisions) if not made.stands)


@dataclass(frozen=True)
class WholeIncident:
    """Everything of an incident but its journal and its encounters."""

    incident: Incident
    nature: str
    calls: tuple[CallShown, ...]
    assignments: tuple[Assignment, ...]
    backup_requests: tuple[BackupRequest, ...]
    decisive: DecisionMade
    first_call_at: datetime
    wait: Wait
    may_see_reasons: bool

    @property
    def decisive_call(self) -> CallShown:
        """The call whose decision says who goes: the most urgent one."""
        return next(call for call in self.calls if call.standing is self.decisive)

    @property
    def other_calls(self) -> tuple[CallShown, ...]:
        return tuple(call for call in self.calls if call is not self.decisive_call)


def whole_incident(user: User, incident_id: uuid.UUID, now: datetime) -> WholeIncident | None:
    """An incident as this person may see it, in a constant number of queries; None if they may not.

    What a caller said goes to those who answer or run the call. Why a person overrode the policy
    goes to the manager too; an administrator keeps the machine and reads neither.
    """
    incident = _loaded(visible_incidents(user).filter(pk=incident_id))
    if incident is None:
        return None
    hears_caller = user.has_role(Role.CALL_TAKER, Role.DISPATCHER, Role.RESPONDER)
    calls = tuple(_shown(call, hears_caller) for call in incident.calls.all())
    decisive = min(
        (call.standing for call in calls),
        key=lambda made: made.decision.urgency,
    )
    first = min(shown.call.received_at for shown in calls)
    assignments = tuple(incident.assignments.all())
    return WholeIncident(
        incident=incident,
        nature=decisive.explained.nature,
        calls=calls,
        assignments=assignments,
        backup_requests=tuple(
            asked for assignment in assignments for asked in assignment.backup_requests.all()
        ),
        decisive=decisive,
        first_call_at=first,
        wait=wait_for_help(
            first,
            _first_help(assignments),
            decisive.decision.target_minutes,
            until=incident.closed_at or now,
        ),
        may_see_reasons=hears_caller or user.has_role(Role.MANAGER),
    )


def _loaded(incidents: QuerySet[Incident]) -> Incident | None:
    decisions = Decision.objects.select_related("policy", "made_by", "superseded_by").order_by(
        "made_at", "id"
    )
    calls = Call.objects.select_related("taken_by").order_by("received_at", "id")
    assignments = Assignment.objects.select_related("unit").order_by("assigned_at", "id")
    backup = BackupRequest.objects.select_related("answered_by__unit").order_by("asked_at", "id")
    return (
        incidents.select_related("neighborhood")
        .prefetch_related(
            Prefetch("calls", calls.prefetch_related(Prefetch("decisions", decisions))),
            Prefetch(
                "assignments", assignments.prefetch_related(Prefetch("backup_requests", backup))
            ),
        )
        .first()
    )


def _shown(call: Call, hears_caller: bool) -> CallShown:
    return CallShown(
        call=call,
        narrative=call.narrative if hears_caller else "",
        callback=call.callback if hears_caller else "",
        decisions=tuple(_made(decision) for decision in call.decisions.all()),
    )


def _made(decision: Decision) -> DecisionMade:
    return DecisionMade(
        decision=decision,
        explained=explain(decision),
        sent=str(Responder(decision.sent_responder).label),
        policy_says=str(Responder(decision.responder).label),
        stands=not hasattr(decision, "superseded_by"),
    )


def _first_help(assignments: Iterable[Assignment]) -> datetime | None:
    return min((at for each in assignments if (at := each.reached_at)), default=None)
