"""The board, the units and what they are sent to, for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.actions import (
    ask_backup,
    assign_unit,
    clear_assignment,
    start_shift,
    take_step,
)
from lamplighter.city.dispatch.board import BoardIncident, BoardUnit, read_board
from lamplighter.city.dispatch.models import Unit
from lamplighter.city.dispatch.queries import BOARD_READERS
from lamplighter.city.refusal import Refusal

from .incidents import AssignmentOut, assignment_out
from .reading import Time, text
from .room import Room
from .schemas import Code, In

room = Room("units")
SENDS = (Role.DISPATCHER,)
ANSWERS = (Role.RESPONDER, Role.DISPATCHER)
PLANS = (Role.MANAGER, Role.ADMINISTRATOR)


class UnitsOut(BaseModel):
    units: list[BoardUnit]


class BoardOut(BaseModel):
    at: datetime
    seq: int = Field(description="The board is at least as new as this entry of the journal.")
    incidents: list[BoardIncident]
    units: list[BoardUnit]


class AssignIn(In):
    id: UUID = Field(description="Made by whoever sends the unit: a UUID, best version 7.")
    incident_id: UUID
    unit_id: UUID
    other_kind_reason: Code = Field("", description="Needed when another kind was decided.")


class StepIn(In):
    step: Code = Field(description="accepted, en_route or on_scene.")


class ClearIn(In):
    cleared_as: Code = Field(description="How the unit's part ended; `recalled` frees it again.")


class BackupIn(In):
    id: UUID
    kind: Code = Field(description="The kind of unit that should come.")
    reason: Code = Field(description="weapon, violence, medical, transport or another_skill.")


class BackupOut(BaseModel):
    id: UUID
    assignment_id: UUID
    kind: str
    reason: str
    asked_at: datetime


class ShiftIn(In):
    unit_id: UUID
    starts_at: Time
    ends_at: Time
    crew: Annotated[list[text(150)], Field(max_length=20, description="User names.")] = []


class ShiftOut(BaseModel):
    id: UUID
    unit_id: UUID
    starts_at: datetime
    ends_at: datetime


@room.get("/units", roles=BOARD_READERS, answer=UnitsOut, summary="Every unit and what it is doing")
def list_units(request: HttpRequest) -> UnitsOut:
    return UnitsOut(units=list(read_board(timezone.now()).units))


@room.get(
    "/board",
    roles=BOARD_READERS,
    answer=BoardOut,
    summary="The board as it stands: open incidents, what they still need, and units",
)
def see_board(request: HttpRequest) -> BoardOut:
    board = read_board(timezone.now())
    return BoardOut(
        at=board.at, seq=board.seq, incidents=list(board.incidents), units=list(board.units)
    )


@room.post("/assignments", roles=SENDS, answer=AssignmentOut, summary="Send a unit to an incident")
def send_unit(request: HttpRequest, assign: AssignIn) -> AssignmentOut:
    """Two who send one unit at once: one wins, the other is told (`unit-taken`)."""
    sent = assign_unit(
        assignment_id=assign.id,
        incident_id=assign.incident_id,
        unit_id=assign.unit_id,
        other_kind_reason=assign.other_kind_reason,
        by=request.auth,
        now=timezone.now(),
    )
    return assignment_out(sent)


@room.post(
    "/assignments/{assignment_id}/steps",
    roles=ANSWERS,
    answer=AssignmentOut,
    summary="Accept, set out or arrive",
    status=200,
)
def take_next_step(request: HttpRequest, assignment_id: UUID, taken: StepIn) -> AssignmentOut:
    """A responder may take the steps of their own unit. A step taken twice keeps its first time."""
    return assignment_out(take_step(assignment_id, taken.step, by=request.auth, now=timezone.now()))


@room.post(
    "/assignments/{assignment_id}/clear",
    roles=ANSWERS,
    answer=AssignmentOut,
    summary="End a unit's part; the incident closes with the last, unless somebody is to come",
    status=200,
)
def clear_unit(request: HttpRequest, assignment_id: UUID, how: ClearIn) -> AssignmentOut:
    return assignment_out(
        clear_assignment(assignment_id, how.cleared_as, by=request.auth, now=timezone.now())
    )


@room.post(
    "/assignments/{assignment_id}/backup",
    roles=ANSWERS,
    answer=BackupOut,
    summary="Ask for another kind of unit where a team is",
)
def ask_for_backup(request: HttpRequest, assignment_id: UUID, backup: BackupIn) -> BackupOut:
    asked = ask_backup(
        request_id=backup.id,
        assignment_id=assignment_id,
        kind=backup.kind,
        reason=backup.reason,
        by=request.auth,
        now=timezone.now(),
    )
    return BackupOut(
        id=asked.id,
        assignment_id=asked.assignment_id,
        kind=asked.kind,
        reason=asked.reason,
        asked_at=asked.asked_at,
    )


@room.post("/shifts", roles=PLANS, answer=ShiftOut, summary="Put a unit on shift with its crew")
def plan_shift(request: HttpRequest, shift: ShiftIn) -> ShiftOut:
    """Send an `Idempotency-Key` with it: a shift has no identifier of the sender's."""
    unit = Unit.objects.filter(pk=shift.unit_id, retired_at=None).first()
    if unit is None:
        raise Refusal("no-unit", _("There is no such unit: choose one of the board."), status=404)
    started = start_shift(
        unit,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        crew=_crew(shift.crew),
        by=request.auth,
        now=timezone.now(),
    )
    return ShiftOut(
        id=started.id,
        unit_id=started.unit_id,
        starts_at=started.starts_at,
        ends_at=started.ends_at,
    )


def _crew(usernames: list[str]) -> list[User]:
    wanted = set(usernames)
    crew = list(
        User.objects.filter(
            username__in=wanted, is_active=True, roles__contains=[Role.RESPONDER.value]
        )
    )
    if len(crew) != len(wanted):
        raise Refusal(
            "not-a-responder",
            _("Somebody of the crew is not a responder here: check the user names."),
            field="crew",
        )
    return crew
