"""Reading a million calls: seconds and memory of `read_history`, beside a plain DuckDB copy."""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import machine

ROWS = 1_000_000
MOST_SECONDS = 10.0
MOST_MEGABYTES = 1_000.0
SEED = 20180501

OURS = """
import sys
from datetime import UTC, datetime
from lamplighter.history import read_history
report = read_history(sys.argv[1], "milwaukee", sys.argv[2], now=datetime(2026, 1, 1, tzinfo=UTC))
assert report.rows_read == report.rows_kept == int(sys.argv[3]), report
"""

PEER = """
import sys, duckdb
duckdb.sql("SET enable_progress_bar = false")
duckdb.sql(f"COPY (FROM read_csv('{sys.argv[1]}', all_varchar = true)) TO '{sys.argv[2]}'")
"""


@dataclass(frozen=True)
class Run:
    """How long a fresh process took by the clock and by its CPU time, and its peak of memory."""

    seconds: float
    cpu_seconds: float
    megabytes: float


def main(rows: int = ROWS) -> None:
    """Write the calls, read them with both, and print the figures with their ratios."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "calls.csv"
        write_calls(source, rows)
        size = source.stat().st_size / 1e6
        ours = run(OURS, str(source), f"{folder}/ours.parquet", str(rows))
        peer = run(PEER, str(source), f"{folder}/peer.parquet")
    print(f"machine: {machine()}")
    print(f"data: {rows:,} invented calls in Milwaukee's form, {size:.0f} MB of CSV")
    print(
        f"history read: {ours.seconds:.1f} s ({ours.seconds / MOST_SECONDS:.2f} of the "
        f"{MOST_SECONDS:.0f} s allowed; {ours.cpu_seconds:.1f} s of CPU), "
        f"{ours.megabytes:.0f} MB at its peak "
        f"({ours.megabytes / MOST_MEGABYTES:.2f} of the {MOST_MEGABYTES:,.0f} MB allowed)"
    )
    print(
        f"peer: DuckDB {version('duckdb')} copying the texts as they are: {peer.seconds:.1f} s "
        f"({peer.cpu_seconds:.1f} s of CPU), {peer.megabytes:.0f} MB; "
        f"history read takes {ours.seconds / peer.seconds:.1f} times its time and "
        f"{ours.megabytes / peer.megabytes:.1f} times its memory, and also types, maps, checks "
        "and sorts the calls"
    )


def write_calls(path: Path, rows: int) -> None:
    """Write invented calls with Milwaukee's columns and codes."""
    from lamplighter.history import load_layout

    chance = random.Random(SEED)
    codes = sorted(code for rule in load_layout("milwaukee").rules for code in rule.codes or ())
    endings = ("Advised", "Assignment Completed", "Service in Progress", "To be Filed")
    streets = [f"{side} {number}TH ST" for side in "NS" for number in range(4, 100)]
    start = datetime(2018, 1, 1)  # noqa: DTZ001 - a wall clock, as in the city's files
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,time,location,latitude,longitude,district,nature,status\r\n")
        for number in range(rows):
            moment = start + timedelta(seconds=chance.randrange(365 * 24 * 3600))
            place = f"{chance.randrange(100, 9999)} {chance.choice(streets)},MKE"
            file.write(
                f'{1_000_000 + number},{moment},"{place}",{chance.uniform(42.92, 43.19):.7f},'
                f"{chance.uniform(-88.07, -87.87):.7f},{chance.randrange(1, 8)},"
                f"{chance.choice(codes)},{chance.choice(endings)}\r\n"
            )


def run(code: str, *arguments: str) -> Run:
    """Run the code in a fresh Python process; start-up counts."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status != 0:
        raise SystemExit(f"The reading ended with status {status}: see above.")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu_seconds, usage.ru_maxrss * _bytes_per_unit() / 1e6)


def _bytes_per_unit() -> int:
    return 1 if sys.platform == "darwin" else 1024


if __name__ == "__main__":
    main()
