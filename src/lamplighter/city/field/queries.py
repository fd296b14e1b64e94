"""What a team sees of its work, and who may see what of an encounter."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.models import Assignment, Shift
from lamplighter.city.dispatch.queries import crewed_by
from lamplighter.city.intake.queries import visible_incidents

from .models import Encounter


def open_assignments(user: User) -> QuerySet[Assignment]:
    """What this person's units are sent to and have not cleared, oldest first."""
    return (
        crewed_by(user)
        .filter(cleared_at=None)
        .select_related("unit", "incident__neighborhood")
        .order_by("assigned_at", "id")
    )


def current_shift(user: User, now: datetime) -> Shift | None:
    """The shift that this person works now; of several the one that ends last."""
    return (
        Shift.objects.filter(crew=user, starts_at__lte=now, ends_at__gt=now)
        .select_related("unit")
        .prefetch_related("crew")
        .order_by("-ends_at")
        .first()
    )


def cleared_on_shift(shift: Shift) -> QuerySet[Assignment]:
    """What the unit of a shift was sent to during it and has cleared, latest first."""
    return (
        Assignment.objects.filter(
            unit=shift.unit,
            assigned_at__gte=shift.starts_at,
            assigned_at__lt=shift.ends_at,
            cleared_at__isnull=False,
        )
        .select_related("unit", "incident__neighborhood")
        .order_by("-cleared_at", "-id")
    )


class Sight(IntEnum):
    """How much of an encounter somebody may see; each level holds those before it."""

    THAT_IT_WAS = 1
    OUTCOME = 2
    CODES = 3
    ALL = 4


_FROM: dict[str, Sight] = {
    "met": Sight.OUTCOME,
    "outcome": Sight.OUTCOME,
    "needs": Sight.CODES,
    "offered": Sight.CODES,
    "accepted": Sight.CODES,
    "transport": Sight.CODES,
    "named": Sight.ALL,
}


def shown_at(sight: int, field: str) -> bool:
    """Whether a field of an encounter is shown at a level of sight; one not named here never is."""
    return field in _FROM and sight >= _FROM[field]


@dataclass(frozen=True)
class SeenEncounter:
    """An encounter as one person may see it: what they may not see was never read. None is hidden.

    Name and note are not in it: `field.actions.look_at_names` reads those, and journals the look.
    """

    id: uuid.UUID
    assignment_id: uuid.UUID
    call_sign: str
    recorded_at: datetime
    sight: Sight
    met: str | None
    outcome: str | None
    needs: tuple[str, ...] | None
    offered: tuple[str, ...] | None
    accepted: tuple[str, ...] | None
    transport: str | None
    has_more: bool

    @property
    def declined(self) -> tuple[str, ...] | None:
        """What was offered and not accepted."""
        if self.offered is None or self.accepted is None:
            return None
        return tuple(offer for offer in self.offered if offer not in self.accepted)


def visible_encounters(user: User) -> QuerySet[Encounter]:
    """The encounters that a person may know of, each with their `sight`; from nothing.

    1. An encounter is known only to those who may see its incident.
    2. The crew that was sent sees all of it. Nobody else sees the name or the note: not another
       crew at the same place, not the police beside a community team, not a manager.
    3. A manager sees the codes; a call taker and a dispatcher whether somebody was met and how
       it ended; anybody else only that it took place.
    """
    by_role = Sight.THAT_IT_WAS
    if user.has_role(Role.CALL_TAKER, Role.DISPATCHER):
        by_role = Sight.OUTCOME
    if user.has_role(Role.MANAGER):
        by_role = Sight.CODES
    crew = crewed_by(user) if user.has_role(Role.RESPONDER) else Assignment.objects.none()
    return (
        Encounter.objects.filter(assignment__incident__in=visible_incidents(user))
        .annotate(
            sight=Case(
                When(
                    Exists(crew.filter(pk=OuterRef("assignment_id"))), then=Value(Sight.ALL.value)
                ),
                default=Value(by_role.value),
            )
        )
        .defer("person_name", "note")
        .order_by("recorded_at", "id")
    )


def seen_encounters(user: User, incident_id: uuid.UUID) -> list[SeenEncounter]:
    """The encounters of an incident as this person may see them, in one query."""
    columns = ("met", "outcome", "needs", "offered", "accepted", "transport")
    shown = {
        f"shown_{column}": Case(When(sight__gte=_FROM[column].value, then=F(column)), default=None)
        for column in columns
    }
    more = Case(
        When(Q(sight=Sight.ALL.value) & (~Q(person_name="") | ~Q(note="")), then=Value(True)),
        default=Value(False),
    )
    rows = (
        visible_encounters(user)
        .filter(assignment__incident_id=incident_id)
        .annotate(has_more=more, call_sign=F("assignment__unit__call_sign"), **shown)
        .values("id", "assignment_id", "call_sign", "recorded_at", "sight", "has_more", *shown)
    )
    return [
        SeenEncounter(
            id=row["id"],
            assignment_id=row["assignment_id"],
            call_sign=row["call_sign"],
            recorded_at=row["recorded_at"],
            sight=Sight(row["sight"]),
            has_more=row["has_more"],
            **{column: _frozen(row[f"shown_{column}"]) for column in columns},
        )
        for row in rows
    ]


def _frozen(value: str | list[str] | None) -> str | tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) else value
