"""Erlang's formulas and the hypercube, against chains solved otherwise, and in their properties."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from itertools import pairwise
from math import inf, isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.queueing import (
    Demand,
    erlang_a,
    erlang_b,
    erlang_c,
    hypercube,
    hypercube_approximation,
    servers_for,
)

LARSON = (
    Demand(0.50, (0, 1, 2)),
    Demand(0.25, (0, 2, 1)),
    Demand(0.35, (1, 0, 2)),
    Demand(0.40, (2, 0, 1)),
)
rates = st.floats(0.1, 50)
services = st.floats(0.05, 5)
counts = st.integers(1, 40)
patiences = st.floats(0.02, 50)


def test_the_examples_say_what_they_print() -> None:
    for name in ("erlang", "hypercube"):
        found = doctest.testmod(import_module(f"lamplighter.rehearsal.queueing.{name}"))
        assert found.attempted > 3
        assert found.failed == 0


def test_it_gives_the_published_waits() -> None:
    queue = erlang_c(6.8, 1.0, 8)
    assert queue.waits == pytest.approx(0.57257, abs=5e-6)
    assert queue.mean_wait == pytest.approx(0.47714, abs=5e-6)


def test_it_gives_the_published_workloads() -> None:
    found = hypercube(LARSON, 1.0)
    assert found.workloads == pytest.approx((0.5574, 0.4734, 0.4693), abs=5e-5)


def test_an_endless_queue_is_said_and_not_computed() -> None:
    queue = erlang_c(9.0, 1.0, 8)
    assert (queue.waits, queue.mean_wait, queue.longer_than(100)) == (1.0, inf, 1.0)


def chain(arrivals: float, service: float, servers: int, patience: float) -> np.ndarray:
    """The stationary chances of M/M/c+M, cut off far out."""
    states = np.arange(1, 4000)
    leave = np.minimum(states, servers) / service + np.maximum(states - servers, 0) / patience
    weights = np.concatenate(([0.0], np.cumsum(np.log(arrivals) - np.log(leave))))
    chances = np.exp(weights - weights.max())
    return chances / chances.sum()


@settings(max_examples=50, deadline=None)
@given(rates, services, counts, st.floats(0.02, 10))
def test_with_patience_it_is_the_chain(
    arrivals: float, service: float, servers: int, patience: float
) -> None:
    queue = erlang_a(arrivals, service, servers, patience)
    chances = chain(arrivals, service, servers, patience)
    waiting = np.maximum(np.arange(len(chances)) - servers, 0) @ chances
    assert queue.waits == pytest.approx(chances[servers:].sum(), rel=1e-9, abs=1e-15)
    assert queue.mean_wait == pytest.approx(waiting / arrivals, rel=1e-9, abs=1e-15)
    served = np.minimum(np.arange(len(chances)), servers) @ chances / service
    assert 1 - queue.abandons == pytest.approx(served / arrivals, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(rates, services, counts, st.floats(0.05, 4), st.floats(0.05, 3))
def test_longer_waits_are_those_of_the_chain(
    arrivals: float, service: float, servers: int, patience: float, times: float
) -> None:
    """A call with k ahead starts when k + 1 have left the line, one by one."""
    queue = erlang_a(arrivals, service, servers, patience)
    wait = times * service
    chances = chain(arrivals, service, servers, patience)[servers : servers + 500]
    # The line ahead dies out at rates servers / service + j / patience: uniformised steps.
    rates_out = servers / service + np.arange(len(chances)) / patience
    fastest = rates_out[-1]
    state, weight, still = chances.copy(), np.exp(-fastest * wait), 0.0
    if fastest * wait > 600:
        return  # too many steps for a test
    for step in range(1, 3000):
        still += weight * state.sum()
        state = state * (1 - rates_out / fastest) + np.append(
            (state * rates_out / fastest)[1:], 0.0
        )
        weight *= fastest * wait / step
        if step > fastest * wait and weight < 1e-18:
            break
    expected = still * np.exp(-wait / patience)
    assert queue.longer_than(wait) == pytest.approx(expected, rel=1e-6, abs=1e-10)


@settings(max_examples=50, deadline=None)
@given(rates, services, counts, patiences)
def test_more_servers_and_fewer_calls_never_hurt(
    arrivals: float, service: float, servers: int, patience: float
) -> None:
    here = erlang_a(arrivals, service, servers, patience)
    for better in (
        erlang_a(arrivals, service, servers + 1, patience),
        erlang_a(arrivals * 0.9, service, servers, patience),
    ):
        assert better.waits <= here.waits * (1 + 1e-9)
        assert better.mean_wait <= here.mean_wait * (1 + 1e-9)
        assert better.abandons <= here.abandons * (1 + 1e-9)
        assert better.longer_than(service) <= here.longer_than(service) * (1 + 1e-9) + 1e-15


@settings(max_examples=50, deadline=None)
@given(rates, services, counts, patiences)
def test_shares_are_shares_and_fall_with_time(
    arrivals: float, service: float, servers: int, patience: float
) -> None:
    queue = erlang_a(arrivals, service, servers, patience)
    longer = [queue.longer_than(wait) for wait in np.linspace(0, 5 * service, 12)]
    assert longer[0] == pytest.approx(queue.waits)
    assert all(0 <= later <= sooner + 1e-12 for sooner, later in pairwise(longer))
    within = [queue.served_within(wait) for wait in (0.0, service, 60 * (patience + service))]
    assert all(sooner <= later + 1e-12 for sooner, later in pairwise(within))
    assert within[-1] == pytest.approx(1 - queue.abandons, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(rates, services, counts)
def test_long_patience_is_erlang_c_and_none_is_erlang_b(
    arrivals: float, service: float, servers: int
) -> None:
    plain = erlang_c(arrivals, service, servers)
    nearly = [erlang_a(arrivals, service, servers, 10.0**power) for power in (3, 6, 9)]
    if plain.load < 0.95 * servers:
        distances = [abs(queue.mean_wait - plain.mean_wait) for queue in nearly]
        assert distances[2] <= distances[0] + 1e-12
        assert nearly[2].waits == pytest.approx(plain.waits, rel=1e-4)
        assert nearly[2].longer_than(service) == pytest.approx(
            plain.longer_than(service), rel=1e-4, abs=1e-12
        )
    hasty = erlang_a(arrivals, service, servers, 1e-9)
    assert hasty.abandons == pytest.approx(erlang_b(plain.load, servers), rel=1e-4, abs=1e-9)


def test_hundreds_of_servers_overflow_nothing() -> None:
    assert 0 < erlang_b(990, 1000) < 0.03
    assert 0 < erlang_c(990, 1.0, 1000).waits < 1
    assert isclose(erlang_a(3000, 1.0, 1000, 5.0).abandons, 2 / 3, rel_tol=1e-3)
    assert isclose(erlang_a(3000, 1.0, 1000, 1e9).mean_wait, 2e9 / 3, rel_tol=1e-3)
    assert erlang_a(300, 1.0, 700, 1e9).waits < 1e-60


@settings(max_examples=50, deadline=None)
@given(rates, services, st.floats(0.01, 2), st.floats(0.5, 0.99), st.just(inf) | patiences)
def test_the_fewest_servers_are_enough_and_one_less_is_not(
    arrivals: float, service: float, within: float, share: float, patience: float
) -> None:
    servers = servers_for(arrivals, service, within, share, patience=patience)
    assert erlang_a(arrivals, service, servers, patience).served_within(within) >= share
    if servers:
        fewer = erlang_a(arrivals, service, servers - 1, patience)
        assert fewer.served_within(within) < share


@st.composite
def demands(draw: st.DrawFn) -> tuple[Demand, ...]:
    servers = draw(st.integers(2, 6))
    orders = draw(st.lists(st.permutations(range(servers)), min_size=1, max_size=6))
    busy = draw(st.floats(0.1, 0.9))
    shares = [draw(st.floats(0.2, 1.0)) for _ in orders]
    whole = busy * servers / sum(shares)
    return tuple(
        Demand(whole * part, tuple(order)) for part, order in zip(shares, orders, strict=True)
    )


@settings(max_examples=50, deadline=None)
@given(demands(), services)
def test_servers_that_differ_carry_the_same_load(
    demand: tuple[Demand, ...], service: float
) -> None:
    demand = tuple(Demand(kind.rate / service, kind.order) for kind in demand)
    arrivals = sum(kind.rate for kind in demand)
    for found in (hypercube(demand, service), hypercube_approximation(demand, service)):
        assert sum(found.workloads) == pytest.approx(arrivals * service)
        by_kind = [sum(row) for row in found.sent]
        assert by_kind == pytest.approx([kind.rate / arrivals for kind in demand])
        plain = erlang_c(arrivals, service, len(demand[0].order))
        assert found.waits == pytest.approx(plain.waits)


@settings(max_examples=50, deadline=None)
@given(demands())
def test_the_approximation_is_near_the_chain(demand: tuple[Demand, ...]) -> None:
    exact, near = hypercube(demand, 1.0), hypercube_approximation(demand, 1.0)
    assert np.abs(np.subtract(exact.workloads, near.workloads)).max() < 0.06


def test_the_approximation_takes_hundreds_of_servers() -> None:
    orders = [tuple(np.roll(np.arange(300), -first)) for first in range(0, 300, 7)]
    demand = [Demand(6.0, tuple(int(one) for one in order)) for order in orders]
    found = hypercube_approximation(demand, 1.0)
    assert np.mean(found.workloads) == pytest.approx(6.0 * len(orders) / 300)
    assert 0 < min(found.workloads) < max(found.workloads) < 1


@pytest.mark.parametrize(
    ("demand", "says"),
    [
        ((), "there are no calls: a rate must be above 0"),
        ((Demand(1.0, (0, 0)),), "the order of kind 0 must have each of 0 to 1 once, it is (0, 0)"),
        ((Demand(2.5, (0, 1)),), "a load of 2.50 is too much for 2 servers"),
        ((Demand(1.0, tuple(range(12))),), "12 servers are too many for the exact chain"),
    ],
)
def test_it_says_what_is_wrong(demand: tuple[Demand, ...], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        hypercube(demand, 1.0)
