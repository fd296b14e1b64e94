"""A staffing for the calls of a real city, which better places make smaller."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.history import load_layout, read_history
from lamplighter.history.areas import read_areas
from lamplighter.policy.reader import read_policy
from lamplighter.policy.shipped import shipped_policy
from lamplighter.rehearsal.demand import calls_of
from lamplighter.rehearsal.staffing import Base, Target, find_staffing
from lamplighter.rehearsal.teams_file import read_teams

DATA = Path(__file__).parents[4] / "shared" / "data"
CALLS = DATA / "calls" / "milwaukee_calls.csv.gz"
AREAS = DATA / "geo" / "milwaukee_neighborhoods.geojson"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not CALLS.exists(), reason="the real files are not beside the repository"),
]


def test_it_staffs_the_real_city(tmp_path: Path) -> None:
    history = tmp_path / "calls.parquet"
    read_history(CALLS, load_layout("milwaukee"), history, now=datetime(2026, 1, 1, tzinfo=UTC))
    areas = read_areas(AREAS)
    calls = calls_of(history, read_policy(shipped_policy("first_response")), areas=areas).calls
    teams = read_teams("example_teams")
    target = Target(0.85, 20, 0.05)
    found = find_staffing(
        calls, teams, target, kinds=("community_team",), replications=3, most_scenarios=150
    )
    assert found.calls > 1500
    assert found.best is not None
    assert found.best.within.mean >= 0.85
    assert found.best.money is not None
    bases = [
        Base(name, (float(latitude), float(longitude)))
        for name, (latitude, longitude) in zip(areas.names, areas.centers, strict=True)
    ]
    placed = find_staffing(
        calls,
        teams,
        target,
        kinds=("community_team",),
        bases=bases,
        replications=3,
        most_scenarios=150,
    )
    assert placed.best is not None
    assert placed.best.unit_hours < found.best.unit_hours
