"""In random small cities a slow loop agrees, and nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings

from lamplighter.rehearsal.outcome import Reason, Run, Status
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.teams import Share
from tests.rehearsal.simulator.random_scenarios import City, cities
from tests.rehearsal.simulator.reference import Reference

any_city = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@settings(any_city, max_examples=250)
@given(cities)
def test_the_compiled_loop_agrees_with_a_slow_one(city: City) -> None:
    run = simulate(city.calls, city.teams, seed=city.seed, replication=city.seed)
    slow = Reference(city.calls, city.teams, city.seed, city.seed).play()
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
@given(cities)
def test_nothing_is_lost_or_doubled(city: City) -> None:
    calls = city.calls
    run = simulate(calls, city.teams, seed=city.seed)
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
@given(cities)
def test_littles_law_holds_for_units(city: City) -> None:
    """Busy units on average = calls led a minute times the minutes that each holds its unit.

    Only units that lead are counted, so nobody comes along here; Little (1961).
    """
    alone = {
        name: replace(kind, together_with=None, backup_share=Share(), stands_down_share=Share())
        for name, kind in city.teams.kinds.items()
    }
    teams = replace(city.teams, kinds=alone, second_unit={})
    run = simulate(city.calls, teams, seed=city.seed)
    horizon = city.calls.days * 1440
    for unit in range(len(run.unit_names)):
        led = run.unit == unit
        held = np.minimum(run.cleared[led], horizon) - run.dispatched[led]
        rate = led.sum() / horizon
        mean_held = held.mean() if led.any() else 0.0
        np.testing.assert_allclose(run.busy[unit].sum() / horizon, rate * mean_held, atol=1e-9)


@settings(any_city, max_examples=30)
@given(cities)
def test_the_same_seed_gives_the_same_bytes(city: City) -> None:
    first, again = (simulate(city.calls, city.teams, seed=5, replication=2) for _time in range(2))
    for name in Run.__dataclass_fields__:
        one, other = getattr(first, name), getattr(again, name)
        if isinstance(one, np.ndarray):
            assert one.tobytes() == other.tobytes()
        else:
            assert one == other
