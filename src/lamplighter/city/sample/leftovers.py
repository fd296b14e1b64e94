"""Closing what an earlier play, or somebody who tried the city, left open."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import clear_assignment, close_incident
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.intake.models import Call, Incident

from .staff import simulated_desk

# What a person began is theirs for the day; nobody comes back to yesterday's try.
KEPT_FOR_PEOPLE = timedelta(hours=6)


def close_leftovers(now: datetime) -> int:
    """Close what nobody will go on with, through the verbs of dispatch; gives how many.

    The simulated teams of an earlier play are gone, so what only they were at ends now; what a
    person began stays for some hours.
    """
    desk = simulated_desk()
    by_people = Q(Exists(Call.objects.filter(incident=OuterRef("pk"), simulated=False))) | Q(
        Exists(Assignment.objects.filter(incident=OuterRef("pk")).exclude(assigned_by=desk))
    )
    left = Incident.objects.filter(closed_at=None).exclude(
        by_people, opened_at__gt=now - KEPT_FOR_PEOPLE
    )
    closed = 0
    for incident in left:
        _close(incident, desk, now)
        closed += 1
    return closed


def _close(incident: Incident, desk: User, now: datetime) -> None:
    arrived = False
    for assignment in incident.assignments.filter(cleared_at=None):
        there = assignment.on_scene_at is not None
        how = Assignment.Cleared.HANDED_OVER if there else Assignment.Cleared.RECALLED
        clear_assignment(assignment.pk, how, by=desk, now=now)
        arrived = arrived or there
    incident.refresh_from_db()
    if incident.closed_at is None:
        how = Incident.Closed.HANDED_OVER if arrived else Incident.Closed.NOT_SERVED
        close_incident(incident.pk, how, by=desk, now=now)
