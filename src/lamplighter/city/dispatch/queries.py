"""What a dispatcher sees: what waits, who is free, who is near and right."""

from django.db.models import F, QuerySet

from lamplighter.city.accounts.models import User
from lamplighter.city.intake.models import Incident, Responder
from lamplighter.city.intake.queries import most_urgent_decision, with_calls

from .models import Assignment, UnitKind


def kinds_for(responder: str) -> frozenset[str]:
    """The kinds of unit that an answer of the policy asks for; most answers ask for one."""
    if responder == Responder.EMS_AND_COMMUNITY_TEAM:
        return frozenset({UnitKind.EMS.value, UnitKind.COMMUNITY_TEAM.value})
    return frozenset({UnitKind(responder).value})


def needed_kinds(incident: Incident) -> frozenset[str]:
    """The kinds of unit that this incident was decided to need, open requests for backup included."""
    loaded = with_calls(Incident.objects.filter(pk=incident.pk)).get()
    asked = incident.assignments.filter(
        backup_requests__isnull=False, backup_requests__answered_by=None
    ).values_list("backup_requests__kind", flat=True)
    return kinds_for(most_urgent_decision(loaded).sent_responder) | frozenset(asked)


def missing_kinds(incident: Incident) -> frozenset[str]:
    """The kinds that are needed and that nobody was sent for, in their stead or as themselves."""
    sent = list(
        incident.assignments.exclude(cleared_as=Assignment.Cleared.RECALLED).values_list(
            "unit__kind", "other_kind_reason"
        )
    )
    if any(reason and reason != Assignment.OtherKind.BACKUP for _kind, reason in sent):
        return frozenset()
    return needed_kinds(incident) - {kind for kind, _reason in sent}


def crewed_by(user: User) -> QuerySet[Assignment]:
    """The assignments made while this person was on the unit's crew."""
    return Assignment.objects.filter(
        unit__shifts__crew=user,
        unit__shifts__starts_at__lte=F("assigned_at"),
        unit__shifts__ends_at__gt=F("assigned_at"),
    ).distinct()
