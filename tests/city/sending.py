"""Sending a unit and recording an encounter, for tests that start after that."""

import re
import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse

from lamplighter.city.accounts.models import User, new_id
from lamplighter.city.dispatch.actions import assign_unit
from lamplighter.city.dispatch.models import Assignment, Unit
from lamplighter.city.field.actions import NewEncounter, record_encounter
from lamplighter.city.field.models import Encounter
from lamplighter.city.intake.models import Incident

NAME, NOTE = "Rosalind Maple", "Sleeps behind the old mill since Friday"


def send(
    incident: Incident, unit: Unit, *, by: User, now: datetime, because: str = ""
) -> Assignment:
    """The unit is sent to the incident by a dispatcher."""
    return assign_unit(
        assignment_id=new_id(),
        incident_id=incident.pk,
        unit_id=unit.pk,
        by=by,
        now=now,
        other_kind_reason=because,
    )


def an_encounter(assignment: Assignment, **different: Any) -> NewEncounter:
    """Somebody was met who needed a place to stay and took one, with a name and a note."""
    said: dict[str, Any] = {
        "id": new_id(),
        "assignment_id": assignment.pk,
        "met": "engaged",
        "outcome": "transported",
        "needs": ("shelter",),
        "offered": ("shelter", "treatment"),
        "accepted": ("shelter",),
        "transport": "shelter",
        "person_name": NAME,
        "note": NOTE,
    }
    return NewEncounter(**{**said, **different})


def nobody(assignment: Assignment, **different: Any) -> NewEncounter:
    """Nobody was found."""
    said: dict[str, Any] = {
        "id": new_id(),
        "assignment_id": assignment.pk,
        "met": "not_found",
        "outcome": "no_contact",
    }
    return NewEncounter(**{**said, **different})


def record(assignment: Assignment, *, by: User, now: datetime, **different: Any) -> Encounter:
    """The crew records `an_encounter`."""
    return record_encounter(an_encounter(assignment, **different), by=by, now=now)


def form_of(new: NewEncounter, **different: Any) -> dict[str, Any]:
    """The same encounter as the phone's form sends it."""
    offers = {f"help_{code}": "accepted" for code in new.accepted}
    offers |= {f"help_{code}": "offered" for code in new.offered if code not in new.accepted}
    said = {
        "id": str(uuid.UUID(str(new.id))),
        "met": new.met,
        "outcome": "" if new.outcome == "no_contact" else new.outcome,
        "needs": list(new.needs),
        "transport": new.transport,
        "person_name": new.person_name,
        "note": new.note,
        "then": "clear",
        **offers,
    }
    return {**said, **different}


def at(name: str, assignment: Assignment) -> str:
    """The address of a page of what was sent."""
    return reverse(f"field:{name}", args=[assignment.pk])


def words_of(page: Any) -> str:
    """What a person reads: no tags, one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
