"""A simulated dispatcher and simulated teams, for a city that nobody staffs at the moment."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from lamplighter.rehearsal.city_api import CityApi, CityRefused
from lamplighter.rehearsal.encounters import CLEARED_AS, draw_encounter

NO_UNIT_FREE = "no_unit_free"


@dataclass
class SentUnit:
    """A unit on its way, and how we left it: found otherwise, a person has taken over."""

    assignment_id: UUID
    incident_id: UUID
    call_sign: str
    crew: CityApi | None
    status: str = "assigned"


@dataclass(frozen=True)
class Sending:
    """Who was sent, and whether somebody is missing for whom nobody was free."""

    units: tuple[SentUnit, ...]
    still_missing: bool


class Teams:
    """Sends the recommended unit where nobody has sent one, and answers for it.

    `crews` gives, for a unit's id, the access of one of its crew, who alone may record whom the
    unit met; the dispatcher takes the steps of a unit without one. An incident to which a person
    has sent somebody, and a unit whose steps a person takes, are left to people.
    """

    def __init__(
        self, dispatcher: CityApi, crews: Mapping[str, CityApi], generator: random.Random
    ) -> None:
        self._dispatcher = dispatcher
        self._crews = crews
        self._generator = generator
        self._sent: set[str] = set()

    def send(self, incident_id: UUID, *, stand_ins: bool = False) -> Sending:
        """Send what is missing, as far as there is somebody free.

        stand_ins: send the next best kind where the right one has nobody free, and say so.
        """
        incident = self._dispatcher.get(f"/incidents/{incident_id}")
        if incident["closed_at"] is not None or not self._ours(incident):
            return Sending((), still_missing=False)
        path = f"/incidents/{incident_id}/recommended-units"
        best = self._dispatcher.get(path)
        wanted, sent = set(best["missing"]), []
        for unit in best["units"]:
            if not wanted:
                break
            right = unit["kind"] in wanted
            if not right and (unit["right_kind"] or not stand_ins):
                continue
            if (gone := self._assign(incident_id, unit)) is not None:
                wanted.discard(unit["kind"] if right else min(wanted))
                sent.append(gone)
        return Sending(tuple(sent), still_missing=bool(wanted))

    def step(self, unit: SentUnit, step: str) -> bool:
        """Take one step; False when a person has taken over, or the city no longer wants it."""
        if not self._as_we_left_it(unit):
            return False
        path = f"/assignments/{unit.assignment_id}/steps"
        if not _done(unit.crew or self._dispatcher, path, {"step": step}):
            return False
        unit.status = step
        return True

    def finish(self, unit: SentUnit) -> bool:
        """Record whom the team met, and clear; False as for a step."""
        if not self._as_we_left_it(unit):
            return False
        drawn = draw_encounter(self._generator)
        if unit.crew is not None:
            body = {
                "id": str(uuid7()),
                "assignment_id": str(unit.assignment_id),
                "met": drawn.met,
                "outcome": drawn.outcome,
                "needs": list(drawn.needs),
                "offered": list(drawn.offered),
                "accepted": list(drawn.accepted),
                "transport": drawn.transport,
            }
            if not _done(unit.crew, "/encounters", body):
                return False
        path = f"/assignments/{unit.assignment_id}/clear"
        return _done(unit.crew or self._dispatcher, path, {"cleared_as": CLEARED_AS[drawn.met]})

    def _assign(self, incident_id: UUID, unit: Mapping[str, Any]) -> SentUnit | None:
        assignment_id = uuid7()
        body = {
            "id": str(assignment_id),
            "incident_id": str(incident_id),
            "unit_id": unit["unit_id"],
            "other_kind_reason": NO_UNIT_FREE if unit["needs_reason"] else "",
        }
        try:
            self._dispatcher.post("/assignments", body, key=assignment_id)
        except CityRefused:
            return None  # somebody else was faster, or the incident closed
        self._sent.add(str(assignment_id))
        crew = self._crews.get(unit["unit_id"])
        return SentUnit(assignment_id, incident_id, unit["call_sign"], crew)

    def _ours(self, incident: Mapping[str, Any]) -> bool:
        """Whether nobody but us has sent anybody there."""
        return all(assignment["id"] in self._sent for assignment in incident["assignments"])

    def _as_we_left_it(self, unit: SentUnit) -> bool:
        try:
            incident = self._dispatcher.get(f"/incidents/{unit.incident_id}")
        except CityRefused:
            return False
        status = {
            assignment["id"]: assignment["status"] for assignment in incident["assignments"]
        }.get(str(unit.assignment_id))
        return self._ours(incident) and status == unit.status


def _done(api: CityApi, path: str, body: dict[str, Any]) -> bool:
    try:
        api.post(path, body, key=uuid7())
    except CityRefused:
        return False
    return True
