"""Runs all benchmarks in turn, each in a process with a memory and a first use of its own."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "decide",
    "ask",
    "check",
    "replay",
    "peers",
    "simulator",
    "history_read",
    "describe",
    "areas",
    "demand",
    "scale",
    "staffing",
    "save_call",
    "board_fanout",
)


def main() -> None:
    """Each prints its own table; one that cannot run ends the whole with its error."""
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        ended = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)
        if ended.returncode != 0:
            raise SystemExit(ended.returncode)


if __name__ == "__main__":
    main()
