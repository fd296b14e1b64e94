"""Runs all benchmarks in turn."""

from __future__ import annotations

from importlib import import_module

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
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
