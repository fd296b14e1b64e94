"""In random small cities a slow loop agrees, and nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Reason, Run, Status
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.teams import Share, Teams
from tests.rehearsal.simulator.random_scenarios import all_calls, all_teams
from tests.rehearsal.simulator.reference import Reference

any_city = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@any_city
@given(all_calls(), all_teams(), st.integers(0, 3))
def test_the_compiled_loop_agrees_with_a_slow_one(calls: Calls, teams: Teams, number: int) -> None:
    run = simulate(calls, teams, seed=number, replication=number)
    slow = Reference(calls, teams, number, number).play()
    assert run.status.tolist() == slow.status
    assert run.reason.tolist() == slow.reason
    assert [run.kinds[one] if one >= 0 else None for one in run.kind] == slow.kind
    assert run.unit.tolist() == slow.unit
    assert run.backup.tolist() == slow.backup
    for name in ("dispatched", "arrived", "cleared"):
        np.testing.assert_allclose(getattr(run, name), getattr(slow, name), atol=1e-6)
    busy = [
        sum(max(min(end, slow.horizon) - begin, 0) for begin, end in car.work) for car in slow.cars
    ]
    np.testing.assert_allclose(run.busy.sum(axis=1), busy, atol=1e-6)


@any_city
@given(all_calls(), all_teams(), st.integers(0, 3))
def test_nothing_is_lost_or_doubled(calls: Calls, teams: Teams, seed: int) -> None:
    run = simulate(calls, teams, seed=seed)
    came = ~np.isnan(run.dispatched)
    somebody = np.isin(run.status, [Status.SERVED, Status.TAKEN_OVER])
    assert (came == somebody).all()
    assert (np.isnan(run.cleared) == ~came).all()
    # Everybody who was not served by whom they were to be is given a reason, and nobody else.
    assert ((run.reason == Reason.NONE) == np.isin(run.status, [0, Status.NOT_REHEARSED])).all()
    assert (run.dispatched[came] >= calls.minute[came]).all()
    assert (run.arrived[came & (run.reason != Reason.POLICE_FIRST)] >= 0).all()
    assert (run.cleared[came] >= run.arrived[came]).all()
    # A unit is never busy when it is not on duty, overtime among it.
    assert (run.busy <= run.on_duty + 1e-6).all()
    for unit in range(len(run.unit_names)):
        led = run.unit == unit
        order = np.argsort(run.dispatched[led], kind="stable")
        begins, ends = run.dispatched[led][order], run.cleared[led][order]
        assert (begins[1:] >= ends[:-1]).all()


@settings(any_city, max_examples=60)
@given(all_calls(), all_teams(), st.integers(0, 3))
def test_littles_law_holds_for_units(calls: Calls, teams: Teams, seed: int) -> None:
    """Busy units on average = calls led a minute times the minutes that each holds its unit.

    Only units that lead are counted, so nobody comes along here; Little (1961).
    """
    alone = {
        name: replace(kind, together_with=None, backup_share=Share(), stands_down_share=Share())
        for name, kind in teams.kinds.items()
    }
    run = simulate(calls, replace(teams, kinds=alone, second_unit={}), seed=seed)
    horizon = calls.days * 1440
    for unit in range(len(run.unit_names)):
        led = run.unit == unit
        held = np.minimum(run.cleared[led], horizon) - run.dispatched[led]
        rate = led.sum() / horizon
        mean_held = held.mean() if led.any() else 0.0
        np.testing.assert_allclose(run.busy[unit].sum() / horizon, rate * mean_held, atol=1e-9)


@settings(any_city, max_examples=30)
@given(all_calls(), all_teams())
def test_the_same_seed_gives_the_same_bytes(calls: Calls, teams: Teams) -> None:
    first, again = (simulate(calls, teams, seed=5, replication=2) for _time in range(2))
    for name in Run.__dataclass_fields__:
        one, other = getattr(first, name), getattr(again, name)
        if isinstance(one, np.ndarray):
            assert one.tobytes() == other.tobytes()
        else:
            assert one == other
