"""The board as it stands: open incidents and units, read in a constant number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from lamplighter.city.intake.models import Decision, Incident
from lamplighter.city.intake.queries import leading_of

from .models import Assignment, Shift, Unit
from .needs import Sent, decided_kinds, missing
from .queries import open_backup_requests

MOST_URGENT = 1
SHIFTS_AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class BoardAssignment:
    """A unit on an incident, with the time of each step it has taken."""

    id: uuid.UUID
    unit_id: uuid.UUID
    call_sign: str
    kind: str
    status: str
    other_kind_reason: str
    assigned_at: datetime
    accepted_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    reached_at: datetime | None
    cleared_at: datetime | None
    cleared_as: str


@dataclass(frozen=True)
class BoardBackup:
    """A team at work asks for another kind of unit; nobody is coming yet."""

    id: uuid.UUID
    call_sign: str
    kind: str
    reason: str
    asked_at: datetime


@dataclass(frozen=True)
class BoardIncident:
    """An open incident: codes, places and times only, nothing that a caller said."""

    id: uuid.UUID
    nature: str
    address: str
    neighborhood: str
    latitude: float | None
    longitude: float | None
    first_call_at: datetime
    priority: int
    target_minutes: int
    risk: str
    responder: str
    policy_responder: str
    needed: tuple[str, ...]
    missing: tuple[str, ...]
    calls: int
    simulated: bool
    assignments: tuple[BoardAssignment, ...]
    backup: tuple[BoardBackup, ...]

    @property
    def waits(self) -> bool:
        """Whether somebody must still be sent."""
        return bool(self.missing) or not any(sent.cleared_at is None for sent in self.assignments)

    @property
    def helped_since(self) -> datetime | None:
        """When help was first there; from then on the target is met or missed."""
        return min((sent.reached_at for sent in self.assignments if sent.reached_at), default=None)

    def minutes_left(self, now: datetime) -> float:
        """Minutes until the target, negative once it has passed."""
        passed = (self.helped_since or now) - self.first_call_at
        return self.target_minutes - passed.total_seconds() / 60

    @property
    def is_at_once(self) -> bool:
        """Whether it stands first whatever else waits: priority 1, or a team asks for backup."""
        return self.priority == MOST_URGENT or bool(self.backup)

    def urgency(self, now: datetime) -> tuple[bool, bool, int, float]:
        """Sorts the most urgent first: what is at once, then what is over its target, then by
        priority; among these the one with the least time left."""
        left = self.minutes_left(now)
        return (not self.is_at_once, left >= 0, self.priority, left)


@dataclass(frozen=True)
class BoardUnit:
    """A unit in service. Its state is read from its shift and its assignments, never stored."""

    id: uuid.UUID
    call_sign: str
    kind: str
    one_at_a_time: bool
    state: str
    since: datetime | None
    on_shift_until: datetime | None
    next_shift_at: datetime | None
    latitude: float | None
    longitude: float | None
    position_at: datetime | None
    incidents: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Board:
    """What was open at `at`; at least as new as journal entry `seq`."""

    at: datetime
    seq: int
    incidents: tuple[BoardIncident, ...] = field(default=())
    units: tuple[BoardUnit, ...] = field(default=())

    def waiting(self) -> list[BoardIncident]:
        """Incidents that somebody must still be sent to, most urgent first."""
        waiting = (incident for incident in self.incidents if incident.waits)
        return sorted(waiting, key=lambda incident: incident.urgency(self.at))

    def being_answered(self) -> list[BoardIncident]:
        """Incidents that everybody needed was sent to, most urgent first."""
        answered = (incident for incident in self.incidents if not incident.waits)
        return sorted(answered, key=lambda incident: incident.urgency(self.at))

    def next_change(self) -> datetime | None:
        """When a shift begins or ends next, which changes a unit's state without any act."""
        times = [
            at for unit in self.units for at in (unit.on_shift_until, unit.next_shift_at) if at
        ]
        return min((at for at in times if at > self.at), default=None)


def read_board(
    now: datetime,
    *,
    incident_ids: Collection[uuid.UUID] | None = None,
    unit_ids: Collection[uuid.UUID] | None = None,
) -> Board:
    """The open incidents and the units in service, in seven queries however many there are.

    With `incident_ids` and `unit_ids` only those among them; what is closed or retired is absent.
    The number of the last journal entry is read first, so that the rest is at least as new.
    """
    incidents = Incident.objects.filter(closed_at=None)
    units = Unit.objects.filter(retired_at=None)
    open_work = Q(cleared_at=None)
    if incident_ids is not None or unit_ids is not None:
        incidents = incidents.filter(pk__in=incident_ids or ())
        units = units.filter(pk__in=unit_ids or ())
        open_work &= Q(unit__in=unit_ids or ())
    seq = _last_entry()
    of_incidents = list(incidents.select_related("neighborhood"))
    assignments = _assignments(of_incidents, open_work)
    return Board(
        at=now,
        seq=seq,
        incidents=tuple(_board_incidents(of_incidents, assignments)),
        units=tuple(_board_units(units, assignments, now)),
    )


def _last_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM journal_head")
        return int(cursor.fetchone()[0])


