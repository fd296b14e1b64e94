"""Open a history that was read before."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from itertools import islice
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

_SAMPLED_GROUPS = 16
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
        with told_if_damaged(self.path):
            for batch in self._file.iter_batches(batch_size=10_000, columns=names):
                columns = [batch.column(name).to_pylist() for name in names]
                for values in zip(*columns, strict=True):
                    row = dict(zip(names, values, strict=True))
                    yield CallRow(**row | {"started_by": StartedBy(row["started_by"])})

    def table(self, columns: Sequence[str] | None = None) -> "pa.Table":
        """Return the calls, or some of their columns, as one Arrow table.

        Raises HistoryError where the file is damaged.
        """
        with told_if_damaged(self.path):
            return self._file.read(columns=list(columns) if columns is not None else None)

    def sampled(self, most: int) -> "History":
        """The same history, whose `table` gives at most so many calls, from all of its time.

        They are the first ones of a few row groups, so that a table of millions of calls is given
        at once and in little memory; a history of no more calls gives all of them.
        """
        return self if len(self) <= most else _Sampled(self.path, self._file, self.info, most)


class _Sampled(History):
    def __init__(
        self, path: Path, file: "parquet.ParquetFile", info: HistoryInfo, most: int
    ) -> None:
        super().__init__(path, file, info)
        self._most = most

    def table(self, columns: Sequence[str] | None = None) -> "pa.Table":
        import pyarrow as pa

        groups = self._file.metadata.num_row_groups
        taken = min(groups, _SAMPLED_GROUPS, self._most)
        names = list(columns) if columns is not None else None
        batches: list[pa.RecordBatch] = []
        with told_if_damaged(self.path):
            for place in range(taken):
                group = place * groups // taken
                batches += islice(
                    self._file.iter_batches(self._most // taken, row_groups=[group], columns=names),
                    1,
                )
            return pa.Table.from_batches(batches)


@contextmanager
def told_if_damaged(path: Path) -> Iterator[None]:
    """Raise HistoryError where what is read within cannot be: pages of the file are damaged."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise HistoryError(f"{path} is damaged ({reason}): read the city's file again.") from None


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
    except (pa.ArrowException, OSError) as error:
        raise HistoryError(
            f"{path} is no Parquet file: make one with 'lamplighter history read'."
        ) from error
    # What others wrote beside ours need not be text, and of ours none is that is not.
    metadata = {
        key.decode().removeprefix(METADATA_PREFIX): value.decode(errors="replace")
        for key, value in (file.schema_arrow.metadata or {}).items()
        if key.startswith(METADATA_PREFIX.encode()) and key.isascii()
    }
    known = {name: metadata[name] for name in _INFO if name in metadata}
    version = metadata.get("version", "")
    if len(known) < len(_INFO) or not re.fullmatch("[0-9]{1,9}", version):
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
