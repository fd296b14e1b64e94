"""Calls are served in order, wait while all are busy, and fall back when they waited too long."""

from __future__ import annotations

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.summary import summarise
from lamplighter.rehearsal.teams import Travel
from tests.rehearsal.simulator.scenarios import fixed, make_calls, make_kind, make_teams, make_units


def test_a_call_waits_until_the_unit_is_free() -> None:
    run = simulate(make_calls([0, 4, 30]), make_teams(), seed=1)
    assert run.dispatched.tolist() == [0, 10, 30]
    assert run.cleared.tolist() == [10, 20, 40]
    assert run.busy.sum() == 30


def test_a_way_of_minus_nothing_is_one_of_nothing() -> None:
    calls = make_calls([0, 4], latitude=[43.1, 43.2], longitude=[-87.9, -87.9])
    units = [make_units(base=(43.0, -87.9))]
    run = simulate(calls, make_teams(units=units, travel=Travel(street_factor=-0.0)), seed=1)
    assert run.dispatched.tolist() == [0, 10]


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
