"""Sending units, following them, and closing what they were sent to."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.intake.actions import CLOCK_SKEW
from lamplighter.city.intake.models import Incident
from lamplighter.city.journal.actions import Act, act
from lamplighter.city.refusal import Refusal

from .models import Assignment, BackupRequest, Shift, Unit, UnitKind
from .queries import crewed_by, missing_kinds, needed_kinds, open_backup_requests

BEST_FIRST = (
    Assignment.Cleared.HELPED,
    Assignment.Cleared.HANDED_OVER,
    Assignment.Cleared.DECLINED,
    Assignment.Cleared.NO_PERSON_FOUND,
    Assignment.Cleared.NO_HELP_NEEDED,
)
STEPS = ("accepted", "en_route", "on_scene")
LONGEST_SHIFT = timedelta(days=3)


def assign_unit(
    *,
    assignment_id: uuid.UUID,
    incident_id: uuid.UUID,
    unit_id: uuid.UUID,
    by: User,
    now: datetime,
    other_kind_reason: str = "",
) -> Assignment:
    """Send a unit to an incident.

    1. The same assignment sent twice is given back unchanged, also when both come at once.
    2. The incident is locked, so that it cannot be closed between the look and the commit.
    3. The unit must be on shift; one of another kind than was decided needs a reason.
    4. A unique index of PostgreSQL lets one assignment of a free unit in. Whoever comes second is
       told what the unit is doing, and nothing is written.
    """
    if sent := _sent_before(assignment_id, incident_id, unit_id):
        return sent
    with act(by, now) as done:
        incident = _open_incident(incident_id)
        unit = _unit_on_shift(unit_id, now)
        wanted = needed_kinds(incident)
        if unit.kind in wanted:
            other_kind_reason = ""
        elif other_kind_reason not in Assignment.OtherKind.values:
            raise Refusal(
                "other-kind-needs-reason",
                _("%(unit)s is not the kind of unit that was decided: choose why it goes.")
                % {"unit": unit.call_sign},
                field="other_kind_reason",
                data={"wanted": sorted(wanted)},
            )
        assignment = Assignment(
            id=assignment_id,
            incident=incident,
            unit=unit,
            one_at_a_time=unit.one_at_a_time,
            other_kind_reason=other_kind_reason,
            assigned_at=now,
            assigned_by=by,
        )
        try:
            with transaction.atomic():
                assignment.save(force_insert=True)
        except IntegrityError:
            if sent := _sent_before(assignment_id, incident_id, unit_id):
                return sent
            raise Refusal(
                "unit-taken",
                _("%(unit)s was sent to a call a moment ago: choose another unit.")
                % {"unit": unit.call_sign},
                status=409,
                field="unit",
            ) from None
        _answer_backup(assignment)
        done.record(
            "unit assigned",
            incident_id=incident.id,
            unit_id=unit.id,
            subject_id=assignment.id,
            call_sign=unit.call_sign,
            kind=unit.kind,
            other_kind_reason=other_kind_reason,
        )
    return assignment


def take_step(assignment_id: uuid.UUID, step: str, *, by: User, now: datetime) -> Assignment:
    """Accept, set out or arrive. A step taken twice keeps its first time; a cleared one is refused.

    A conditional update whose row count says whether this step was new: no lock, no lost time.
    A step that comes after a later one is refused, as nobody knows when it was.
    """
    if step not in STEPS:
        raise Refusal("unknown-step", _("There is no such step: accept, on the way or on scene."))
    with act(by, now) as done:
        assignment = _assignment_of(assignment_id, by)
        column = f"{step}_at"
        not_yet = {f"{name}_at": None for name in STEPS[STEPS.index(step) :]}
        took = Assignment.objects.filter(pk=assignment_id, cleared_at=None, **not_yet).update(
            **{column: _not_before_the_last_step(now)}
        )
        assignment.refresh_from_db()
        if took:
            done.record(
                f"unit {step.replace('_', ' ')}",
                incident_id=assignment.incident_id,
                unit_id=assignment.unit_id,
                subject_id=assignment.id,
                call_sign=assignment.unit.call_sign,
            )
        elif assignment.cleared_at is not None:
            raise _already_cleared()
        elif getattr(assignment, column) is None:
            raise Refusal(
                "step-passed",
                _("A later step was taken already, so this one cannot be added: its time is lost."),
                status=409,
            )
    return assignment


def clear_assignment(
    assignment_id: uuid.UUID, cleared_as: str, *, by: User, now: datetime
) -> Assignment:
    """End a unit's part. The incident closes with the last, unless somebody is still to come."""
    if cleared_as not in Assignment.Cleared.values:
        raise Refusal(
            "unknown-disposition",
            _("There is no such way to end a call: choose one of the list."),
            field="cleared_as",
        )
    if cleared_as == Assignment.Cleared.RECALLED and not by.has_role(Role.DISPATCHER):
        raise Refusal(
            "recalled-by-dispatch",
            _("Only dispatch can call a unit back: choose how your part ended."),
            status=403,
            field="cleared_as",
        )
    with act(by, now) as done:
        assignment = _assignment_of(assignment_id, by)
        incident = Incident.objects.select_for_update().get(pk=assignment.incident_id)
        if not Assignment.objects.filter(pk=assignment_id, cleared_at=None).update(
            cleared_at=_not_before_the_last_step(now), cleared_as=cleared_as
        ):
            assignment.refresh_from_db()
            if cleared_as == assignment.cleared_as == Assignment.Cleared.RECALLED:
                return assignment
            raise _already_cleared()
        assignment.refresh_from_db()
        _unit_is_now_at(assignment.unit, incident, now)
        done.record(
            "unit cleared",
            incident_id=incident.id,
            unit_id=assignment.unit_id,
            subject_id=assignment.id,
            call_sign=assignment.unit.call_sign,
            cleared_as=cleared_as,
        )
        if cleared_as != Assignment.Cleared.RECALLED:
            _close_if_done(incident, done)
    return assignment


