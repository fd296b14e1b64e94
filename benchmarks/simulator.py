"""The simulator: a year of a city, and events a second against SimPy and Ciw on the same queue.

The queue is M/M/8 at 85 % load. A call that arrives and a call that is over are two events for
each of the three, whatever they count themselves (SimPy schedules six for a call), so that the
ratio is that of calls a second. All find the mean wait that Erlang's formula gives. Seconds are
those of the processor: each plays in one thread. When calls come in is drawn before for us and
SimPy; Ciw draws it. `tools/get_peers.sh` installs the peers apart from the environment.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from time import perf_counter, process_time

import numpy as np

from benchmarks.machine import machine
from benchmarks.peers import PEERS
from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.queueing import erlang_c
from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.summary import summarise
from lamplighter.rehearsal.teams import (
    Kind,
    Law,
    Minutes,
    Share,
    Shift,
    Step,
    Teams,
    Travel,
    Units,
)

CALLS_A_YEAR = 500_000
UNITS = 60
LIMIT_SECONDS, LIMIT_MB, LIMIT_TIMES = 1.0, 500, 100
RATE, SERVERS = 6.8, 8
OURS, THEIRS = 1_000_000, 100_000
ALWAYS = Shift(frozenset(range(7)), time(0), time(0), next_day=True)


def calls_at(minute: np.ndarray, days: float, places: int = 0, seed: int = 1) -> Calls:
    """Calls at these minutes; with `places`, of so many areas of a city of 20 by 20 km."""
    generator, count = np.random.default_rng(seed), len(minute)
    spread = generator.uniform(-0.09, 0.09, (2, count)) if places else np.full((2, count), np.nan)
    return Calls(
        start=datetime(2026, 1, 1, 6, tzinfo=UTC),
        days=days,
        time_zone="America/Chicago",
        minute=minute,
        hour_of_week=((minute // 60 + 72) % 168).astype(np.int16),
        nature=generator.integers(0, 12, count, np.int16),
        area=generator.integers(0, max(places, 1), count, np.int16),
        latitude=43.0 + spread[0],
        longitude=-87.9 + spread[1],
        responder=generator.choice(3, count, p=[0.25, 0.1, 0.65]).astype(np.int16),
        priority=generator.integers(1, 5, count, np.int8),
        target=np.full(count, 20, np.float32),
        backup=generator.integers(-1, 2, count, np.int16),
        natures=tuple(f"nature {number}" for number in range(12)),
        areas=tuple(f"area {number}" for number in range(max(places, 1))),
        responders=("team", "co_response", "police"),
        backups=("none", "with_team"),
    )


def city() -> Teams:
    """Sixty units at six bases in three shifts, with breaks, backup, rides and police beside."""
    points = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)
    on_scene = Step(
        Minutes(Law.PERCENTILES, (2.0, 5.0, 10.0, 22.0, 40.0, 62.0, 78.0, 150.0), points)
    )
    leave, write_up = Step(Minutes(Law.EXPONENTIAL, (1.5,))), Step(Minutes(Law.LOGNORMAL, (6, 0.5)))
    team = Kind(
        "team",
        {},
        ("team",),
        takes_over="police",
        waits_at_most=30.0,
        to_leave=leave,
        on_scene=on_scene,
        write_up=write_up,
        transport_share=Share(0.2),
        transport=on_scene,
        backup_share=Share(0.02),
        backup_kind="officer",
        backup_on_scene=write_up,
        stands_down_share=Share(0.03),
        minutes_if_police=on_scene,
    )
    officer = Kind("officer", {}, (), armed=True, to_leave=leave, on_scene=on_scene)
    co_response = Kind(
        "co_response",
        {},
        ("co_response",),
        together_with="officer",
        takes_over="police",
        waits_at_most=30.0,
        patience=Minutes(Law.EXPONENTIAL, (90.0,)),
        to_leave=leave,
        on_scene=on_scene,
        write_up=write_up,
    )
    police = Kind(
        "police", {}, ("police",), unlimited=True, armed=True, to_arrive=leave, on_scene=on_scene
    )
    shifts = [
        Shift(ALWAYS.days, time(begins), time((begins + 8) % 24), begins == 16, 1, 30.0, 180.0)
        for begins in (0, 8, 16)
    ]
    units = [
        Units(
            f"{kind} {base} {number}",
            kind,
            tuple(shifts),
            (42.94 + 0.03 * base, -87.96 + 0.03 * (base % 3)),
            roams=number % 2 == 1,
        )
        for base in range(6)
        for kind, count in (("team", 5), ("officer", 2), ("co_response", 3))
        for number in range(count)
    ]
    kinds = {kind.name: kind for kind in (team, officer, co_response, police)}
    travel = Travel(speed_km_h=tuple(28.0 + 6 * (hour < 6) for hour in range(24)))
    return Teams("benchmark", "", kinds, tuple(units), travel, second_unit={"with_team": "officer"})


def best(
    work: Callable[[], object], times: int = 5, clock: Callable[[], float] = perf_counter
) -> float:
    taken = []
    for _time in range(times):
        start = clock()
        work()
        taken.append(clock() - start)
    return min(taken)


def a_year() -> None:
    """A year of 500,000 calls: the whole of `simulate`, compiling teams and calls included."""
    minute = np.sort(np.random.default_rng(1).uniform(0, 365 * 1440, CALLS_A_YEAR))
    calls, teams = calls_at(minute, 365.0, places=80), city()
    few = calls.only(range(10))
    start = perf_counter()
    simulate(few, teams, seed=1)
    print(f"  first use, which compiles or loads      {perf_counter() - start:8.2f} s")
    seconds = best(lambda: simulate(calls, teams, seed=1))
    run = simulate(calls, teams, seed=1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  a year, {len(calls):,} calls, {len(run.unit_names)} units    {seconds:8.2f} s "
        f"(limit {LIMIT_SECONDS:.0f} s), {run.events / seconds:,.0f} events a second"
    )
    print(f"  memory at most, Python and numba in it {memory:9.0f} MB (limit {LIMIT_MB} MB)")
    runs = simulate_many(calls, teams, seed=1, replications=2)
    pair = best(lambda: simulate_many(calls, teams, seed=1, replications=2), 3)
    print(f"  two replications in two threads         {pair:8.2f} s")
    start = perf_counter()
    summarise(calls, teams, runs)
    print(f"  summary of two replications             {perf_counter() - start:8.2f} s")


def ours(count: int) -> tuple[float, float]:
    """Seconds and mean wait of the queue with us."""
    days = count / RATE / 1440
    gaps = np.random.default_rng(2).exponential(1 / RATE, int(count * 1.01))
    minute = np.cumsum(gaps)[:count]
    calls = calls_at(minute, max(days, minute[-1] / 1440 + 1e-6))
    kind = Kind("team", {}, calls.responders, on_scene=Step(Minutes(Law.EXPONENTIAL, (1.0,))))
    shift = Shift(ALWAYS.days, ALWAYS.begins, ALWAYS.ends, True, SERVERS)
    at_once = Travel(unknown_minutes=Minutes(Law.FIXED, (0.0,)))
    teams = Teams("queue", "", {"team": kind}, (Units("team", "team", (shift,)),), at_once)
    run = simulate(calls, teams, seed=1)
    seconds = best(lambda: simulate(calls, teams, seed=1), 9, process_time)
    return seconds, float(np.nanmean(run.dispatched - calls.minute))


def with_simpy(count: int) -> tuple[float, float]:
    """The same queue as SimPy's own examples write it."""
    import random

    import simpy

    generator, waits = random.Random(2), []
    gaps = [generator.expovariate(RATE) for _call in range(count)]

    def call(env: simpy.Environment, team: simpy.Resource) -> object:
        came = env.now
        with team.request() as request:
            yield request
            waits.append(env.now - came)
            yield env.timeout(generator.expovariate(1.0))

    def source(env: simpy.Environment, team: simpy.Resource) -> object:
        for gap in gaps:
            yield env.timeout(gap)
            env.process(call(env, team))

    start = process_time()
    env = simpy.Environment()
    env.process(source(env, simpy.Resource(env, capacity=SERVERS)))
    env.run()
    return process_time() - start, sum(waits) / len(waits)