def _assignments(incidents: list[Incident], open_work: Q) -> list[Assignment]:
    """All assignments of the incidents and all open ones of the units, read at one instant."""
    return list(
        Assignment.objects.filter(Q(incident__in=incidents) | open_work)
        .select_related("unit")
        .order_by("assigned_at", "id")
    )


def _board_incidents(
    incidents: list[Incident], assignments: list[Assignment]
) -> Iterable[BoardIncident]:
    decisions: dict[uuid.UUID, list[Decision]] = defaultdict(list)
    standing = Decision.objects.filter(superseded_by=None, call__incident__in=incidents)
    for decision in standing.select_related("call").defer("facts", "hits", "call__narrative"):
        decisions[decision.call.incident_id].append(decision)
    asked = defaultdict(list)
    for request in (
        open_backup_requests()
        .filter(assignment__incident__in=incidents)
        .select_related("assignment__unit")
        .order_by("asked_at", "id")
    ):
        asked[request.assignment.incident_id].append(request)
    sent = defaultdict(list)
    for assignment in assignments:
        sent[assignment.incident_id].append(assignment)
    for incident in incidents:
        standing_here = decisions[incident.pk]
        leading = leading_of(standing_here)
        decided = decided_kinds(standing_here)
        kinds_asked = [request.kind for request in asked[incident.pk]]
        yield BoardIncident(
            id=incident.pk,
            nature=incident.nature,
            address=incident.address,
            neighborhood=incident.neighborhood.name if incident.neighborhood else "",
            latitude=incident.latitude,
            longitude=incident.longitude,
            first_call_at=min(each.call.received_at for each in standing_here),
            priority=leading.priority,
            target_minutes=leading.target_minutes,
            risk=leading.risk,
            responder=leading.sent_responder,
            policy_responder=leading.responder,
            needed=tuple(sorted(decided | set(kinds_asked))),
            missing=tuple(sorted(_missing(decided, sent[incident.pk], kinds_asked))),
            calls=len(standing_here),
            simulated=all(each.call.simulated for each in standing_here),
            assignments=tuple(_board_assignment(each) for each in sent[incident.pk]),
            backup=tuple(
                BoardBackup(
                    id=request.pk,
                    call_sign=request.assignment.unit.call_sign,
                    kind=request.kind,
                    reason=request.reason,
                    asked_at=request.asked_at,
                )
                for request in asked[incident.pk]
            ),
        )


def _missing(
    decided: frozenset[str], sent: list[Assignment], kinds_asked: list[str]
) -> frozenset[str]:
    not_recalled = [
        Sent(each.unit.kind, each.other_kind_reason)
        for each in sent
        if each.cleared_as != Assignment.Cleared.RECALLED
    ]
    return missing(decided, not_recalled, kinds_asked)


def _board_assignment(assignment: Assignment) -> BoardAssignment:
    return BoardAssignment(
        id=assignment.pk,
        unit_id=assignment.unit_id,
        call_sign=assignment.unit.call_sign,
        kind=assignment.unit.kind,
        status=assignment.status,
        other_kind_reason=assignment.other_kind_reason,
        assigned_at=assignment.assigned_at,
        accepted_at=assignment.accepted_at,
        en_route_at=assignment.en_route_at,
        on_scene_at=assignment.on_scene_at,
        reached_at=assignment.reached_at,
        cleared_at=assignment.cleared_at,
        cleared_as=assignment.cleared_as,
    )


def _board_units(
    units: QuerySet[Unit], assignments: list[Assignment], now: datetime
) -> Iterable[BoardUnit]:
    work: dict[uuid.UUID, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        if assignment.cleared_at is None:
            work[assignment.unit_id].append(assignment)
    near = Shift.objects.filter(ends_at__gt=now, starts_at__lt=now + SHIFTS_AHEAD)
    shifts = Prefetch("shifts", near.order_by("starts_at"), to_attr="near_shifts")
    for unit in units.prefetch_related(shifts):
        current = [shift for shift in unit.near_shifts if shift.starts_at <= now]
        ahead = [shift for shift in unit.near_shifts if shift.starts_at > now]
        state, since = _state(unit, work[unit.pk], on_shift=bool(current))
        yield BoardUnit(
            id=unit.pk,
            call_sign=unit.call_sign,
            kind=unit.kind,
            one_at_a_time=unit.one_at_a_time,
            state=state,
            since=since,
            on_shift_until=max((shift.ends_at for shift in current), default=None),
            next_shift_at=min((shift.starts_at for shift in ahead), default=None),
            latitude=unit.latitude,
            longitude=unit.longitude,
            position_at=unit.position_at,
            incidents=tuple(each.incident_id for each in work[unit.pk]),
        )


def _state(unit: Unit, work: list[Assignment], *, on_shift: bool) -> tuple[str, datetime | None]:
    """What a unit is doing, and since when. A desk that takes many calls at once stays free."""
    if work and unit.one_at_a_time:
        doing = work[0]
        since = doing.assigned_at if doing.status == "assigned" else None
        return doing.status, since or getattr(doing, f"{doing.status}_at")
    return ("free" if on_shift else "off_shift"), None
