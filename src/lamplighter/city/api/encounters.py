"""What a team found and did, for the programs of teams."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, Field

from lamplighter.city.accounts.models import Role
from lamplighter.city.field.actions import NewEncounter, record_encounter

from .reading import text
from .room import Room
from .schemas import Code, In

room = Room("encounters")
Codes = Annotated[tuple[Code, ...], Field(max_length=30)]


class EncounterIn(In):
    id: UUID = Field(description="Made on the phone: a UUID, best version 7.")
    assignment_id: UUID
    met: Code = Field(description="engaged, declined or not_found.")
    outcome: Code
    needs: Codes = ()
    offered: Codes = ()
    accepted: Codes = ()
    transport: Code = "none"
    person_name: text(120) = Field("", description="May stay empty; seen by the crew alone.")
    note: text(4000) = Field("", description="Seen by the crew alone; never journalled or logged.")


class EncounterOut(BaseModel):
    id: UUID
    assignment_id: UUID
    recorded_at: datetime
    met: str
    outcome: str


@room.post(
    "/encounters",
    roles=(Role.RESPONDER,),
    answer=EncounterOut,
    summary="Record what the team found and did with a person, who may stay unnamed",
)
def record_new_encounter(request: HttpRequest, new: EncounterIn) -> EncounterOut:
    """The same encounter sent twice, by its `id`, changes nothing."""
    made = record_encounter(NewEncounter(**dict(new)), by=request.auth, now=timezone.now())
    return EncounterOut(
        id=made.id,
        assignment_id=made.assignment_id,
        recorded_at=made.recorded_at,
        met=made.met,
        outcome=made.outcome,
    )
