"""Counting 1 to 50 million calls for replay and rates: seconds and memory as they grow."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history_read import Run, run
from benchmarks.machine import machine

MILLIONS = (1, 2, 5, 10, 20, 50)
ON_SPARK = (1, 10)
# A nation's year of 240 million calls in 20 core-minutes.
MOST_CORE_SECONDS = 5.0
_PART = 5_000_000
_NATION = 240_000_000

COUNT = """
import sys
from lamplighter.policy import read_policy, shipped_policy
from lamplighter.rehearsal.scale import count_calls, rates_at_scale, replay_at_scale
policy = read_policy(shipped_policy("first_response"))
counted = count_calls(sys.argv[1], policy, engine=sys.argv[2])
replayed, rates = replay_at_scale(policy, counted), rates_at_scale(counted)
assert counted.rows == int(sys.argv[3]), counted.rows
assert replayed.calls + sum(counted.left_out.values()) == counted.rows
print(counted.groups.num_rows)
"""

# Natures, areas and hours as unequal as in a city: some natures are common, some rare, evenings
# are busy. Two of five rows were started by officers.
INVENT = """
COPY (
  WITH drawn AS (
    SELECT i, hash(i * 8 + 1) / pow(2, 64) AS a, hash(i * 8 + 2) / pow(2, 64) AS b,
      hash(i * 8 + 3) / pow(2, 64) AS c, hash(i * 8 + 4) / pow(2, 64) AS d,
      hash(i * 8 + 5) / pow(2, 64) AS e
    FROM range({first}, {last}) AS t(i)
  ), told AS (
    SELECT i, TIMESTAMP '2025-01-01 06:00:00'
        + to_seconds(CAST(365 * floor(a * 86400) / 86400 AS INTEGER) * 86400
        + CAST(86400 * (1 - c * c) AS INTEGER) % 86400) AS moment,
      {natures}[1 + CAST(floor(b * b * {many}) AS INTEGER)] AS nature,
      CAST(1 + CAST(floor(d * d * 200) AS INTEGER) AS VARCHAR) AS area,
      CASE WHEN e < 0.4 THEN 'officer' ELSE 'public' END AS started_by
    FROM drawn
  )
  SELECT CAST(i AS VARCHAR) AS id, CAST(moment AS TIMESTAMPTZ) AS time,
    upper(nature) AS nature_as_written,
    nature, NULL::VARCHAR AS priority, NULL::VARCHAR AS place, NULL::DOUBLE AS latitude,
    NULL::DOUBLE AS longitude, area, started_by, NULL::TIMESTAMPTZ AS dispatched_at,
    NULL::TIMESTAMPTZ AS arrived_at, NULL::TIMESTAMPTZ AS cleared_at, NULL::VARCHAR AS disposition,
    NULL::VARCHAR AS unit
  FROM told
) TO '{path}' (FORMAT parquet, KV_METADATA {{{metadata}}})
"""


@dataclass(frozen=True)
class Measured:
    """What counting so many millions of calls took."""

    millions: int
    groups: int
    run: Run


def main(millions: tuple[int, ...] = MILLIONS, on_spark: tuple[int, ...] = ON_SPARK) -> None:
    """Invent the calls, count them in fresh processes, and print how time and memory grow."""
    print(f"machine: {machine()}")
    with TemporaryDirectory() as folder:
        calls = Path(folder) / "calls"
        calls.mkdir()
        found: list[Measured] = []
        spark: list[Measured] = []
        for million in sorted(millions):
            invent(calls, million * 1_000_000)
            size = sum(part.stat().st_size for part in calls.iterdir()) / 1e6
            found.append(measure(calls, "duckdb", million))
            told(found[-1], f"DuckDB, {size:,.0f} MB of Parquet")
            if million in on_spark:
                spark.append(measure(calls, "spark", million))
                # Spark works in a process of its own, whose cores and memory are not counted.
                print(f"    Spark, on this machine: {spark[-1].run.seconds:.1f} s by the clock")
    growth(found)


def invent(folder: Path, rows: int) -> None:
    """Write parts until there are so many calls; parts that are there stay."""
    import duckdb

    from lamplighter.history import HistoryInfo, natures
    from lamplighter.history.shape import metadata_of

    metadata = metadata_of(HistoryInfo(1, "Anytown", "America/Chicago", "invented", "0"))
    told = ", ".join(f"'{name}': '{value}'" for name, value in metadata.items())
    names = [nature.code for nature in natures()]
    have = sum(int(part.stem.partition("-")[2]) for part in folder.iterdir())
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    while have < rows:
        last = min(have + _PART, rows)
        part = folder / f"{have}-{last - have}.parquet"
        connection.execute(
            INVENT.format(
                first=have, last=last, natures=names, many=len(names), path=part, metadata=told
            )
        )
        have = last


def measure(calls: Path, engine: str, million: int) -> Measured:
    """Count in a fresh process; start-up counts."""
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        code = f"import sys\nsys.stdout = open({str(said)!r}, 'w')\n{COUNT}"
        took = run(code, str(calls), engine, str(million * 1_000_000))
        return Measured(million, int(said.read_text()), took)


def told(one: Measured, how: str) -> None:
    each = one.run.cpu_seconds / one.millions
    print(
        f"{one.millions:>3} million calls, {how}: {one.run.cpu_seconds:.1f} core-seconds "
        f"({each:.2f} a million, {each / MOST_CORE_SECONDS:.2f} of the {MOST_CORE_SECONDS:.0f} "
        f"allowed), {one.run.seconds:.1f} s by the clock, {one.run.megabytes:,.0f} MB at its "
        f"peak, {one.groups:,} groups",
        flush=True,
    )


def growth(found: list[Measured]) -> None:
    """What a million more takes, once there are many; and what a nation's year would take."""
    if len(found) < 2:
        return
    first, last = found[0], found[-1]
    more = last.millions - first.millions
    cpu = (last.run.cpu_seconds - first.run.cpu_seconds) / more
    seconds = (last.run.seconds - first.run.seconds) / more
    print(
        f"each million more, from {first.millions} to {last.millions}: {seconds:.2f} s, {cpu:.2f} "
        f"core-seconds; {_NATION / 1e6:.0f} million: {cpu * _NATION / 1e6 / 3600:.2f} core-hours"
    )


if __name__ == "__main__":
    main(tuple(int(one) for one in sys.argv[1:]) or MILLIONS)
