"""Teams and calls that make no scenario are refused with one sentence that says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from lamplighter.rehearsal.simulator import SimulationError, simulate, simulate_many
from lamplighter.rehearsal.teams import Law, Minutes, Share, Shift, Step, Teams, Travel
from tests.rehearsal.simulator.scenarios import (
    ALWAYS,
    fixed,
    make_calls,
    make_kind,
    make_teams,
    make_units,
)

BACKWARDS = Shift(ALWAYS.days, time(16), time(8))
ENDLESS = Minutes(Law.LOGNORMAL, (20.0, 500.0))
FALLING = Minutes(Law.PERCENTILES, (5.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("teams", "says"),
    [
        (Teams("none", "", {}, ()), "no kind"),
        (make_teams(units=[replace(make_units(), shifts=())]), "'team' never work"),
        (make_teams(units=[make_units("team", BACKWARDS)]), "before it begins"),
        (make_teams([make_kind(on_scene=fixed(-1))]), "team, on_scene.*negative"),
        (make_teams([make_kind(on_scene=Step(FALLING))]), "higher percentile"),
        (make_teams([make_kind(on_scene=fixed(1e300))]), "longer than 10,000,000; it has 1e.300"),
        (make_teams(travel=Travel(unknown_minutes=ENDLESS)), "travel, unknown_minutes: the sigma"),
        (make_teams(travel=Travel(speed_km_h=(1e-300,) * 24)), "A kilometer takes years"),
        (make_teams(travel=Travel(areas=("a",), matrix=((1e308,),))), "without end"),
        (make_teams([make_kind(), make_kind("spare", answers=())]), "'spare' answers nothing"),
        (make_teams([make_kind(), make_kind("twin", answers=("team",))]), "both answer"),
        (make_teams([make_kind(takes_over="nobody")]), "no kind 'nobody'"),
        (make_teams([make_kind(takes_over="team")]), "without end"),
        (make_teams([make_kind(backup_share=Share(0.1))]), "names no `backup_kind`"),
        (make_teams([make_kind(transport_share=Share(1.5))]), "from 0 to 1"),
        (make_teams([make_kind(unlimited=True)]), "always one"),
        (make_teams(travel=Travel(speed_km_h=(0.0,) * 24)), "speed above 0"),
        (make_teams(travel=Travel(areas=("a",), matrix=())), "1 rows of 1"),
    ],
)
def test_teams(teams: Teams, says: str) -> None:
    with pytest.raises(SimulationError, match=says):
        simulate(make_calls([1.0]), teams, seed=1)


@pytest.mark.parametrize(
    ("minutes", "more", "says"),
    [
        ([3.0, 1.0], {}, "order of time"),
        ([1500.0], {}, "period is from 0 to 1440"),
        ([1.0], {"days": 0.0}, "0 days"),
        ([1.0], {"time_zone": "America/Nowhere"}, "no time zone"),
    ],
)
def test_calls(minutes: list[float], more: dict[str, object], says: str) -> None:
    with pytest.raises(SimulationError, match=says):
        simulate(make_calls(minutes, **{"days": 1.0, **more}), make_teams(), seed=1)


def test_no_replications() -> None:
    with pytest.raises(SimulationError, match="at least one"):
        simulate_many(make_calls([1.0]), make_teams(), seed=1, replications=0)


def test_a_history_without_calls_is_simulated() -> None:
    assert len(simulate(make_calls([]), make_teams(), seed=1).status) == 0
