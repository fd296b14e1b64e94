"""A town of nine areas with three weeks of calls for help, a van, and people of two groups."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from lamplighter.policy import Policy, read_policy, shipped_policy
from tests.policy.replay.histories import Call, write_history

# Midnight of a Monday in Chicago.
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
DAYS = 21
NATURES = {
    "welfare_check": 30,
    "disorderly_conduct": 25,
    "noise": 15,
    "intoxicated_person": 12,
    "person_without_shelter": 8,
    "shooting_or_stabbing": 6,
    "medical_emergency": 4,
}
RARE = "indecent_exposure"
WEST, SOUTH, STEP = -100.03, 40.0, 0.02

TEAMS = """\
teams: Town teams
about: Two vans by day.
kinds:
  police:
    label: {en: Police, es: Policía}
    answers: [police]
    unlimited: true
    armed: true
  community_team:
    label: {en: Community team, es: Equipo comunitario}
    answers: [community_team, ems_and_community_team]
    takes over: {kind: police, after: 40}
    minutes:
      to leave: 2
      write up: 10
      if police: 30
    because: "STAR, Denver: a clinician and a paramedic in a van"
units:
  - name: Van
    kind: community_team
    base: {latitude: 40.03, longitude: -100.0}
    shifts:
      - {days: every day, hours: "09:00-19:00", number: 2}
costs:
  wage_per_hour: {value: 30, low: 20, high: 40, unit: $/hour, source: "assumed"}
  vehicle_per_year: {value: 15000, low: 8000, high: 25000, unit: $/year, source: "assumed"}
  police_cost_per_hour: {value: 70, low: 50, high: 90, unit: $/hour, source: "assumed"}
"""


@dataclass(frozen=True)
class Town:
    """Where the files of the town are."""

    folder: Path

    @property
    def history(self) -> Path:
        return self.folder / "calls.parquet"

    @property
    def areas(self) -> Path:
        return self.folder / "areas.geojson"

    @property
    def teams(self) -> Path:
        return self.folder / "teams.yaml"

    @property
    def other_policy(self) -> Path:
        return self.folder / "without_teams.yaml"

    @property
    def policy(self) -> Policy:
        return read_policy(shipped_policy("first_response"))


def make_town(folder: Path, calls: int = 1_500) -> Town:
    """Write the files; the same at every time."""
    town, chance = Town(folder), random.Random(7)
    made, latitude, longitude = [], [], []
    for number in range(calls):
        nature = chance.choices([*NATURES], [*NATURES.values()])[0]
        # Four calls of a nature that is rare: too few to be told.
        if number % (calls // 4) == 5:
            nature = RARE
        hour = chance.choices(range(24), [2 if hour < 8 else 6 for hour in range(24)])[0]
        at = MONDAY + timedelta(
            days=chance.randrange(DAYS), hours=hour, minutes=chance.random() * 60
        )
        made.append(
            Call(f"c{number}", at, nature, started_by="officer" if number % 9 == 0 else "public")
        )
        # Most calls come from the middle; hardly any from the north-east.
        latitude.append(SOUTH + 3 * STEP * chance.triangular(0, 1, 0.4))
        longitude.append(WEST + 3 * STEP * chance.triangular(0, 1, 0.4))
    order = sorted(range(calls), key=lambda place: made[place].time)
    write_history(
        town.history,
        [made[place] for place in order],
        city="Lamplight Town",
        more={
            "latitude": pa.array([latitude[place] for place in order], pa.float64()),
            "longitude": pa.array([longitude[place] for place in order], pa.float64()),
        },
    )
    town.areas.write_text(json.dumps(_areas()), encoding="utf-8")
    town.teams.write_text(TEAMS, encoding="utf-8")
    shipped = shipped_policy("first_response").read_text(encoding="utf-8")
    changed = shipped.replace("then: {responder: community_team}", "then: {responder: police}", 2)
    town.other_policy.write_text(changed, encoding="utf-8")
    return town


def _areas() -> dict[str, object]:
    features = []
    for row in range(3):
        for column in range(3):
            west, south = WEST + column * STEP, SOUTH + row * STEP
            ring = [
                [west, south],
                [west + STEP, south],
                [west + STEP, south + STEP],
                [west, south + STEP],
                [west, south],
            ]
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "name": f"Area {row * 3 + column + 1}",
                        "old": 100 + 50 * row,
                        "young": 400 - 50 * column,
                    },
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    return {"type": "FeatureCollection", "features": features}
