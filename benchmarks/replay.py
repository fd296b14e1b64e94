"""Bulk replay against the limits: in memory, from Parquet to Parquet, with sets, in SQL engines.

What sets cost is told three times: a first pass against a plain one that is warm, which is the
harshest; both with nothing laid out yet; and whole replays from file to file.

The peer is one DuckDB aggregate over the same ten columns, in the same run and on the same cores:
the sum of the small codes in memory (the same Arrow columns, and a table of its own, which was
loaded before), and of Parquet the lengths of the texts of each column. Nothing can replay calls
without reading their columns: a floor to hold to.
`python -m benchmarks.replay quick` leaves out the 20 million calls and Spark.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from benchmarks.machine import machine
from benchmarks.policies import make_policy
from lamplighter.history import COLUMNS, HistoryInfo
from lamplighter.history.shape import metadata_of
from lamplighter.policy import UNKNOWN, Fact, Policy
from lamplighter.policy.replay import parse_mapping, replay
from lamplighter.policy.replay.blocks import cores
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.facts import Batch, Column
from lamplighter.policy.replay.parts import Ids
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.sql import SqlEngine

INPUTS = 10
ROUNDS = 5
FEW = 200_000
FEW_CALLS = 1_000
# Seconds; what takes longer is timed once.
LONG = 10


@dataclass(frozen=True)
class Case:
    """A policy and as many calls, drawn evenly from everything that may be said."""

    policy: Policy
    columns: dict[str, Column]
    rows: int


def values_of(policy: Policy, name: str) -> list[Fact | None]:
    """Everything that may be said about an input."""
    declared = policy.inputs[name]
    values: list[Fact | None] = list(declared.domain.values)
    if declared.type == "boolean":
        values = [True, False]
    elif declared.domain.is_line:
        values = list(range(24))
    return values if declared.always_known else [*values, UNKNOWN]


def draw(policy: Policy, rows: int, unasked: float = 0.0, known: bool = False) -> Case:
    """Calls as columns of one byte each; a share of the facts that may be unknown is not asked.

    With `known` no fact is unknown.
    """
    random = np.random.default_rng(2026)
    columns: dict[str, Column] = {}
    for name, declared in policy.inputs.items():
        values = [one for one in values_of(policy, name) if not known or one is not UNKNOWN]
        codes = random.integers(0, len(values), rows, dtype=np.uint8)
        if unasked and not declared.always_known:
            codes[random.random(rows) < unasked] = len(values)
            values.append(None)
        columns[name] = Column(codes, tuple(values))
    return Case(policy, columns, rows)


def best(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of several rounds, after one to warm up."""
    act()
    times = []
    for _ in range(rounds):
        gc.collect()
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    return min(times)


def aggregate(case: Case, own: bool) -> float:
    """The peer in memory: DuckDB adds up the ten columns, as they are, or in a table of its own."""
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {cores()}")
        columns = {name: pa.array(column.codes) for name, column in case.columns.items()}
        connection.register("given", pa.table(columns))
        kind = "table" if own else "view"
        connection.execute(f"create {kind} calls as select * from given")
        sums = ", ".join(f"sum({name})" for name in case.columns)
        return best(lambda: connection.execute(f"select {sums} from calls").fetchall())


def in_memory(case: Case) -> None:
    """Decisions, and sets, from columns in memory."""
    bulk = Bulk(case.policy)
    plain = best(lambda: bulk.decide(case.columns, case.rows).outcomes)
    same, own = aggregate(case, own=False), aggregate(case, own=True)
    line(
        "decided, in memory",
        plain,
        f"{case.rows / plain / 1e6:.0f} M/s of 30",
        f"{plain / same:.2f}x of 1 DuckDB on these columns, {plain / own:.2f}x on its own table",
    )


def first_pass(case: Case, columns: dict[str, Column]) -> float:
    """Seconds to decide with a policy that is laid out, and to find the sets for the first time."""
    bulk = Bulk(case.policy)
    _ = bulk.decide(columns, case.rows).outcomes
    gc.collect()
    start = perf_counter()
    _ = bulk.decide(columns, case.rows).outcomes
    Possible(bulk, columns).sets_of(columns, case.rows)
    return perf_counter() - start


