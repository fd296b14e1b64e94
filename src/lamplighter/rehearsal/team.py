"""A simulated dispatcher and simulated teams, for a city that nobody staffs at the moment."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from lamplighter.rehearsal.city_api import CityApi, CityRefused

# How an encounter ends, with its share: mobile crisis of Lane County, where stated: engaged 43 %,
# not located 30 %, declined 19 %; the remaining 7 % were cancelled and count as engaged here.
MET = {"engaged": 0.50, "not_found": 0.30, "declined": 0.19}
CLEARED_AS = {"engaged": "helped", "not_found": "no_person_found", "declined": "declined"}
OFFERS = ("talk", "supplies", "ride", "shelter", "case_manager", "information", "medical_care")
NEEDS = ("agitation", "disorganized", "daily_living", "substance_use", "medical", "shelter")


@dataclass(frozen=True)
class SentUnit:
    """A unit on its way, and the access of one of its crew."""

    assignment_id: UUID
    incident_id: UUID
    call_sign: str
    api: CityApi


class Teams:
    """Sends the recommended unit where nobody has sent one, and answers for it.

    `crews` gives, for a unit's id, the access of one of its crew; a unit without one is not sent.
    An incident to which a person has sent somebody is left to people.
    """

    def __init__(
        self, dispatcher: CityApi, crews: Mapping[str, CityApi], generator: random.Random
    ) -> None:
        self._dispatcher = dispatcher
        self._crews = crews
        self._generator = generator

    def send(self, incident_id: UUID) -> list[SentUnit] | None:
        """Send what is missing. Empty: nothing left to do here; None: nobody is free, try later."""
        incident = self._dispatcher.get(f"/incidents/{incident_id}")
        if incident["closed_at"] is not None or incident["assignments"]:
            return []
        sent = []
        wanted = set(incident["missing_kinds"])
        for unit in self._dispatcher.get(f"/incidents/{incident_id}/recommended-units?all=true"):
            crew = self._crews.get(unit["id"])
            if unit["kind"] not in wanted or crew is None:
                continue
            assignment_id = uuid7()
            body = {
                "id": str(assignment_id),
                "incident_id": str(incident_id),
                "unit_id": unit["id"],
            }
            try:
                self._dispatcher.post("/assignments", body, key=assignment_id)
            except CityRefused:
                continue  # somebody else was faster, or the incident closed: look at the next unit
            wanted.discard(unit["kind"])
            sent.append(SentUnit(assignment_id, incident_id, unit["call_sign"], crew))
        return sent or None

    def step(self, unit: SentUnit, step: str) -> bool:
        """Take one step; False when the city no longer wants it, and the unit stops here."""
        path = f"/assignments/{unit.assignment_id}/steps"
        return _done(unit.api, path, {"step": step})

    def finish(self, unit: SentUnit) -> bool:
        """Record whom the team met, and clear."""
        met = self._generator.choices(list(MET), list(MET.values()))[0]
        if not _done(unit.api, "/encounters", self._encounter(unit, met)):
            return False
        path = f"/assignments/{unit.assignment_id}/clear"
        return _done(unit.api, path, {"cleared_as": CLEARED_AS[met]})

    def _encounter(self, unit: SentUnit, met: str) -> dict[str, Any]:
        choose = self._generator
        found = met != "not_found"
        offered = choose.sample(OFFERS, choose.randint(1, 3)) if found else []
        engaged = met == "engaged"
        return {
            "id": str(uuid7()),
            "assignment_id": str(unit.assignment_id),
            "met": met,
            "outcome": "stayed" if found else "no_contact",
            "needs": choose.sample(NEEDS, choose.randint(1, 2)) if found else [],
            "offered": offered,
            "accepted": [offer for offer in offered if engaged and choose.random() < 0.6],
        }


def _done(api: CityApi, path: str, body: dict[str, Any]) -> bool:
    try:
        api.post(path, body, key=uuid7())
    except CityRefused:
        return False
    return True