def recall_assignment(assignment_id: uuid.UUID, *, by: User, now: datetime) -> Assignment:
    """Call a unit back, so that it is free and its call waits again; recalling twice is once."""
    return clear_assignment(assignment_id, Assignment.Cleared.RECALLED, by=by, now=now)


def close_incident(incident_id: uuid.UUID, closed_as: str, *, by: User, now: datetime) -> Incident:
    """Close an incident that needs nobody any more: once, and never while a unit is on it."""
    if closed_as not in Incident.Closed.values:
        raise Refusal(
            "unknown-disposition",
            _("There is no such way to end a call: choose one of the list."),
            field="closed_as",
        )
    with act(by, now) as done:
        incident = _open_incident(incident_id, or_closed_as=closed_as)
        if incident.closed_at is not None:
            return incident
        if incident.assignments.filter(cleared_at=None).exists():
            raise Refusal(
                "units-still-there",
                _("A unit is still on this call: clear or recall it first."),
                status=409,
            )
        _close(incident, closed_as, done)
    return incident


def ask_backup(
    *,
    request_id: uuid.UUID,
    assignment_id: uuid.UUID,
    kind: str,
    reason: str,
    by: User,
    now: datetime,
) -> BackupRequest:
    """Ask for another kind of unit where a team is; the board shows it until one goes.

    The same request sent twice, or twice at once, is one request.
    """
    if asked := _asked_before(request_id, assignment_id, kind, reason):
        return asked
    if kind not in UnitKind.values or reason not in BackupRequest.Reason.values:
        raise Refusal("backup-unclear", _("Choose who should come and why."), field="reason")
    with act(by, now) as done:
        assignment = _assignment_of(assignment_id, by)
        if assignment.cleared_at is not None:
            raise _already_cleared()
        asked = BackupRequest(
            id=request_id,
            assignment=assignment,
            kind=kind,
            reason=reason,
            asked_at=now,
            asked_by=by,
        )
        try:
            with transaction.atomic():
                asked.save(force_insert=True)
        except IntegrityError:
            if before := _asked_before(request_id, assignment_id, kind, reason):
                return before
            raise
        done.record(
            "backup asked",
            incident_id=assignment.incident_id,
            unit_id=assignment.unit_id,
            subject_id=asked.id,
            call_sign=assignment.unit.call_sign,
            kind=kind,
            reason=reason,
        )
    return asked


def start_shift(
    unit: Unit, *, starts_at: datetime, ends_at: datetime, crew: list[User], by: User, now: datetime
) -> Shift:
    """Put a unit on shift with its crew, from now or later until another time.

    A crew sees the names and notes of what its unit was sent to on shift: a shift that is put in
    the past would open them, after the fact, to whoever was not there.
    """
    if ends_at <= starts_at:
        raise Refusal("shift-ends-first", _("The shift ends before it starts: check the times."))
    if starts_at < now - CLOCK_SKEW:
        raise Refusal(
            "shift-in-the-past",
            _("The shift starts in the past: let it start now or later."),
            field="starts_at",
        )
    if ends_at - starts_at > LONGEST_SHIFT:
        raise Refusal(
            "shift-too-long",
            _("The shift is longer than three days: put the unit on shift day by day."),
            field="ends_at",
        )
    with act(by, now) as done:
        shift = Shift.objects.create(unit=unit, starts_at=starts_at, ends_at=ends_at)
        shift.crew.set(crew)
        done.record(
            "shift set",
            unit_id=unit.id,
            subject_id=shift.id,
            call_sign=unit.call_sign,
            starts_at=starts_at,
            ends_at=ends_at,
            crew=[str(person.pk) for person in crew],
        )
    return shift