def with_sets(case: Case, what: str, told: int = INPUTS) -> None:
    """Deciding, and beside it the set of outcomes that is still possible.

    The first pass finds all sets; of it only the loading of the compiled loops is left out. Like
    the plain one it is the fastest of several, each of which begins with nothing known of sets.
    """
    bulk = Bulk(case.policy)
    columns = dict(list(case.columns.items())[:told])
    few = {
        name: Column(column.codes[:FEW_CALLS], column.values) for name, column in columns.items()
    }
    Possible(Bulk(case.policy), columns).sets_of(few, FEW_CALLS)
    # Few milliseconds each, which other work on the machine easily doubles.
    rounds = 3 * ROUNDS if told < INPUTS else ROUNDS
    plain = best(lambda: bulk.decide(columns, case.rows).outcomes, rounds)
    whole = min(first_pass(case, columns) for _ in range(rounds))
    possible = Possible(bulk, columns)
    possible.sets_of(columns, case.rows)

    def both() -> None:
        _ = bulk.decide(columns, case.rows).outcomes
        possible.sets_of(columns, case.rows)

    again = best(both, 3)
    line(
        f"with sets, {what}",
        whole,
        f"{whole / plain:.2f}x of 3 the plain one",
        f"again {again / plain:.2f}x, {len(possible.sets):,} sets",
    )
    begun = best(lambda: Bulk(case.policy).decide(columns, case.rows))

    def begun_with_sets() -> None:
        new = Bulk(case.policy)
        new.decide(columns, case.rows)
        Possible(new, columns).sets_of(columns, case.rows)

    whole = best(begun_with_sets)
    line(
        "  both with nothing laid out yet",
        whole,
        f"{whole / begun:.2f}x the plain one",
        f"plain {begun:.4f} s",
    )


def write_history(case: Case, path: Path) -> None:
    """The calls as a history with a text column for each input."""
    empty = {name: pa.nulls(case.rows, pa.string()) for name in COLUMNS}
    times = np.arange(case.rows, dtype=np.int64) * 10_000_000 + 1_500_000_000_000_000
    starters = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(case.rows, np.int8)), pa.array(["public"])
    )
    columns: dict[str, Any] = {
        **empty,
        "id": pa.array(np.arange(case.rows)).cast(pa.string()),
        "time": pa.array(times).cast(pa.timestamp("us", "UTC")),
        "started_by": starters,
    }
    for name, column in case.columns.items():
        words = [None if v is UNKNOWN or v is None else str(v).lower() for v in column.values]
        codes = pa.array(column.codes, mask=np.array([w is None for w in words])[column.codes])
        known = pa.array([word or "" for word in words])
        columns[name] = pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), known)
    info = HistoryInfo(1, "Bench", "America/Chicago", "bench", "0")
    table = pa.table(columns).replace_schema_metadata(metadata_of(info))
    parquet.write_table(table, path, row_group_size=1 << 20, compression="zstd")


def from_parquet(case: Case, folder: Path) -> None:
    """A whole replay, summary and file of outcomes, against the aggregate over the file.

    Beside it stands what reading and writing take without us: PyArrow reads the columns that a
    replay reads, then writes the file that it wrote, on one core each.
    """
    history, outcomes = folder / "calls.parquet", folder / "outcomes.parquet"
    write_history(case, history)
    named = "".join(f"  {name}: {{from: {name}}}\n" for name in case.columns)
    mapping = parse_mapping(f"facts of: bench\ninputs:\n{named}", case.policy)
    plain = best(lambda: replay(case.policy, history, mapping=mapping, output=outcomes), 2)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {cores()}")
        lengths = ", ".join(f"sum(length({name}))" for name in case.columns)
        query = f"select {lengths} from '{history}'"
        peer = best(lambda: connection.execute(query).fetchall(), 3)
    line("Parquet to Parquet", plain, f"{plain / peer:.2f}x of 3 DuckDB", f"peer {peer:.3f} s")
    facts = [*case.columns, "nature", "area"]
    reading = best(lambda: [None for _ in read(history, facts, [*facts, "id", "time"])], 2)
    words = [name for name in parquet.read_schema(outcomes).names if name != "id"]
    writing = timed_writing(outcomes, words, folder / "again.parquet")
    floor = (reading + writing) / cores()
    line(
        "PyArrow alone, read and written",
        reading + writing,
        f"{floor / peer:.2f}x if on all cores",
        f"read {reading:.3f} s, written {writing:.3f} s",
    )


def commands(policy: Policy, rows: int, folder: Path) -> None:
    """Whole replays, file to file, of calls that tell all ten inputs; that tell four, the others
    not being in the file; and that leave out a fifth of the facts at random."""
    every = draw(policy, rows, known=True)
    few = Case(policy, dict(list(every.columns.items())[:4]), rows)
    plain = 0.0
    for what, case in {
        "all 10 told": every,
        "4 told": few,
        "a fifth left out": left_out(every, 0.2),
    }.items():
        history = folder / "told.parquet"
        write_history(case, history)
        named = "".join(f"  {name}: {{from: {name}}}\n" for name in case.columns)
        mapping = parse_mapping(f"facts of: bench\ninputs:\n{named}", policy)
        output = folder / "found.parquet"
        command = partial(replay, policy, history, mapping=mapping, output=output)
        if not plain:
            command()  # once to load the compiled loops
        start = perf_counter()
        found = command()
        taken = perf_counter() - start
        if taken < LONG:
            taken = best(command, 2)
        plain = plain or taken
        line(
            f"replay, {what}",
            taken,
            f"{taken / plain:.2f}x all told",
            f"{len(found.sets):,} sets",
        )