def with_ciw(count: int) -> tuple[float, float]:
    """The same queue as a network of one node in Ciw."""
    import ciw

    ciw.seed(2)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[SERVERS],
    )
    start = process_time()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(count, method="Finish")
    taken = process_time() - start
    waits = [one.waiting_time for one in simulation.get_all_records()]
    return taken, sum(waits) / len(waits)


def the_queue() -> None:
    """Events a second on the same queue."""
    seconds, wait = ours(OURS)
    expected = erlang_c(RATE, 1.0, SERVERS).mean_wait
    rate = 2 * OURS / seconds
    print(f"  M/M/8, 85 % load; Erlang's mean wait is {expected:.3f}")
    print(f"  {'lamplighter':12} {rate:14,.0f} events a second, mean wait {wait:.3f}")
    if not PEERS.is_dir():
        print("  the other simulators are not there: run tools/get_peers.sh first")
        return
    sys.path.append(str(PEERS))
    for name, play in (("SimPy", with_simpy), ("Ciw", with_ciw)):
        try:
            taken, waited = min(play(THEIRS) for _time in range(3))
        except ImportError as error:
            print(f"  {name:12} does not run here: {error}")
            continue
        theirs = 2 * THEIRS / taken
        print(
            f"  {name:12} {theirs:14,.0f} events a second, mean wait {waited:.3f}: "
            f"we are {rate / theirs:,.0f} times as fast (limit {LIMIT_TIMES})"
        )


def main() -> None:
    print(machine())
    a_year()
    the_queue()


if __name__ == "__main__":
    main()
