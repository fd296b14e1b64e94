"""What a dispatcher sees: what waits, who is free, who is near and right."""

import uuid

from django.db.models import F, Q, QuerySet

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.intake.models import Incident
from lamplighter.city.intake.queries import with_calls

from .models import Assignment, BackupRequest
from .needs import Sent, decided_kinds, missing

# Who may see the board; a dispatcher may also act on it.
BOARD_READERS = (Role.DISPATCHER, Role.CALL_TAKER, Role.MANAGER, Role.ADMINISTRATOR)


def needed_kinds(incident: Incident) -> frozenset[str]:
    """The kinds of unit that an incident was decided to need, and those asked for as backup."""
    return _decided(incident) | frozenset(_backup_asked(incident))


def missing_kinds(incident: Incident) -> frozenset[str]:
    """The kinds that are needed and that nobody was sent for, in their stead or as themselves."""
    sent = incident.assignments.exclude(cleared_as=Assignment.Cleared.RECALLED)
    return missing(
        _decided(incident),
        [Sent(*row) for row in sent.values_list("unit__kind", "other_kind_reason")],
        _backup_asked(incident),
    )


def _decided(incident: Incident) -> frozenset[str]:
    loaded = with_calls(Incident.objects.filter(pk=incident.pk)).get()
    return decided_kinds([each for call in loaded.calls.all() for each in call.standing])


def _backup_asked(incident: Incident) -> list[str]:
    return list(
        open_backup_requests().filter(assignment__incident=incident).values_list("kind", flat=True)
    )


def open_backup_requests() -> QuerySet[BackupRequest]:
    """Requests that nobody is coming for; a team that was called back needs no backup any more."""
    recalled = Assignment.Cleared.RECALLED
    return BackupRequest.objects.filter(
        Q(answered_by=None) | Q(answered_by__cleared_as=recalled)
    ).exclude(assignment__cleared_as=recalled)


def crewed_by(*users: User | uuid.UUID) -> QuerySet[Assignment]:
    """The assignments made while one of these people was on the unit's crew."""
    return Assignment.objects.filter(
        unit__shifts__crew__in=users,
        unit__shifts__starts_at__lte=F("assigned_at"),
        unit__shifts__ends_at__gt=F("assigned_at"),
    ).distinct()
