"""Of random small cities: the compiled loop and a slow one agree; nothing is lost or doubled."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.teams import Teams
from tests.rehearsal.simulator.random_scenarios import all_calls, all_teams
from tests.rehearsal.simulator.reference import Reference

any_city = settings(
    max_examples=150,
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
