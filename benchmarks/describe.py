"""Looking at large files: seconds of `history describe`, which samples, against its limit."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history_read import ROWS, run, write_calls
from benchmarks.machine import machine

MOST_SECONDS = 5.0
SHEET_ROWS = 200_000
JSON_BYTES = 300_000_000
SEED = 20180502

DESCRIBE = """
import sys
from lamplighter.history.describing import describe_file
proposal = describe_file(sys.argv[1])
found = {guess.field for guess in proposal.columns}
assert {"id", "time", "nature", "latitude", "longitude", "area", "place"} <= found, found
assert proposal.time_zone == "America/Chicago"
"""
PEER = """
import sys, duckdb
duckdb.sql(f"FROM sniff_csv('{sys.argv[1]}')").fetchall()
"""
START = datetime(2018, 1, 1)  # noqa: DTZ001 - a wall clock, as in the city's files


def main() -> None:
    """Write each file, describe it in a fresh process, and print the figures with their ratios."""
    print(f"machine: {machine()}")
    files = (
        (f"CSV of {ROWS:,} rows", "calls.csv"),
        (f"XLSX of {SHEET_ROWS:,} rows", "calls.xlsx"),
        (f"JSON of {JSON_BYTES // 1_000_000} MB", "calls.json"),
    )
    for name, file in files:
        with TemporaryDirectory() as folder:
            path = Path(folder) / file
            # In a process of its own, whose memory does not count as that of those it starts.
            run("import sys; from benchmarks.describe import write; write(sys.argv[1])", str(path))
            size = path.stat().st_size / 1e6
            ours = run(DESCRIBE, str(path))
            peer = run(PEER, str(path)) if file.endswith(".csv") else None
        print(
            f"describe {name} ({size:.0f} MB): {ours.seconds:.1f} s "
            f"({ours.seconds / MOST_SECONDS:.2f} of the {MOST_SECONDS:.0f} s allowed; "
            f"{ours.cpu_seconds:.1f} s of CPU), {ours.megabytes:.0f} MB at its peak"
        )
        if peer:
            print(
                f"peer: DuckDB's sniff_csv, which tells delimiter and types alone: "
                f"{peer.seconds:.1f} s ({peer.cpu_seconds:.1f} s of CPU), {peer.megabytes:.0f} MB"
            )


def write(place: str) -> None:
    """Write the file of a name."""
    path = Path(place)
    if path.suffix == ".csv":
        write_calls(path, ROWS)
    elif path.suffix == ".xlsx":
        write_sheet(path)
    else:
        write_json(path)


def records(chance: random.Random) -> Iterator[dict[str, object]]:
    """Yield invented calls with the columns of Milwaukee's file and some more."""
    from lamplighter.history import load_layout

    codes = sorted(code for rule in load_layout("milwaukee").rules for code in rule.codes or ())
    number = 0
    while True:
        number += 1
        received = START + timedelta(seconds=chance.randrange(365 * 24 * 3600))
        yield {
            "incident_number": f"18-{number:07}",
            "received": received.isoformat(),
            "dispatched": (received + timedelta(seconds=300)).isoformat(),
            "address": f"{chance.randrange(100, 9999)} N {chance.randrange(4, 99)}TH ST",
            "latitude": round(chance.uniform(42.92, 43.19), 6),
            "longitude": round(chance.uniform(-88.07, -87.87), 6),
            "district": chance.randrange(1, 8),
            "priority": chance.randrange(1, 5),
            "nature": chance.choice(codes),
            "status": chance.choice(("Advised", "Assignment Completed", "To be Filed")),
        }


def write_json(path: Path) -> None:
    """Write a list of records on one line, as portals do."""
    with path.open("w", encoding="utf-8") as file:
        size = file.write("[")
        for number, record in enumerate(records(random.Random(SEED))):
            size += file.write("," if number else "") + file.write(json.dumps(record))
            if size > JSON_BYTES:
                break
        file.write("]")


def write_sheet(path: Path) -> None:
    """Write a workbook with a table of SHEET_ROWS rows."""
    from tests.history.invented import xlsx

    table = [list(record.values()) for record in islice(records(random.Random(SEED)), SHEET_ROWS)]
    names = list(next(records(random.Random(SEED))))
    for row in table:
        for column in (1, 2):
            row[column] = datetime.fromisoformat(str(row[column]))
    path.write_bytes(xlsx([names, *table]))


if __name__ == "__main__":
    main()
