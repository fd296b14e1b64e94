"""A year of calls meets a policy; rates fitted to two weeks foretell a third."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from benchmarks.history_read import Run, run
from benchmarks.machine import machine
from benchmarks.scale import invent
from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.demand import calls_of, fit_rates
from lamplighter.rehearsal.demand import rates as fitted

# Two of five rows were started by officers.
ROWS = 840_000
CALLS = 500_000
MOST_CORE_SECONDS = 10.0
REAL = Path(__file__).parents[2] / "shared" / "data" / "calls" / "milwaukee_calls.csv.gz"
WEEK = 7 * 1440.0

Counts = npt.NDArray[np.float64]

MEET = """
import sys, time
from lamplighter.policy import read_policy, shipped_policy
from lamplighter.rehearsal.demand import calls_of, fit_rates
policy = read_policy(shipped_policy("first_response"))
began = time.process_time()
calls = calls_of(sys.argv[1], policy).calls
met = time.process_time()
model = fit_rates(calls)
fit = time.process_time()
year = model.draw(365, 1, calls.start)
drawn = time.process_time()
print(len(calls), met - began, fit - met, len(year), drawn - fit)
"""


def main() -> None:
    """Measure the calls of a year in a fresh process, then how well rates foretell."""
    print(f"machine: {machine()}")
    with TemporaryDirectory() as folder:
        invent(Path(folder), ROWS)
        (history,) = Path(folder).iterdir()
        took, said = _run(str(history))
    calls, met, fit, drawn, draw = said
    print(
        f"{calls:,.0f} calls of {ROWS:,} rows meet first response: {met:.1f} core-seconds "
        f"({met / MOST_CORE_SECONDS:.2f} of the {MOST_CORE_SECONDS:.0f} allowed), loading of "
        f"compiled loops included; {took.megabytes:,.0f} MB at the peak of the process"
    )
    print(f"rates fitted in {fit:.2f} core-seconds, a year of {drawn:,.0f} drawn in {draw:.2f}")
    if REAL.is_file():
        foretold()


def _run(history: str) -> tuple[Run, list[float]]:
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        took = run(f"import sys\nsys.stdout = open({str(said)!r}, 'w')\n{MEET}", history)
        return took, [float(word) for word in said.read_text().split()]


def foretold() -> None:
    """The log likelihood of each of three weeks of Milwaukee under rates from the two others."""
    from lamplighter.history import read_history
    from lamplighter.policy import read_policy, shipped_policy

    with TemporaryDirectory() as folder:
        history = Path(folder) / "milwaukee.parquet"
        read_history(REAL, "milwaukee", history, now=datetime(2026, 1, 1, tzinfo=UTC))
        calls = calls_of(history, read_policy(shipped_policy("first_response"))).calls
    flat = _likelihood(
        calls, lambda some: np.repeat(_counts(some).mean(axis=1), 168).reshape(-1, 168) / 2
    )
    raw = _likelihood(calls, lambda some: _counts(some) / 2)
    print("log likelihood of a week of Milwaukee, by nature and hour, from the two others:")
    print(f"  one rate a nature {flat:,.0f}; each hour of the week by itself {raw:,.0f}")
    for of_day, of_week in ((0, 2000), (20, 2000), (50, 500), (50, 2000), (50, 8000), (200, 2000)):
        kept = fitted.LEAN_OF_DAY, fitted.LEAN_OF_WEEK
        fitted.LEAN_OF_DAY, fitted.LEAN_OF_WEEK = float(of_day), float(of_week)
        found = _likelihood(calls, lambda some: fit_rates(some).rates.per_hour)
        mark = "  (used)" if kept == (of_day, of_week) else ""
        fitted.LEAN_OF_DAY, fitted.LEAN_OF_WEEK = kept
        print(f"  leaning on {of_day} calls of the day, {of_week} of the week: {found:,.0f}{mark}")


def _likelihood(calls: Calls, rates_of) -> float:  # type: ignore[no-untyped-def]
    """Of all three weeks, but for the hours in which the file has a hole."""
    first = int(calls.hour_of_week[0])
    holes = fit_rates(calls).rates.holes
    total = 0.0
    for week in range(3):
        seen = np.ones(HOURS_OF_WEEK)
        for begin, end in holes:
            for hour in range(int(begin // 60), int(-(-end // 60))):
                if hour // HOURS_OF_WEEK == week:
                    seen[(hour + first) % HOURS_OF_WEEK] = 0
        rates = np.maximum(rates_of(_weeks(calls, [w for w in range(3) if w != week])), 1e-9)
        told = _counts(_weeks(calls, [week]))
        total += float(((told * np.log(rates) - rates) * seen).sum())
    return total


def _weeks(calls: Calls, kept: list[int]) -> Calls:
    """Only these weeks, as if they had followed each other."""
    week = (calls.minute // WEEK).astype(int)
    inside = np.isin(week, kept)
    some = calls.only(inside)
    back = week[inside] - np.searchsorted(kept, week[inside])
    return replace(some, minute=some.minute - WEEK * back, days=7.0 * len(kept))


def _counts(calls: Calls) -> Counts:
    found = np.zeros((len(calls.natures) + 1, HOURS_OF_WEEK))
    np.add.at(found, (calls.nature, calls.hour_of_week), 1.0)
    return found


if __name__ == "__main__":
    sys.exit(main())
