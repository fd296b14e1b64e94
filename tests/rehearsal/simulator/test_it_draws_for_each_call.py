"""Draws follow their laws, and belong to a call whatever the teams are."""

from __future__ import annotations

from dataclasses import replace
from math import log1p
from statistics import NormalDist

import numpy as np
import pytest

from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.simulator.draws import normal_quantile
from lamplighter.rehearsal.simulator.durations import mean_minutes
from lamplighter.rehearsal.simulator.exponentials import exponential_at
from lamplighter.rehearsal.teams import Law, Minutes, Step
from tests.rehearsal.simulator.scenarios import (
    ALWAYS,
    exponential,
    make_calls,
    make_kind,
    make_teams,
    make_units,
)


def test_the_normal_law() -> None:
    for share in (1e-12, 1e-3, 0.02, 0.3, 0.5, 0.9, 0.99999):
        assert normal_quantile(share) == pytest.approx(NormalDist().inv_cdf(share), rel=2e-7)


def test_the_exponential_law() -> None:
    """As the library's logarithm has it, near 0, near 1, and where the power of two changes."""
    random = np.random.default_rng(1).uniform(size=2_000)
    for share in (0.5**0.5, 1 - 0.5**0.5, 0.5, 0.75, 1 - 2.0**-53, *random, *(1 - random * 1e-9)):
        assert exponential_at(share) == pytest.approx(-log1p(-share), rel=1e-15, abs=1e-16)
    assert exponential_at(2.0**-54) == 0


def test_calls_that_wait_for_long_draw_what_they_would_at_once() -> None:
    """Draws made ahead are kept for the last calls only; the others are drawn again."""
    calls = make_calls(np.linspace(0, 1000, 2_000))
    kind = make_kind(on_scene=exponential(1.0))
    alone, many = (
        simulate(calls, make_teams([kind], [make_units("team", replace(ALWAYS, number=n))]), seed=3)
        for n in (1, 40)
    )
    late = alone.dispatched > calls.minute + 300
    assert late.any()
    took = many.cleared - many.arrived
    np.testing.assert_allclose((alone.cleared - alone.arrived)[late], took[late], atol=1e-9)


@pytest.mark.parametrize(
    "minutes",
    [
        Minutes(Law.FIXED, (12.0,)),
        Minutes(Law.EXPONENTIAL, (12.0,)),
        Minutes(Law.LOGNORMAL, (12.0, 0.5)),
        Minutes(Law.PERCENTILES, (2.0, 10.0, 40.0), (0.0, 0.5, 1.0)),
    ],
)
def test_means(minutes: Minutes) -> None:
    calls = make_calls(np.linspace(0, 1439, 40_000))
    teams = make_teams([make_kind(unlimited=True, on_scene=Step(minutes))])
    run = simulate(calls, replace(teams, units=()), seed=1)
    # Within five standard errors of a spread no wider than that of the exponential law.
    drawn = (run.cleared - run.arrived).mean()
    assert drawn == pytest.approx(mean_minutes(minutes), abs=5 * 12 / 200)


def test_another_team_meets_the_same_luck() -> None:
    calls = make_calls(np.arange(0, 600, 7.0))
    kind = make_kind(on_scene=exponential(10.0))
    one, four = (
        simulate(calls, make_teams([kind], [make_units("team", replace(ALWAYS, number=n))]), seed=3)
        for n in (1, 4)
    )
    np.testing.assert_allclose(one.cleared - one.arrived, four.cleared - four.arrived)
    assert (one.dispatched != four.dispatched).any()


def test_replications_differ_and_are_those_of_simulate() -> None:
    calls, teams = make_calls([1, 2, 3]), make_teams([make_kind(on_scene=exponential(10.0))])
    told: list[tuple[int, int]] = []
    runs = simulate_many(
        calls, teams, seed=3, replications=3, progress=lambda done, of: told.append((done, of))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    for number, run in enumerate(runs):
        again = simulate(calls, teams, seed=3, replication=number)
        assert run.cleared.tobytes() == again.cleared.tobytes()
    assert len({run.cleared.tobytes() for run in runs}) == 3