def _sent_before(
    assignment_id: uuid.UUID, incident_id: uuid.UUID, unit_id: uuid.UUID
) -> Assignment | None:
    sent = Assignment.objects.filter(pk=assignment_id).first()
    if sent is not None and (sent.incident_id, sent.unit_id) != (incident_id, unit_id):
        raise Refusal(
            "assignment-id-used",
            _("Another assignment has this identifier: give the new one its own."),
            status=409,
        )
    return sent


def _asked_before(
    request_id: uuid.UUID, assignment_id: uuid.UUID, kind: str, reason: str
) -> BackupRequest | None:
    asked = BackupRequest.objects.filter(pk=request_id).first()
    if asked is not None and (asked.assignment_id, asked.kind, asked.reason) != (
        assignment_id,
        kind,
        reason,
    ):
        raise Refusal(
            "backup-id-used",
            _("Another request has this identifier: open the form again."),
            status=409,
        )
    return asked


def _open_incident(incident_id: uuid.UUID, *, or_closed_as: str = "") -> Incident:
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if incident is None:
        raise Refusal("no-incident", _("There is no such call: go back to the board."), status=404)
    if incident.closed_at is not None and incident.closed_as != or_closed_as:
        raise Refusal(
            "incident-closed", _("This call is closed: nothing more can be sent to it."), status=409
        )
    return incident


def _unit_on_shift(unit_id: uuid.UUID, now: datetime) -> Unit:
    unit = Unit.objects.filter(pk=unit_id, retired_at=None).first()
    if unit is None:
        raise Refusal("no-unit", _("There is no such unit: choose one of the board."), status=404)
    if not unit.shifts.filter(starts_at__lte=now, ends_at__gt=now).exists():
        raise Refusal(
            "unit-off-shift",
            _("%(unit)s is off shift: choose a unit that is on shift.") % {"unit": unit.call_sign},
            field="unit",
        )
    return unit


def _assignment_of(assignment_id: uuid.UUID, by: User) -> Assignment:
    """The assignment, if this person may act on it: its crew, or a dispatcher."""
    may_act_on = Assignment.objects.all() if by.has_role(Role.DISPATCHER) else crewed_by(by)
    assignment = may_act_on.select_related("unit").filter(pk=assignment_id).first()
    if assignment is None:
        raise Refusal(
            "no-assignment", _("This is not a call of yours: go back to your calls."), status=404
        )
    return assignment


def _not_before_the_last_step(now: datetime) -> Greatest:
    """Now, unless a clock that is ahead of ours set the last time: steps stay in order."""
    return Greatest(Value(now), "assigned_at", "accepted_at", "en_route_at", "on_scene_at")


def _already_cleared() -> Refusal:
    return Refusal(
        "assignment-cleared",
        _("Your part of this call has ended: nothing was changed."),
        status=409,
    )


def _unit_is_now_at(unit: Unit, incident: Incident, now: datetime) -> None:
    """Until the unit says otherwise, it is where it just worked; a desk is nowhere."""
    if unit.one_at_a_time and incident.latitude is not None:
        Unit.objects.filter(pk=unit.pk).update(
            latitude=incident.latitude, longitude=incident.longitude, position_at=now
        )


def _answer_backup(assignment: Assignment) -> None:
    """A unit of the kind that was asked for answers the oldest open request of this incident."""
    asked = (
        open_backup_requests()
        .filter(assignment__incident=assignment.incident, kind=assignment.unit.kind)
        .order_by("asked_at", "id")
        .first()
    )
    if asked is not None:
        asked.answered_by = assignment
        asked.save(update_fields=["answered_by"])


def _close_if_done(incident: Incident, done: Act) -> None:
    """Close with the best that a unit achieved: backup that was not needed undoes no help."""
    if incident.assignments.filter(cleared_at=None).exists() or missing_kinds(incident):
        return
    ended = set(incident.assignments.values_list("cleared_as", flat=True))
    _close(incident, next(how for how in BEST_FIRST if how in ended), done)


def _close(incident: Incident, closed_as: str, done: Act) -> None:
    incident.closed_at, incident.closed_as = done.now, closed_as
    incident.save(update_fields=["closed_at", "closed_as"])
    done.record("incident closed", incident_id=incident.id, closed_as=closed_as)
