"""Open a history that was read before."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.file_kinds import is_marked, kept_from
from lamplighter.history.errors import HistoryError
from lamplighter.history.layout import StartedBy
from lamplighter.history.shape import (
    COLUMNS,
    LATER_COLUMNS,
    METADATA_PREFIX,
    SHAPE_VERSION,
    CallRow,
    HistoryInfo,
)

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as parquet

# What the metadata say of a history beside its version; a later Lamplighter may say more.
_INFO = tuple(field.name for field in fields(HistoryInfo) if field.name != "version")


class History:
    """The calls of a history in order of time, one by one or as an Arrow table.

    >>> for call in open_history("m.parquet"):  # doctest: +SKIP
    ...     print(call.time, call.nature)
    """

    def __init__(self, path: Path, file: "parquet.ParquetFile", info: HistoryInfo) -> None:
        self.path = path
        self.info = info
        self._file = file

    def __len__(self) -> int:
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[CallRow]:
        """Yield every call, a batch in memory at a time."""
        present = set(self._file.schema_arrow.names)
        names = [*COLUMNS, *(name for name in LATER_COLUMNS if name in present)]
        for batch in self._file.iter_batches(batch_size=10_000, columns=names):
            columns = [batch.column(name).to_pylist() for name in names]
            for values in zip(*columns, strict=True):
                row = dict(zip(names, values, strict=True))
                yield CallRow(**row | {"started_by": StartedBy(row["started_by"])})

    def table(self, columns: Sequence[str] | None = None) -> "pa.Table":
        """Return the calls, or some of their columns, as one Arrow table."""
        return self._file.read(columns=list(columns) if columns is not None else None)


def check_output(path: Path, *, force: bool = False) -> None:
    """Raise HistoryError where a file is there that is no history, unless `force` is given."""
    kept = kept_from(
        path, "a history", partial(is_marked, mark=f"{METADATA_PREFIX}version"), force=force
    )
    if kept:
        raise HistoryError(kept)


def open_history(path: str | Path) -> History:
    """Open a history written by `read_history`.

    Raises HistoryError when the file is none, or of a shape that this version does not know.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    path = Path(path)
    try:
        file = parquet.ParquetFile(path)
    except FileNotFoundError as error:
        raise HistoryError(f"There is no file {path}: check the path.") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise HistoryError(
            f"{path} is no Parquet file: make one with 'lamplighter history read'."
        ) from error
    metadata = {
        key.decode().removeprefix(METADATA_PREFIX): value.decode()
        for key, value in (file.schema_arrow.metadata or {}).items()
        if key.decode().startswith(METADATA_PREFIX)
    }
    known = {name: metadata[name] for name in _INFO if name in metadata}
    version = metadata.get("version", "")
    if len(known) < len(_INFO) or not version.isdecimal():
        raise HistoryError(
            f"{path} is not a history of calls: make one with 'lamplighter history read'."
        )
    if int(version) > SHAPE_VERSION:
        raise HistoryError(
            f"{path} has shape version {version} and this Lamplighter knows "
            f"{SHAPE_VERSION}: update Lamplighter, or read the city's file again."
        )
    missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
    if missing:
        raise HistoryError(
            f"{path} has lost what every history has, {', '.join(missing)}: "
            "read the city's file again with 'lamplighter history read'."
        )
    info = HistoryInfo(version=int(version), **known)
    return History(path, file, info)
