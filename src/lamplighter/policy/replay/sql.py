"""Replays in a SQL engine: DuckDB in this process, or Spark for what one machine cannot hold."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import UNKNOWN
from lamplighter.policy.model import Input
from lamplighter.policy.replay.blocks import cores
from lamplighter.policy.replay.bulk import Bulk, Decided
from lamplighter.policy.replay.expressions import (
    BITS,
    with_bits,
    with_classes,
    with_digits,
    with_rules,
)
from lamplighter.policy.replay.facts import Batch, Column
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import ReplayError

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

Array: TypeAlias = npt.NDArray[Any]

_CALL = "_call"
_SET = "_set"
_RESIDUE = "_residue"


class SqlEngine:
    """Decides batches of calls by SQL that is generated from the policy's rules.

    The engine gets the facts as values, decides, and lists the distinct combinations of facts;
    for these the set of outcomes is worked out here and joined back there.

    Raises `ReplayError` where Spark is not installed or finds no Java.
    """

    def __init__(self, engine: Literal["duckdb", "spark"], bulk: Bulk, possible: Possible) -> None:
        self._bulk = bulk
        self._possible = possible
        self._spark = engine == "spark"
        self._connection = connected(engine)

    def run(self, batch: Batch) -> tuple[Decided, Array, Array]:
        """What `Bulk.decide` and `Possible.of` say about the batch."""
        with tempfile.TemporaryDirectory(prefix="lamplighter-replay-") as folder:
            calls = self._given(self._table(batch), Path(folder))
            return self._decided(calls, batch, Path(folder))

    def _decided(
        self, calls: ibis.Table, batch: Batch, folder: Path
    ) -> tuple[Decided, Array, Array]:
        compiled = self._bulk.compiled
        table = with_bits(compiled, with_rules(compiled, with_classes(compiled, calls)))
        table = with_digits(compiled, table, self._possible.given)
        found_here = ("_rule_", "_answer_", "_bits_", "_digit_")
        wanted = [name for name in table.columns if name.startswith(found_here)]
        digits = [name for name in wanted if name.startswith("_digit_")]
        # Decided once, then read twice: for the distinct combinations of facts and for the join.
        table = self._kept(table.select(_CALL, *wanted), folder / "decided")
        if digits:
            distinct = self._fetched(table.select(digits).distinct(), folder / "distinct")
            sets = self._given(self._sets(distinct), folder)
            table = table.join(sets, digits)
        found = self._fetched(table.drop(digits).order_by(_CALL), folder / "joined")
        order = np.argsort(found.column(_CALL).to_numpy(), kind="stable")
        columns = {name: found.column(name).to_numpy()[order] for name in found.column_names}
        if not digits:
            columns[_RESIDUE] = self._possible.residues_of({}, batch.rows)
            columns[_SET] = self._possible.residues.sets[columns[_RESIDUE]]
        decided = self._numbered(columns, batch)
        return decided, columns[_SET], columns[_RESIDUE]

    def _sets(self, distinct: pa.Table) -> pa.Table:
        """The distinct combinations with their sets and residues."""
        import pyarrow as pa

        columns: dict[str, Column] = {}
        for place in self._possible.given:
            axis = self._bulk.compiled.axes[place]
            codes = distinct.column(f"_digit_{place}").to_numpy().astype(np.int32)
            columns[axis.name] = Column(codes, (*axis.examples, None))
        residues = self._possible.residues_of(columns, distinct.num_rows)
        sets = self._possible.residues.sets[residues]
        return distinct.append_column(_SET, pa.array(sets)).append_column(
            _RESIDUE, pa.array(residues)
        )

    def _numbered(self, columns: dict[str, Array], batch: Batch) -> Decided:
        """What the engine decided, with the numbers that `Bulk` gives to hits and outcomes."""
        answers = np.empty((batch.rows, len(self._bulk.plan.tables)), np.int64)
        hits: list[Array] = []
        for place, table in enumerate(self._bulk.plan.tables):
            if not table.counts_all:
                hits.append(columns[f"_rule_{place}"])
                answers[:, place] = columns[f"_answer_{place}"] + 1
                continue
            words = np.zeros((batch.rows, table.words), np.uint64)
            for number in range((len(table.answers) + BITS - 1) // BITS):
                word, high = divmod(number, 64 // BITS)
                bits = columns[f"_bits_{place}_{number}"].astype(np.uint64)
                words[:, word] |= bits << np.uint64(BITS * high)
            found, answers[:, place] = self._bulk.gather(place, words)
            hits.append(found)
        outcomes = self._bulk.combine(answers)
        self._bulk.mark_not_asked(batch.columns, outcomes)
        return Decided.of(outcomes, hits)

    def _table(self, batch: Batch) -> pa.Table:
        import pyarrow as pa

        columns: dict[str, pa.Array] = {_CALL: pa.array(np.arange(batch.rows, dtype=np.int64))}
        for name, column in batch.columns.items():
            declared = self._bulk.policy.inputs[name]
            columns[name] = _values(declared, column)
            if UNKNOWN in column.values:
                unknown = np.array([value is UNKNOWN for value in column.values])
                columns[f"unknown_{name}"] = pa.array(unknown[column.codes])
        return pa.table(columns)

    def _given(self, table: pa.Table, folder: Path) -> ibis.Table:
        """A table of ours, for the engine to read."""
        import ibis
        import pyarrow.parquet as parquet

        if not self._spark:
            return ibis.memtable(table)
        path = folder / f"given-{len(list(folder.iterdir()))}.parquet"
        # Of a table that Spark wrote, its own note of the columns would outweigh those added since.
        parquet.write_table(table.replace_schema_metadata(None), path)
        return self._connection.read_parquet(str(path))

    def _kept(self, table: ibis.Table, path: Path) -> ibis.Table:
        import ibis

        if self._spark:
            self._connection.to_parquet(table, str(path))
            return self._connection.read_parquet(str(path))
        return ibis.memtable(self._connection.to_pyarrow(table))

    def _fetched(self, table: ibis.Table, path: Path) -> pa.Table:
        import pyarrow.parquet as parquet

        if not self._spark:
            return self._connection.to_pyarrow(table)
        self._connection.to_parquet(table, str(path))
        return parquet.read_table(path)


def _values(declared: Input, column: Column) -> pa.Array:
    """The facts as values; what was not asked, or is not known, is empty."""
    import pyarrow as pa

    values: list[Any] = [None if value is UNKNOWN else value for value in column.values]
    kind = {"choice": pa.string(), "boolean": pa.bool_()}.get(declared.type, pa.float64())
    if declared.type == "date":
        values = [None if value is None else date.fromisoformat(value) for value in values]
        kind = pa.date32()
    elif declared.domain.is_line:
        values = [None if value is None else declared.domain.number(value) for value in values]
    return pa.array(values, kind).take(pa.array(column.codes))


def connected(engine: Literal["duckdb", "spark"]) -> Any:
    """A connection of Ibis to DuckDB in this process, or to the session of Spark.

    Raises `ReplayError` where Spark is not installed or finds no Java.
    """
    import ibis

    if engine == "spark":
        return _spark()
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


def _spark() -> Any:
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise ReplayError(
            "the engine spark needs pyspark: install it with `pip install 'lamplighter[spark]'`."
        ) from None
    import ibis

    builder = SparkSession.builder.appName("lamplighter")
    if SparkSession.getActiveSession() is None:
        # A session that the caller made, on a cluster for instance, is used as it is.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = (
            builder.master(f"local[{cores()}]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", str(cores()))
            .config("spark.sql.session.timeZone", "UTC")
            # What fails is raised here. Code that is too long for Java is told at length, and
            # Spark goes on without it.
            .config("spark.log.level", "OFF")
        )
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError:
        raise ReplayError(
            "Spark does not start, most likely for want of a Java: install Java 17 or later, or "
            "set JAVA_HOME."
        ) from None
    return ibis.pyspark.connect(session)
