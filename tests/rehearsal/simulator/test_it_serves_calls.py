"""Calls are served in order, wait while all are busy, and fall back when they waited too long."""

from __future__ import annotations

import pytest

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.summary import summarise
from lamplighter.rehearsal.teams import Law, Minutes, Share, Travel
from tests.rehearsal.simulator.scenarios import fixed, make_calls, make_kind, make_teams, make_units


def test_a_call_waits_until_the_unit_is_free() -> None:
    run = simulate(make_calls([0, 4, 30]), make_teams(), seed=1)
    assert run.dispatched.tolist() == [0, 10, 30]
    assert run.cleared.tolist() == [10, 20, 40]
    assert run.busy.sum() == 30


def test_a_call_that_waits_too_long_goes_to_another_kind_with_the_reason() -> None:
    teams = make_teams(
        [
            make_kind(takes_over="police", waits_at_most=5),
            make_kind("police", unlimited=True, armed=True, to_arrive=fixed(7)),
        ],
        [make_units()],
    )
    run = simulate(make_calls([0, 2, 8]), teams, seed=1)
    assert run.status.tolist() == [Status.SERVED, Status.TAKEN_OVER, Status.SERVED]
    assert run.reason.tolist() == [Reason.NONE, Reason.NO_UNIT_FREE, Reason.NONE]
    assert run.dispatched.tolist() == [0, 7, 10]
    assert run.arrived.tolist() == [0, 14, 10]


def test_a_summary_of_replications() -> None:
    calls, teams = make_calls([0, 4, 30]), make_teams()
    runs = simulate_many(calls, teams, seed=1, replications=3)
    summary = summarise(calls, teams, runs)
    assert summary.whole.served.mean == 1
    assert summary.whole.to_dispatch.mean.mean == 2
    assert [unit.name for unit in summary.units] == ["team"]


def test_patience_counts_from_the_call_and_not_from_the_hand_over() -> None:
    teams = make_teams(
        [
            make_kind(on_scene=fixed(500), takes_over="second", waits_at_most=10),
            make_kind("second", on_scene=fixed(135), patience=Minutes(Law.FIXED, (30.0,))),
        ],
        [make_units(), make_units("second")],
    )
    calls = make_calls([0, 0, 100], responder=[0, 1, 0], responders=("team", "second"))
    run = simulate(calls, teams, seed=1)
    # The second kind has a unit free at 135; the caller gave up at 130.
    assert run.status.tolist() == [Status.SERVED, Status.SERVED, Status.WITHDRAWN]


@pytest.mark.parametrize(("minute", "arrives"), [(23, 24), (27, 37)])
def test_a_unit_on_its_way_back_is_where_it_is_nearer_to(minute: float, arrives: float) -> None:
    """From 20 to 30 it drives from the south to its base; half-way it is nearer to that."""
    travel = Travel(areas=("north", "south"), matrix=((1.0, 10.0), (10.0, 1.0)))
    teams = make_teams(units=[make_units(base=(43.0, -88.0))], travel=travel)
    # The last call tells that the base is in the north.
    calls = make_calls(
        [0, minute, 500],
        area=[1, 1, 0],
        areas=("north", "south"),
        latitude=[42.9, 42.9, 43.0],
        longitude=[-88.0] * 3,
    )
    assert simulate(calls, teams, seed=1).arrived.tolist() == [10, arrives, 501]


def test_a_second_unit_is_on_its_way_until_it_is_there_even_where_the_team_has_left() -> None:
    teams = make_teams(
        [
            make_kind(to_leave=fixed(8), stands_down_share=Share(1.0)),
            make_kind("medic", to_leave=fixed(12)),
            make_kind("police", unlimited=True, armed=True, to_arrive=fixed(3)),
        ],
        [make_units(), make_units("medic")],
        second_unit={"with_team": "medic"},
    )
    run = simulate(make_calls([0], backup=[0], backups=("with_team",)), teams, seed=1)
    assert run.reason.tolist() == [Reason.POLICE_FIRST]
    assert run.busy.sum(axis=1).tolist() == [8, 12]
