"""A simulated caller: asks for help, and answers the questions that a call taker would ask."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from lamplighter.history import CallRow
from lamplighter.rehearsal.answers import Answer, Rates
from lamplighter.rehearsal.city_api import CityApi, CityRefused
from lamplighter.rehearsal.streets import Streets


@dataclass(frozen=True)
class MadeCall:
    """A call that the city took: where it is kept, and what was decided."""

    call_id: UUID
    incident_id: UUID
    nature: str
    responder: str
    target_minutes: int
    questions: int
    moved: bool


class Caller:
    """Puts calls of a history to a running city, as a call taker would type them.

    Facts that a history does not have are drawn from `rates`. A call whose place is not in the
    running city is given an address of it (`moved`). Every call is marked as simulated.
    """

    def __init__(
        self, api: CityApi, rates: Rates, streets: Streets, generator: random.Random
    ) -> None:
        self._api = api
        self._rates = rates
        self._streets = streets
        self._generator = generator

    def call(self, row: CallRow, now: datetime) -> MadeCall:
        """Ask, answer and save one call. Raises CityRefused when the city does not take it."""
        assert row.nature is not None, "a call without a nature of ours cannot be asked about"
        facts, questions = self._interview(row.nature)
        moved = row.latitude is None or not self._streets.contains(row.latitude, row.longitude)
        place = self._elsewhere() if moved else _place_of(row)
        try:
            taken = self._take(facts, place, now)
        except CityRefused as refusal:
            if refusal.code != "outside-the-city":
                raise
            moved, place = True, self._elsewhere()
            taken = self._take(facts, place, now)
        return MadeCall(
            call_id=UUID(taken["id"]),
            incident_id=UUID(taken["incident_id"]),
            nature=row.nature,
            responder=taken["decision"]["responder"],
            target_minutes=taken["decision"]["target_minutes"],
            questions=questions,
            moved=moved,
        )

    def _interview(self, nature: str) -> tuple[dict[str, Answer], int]:
        facts: dict[str, Answer] = {"nature": nature}
        questions = 0
        while True:
            answer = self._api.ask("/questions", {"facts": facts})
            if answer["decided"]:
                return facts, questions
            facts[answer["ask"]] = self._rates.answer(nature, answer["ask"], self._generator)
            questions += 1

    def _elsewhere(self) -> dict[str, object]:
        address, latitude, longitude = self._streets.any_address(self._generator)
        return {"address": address, "latitude": latitude, "longitude": longitude}

    def _take(
        self, facts: dict[str, Answer], place: dict[str, object], now: datetime
    ) -> dict[str, Any]:
        call_id = uuid7()
        body = {
            "id": str(call_id),
            "channel": "911",
            "received_at": now.astimezone(UTC).isoformat(),
            "facts": facts,
            "simulated": True,
            **place,
        }
        taken: dict[str, Any] = self._api.post("/calls", body, key=call_id)
        return taken


def _place_of(row: CallRow) -> dict[str, object]:
    return {"address": row.place or "", "latitude": row.latitude, "longitude": row.longitude}
