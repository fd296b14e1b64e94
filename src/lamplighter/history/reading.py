"""Read a city's call file into a history, keep all that is good, and report on the rest."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.errors import HistoryError
from lamplighter.history.formats import CallRecords, open_records
from lamplighter.history.incidents import view_linked
from lamplighter.history.joining import view_settled
from lamplighter.history.layout import REQUIRED_FIELDS, Layout
from lamplighter.history.layout_file import load_layout, shipped_layouts
from lamplighter.history.placing import view_finished
from lamplighter.history.records import Tally
from lamplighter.history.report import Report
from lamplighter.history.reporting import report_on
from lamplighter.history.scratch import scratch_beside
from lamplighter.history.settling import (
    find_repeats,
    judge_codes,
    tally_staged,
    view_kept,
    write_kept,
)
from lamplighter.history.staging_sql import column_positions, quoted, staging_query
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from lamplighter.history.areas import Areas

MEMORY_LIMIT = "384MB"
MOST_THREADS = 4
ROWS_PER_THREAD = 16_384


def read_history(
    path: str | Path,
    layout: Layout | str | Path,
    output: str | Path,
    *,
    now: datetime,
    areas: "Areas | None" = None,
    progress: Progress | None = None,
) -> Report:
    """Read the call file at `path` and write its calls to `output` as Parquet.

    The file may be CSV or other delimited text, JSON, a workbook or Parquet, also in gzip or
    Zstandard; what it is, its bytes tell. `layout` is a layout, the name of a shipped one or a
    path. A row with a time after `now` is set aside. With `areas` a call's area is the polygon
    that it lies in. `progress` is called with the bytes or rows read and those in all. The output
    appears whole or not at all; memory stays under a gigabyte, whatever the size of the file, but
    for a workbook, which is held whole.

    Raises HistoryError when the file cannot be read, or not with this layout, and LayoutError
    when the layout itself is wrong.
    """
    import duckdb

    if now.tzinfo is None:
        raise HistoryError("'now' has no time zone: pass one, as in datetime.now(UTC).")
    chosen = layout if isinstance(layout, Layout) else load_layout(layout)
    source, target = Path(path), Path(output)
    _check_places(source, target)
    try:
        return _read(source, chosen, target, now.astimezone(UTC), areas, progress)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = str(error).partition("\n")[0]
        raise HistoryError(
            f"{source.name} could not be read to its end, so nothing was written ({reason}): "
            "see to the disk and its permissions, and read it again."
        ) from error


def _read(
    source: Path,
    layout: Layout,
    target: Path,
    now: datetime,
    areas: "Areas | None",
    progress: Progress | None,
) -> Report:
    import duckdb

    with scratch_beside(target) as scratch, duckdb.connect() as database:
        _set_up(database, scratch)
        records = open_records(source, layout.file, layout.other_encodings, scratch, progress)
        tally = Tally()
        rows_read = _stage(database, source, records, layout, tally, now, scratch)
        find_repeats(database, layout)
        tally_staged(database, tally)
        rows_joined = view_settled(database, scratch)
        judge_codes(database, layout)
        view_kept(database)
        linked = view_linked(database, layout, scratch)
        placed = view_finished(database, areas, scratch)
        finished = scratch / "history.parquet"
        write_kept(database, layout, finished)
        report = replace(
            report_on(database, source, records, layout, tally, rows_read, target),
            rows_joined=rows_joined,
            linked=linked,
            placed=placed,
        )
        os.replace(finished, target)
    return report


def _check_places(source: Path, target: Path) -> None:
    if not source.is_file():
        raise HistoryError(f"There is no file {source}: check the path.")
    if not target.parent.is_dir():
        raise HistoryError(f"There is no folder {target.parent}: make it, or write elsewhere.")
    if target.is_dir():
        raise HistoryError(f"{target} is a folder: name the file to write.")
    if target.exists() and target.samefile(source):
        raise HistoryError(f"{target} is the file to read: write to another.")


def _set_up(database: "duckdb.DuckDBPyConnection", scratch: Path) -> None:
    import duckdb

    threads = min(MOST_THREADS, os.cpu_count() or 1)
    database.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    database.execute(f"SET threads = {threads}")
    database.execute(f"SET temp_directory = {quoted(str(scratch / 'spill'))}")
    database.execute("SET preserve_insertion_order = false")
    with suppress(duckdb.InvalidInputException):
        # In a notebook without widgets DuckDB has no bar, and refuses to be told so.
        database.execute("SET enable_progress_bar = false")
    database.execute("SET TimeZone = 'UTC'")


def _stage(
    database: "duckdb.DuckDBPyConnection",
    path: Path,
    records: CallRecords,
    layout: Layout,
    tally: Tally,
    now: datetime,
    scratch: Path,
) -> int:
    """Type the records of the file, batch by batch, into Parquet parts seen as the view `staged`.

    Returns how many rows were read, counted as they come and not from what became of them.
    """
    missing = layout.missing_from(records.names)
    if records.ragged:  # a field that no call has yet is left out of the records
        needed = {name for field in REQUIRED_FIELDS for name in layout.columns.get(field, ())}
        missing = tuple(name for name in missing if name in needed)
    if missing:
        raise HistoryError(_wrong_layout(path, layout, missing, records.names))
    positions = column_positions(layout, records.names)
    wanted = sorted({column for columns in positions.values() for column in columns})
    query = staging_query(layout, records.names, now)
    parts = scratch / "staged"
    parts.mkdir()
    _copy_part(database, query, _no_records(wanted), parts / "0.parquet")
    handed_out = 0
    for number, table in enumerate(records.tables(wanted, tally), start=1):
        handed_out += table.num_rows
        _copy_part(database, query, table, parts / f"{number}.parquet")
    database.execute(
        f"CREATE TEMP VIEW staged AS FROM read_parquet({quoted(str(parts / '*.parquet'))})"
    )
    return tally.all_rows() + handed_out


def _copy_part(
    database: "duckdb.DuckDBPyConnection", query: str, records: "pa.Table", part: Path
) -> None:
    import pyarrow as pa

    # Several batches, since DuckDB works on one batch with one thread.
    batches = records.to_batches(max_chunksize=ROWS_PER_THREAD)
    database.register("records", pa.Table.from_batches(batches, schema=records.schema))
    database.execute(f"COPY ({query}) TO {quoted(str(part))} (FORMAT parquet)")
    database.unregister("records")


def _no_records(wanted: Sequence[int]) -> "pa.Table":
    """Return a batch without rows, so that a file with nothing but a header has its part too."""
    import pyarrow as pa

    columns = {f"f{column}": pa.array([], pa.string()) for column in wanted}
    return pa.table(columns | {"line": pa.array([], pa.int64()), "raw": pa.array([], pa.string())})


def _wrong_layout(path: Path, layout: Layout, missing: Sequence[str], names: Sequence[str]) -> str:
    """Say in one sentence which columns are missing and which shipped layout would fit better."""
    columns = ", ".join(missing)
    better = [
        name
        for name in shipped_layouts()
        if name != layout.name and not load_layout(name).missing_from(names)
    ]
    advice = (
        f"try --layout {better[0]}, which fits"
        if better
        else "none that comes with Lamplighter fits: let 'lamplighter history describe' propose one"
    )
    noun = "column" if len(missing) == 1 else "columns"
    return f"{path.name} does not have the {noun} {columns} of layout {layout.name}: {advice}."
