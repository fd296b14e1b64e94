"""Chunks of Parquet: the pages of one column in one group of rows, as they stand in a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.pages import loops, thrift
from lamplighter.policy.replay.pages.footer import Column, NotOurs

Array: TypeAlias = npt.NDArray[Any]

# Numbers of the format: parquet.thrift of the Apache Parquet project.
INT64, DOUBLE, BYTE_ARRAY = 2, 5, 6
PLAIN, RLE, DICTIONARIES = 0, 3, (2, 8)
UNCOMPRESSED, SNAPPY, ZSTD = 0, 1, 6
# As PyArrow calls those that it has for all who write Parquet.
_CODECS = {SNAPPY: "snappy", 2: "gzip", 4: "brotli", ZSTD: "zstd", 7: "lz4_raw"}

# What is read eight bytes at a time may be read beyond its end.
_BEYOND = bytes(16)
# A page of codes or of numbers takes no more than so many bytes, and a dictionary as many.
_PAGE_BYTES, _ROW_BYTES = 1 << 12, 16
_MOST_LISTED = 1 << 24


@dataclass(frozen=True)
class Chunk:
    """The bytes of a column in a group of so many rows, pages and headers, and what they are."""

    data: bytes
    rows: int
    column: Column


@dataclass(frozen=True)
class Pages:
    """The unpacked pages of a chunk: `body` is all of them, `words` is `body` as the loops read it,
    and `table` has a row for each (see `loops`). `listed` is the dictionary, of `count` values."""

    body: Array
    words: Array
    table: Array
    listed: memoryview
    count: int


def read_chunk(file: int, column: Column, rows: int) -> Chunk:
    """Read a chunk from an open file, given by its number.

    The bytes are read, not mapped: a file that shrinks meanwhile must not end the process.
    """
    start, size = column.start, column.packed
    if start < 0 or size < 0 or start + size > os.fstat(file).st_size:
        raise NotOurs
    data = os.pread(file, size, start)
    if len(data) < size:
        raise NotOurs
    return Chunk(data, rows, column)


def headers(chunk: Chunk) -> Array:
    """The headers of the pages of a chunk that has one value, or none, in each row."""
    body = np.frombuffer(chunk.data, np.uint8)
    found = np.empty((64, loops.FOUND), np.int64)
    while (count := loops.page_headers(body, found)) == -2:
        if len(found) > 2 * chunk.rows + 64:
            # A page without rows is only there to fill the memory with its header.
            raise NotOurs
        found = np.empty((len(found) * 4, loops.FOUND), np.int64)
    found = found[: max(count, 0)]
    data = found[found[:, loops.KIND] != loops.DICTIONARY]
    kinds = is_one_of(data[:, loops.KIND], loops.DATA, loops.DATA_2)
    # Each count is looked at first, so that their sum is what it seems to be.
    if not len(data) or not kinds or data[:, loops.COUNT].max() > chunk.rows:
        raise NotOurs
    if data[:, loops.COUNT].sum() != chunk.rows or len(found) - len(data) > 1:
        raise NotOurs
    if len(data) < len(found) and found[0, loops.KIND] != loops.DICTIONARY:
        raise NotOurs
    return found


def is_one_of(numbers: Array, *wanted: int) -> bool:
    """Whether each of the numbers is one of those wanted."""
    return all(number in wanted for number in set(numbers.tolist()))


def pages_of(chunk: Chunk) -> Pages:
    """Unpack the pages of a chunk.

    Raises `NotOurs` where it is damaged, or unpacks to more than codes or numbers take.
    """
    found = headers(chunk)
    data = memoryview(chunk.data)
    listed, count = memoryview(_BEYOND), 0
    if found[0, loops.KIND] == loops.DICTIONARY:
        head, found = found[0], found[1:]
        size, count = int(head[loops.UNPACKED]), int(head[loops.COUNT])
        if size > _MOST_LISTED or count > size or head[loops.ENCODING] not in (PLAIN, 2):
            raise NotOurs
        at = int(head[loops.AT])
        listed = _unpacked(
            chunk.column.codec, [(data[at : at + int(head[loops.PACKED])], size, True)]
        )
    most = _PAGE_BYTES + _ROW_BYTES * found[:, loops.COUNT]
    if (found[:, loops.UNPACKED] > most).any():
        raise NotOurs
    parts: list[tuple[memoryview, int, bool]] = []
    table: list[tuple[int, int, int, int, int, int]] = []
    levels: list[memoryview] = []
    end = 0
    for row in found.tolist():
        at, size = row[loops.AT], row[loops.UNPACKED]
        page = data[at : at + row[loops.PACKED]]
        packed, encoding = True, row[loops.ENCODING]
        if row[loops.KIND] == loops.DATA_2:
            length, encoding = row[loops.LEVELS_2], row[loops.ENCODING_2]
            if row[loops.REPEATS_2] or not 0 <= length <= min(len(page), size):
                raise NotOurs
            levels.append(page[:length])
            page, size, packed = page[length:], size - length, bool(row[loops.IS_PACKED_2])
        table.append((-1, -1, end, end + size, row[loops.COUNT], encoding))
        parts.append((page, size, packed))
        end += size
    unpacked = _unpacked(chunk.column.codec, parts)
    places = np.array(table, np.int64)
    if levels:
        if len(levels) < len(table):
            raise NotOurs
        ends = end + np.cumsum([len(one) for one in levels])
        places[:, loops.LEVELS_END] = ends
        places[:, loops.LEVELS] = ends - [len(one) for one in levels]
        unpacked = memoryview(b"".join([unpacked[:end], *levels, _BEYOND]))
    body = np.frombuffer(unpacked, np.uint8)
    words = np.ndarray((len(body) - 7,), np.uint64, body, strides=(1,))
    return Pages(body, words, places, listed[: -len(_BEYOND)], count)


def _says(part: memoryview) -> int:
    """How long a packed part says that it is; PyArrow leaves open what it is short of."""
    try:
        return thrift.number_of(bytes(part[:10]))
    except thrift.ThriftError:
        raise NotOurs from None


def _unpacked(codec: int, parts: Sequence[tuple[memoryview, int, bool]]) -> memoryview:
    """Parts one after the other, unpacked where they are packed, and some bytes more."""
    import pyarrow as pa

    if codec == UNCOMPRESSED:
        if any(len(part) != size for part, size, _ in parts):
            raise NotOurs
        return memoryview(b"".join([*(part for part, _, _ in parts), _BEYOND]))
    if codec not in _CODECS:
        raise NotOurs
    # A codec of PyArrow may have a state: it is not for two threads.
    unpack = pa.Codec(_CODECS[codec])
    try:
        if codec == ZSTD and all(packed and size for _, size, packed in parts):
            # Frames of Zstandard are unpacked one after the other in one go (RFC 8878, 3.1),
            # which saves most of the time where pages are small.
            frames = [*(part for part, _, _ in parts), unpack.compress(_BEYOND, asbytes=True)]
            size = sum(size for _, size, _ in parts) + len(_BEYOND)
            return memoryview(unpack.decompress(b"".join(frames), size))
        made = [
            unpack.decompress(part, size, asbytes=True) if packed else bytes(part)
            for part, size, packed in parts
            if size
        ]
    except (OSError, pa.ArrowException):
        raise NotOurs from None
    if [len(one) for one in made] != [size for _, size, _ in parts if size]:
        raise NotOurs
    if codec == SNAPPY and any(
        packed and _says(part) != size for part, size, packed in parts if size
    ):
        raise NotOurs
    return memoryview(b"".join([*made, _BEYOND]))