def left_out(case: Case, share: float) -> Case:
    """The same calls, with a share of the facts that may be unknown not asked."""
    random = np.random.default_rng(2027)
    columns = {}
    for name, column in case.columns.items():
        codes, values = column.codes.copy(), column.values
        if not case.policy.inputs[name].always_known:
            codes[random.random(case.rows) < share] = len(values)
            values = (*values, None)
        columns[name] = Column(codes, values)
    return Case(case.policy, columns, case.rows)


def read(path: Path, words: list[str], columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Batches of some columns, on one core, with the words as codes."""
    with parquet.ParquetFile(path, read_dictionary=words) as file:
        yield from file.iter_batches(1 << 20, columns=columns, use_threads=False)


def timed_writing(path: Path, words: list[str], copy: Path) -> float:
    """Seconds to write a file of outcomes once more, without the time to read it."""
    taken = 0.0
    with parquet.ParquetWriter(
        copy, parquet.read_schema(path), use_dictionary=words, write_statistics=False
    ) as writer:
        for batch in read(path, words, [*words, "id"]):
            rows = batch.select(writer.schema.names).cast(writer.schema)
            start = perf_counter()
            writer.write_batch(rows)
            taken += perf_counter() - start
    return taken


def memory(case: Case) -> None:
    """What deciding needs beside the columns, per call: the outcome, and the kind."""
    bulk = Bulk(case.policy)
    bulk.decide(case.columns, case.rows)
    tracemalloc.start()
    decided = bulk.decide(case.columns, case.rows)
    output = decided.outcomes.nbytes + decided.kinds.nbytes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    line("memory", 0, f"{peak / case.rows:.1f} bytes a call", f"output {output / case.rows:.1f}")


def engines(case: Case, names: tuple[Any, ...]) -> None:
    """SQL engines, row for row against the bitsets."""
    bulk = Bulk(case.policy)
    expected = bulk.decide(case.columns, case.rows)
    possible = Possible(bulk, case.columns)
    sets = possible.sets_of(case.columns, case.rows)
    ids = pa.array(np.arange(case.rows)).cast(pa.string())
    batch = Batch(case.rows, Ids(lambda: ids), case.columns, {})
    for name in names:
        engine = SqlEngine(name, bulk, possible)
        start = perf_counter()
        decided, theirs, _ = engine.run(batch)
        taken = perf_counter() - start
        same = (decided.outcomes == expected.outcomes) & (theirs == sets)
        for ours, hits in zip(expected.hits, decided.hits, strict=True):
            same &= (ours == hits) | (expected.outcomes <= 0)
        line(f"{name}, {case.rows:,} calls", taken, f"{same.mean():.1%} of rows the same", "")


def line(what: str, seconds: float, limit: str, more: str) -> None:
    shown = f"{seconds:8.3f} s" if seconds else " " * 10
    print(f"  {what:32} {shown}  {limit:26} {more}", flush=True)


def main() -> None:
    quick = "quick" in sys.argv[1:]
    print(f"{machine()}, DuckDB {duckdb.__version__}, {INPUTS} inputs")
    for rows in (1_000_000,) if quick else (1_000_000, 20_000_000):
        for rules in (40, 400):
            policy = make_policy(rules, INPUTS, seed=1)
            print(f"\n{rules} rules, {rows:,} calls")
            case = draw(policy, rows)
            in_memory(case)
            memory(case)
            with_sets(case, "4 of 10 inputs told", told=4)
            if rows == 1_000_000:  # the worst case grows with the calls, and takes its time
                with_sets(draw(policy, rows, 0.2), "a fifth not asked")
            with tempfile.TemporaryDirectory() as folder:
                from_parquet(draw(policy, rows, known=True), Path(folder))
            if rows == 1_000_000:
                with tempfile.TemporaryDirectory() as folder:
                    commands(policy, rows, Path(folder))
    print()
    for rules in (40, 400):
        policy = make_policy(rules, INPUTS, seed=1)
        print(f"{rules} rules")
        engines(draw(policy, FEW, 0.2), ("duckdb",) if quick else ("duckdb", "spark"))


if __name__ == "__main__":
    main()
