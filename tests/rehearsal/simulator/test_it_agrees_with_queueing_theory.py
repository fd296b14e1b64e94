"""Waits, losses and workloads against Erlang's formulas and the hypercube model.

Each of 14 settings is run in ten replications of 25,000 calls, the first day cut off. A figure of
the formulas must lie in the 95 % interval that the replications give. Of 34 figures a right
simulator leaves 1.7 outside on average, and more than five once in a hundred choices of seeds;
none may lie outside of the 99.99 % interval, which one of the 34 does once in 300 choices. The
seeds are the first that were tried once every setting had its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import pytest

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Run, Status
from lamplighter.rehearsal.queueing import erlang_a, erlang_b, erlang_c
from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.teams import Law, Minutes, Teams, Travel
from tests.rehearsal.simulator.scenarios import (
    ALWAYS,
    exponential,
    make_calls,
    make_kind,
    make_teams,
    make_units,
)

SEED = 2026
REPLICATIONS = 10
CALLS = 25_000
FIRST_DAY = 1440.0
T_95, T_9999 = 2.262, 6.594  # Student's t, nine degrees of freedom

# Calls a minute, minutes of service, servers.
ALL_WAIT = [
    (6.8, 1.0, 8),
    (0.5, 1.0, 1),
    (0.8, 1.0, 1),
    (1.5, 1.0, 2),
    (2.4, 1.0, 3),
    (1.0, 4.0, 5),
    (0.5, 20.0, 12),
    (0.7, 20.0, 20),
]
# And minutes of patience.
SOME_GIVE_UP = [(1.2, 1.0, 1, 2.0), (4.0, 1.0, 3, 1.0), (0.5, 20.0, 10, 10.0), (2.0, 5.0, 8, 3.0)]
NONE_WAITS = [(6.8, 1.0, 8), (0.9, 1.0, 1)]


@dataclass(frozen=True)
class Figure:
    """A figure of the formulas, and how many standard errors the simulation lies from it."""

    what: str
    expected: float
    found: float
    off: float


def random_calls(rate: float, *seed: int) -> Calls:
    """A day and 25,000 calls at random (Poisson), so many a minute."""
    days = CALLS / rate / 1440 + 1
    gaps = np.random.default_rng([SEED, *seed]).exponential(1 / rate, int(rate * days * 1800))
    minute = np.cumsum(gaps)
    return make_calls(minute[minute < days * 1440], days)


def teams_of(servers: int, mean: float, **more: object) -> Teams:
    kind = make_kind(on_scene=exponential(mean), **more)
    return make_teams([kind], [make_units("team", replace(ALWAYS, number=servers))])


def measure(setting: int, rate: float, teams: Teams) -> list[tuple[Run, np.ndarray, np.ndarray]]:
    """Runs, their calls after the first day, and the waits of those calls."""
    found = []
    for replication in range(REPLICATIONS):
        calls = random_calls(rate, setting, replication)
        run = simulate(calls, teams, seed=SEED + setting, replication=replication)
        late = calls.minute > FIRST_DAY
        found.append((run, late, (run.dispatched - calls.minute)[late]))
    return found


def figure(what: str, expected: float, found: list[float]) -> Figure:
    error = float(np.std(found, ddof=1)) / sqrt(len(found))
    mean = float(np.mean(found))
    return Figure(what, expected, mean, abs(mean - expected) / error)


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    made: list[Figure] = []
    for setting, (rate, mean, servers) in enumerate(ALL_WAIT):
        theory, name = erlang_c(rate, mean, servers), f"{rate} {mean} {servers}"
        runs = measure(setting, rate, teams_of(servers, mean))
        # Calls that still wait at the end, no more than a few of thousands, are left out.
        made += [
            figure(f"{name} wait", theory.mean_wait, [np.nanmean(wait) for _, _, wait in runs]),
            figure(f"{name} waits", theory.waits, [np.mean(wait > 0) for _, _, wait in runs]),
            figure(f"{name} busy", theory.busy, [_busy(run) for run, _, _ in runs]),
        ]
    for setting, (rate, mean, servers, patience) in enumerate(SOME_GIVE_UP, 100):
        theory, name = (
            erlang_a(rate, mean, servers, patience),
            f"{rate} {mean} {servers} {patience}",
        )
        gives_up = Minutes(Law.EXPONENTIAL, (patience,))
        runs = measure(setting, rate, teams_of(servers, mean, patience=gives_up))
        lost = [np.mean(run.status[late] == Status.WITHDRAWN) for run, late, _ in runs]
        soon = [np.mean(wait <= patience / 2) for _, _, wait in runs]
        made += [
            figure(f"{name} lost", theory.abandons, lost),
            figure(f"{name} soon", theory.served_within(patience / 2), soon),
        ]
    for setting, (rate, mean, servers) in enumerate(NONE_WAITS, 200):
        runs = measure(setting, rate, teams_of(servers, mean, waits_at_most=0.0))
        lost = [np.mean(run.status[late] == Status.UNSERVED) for run, late, _ in runs]
        made.append(figure(f"{rate} {mean} {servers} lost", erlang_b(rate * mean, servers), lost))
    return made


def _busy(run: Run) -> float:
    return float(run.busy.sum() / run.on_duty.sum())


def test_what_erlang_says_lies_in_the_intervals(figures: list[Figure]) -> None:
    outside = [one for one in figures if one.off > T_95]
    assert len(figures) == 34
    assert len(outside) <= 5, outside
    assert not [one for one in figures if one.off > T_9999]


def test_workloads_where_each_kind_of_call_has_its_order_of_units() -> None:
    """Larson and Odoni, Urban Operations Research, 5.4: 0.5574, 0.4734, 0.4693.

    The order of preference is that of the way: a unit at its base is the nearer, the earlier it
    stands in the order. A thousandth of a second is a way that does not count. The standard
    error of a workload is 0.0004 over these 2,700,000 calls, so that 0.003 is missed by chance
    less than once in a million.
    """
    orders = {"a": (1, 2, 3), "b": (1, 3, 2), "c": (2, 1, 3), "d": (3, 1, 2)}
    rates = {"a": 0.50, "b": 0.25, "c": 0.35, "d": 0.40}
    areas = ("1", "2", "3", *orders)
    near = {
        (str(unit), area): place for area, all_ in orders.items() for place, unit in enumerate(all_)
    }
    matrix = tuple(
        tuple(1e-5 * (1 + near.get((start, goal), 0)) for goal in areas) for start in areas
    )
    days, generator = 250.0, np.random.default_rng(SEED)
    minute = np.cumsum(generator.exponential(1 / 1.5, int(days * 1440 * 1.5 * 1.02)))
    minute = minute[minute < days * 1440]
    area = generator.choice(4, len(minute), p=[rates[one] / 1.5 for one in orders]) + 3
    calls = make_calls(minute, days, area=area, areas=areas)
    teams = make_teams(
        [make_kind(on_scene=exponential(1.0))],
        [make_units(name=str(unit), areas=None, base=(40.0 + unit, -87.0)) for unit in (1, 2, 3)],
        Travel(areas=areas, matrix=matrix),
    )
    # The area of a base is that of the next call: one call at each base says which.
    calls = _with_bases(calls)
    runs = simulate_many(calls, teams, seed=SEED, replications=5)
    loads = np.mean([run.busy.sum(axis=1) / run.on_duty.sum(axis=1) for run in runs], axis=0)
    np.testing.assert_allclose(loads, [0.5574, 0.4734, 0.4693], atol=0.003)


def _with_bases(calls: Calls) -> Calls:
    """The first three calls come from the bases."""
    calls.area[:3] = [0, 1, 2]
    calls.latitude[:3], calls.longitude[:3] = [41.0, 42.0, 43.0], -87.0
    return calls
