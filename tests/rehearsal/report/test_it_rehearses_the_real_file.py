"""The real file of Milwaukee beside the repository, with the policy and the teams that ship."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.history import load_layout, read_history
from lamplighter.history.areas import read_areas
from lamplighter.policy import read_policy, shipped_policy
from lamplighter.rehearsal.example.making import example_for
from lamplighter.rehearsal.rehearsing import rehearse
from lamplighter.rehearsal.report import write_report
from lamplighter.rehearsal.teams_file import parse_teams, read_teams

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"there are no real files in {DATA}"),
]


def test_milwaukee_has_a_report(tmp_path: Path) -> None:
    history = tmp_path / "milwaukee.parquet"
    source = DATA / "calls" / "milwaukee_calls.csv.gz"
    now = datetime(2026, 11, 25, tzinfo=UTC)
    read_history(source, load_layout("milwaukee"), history, now=now)

    found = rehearse(
        history,
        read_policy(shipped_policy("first_response")),
        read_teams("example_teams"),
        areas=read_areas(DATA / "geo" / "milwaukee_neighborhoods.geojson"),
        replications=5,
    )
    page = write_report(found, tmp_path / "report")

    assert found.least is not None
    assert found.most is not None
    asked = found.asked.own.whole
    assert len(found.asked.calls) > 15_000
    assert found.least.own.whole.calls < asked.calls < found.most.own.whole.calls
    assert 0.7 < asked.served.mean < 1
    assert 5 < asked.to_arrival.p50.mean < 45
    assert found.regions is not None
    assert len(found.regions.names) > 40
    assert page.stat().st_size < 2_500_000


@pytest.mark.parametrize(
    ("layout", "file", "units"),
    [("milwaukee", "milwaukee_calls", (20, 30)), ("nashville", "nashville_calls_2024", (4, 8))],
)
def test_each_city_gets_an_example_of_its_size(
    layout: str, file: str, units: tuple[int, int], tmp_path: Path
) -> None:
    history = tmp_path / "calls.parquet"
    source = DATA / "calls" / f"{file}.csv.gz"
    read_history(source, load_layout(layout), history, now=datetime(2026, 11, 25, tzinfo=UTC))
    policy = read_policy(shipped_policy("first_response"))

    teams = parse_teams(example_for(history, policy))
    found = rehearse(history, policy, teams, replications=2)

    shifts = [one for unit in teams.units if unit.kind == "community_team" for one in unit.shifts]
    assert units[0] <= sum(shift.number for shift in shifts) <= units[1]
    assert found.asked.own.whole.served.mean > 0.85
