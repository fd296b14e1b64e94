"""A search for a staffing: scenarios of a year of 500,000 calls and 60 units, on two cores.

The limit is 1,000 scenarios of that year in 10 minutes: 0.6 s a scenario with two at a time, so
that one may take 1.2 s of a core. Each search is made again from its file, which shows what going
on costs.
`python -m benchmarks.staffing` searches with at most 100 scenarios; `python -m benchmarks.staffing
long` with at most 1,000, and with 36 places to choose bases from.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.machine import machine
from lamplighter.rehearsal.calls import HOURS_OF_WEEK, NOT_TOLD, Calls
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.staffing import Base, Staffing, Target, find_staffing
from lamplighter.rehearsal.teams import Kind, Law, Minutes, Shift, Step, Teams, Units

YEAR = 365
CALLS_A_YEAR = 500_000
A_SCENARIO = 0.6  # seconds: 1,000 in 10 minutes
OF_A_CORE = 1.2  # seconds, of two cores
EVERY_DAY = frozenset(range(7))
MIDDLE = (43.04, -87.93)
SPREAD = 0.06  # degrees from the middle to the edge
TARGET = Target(0.9, 20, 0.05)


def draw_calls(days: int) -> Calls:
    """Calls of two natures all over a city, three times as many by day as by night."""
    random = np.random.default_rng(2026)
    week = np.tile([1.0] * 7 + [2.0] * 3 + [3.0] * 10 + [2.0] * 4, 7)
    hours = np.arange(days * 24)
    rates = week[hours % HOURS_OF_WEEK] / week.mean() * CALLS_A_YEAR / (YEAR * 24)
    counts = random.poisson(rates)
    minute = np.sort(np.repeat(hours * 60.0, counts) + 60 * random.random(counts.sum()))
    number = len(minute)
    return Calls(
        start=datetime(2026, 1, 5, tzinfo=UTC),
        days=float(days),
        time_zone="UTC",
        minute=minute,
        hour_of_week=(minute // 60 % HOURS_OF_WEEK).astype(np.int16),
        nature=(random.random(number) < 0.3).astype(np.int16),
        area=np.full(number, NOT_TOLD, np.int16),
        latitude=MIDDLE[0] + random.uniform(-SPREAD, SPREAD, number),
        longitude=MIDDLE[1] + random.uniform(-SPREAD, SPREAD, number),
        responder=np.zeros(number, np.int16),
        priority=random.integers(1, 4, number).astype(np.int8),
        target=np.full(number, 20, np.float32),
        backup=np.full(number, NOT_TOLD, np.int16),
        natures=("welfare_check", "trespass"),
        areas=(),
        responders=("community",),
        backups=(),
    )


def make_teams() -> Teams:
    """Three shifts at four bases, 60 units when all are busiest."""
    scene = Step(
        Minutes(Law.PERCENTILES, (0, 5, 10, 22, 40, 62, 90), (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1))
    )
    community = Kind(
        "community",
        {"en": "Community team"},
        ("community",),
        takes_over="police",
        waits_at_most=45.0,
        to_leave=Step(Minutes(Law.FIXED, (2.0,))),
        on_scene=scene,
        write_up=Step(Minutes(Law.FIXED, (10.0,))),
    )
    police = Kind("police", {"en": "Police"}, ("police",), unlimited=True, armed=True)
    shifts = (
        Shift(EVERY_DAY, time(7), time(15), number=15),
        Shift(EVERY_DAY, time(15), time(23), number=15),
        Shift(EVERY_DAY, time(23), time(7), next_day=True, number=15),
    )
    units = tuple(
        Units(f"base {number}", "community", shifts, base)
        for number, base in enumerate(corners(0.03), start=1)
    )
    return Teams("bench", "", {"community": community, "police": police}, units)


def corners(away: float) -> list[tuple[float, float]]:
    north, east = MIDDLE
    return [(north + a * away, east + b * away) for a in (-1, 1) for b in (-1, 1)]


def search(most: int, *, grid: int | None = None) -> None:
    """One search, then the same again from its file."""
    calls, teams = draw_calls(YEAR), make_teams()
    start = perf_counter()
    simulate(calls, teams, seed=1)
    alone = perf_counter() - start
    bases = None
    if grid:
        steps = np.linspace(-0.05, 0.05, grid)
        bases = [
            Base(f"{row}-{column}", (MIDDLE[0] + float(north), MIDDLE[1] + float(east)))
            for row, north in enumerate(steps)
            for column, east in enumerate(steps)
        ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "search.jsonl"
        times = []
        for _ in range(2):
            start, worked = perf_counter(), process_time()
            found = find_staffing(
                calls,
                teams,
                TARGET,
                bases=bases,
                replications=5,
                most_scenarios=most,
                resume=file,
            )
            times.append((perf_counter() - start, process_time() - worked))
    tell(f"{len(calls):,} calls, {grid * grid if grid else 4} bases", found, times, alone)


def tell(what: str, found: Staffing, times: list[tuple[float, float]], alone: float) -> None:
    (first, worked), (again, _) = times
    each, core = first / found.scenarios, worked / found.scenarios
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {what:30} {found.scenarios} scenarios of {found.plans} plans in {first:.1f} s: "
        f"{each:.3f} s each, {each / A_SCENARIO:.2f}x of the limit {A_SCENARIO} s\n"
        f"  {'':30} {core:.3f} s of a core each, {core / OF_A_CORE:.2f}x of {OF_A_CORE} s; "
        f"one run alone {alone:.3f} s; again from the file {again:.1f} s; {memory:.0f} MB"
    )
    best = found.best
    if best is not None:
        print(
            f"  {'':30} {found.ended}: {best.unit_hours:.0f} unit-hours a week "
            f"(Erlang's start {found.start.unit_hours:.0f}), {best.within.mean:.1%} within "
            f"{found.target.minutes:g} min, {best.fall_back.mean:.1%} fall back, "
            f"busy {best.busy.mean:.0%}",
            flush=True,
        )


def main() -> None:
    print(machine())
    simulate(draw_calls(1), make_teams(), seed=1)  # the compiler's time is not the search's
    if "long" in sys.argv[1:]:
        search(1000, grid=6)
    else:
        search(100)


if __name__ == "__main__":
    main()
