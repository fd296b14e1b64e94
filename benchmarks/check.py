"""`policy check` against its limits: the policy that ships, and policies of 400 rules.

Every check is run: gaps, overlaps, dead and shadowed rules, unreached outputs, promises. The
policy that ships is checked as a whole command, with the start of Python and the reading of
the file. The harsh policies have what is hard to check (see `benchmarks.harsh`): of each shape
one is drawn for every hit policy, and the typical one (the median) and the worst are told.
Times are CPU time, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median
from time import process_time

from benchmarks.harsh import HIT_POLICIES, harsh_policy
from benchmarks.machine import machine
from benchmarks.policies import make_policy
from lamplighter.policy import Policy, shipped_policy
from lamplighter.policy.check import check

LIMIT = 1.0
RULES, INPUTS, PROMISES = 400, 10, 20
# How many tables a harsh policy has, and how many cells a rule: at least and at most.
SHAPES = ((1, (2, 5)), (1, (4, 7)), (2, (1, 3)), (3, (2, 5)))


def command_seconds() -> float:
    """CPU seconds of `lamplighter policy check` on the policy that ships."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = str(shipped_policy("first_response"))
    code = "from lamplighter.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, "policy", "check", path], check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def check_seconds(policy: Policy) -> float:
    """CPU seconds of all checks of a policy that was read."""
    start = process_time()
    check(policy)
    return process_time() - start


def main() -> None:
    print(machine())
    print(f"{'seconds of CPU':60} {'time':>6} {'of limit':>9}")
    rows = [("first_response.yaml, the whole command", min(command_seconds() for _ in range(3)))]
    for chained in (False, True):
        shape = "two chained tables" if chained else "one table"
        times = []
        for seed in (1, 2, 3):
            policy = make_policy(RULES, INPUTS, seed, chained=chained, promises=PROMISES)
            times.append(check_seconds(policy))
        # Of different policies the slowest counts.
        name = f"{RULES} rules, {INPUTS} inputs, {PROMISES} promises, {shape}"
        rows.append((name, max(times)))
    for name, seconds in rows:
        print(f"{name:60} {seconds:6.2f} {seconds / LIMIT:8.2f}x")
    print(f"\n{'harsh: seconds of CPU':40} {'typical':>8} {'worst':>6} {'of limit':>9}  worst of")
    for tables, cells in SHAPES:
        times_of = {
            hit: check_seconds(harsh_policy(hit, 1, rules=RULES, tables=tables, cells=cells))
            for hit in HIT_POLICIES
        }
        worst = max(times_of, key=times_of.__getitem__)
        seconds = times_of[worst]
        name = f"{cells[0]} to {cells[1]} cells a rule, tables: {tables}"
        print(
            f"{name:40} {median(times_of.values()):8.2f} {seconds:6.2f} "
            f"{seconds / LIMIT:8.2f}x  {worst}",
            flush=True,
        )


if __name__ == "__main__":
    main()
