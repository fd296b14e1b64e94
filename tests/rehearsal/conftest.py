"""A city that answers as the API does, in memory, and a clock that a play moves by itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from lamplighter.history import CallRow, StartedBy
from lamplighter.rehearsal.city_api import CityApi

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CITY = {
    "name": "Testville",
    "bounds": [-100.01, 40.0, -99.99, 40.01],
    "streets": {
        "features": [
            {
                "properties": {"name": "Lantern Street", "kind": "street"},
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[-100.009, 40.005], [-99.991, 40.005]],
                },
            }
        ]
    },
}


@dataclass
class Clock:
    """Time stands still but when somebody sleeps."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class SmallCity:
    """Two community teams and a self-service page. Decides after one question about a weapon."""

    clock: Clock
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    incidents: dict[str, dict[str, Any]] = field(default_factory=dict)
    assignments: dict[str, dict[str, Any]] = field(default_factory=dict)
    encounters: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, httpx.Response] = field(default_factory=dict)
    log: list[tuple[datetime, str, str]] = field(default_factory=list)
    units: dict[str, str] = field(
        default_factory=lambda: {"VAN-1": "community_team", "VAN-2": "community_team"}
    )
    down_for: int = 0
    lose_answers: int = 0

    def api(self, token: str = "desk", **more: Any) -> CityApi:
        return CityApi(
            "http://testville",
            token,
            wait=self.clock.sleep,
            transport=httpx.MockTransport(self._handle),
            **more,
        )

    def crews(self) -> dict[str, CityApi]:
        return {unit: self.api(unit) for unit in self.units}

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self.down_for:
            self.down_for -= 1
            raise httpx.ConnectError("refused", request=request)
        key = request.headers.get("Idempotency-Key")
        if key in self.answered:
            return self.answered[key]
        token = request.headers["Authorization"].removeprefix("Bearer ")
        path = request.url.path.removeprefix("/api/v1")
        body = json.loads(request.content) if request.content else {}
        self.log.append((self.clock.now, token, f"{request.method} {path}"))
        answer = self._answer(path.strip("/").split("/"), body)
        if key and answer.is_success:
            self.answered[key] = answer
        if self.lose_answers and request.method == "POST":
            self.lose_answers -= 1
            raise httpx.ReadError("cut", request=request)
        return answer

    def _answer(self, path: list[str], body: dict[str, Any]) -> httpx.Response:
        match path:
            case ["city"]:
                return httpx.Response(200, json=CITY)
            case ["questions"]:
                decided = "weapon" in body["facts"]
                return httpx.Response(200, json={"decided": decided, "ask": "weapon"})
            case ["calls"]:
                return self._take(body)
            case ["incidents", incident]:
                return httpx.Response(200, json=self._incident(incident))
            case ["incidents", incident, "recommended-units"]:
                return httpx.Response(200, json=self._recommended(incident))
            case ["assignments"]:
                return self.assign(body["id"], body["incident_id"], body["unit_id"])
            case ["assignments", assignment, "steps"]:
                self.assignments[assignment]["status"] = body["step"]
            case ["assignments", assignment, "clear"]:
                self.assignments[assignment]["status"] = "cleared"
            case ["encounters"]:
                self.encounters.append(body)
        return httpx.Response(200, json={})

    def _take(self, body: dict[str, Any]) -> httpx.Response:
        if body["address"].startswith("OUTSIDE"):
            return refused("outside-the-city")
        incident = f"00000000-0000-0000-0000-{len(self.incidents):012d}"
        self.incidents[incident] = {"closed_at": None}
        self.calls[body["id"]] = body
        decision = {"responder": "community_team", "target_minutes": 30}
        taken = {"id": body["id"], "incident_id": incident, "decision": decision}
        return httpx.Response(201, json=taken)

    def assign(self, assignment: str, incident: str, unit: str) -> httpx.Response:
        if any(a["unit"] == unit and a["status"] != "cleared" for a in self.assignments.values()):
            return refused("unit-taken", 409)
        self.assignments[assignment] = {
            "id": assignment,
            "incident": incident,
            "unit": unit,
            "status": "assigned",
        }
        return httpx.Response(201, json={})

    def _incident(self, incident: str) -> dict[str, Any]:
        sent = [a for a in self.assignments.values() if a["incident"] == incident]
        return {**self.incidents[incident], "assignments": sent}

    def _recommended(self, incident: str) -> dict[str, Any]:
        kinds = {self.units[a["unit"]] for a in self._incident(incident)["assignments"]}
        busy = {a["unit"] for a in self.assignments.values() if a["status"] != "cleared"}
        missing = sorted({"community_team"} - kinds)
        units = [
            {
                "unit_id": unit,
                "call_sign": unit,
                "kind": kind,
                "right_kind": kind in missing,
                "needs_reason": kind != "community_team",
            }
            for unit, kind in self.units.items()
            if unit not in busy
        ]
        return {"missing": missing, "units": units if missing else []}


def refused(code: str, status: int = 422) -> httpx.Response:
    body = {"code": code, "sentence": f"Refused: {code}.", "field": None, "data": {}}
    return httpx.Response(status, json=body)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def small_city(clock: Clock) -> SmallCity:
    return SmallCity(clock)


@pytest.fixture
def row() -> Callable[..., CallRow]:
    """A call of a history, so many minutes after noon: `row(5, nature="noise")`."""

    def make(minutes: float, **more: Any) -> CallRow:
        values: dict[str, Any] = {
            **dict.fromkeys(CallRow.__dataclass_fields__),
            "id": f"C{minutes}",
            "time": datetime(2020, 5, 5, 12, tzinfo=UTC) + timedelta(minutes=minutes),
            "nature": "welfare_check",
            "place": "12 Lantern Street",
            "latitude": 40.005,
            "longitude": -100.0,
            "started_by": StartedBy.PUBLIC,
        }
        return CallRow(**{**values, **more})

    return make
