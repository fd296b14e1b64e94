"""Parquet files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.errors import HistoryError
from lamplighter.history.records import Tally
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65_536
SAMPLE_GROUPS = 12
BYTES_A_ROW = 100
SEPARATOR = "\x1f"


class ParquetRecords:
    """The rows of a Parquet file as texts."""

    kind = "Parquet"
    ragged = False
    in_mercator = False
    notes: tuple[str, ...] = ()
    recoded = 0
    undecodable = 0
    cut_short = False

    def __init__(self, path: Path, progress: Progress | None = None, name: str = "") -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        self.progress = progress
        try:
            self._file = parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise HistoryError(
                f"{name or path.name} is a Parquet file that cannot be opened, perhaps cut short: "
                "download it again."
            ) from error
        empty = self._file.schema_arrow.empty_table()
        self.names = tuple(_flat(empty).column_names)

    def tables(self, wanted: Sequence[int], tally: Tally) -> "Iterator[pa.Table]":
        """Yield all rows in batches; `line` is the number of the row."""
        import pyarrow as pa

        first, total = 1, self._file.metadata.num_rows
        for batch in self._file.iter_batches(batch_size=BATCH_ROWS):
            yield _texts(pa.Table.from_batches([batch]), wanted, first)
            first += batch.num_rows
            if self.progress:
                self.progress(first - 1, total)

    def sample(self, most_bytes: int, tally: Tally) -> "tuple[pa.Table, bool]":
        """Return rows from groups all over the file."""
        import pyarrow as pa

        most_rows = most_bytes // BYTES_A_ROW
        groups = self._file.num_row_groups
        wanted = range(len(self.names))
        step = max(1, groups // SAMPLE_GROUPS)
        chosen = list(range(0, groups, step))
        each = max(1, most_rows // max(1, len(chosen)))
        tables = []
        for group in chosen:
            rows = 0
            for batch in self._file.iter_batches(
                batch_size=min(each, BATCH_ROWS), row_groups=[group]
            ):
                tables.append(_texts(pa.Table.from_batches([batch]), wanted, 1))
                rows += batch.num_rows
                if rows >= each:
                    break
        if not tables:
            tables = [_texts(self._file.schema_arrow.empty_table(), wanted, 1)]
        table = pa.concat_tables(tables)
        return table, table.num_rows == self._file.metadata.num_rows


def _flat(table: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _texts(table: "pa.Table", wanted: Sequence[int], first: int) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as compute

    columns = [_as_texts(column) for column in _flat(table).columns]
    filled = [compute.fill_null(column, "") for column in columns]
    raw = compute.binary_join_element_wise(*filled, SEPARATOR)
    lines = pa.array(range(first, first + table.num_rows), pa.int64())
    named = {f"f{position}": columns[position] for position in wanted}
    return pa.table(named | {"line": lines, "raw": raw})


def _as_texts(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """A column as texts; what has no text, such as lists and shapes, is left empty."""
    import pyarrow as pa
    import pyarrow.compute as compute

    try:
        return compute.replace_substring(column.cast(pa.string()), "\0", "")
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.chunked_array([pa.nulls(len(column), pa.string())])
