"""Reads a history part by part: its columns as codes and words, or as they are.

A part is a group of rows of the Parquet file. Its columns of codes are read by our own loops (see
`pages`), all others by PyArrow; so is a whole group where it is too large for memory.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.history import HistoryError
from lamplighter.history.opened import told_if_damaged
from lamplighter.policy.replay.local_time import microseconds
from lamplighter.policy.replay.pages import reading
from lamplighter.policy.replay.pages.chunks import BYTE_ARRAY, INT64, Chunk, headers, read_chunk
from lamplighter.policy.replay.pages.footer import Group, NotOurs, read_groups

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as parquet

Codes: TypeAlias = npt.NDArray[Any]
Coded: TypeAlias = tuple[Codes, list[Any]]
# What is told of times in microseconds since 1970, in UTC.
Tell: TypeAlias = Callable[[Codes], Codes]

# Groups of more rows are read in batches, so that memory does not grow with them.
_MOST_ROWS = 1 << 21
_BATCH = 1 << 18
# Groups that are read ahead, so that no core waits for the file.
_AHEAD = 2


@dataclass(frozen=True)
class Ids:
    """The ids of some calls, read when they are looked at.

    `chunk` gives them as they stand in the file, or None where that cannot be.
    """

    array: Callable[[], pa.Array]
    chunk: Callable[[], Chunk | None] = lambda: None


@dataclass(frozen=True)
class Part:
    """Some calls in the order of the history. `told` is what was wanted of their times."""

    rows: int
    ids: Ids
    told: dict[str, Codes]
    arrays: dict[str, pa.Array]
    words: dict[str, Coded] = field(default_factory=dict)

    def coded(self, name: str) -> Coded:
        """The codes of a column, and its words, None the last where some are empty."""
        if name not in self.words:
            self.words[name] = _coded(self.arrays[name])
        return self.words[name]

    def kept(self, keep: Codes) -> Part:
        """Only those calls for which `keep` is true."""
        import pyarrow as pa

        from lamplighter.policy.replay import kernels

        rows = int(np.count_nonzero(keep))
        wanted = pa.array(keep)

        def kept(values: Codes) -> Codes:
            found = np.empty(rows + 1, values.dtype)
            kernels.keep(values, keep, found)
            return found[:rows]

        return Part(
            rows,
            Ids(lambda: self.ids.array().filter(wanted)),
            {name: kept(values) for name, values in self.told.items()},
            {name: array.filter(wanted) for name, array in self.arrays.items()},
            {name: (kept(codes), words) for name, (codes, words) in self.words.items()},
        )


class Parts:
    """The parts of a history, each read while those before are looked at.

    `columns` are those wanted beside `id`, `tell` what is wanted of each time. Raises
    `HistoryError` where the file is damaged.
    """

    def __init__(self, path: Path, columns: Sequence[str], tell: Mapping[str, Tell]) -> None:
        import pyarrow.parquet as parquet

        self._path = path
        self._tell = tell
        with told_if_damaged(self._path), parquet.ParquetFile(path) as file:
            self._metadata = file.metadata
            schema = file.schema_arrow
            self._leaves = _leaves(file.schema)
        self._texts = [name for name in columns if _is_text(schema.field(name).type)]
        self._others = [name for name in columns if name not in self._texts]

    def __iter__(self) -> Iterator[Part]:
        with self.begun() as parts:
            yield from parts

    @contextmanager
    def begun(self) -> Iterator[Iterator[Part]]:
        """The parts, of which the first are read from now on."""
        from lamplighter.policy.replay.blocks import cores

        with open(self._path, "rb") as handle, ThreadPoolExecutor(cores()) as pool:
            try:
                groups = read_groups(handle.fileno())
            except NotOurs:
                yield self._batches(pool)
                return
            following = (
                self._begun(pool, handle.fileno(), group, number)
                for number, group in enumerate(groups)
                if group.rows
            )
            try:
                yield _in_turn(deque(islice(following, _AHEAD)), following)
            finally:
                pool.shutdown(cancel_futures=True)

    def _begun(
        self, pool: ThreadPoolExecutor, file: int, group: Group, number: int
    ) -> Callable[[], Iterator[Part]]:
        """Begin to read a group; what gives its parts."""
        if group.rows > _MOST_ROWS:
            return lambda: self._batches(pool, [number])
        # The longest first.
        told = pool.submit(self._told, file, group, number)
        words = {name: pool.submit(self._words, file, group, name) for name in self._texts}
        others = pool.submit(self._by_arrow, number, self._others)

        def parts() -> Iterator[Part]:
            found = {name: one.result() for name, one in words.items()}
            missing = [name for name, one in found.items() if one is None]
            arrays = self._by_arrow(number, missing)
            coded = {name: one or _coded(arrays[name]) for name, one in found.items()}
            ids = Ids(lambda: self._by_arrow(number, ["id"])["id"], lambda: self._id_chunk(group))
            yield Part(group.rows, ids, told.result(), others.result(), coded)

        return parts

    def _words(self, file: int, group: Group, name: str) -> Coded | None:
        """A column of words, None where it is for PyArrow."""
        try:
            return reading.coded(*self._chunk(file, group, name, BYTE_ARRAY))
        except NotOurs:
            return None

    def _told(self, file: int, group: Group, number: int) -> dict[str, Codes]:
        try:
            times = reading.longs(*self._chunk(file, group, "time", INT64))
        except NotOurs:
            times = microseconds(self._by_arrow(number, ["time"])["time"])
        return {name: tell(times) for name, tell in self._tell.items()}

    def _id_chunk(self, group: Group) -> Chunk | None:
        """The ids as they stand in the file, if a file of outcomes may have them so."""
        with open(self._path, "rb") as handle:
            try:
                chunk, optional = self._chunk(handle.fileno(), group, "id", BYTE_ARRAY)
                headers(chunk)
            except NotOurs:
                return None
        return chunk if optional else None

    def _chunk(self, file: int, group: Group, name: str, kind: int) -> tuple[Chunk, bool]:
        """A chunk of one of these columns, and whether rows of it may be empty."""
        leaf = self._leaves.get(name)
        column = group.columns[leaf.place] if leaf and leaf.place < len(group.columns) else None
        if leaf is None or column is None or column.type != kind or column.path != (name,):
            raise NotOurs
        return read_chunk(file, column, group.rows), leaf.optional

    def _by_arrow(self, group: int, columns: Sequence[str]) -> dict[str, pa.Array]:
        """Some columns of a group, by PyArrow."""
        if not columns:
            return {}
        import pyarrow as pa

        with told_if_damaged(self._path), self._opened() as file:
            table = file.read_row_group(group, columns=list(columns), use_threads=False)
            # PyArrow gives codes beyond the dictionary as they stand in the file.
            table.validate(full=True)
            if table.num_rows != self._metadata.row_group(group).num_rows:
                raise pa.ArrowInvalid("a column has more rows or fewer than the others")
            return {name: table.column(name).combine_chunks() for name in columns}

    def _batches(
        self, pool: ThreadPoolExecutor, groups: Sequence[int] | None = None
    ) -> Iterator[Part]:
        """The parts of groups that are not read at once, of all of them where none are named."""
        columns = ["id", "time", *self._texts, *self._others]
        with told_if_damaged(self._path), self._opened() as file:
            batches = file.iter_batches(_BATCH, row_groups=groups, columns=columns)
            following = pool.submit(next, batches, None)
            while (batch := following.result()) is not None:
                following = pool.submit(next, batches, None)
                batch.validate(full=True)
                times = microseconds(batch.column("time"))
                yield Part(
                    batch.num_rows,
                    Ids(partial(batch.column, "id")),
                    {name: tell(times) for name, tell in self._tell.items()},
                    {name: batch.column(name) for name in self._others},
                    {name: _coded(batch.column(name)) for name in self._texts},
                )

    def _opened(self) -> parquet.ParquetFile:
        # One for each reading: it is not for two threads.
        import pyarrow.parquet as parquet

        return parquet.ParquetFile(self._path, metadata=self._metadata, read_dictionary=self._texts)


def _in_turn(
    begun: deque[Callable[[], Iterator[Part]]], following: Iterator[Callable[[], Iterator[Part]]]
) -> Iterator[Part]:
    """The parts of what was begun; for each that is taken, one more is begun."""
    while begun:
        parts = begun.popleft()
        begun.extend(islice(following, 1))
        yield from parts()


@dataclass(frozen=True)
class _Leaf:
    """A column with one value in a row, or none where it is optional."""

    place: int
    optional: bool


def _leaves(schema: parquet.ParquetSchema) -> dict[str, _Leaf]:
    """The columns of texts and of times in microseconds that may be read by our own loops."""
    columns = [schema.column(place) for place in range(len(schema))]
    paths = Counter(column.path for column in columns)
    return {
        column.path: _Leaf(place, bool(column.max_definition_level))
        for place, column in enumerate(columns)
        if paths[column.path] == 1
        and column.max_definition_level <= 1
        and not column.max_repetition_level
        and any(kind in str(column.logical_type) for kind in ("String", "microseconds"))
    }


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _coded(column: pa.Array) -> Coded:
    """A column as codes and the list of its words, None the last of them where some are empty."""
    import pyarrow as pa

    if not isinstance(column, pa.DictionaryArray):
        try:
            column = column.dictionary_encode()
        except pa.ArrowNotImplementedError:
            raise HistoryError(
                f"a column of the history is of type {column.type}, which says nothing of a call: "
                "name another column."
            ) from None
    words = column.dictionary.to_pylist()
    indices = column.indices
    if column.null_count:
        indices = indices.fill_null(len(words))
        words.append(None)
    return indices.to_numpy(zero_copy_only=False), words
