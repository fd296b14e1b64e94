"""Writes a Parquet file column by column: those of codes packed by us, others by PyArrow."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.pages import loops, thrift
from lamplighter.policy.replay.pages.chunks import (
    BYTE_ARRAY,
    DOUBLE,
    INT64,
    PLAIN,
    RLE,
    SNAPPY,
    UNCOMPRESSED,
    Chunk,
)
from lamplighter.policy.replay.pages.footer import MARK, Column, groups_of

if TYPE_CHECKING:
    import pyarrow as pa

Array: TypeAlias = npt.NDArray[Any]

_CODES = 8  # runs of places in the dictionary
_PAGE = 1 << 18
# PyArrow, too, writes columns of longer dictionaries in another way.
_MOST_LISTED = 1 << 20
_CODEC = "snappy"
_TRIED, _WORTH_IT = 1 << 15, 0.9


@dataclass(frozen=True)
class Numbers:
    """A number of each row, and which numbers there are: where `seen[number]`."""

    each: Array
    seen: Array

    @classmethod
    def of(cls, each: Array, seen: Array) -> Numbers:
        """Numbers of any kind of whole number."""
        # They are read again and again, once for each column: fewer bytes are read faster.
        kind = np.uint16 if len(seen) <= 1 << 16 else np.int32
        return cls(each.astype(kind, copy=False), seen)


class Words(Protocol):
    """Words of a column that are put together when it is written."""

    def __len__(self) -> int: ...

    def taken(self, places: Array) -> tuple[Array, int, memoryview]:
        """Of the words at some places: which of the different ones stands at each, how many these
        are, and each of them behind its length, as a dictionary has them."""


@dataclass(frozen=True)
class Coded:
    """A column whose value in a row is `values[places[number]]`; empty where the place is -1."""

    numbers: Numbers
    places: Array
    values: Sequence[Any] | Words

    def array(self, kind: pa.DataType) -> pa.Array:
        """The column as PyArrow has it."""
        import pyarrow as pa

        assert isinstance(self.values, Sequence)
        found = self.places[self.numbers.each].astype(np.int32)
        codes = pa.array(found, mask=found < 0)
        if pa.types.is_dictionary(kind):
            words = pa.array(list(self.values), kind.value_type)
            return pa.DictionaryArray.from_arrays(codes, words)
        return pa.array(list(self.values), kind).take(codes)


@dataclass(frozen=True)
class Packed:
    """A column of a group of rows as it goes into a file: its pages, in pieces, and what they are,
    with places counted from its beginning."""

    pieces: Sequence[bytes | memoryview]
    column: Column

    @classmethod
    def of(cls, chunk: Chunk) -> Packed:
        """A column as it stands in another file."""
        column, start = chunk.column, chunk.column.start
        dictionary = None if column.dictionary is None else column.dictionary - start
        moved = replace(column, first=column.first - start, dictionary=dictionary)
        return cls([chunk.data], moved)


class ChunkFile:
    """Writes groups of rows column by column to an open file, given by its number."""

    def __init__(self, file: int, schema: pa.Schema) -> None:
        self._file = file
        self._footer = thrift.read(_footer_of(_empty(schema)))
        self._groups: list[thrift.Value] = []
        self._rows = 0
        self._at = 0
        self._lock = Lock()
        self._put([MARK])

    def put(self, packed: Packed, name: str) -> Column:
        """Write a column under this name; where it stands now. Safe to call from several threads.

        A group of rows has no order in the file (README of the Parquet format), so that columns
        are written as they are done.
        """
        column, start = packed.column, self._put(packed.pieces)
        return replace(
            column,
            path=(name, *column.path[1:]),
            first=start + column.first,
            dictionary=None if column.dictionary is None else start + column.dictionary,
        )

    def _put(self, pieces: Sequence[bytes | memoryview]) -> int:
        with self._lock:
            at = start = self._at
            self._at += sum(len(piece) for piece in pieces)
        for piece in pieces:
            left = memoryview(piece)
            while left:
                written = os.pwrite(self._file, left, at)
                at, left = at + written, left[written:]
        return start

    def end_group(self, rows: int, columns: Sequence[Column]) -> None:
        """Add a group of so many rows; all of its columns have been put."""
        packed = sum(column.packed for column in columns)
        group = {
            1: thrift.listing([_told(column) for column in columns]),
            2: thrift.i64(sum(column.size for column in columns)),
            3: thrift.i64(rows),
            5: thrift.i64(min(column.start for column in columns)),
            6: thrift.i64(packed),
        }
        self._rows += rows
        self._groups.append(thrift.struct(group))

    def close(self) -> None:
        """Write the footer; the file itself stays open."""
        self._footer[3] = thrift.i64(self._rows)
        if self._groups:
            self._footer[4] = thrift.listing(self._groups)
        footer = thrift.written(thrift.struct(self._footer))
        self._put([footer, struct.pack("<I", len(footer)), MARK])


def _told(column: Column) -> thrift.Value:
    """A column as the footer has it."""
    about = {
        1: thrift.i32(column.type),
        2: thrift.listing([thrift.i32(encoding) for encoding in column.encodings]),
        3: thrift.listing([thrift.binary(name.encode()) for name in column.path]),
        4: thrift.i32(column.codec),
        5: thrift.i64(column.values),
        6: thrift.i64(column.size),
        7: thrift.i64(column.packed),
        9: thrift.i64(column.first),
    }
    if column.dictionary is not None:
        about[11] = thrift.i64(column.dictionary)
    return thrift.struct({2: thrift.i64(0), 3: thrift.struct(about)})


def _empty(schema: pa.Schema) -> bytes:
    """A file without rows: there PyArrow says what the columns are."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    made = pa.BufferOutputStream()
    parquet.ParquetWriter(made, schema).close()
    whole: bytes = made.getvalue().to_pybytes()
    return whole


def _footer_of(file: bytes) -> bytes:
    (length,) = struct.unpack("<I", file[-8:-4])
    return file[-8 - length : -8]


def packed_by_arrow(array: pa.Array, field: pa.Field) -> Packed:
    """Any column of one leaf, as PyArrow packs it; of all different texts without a dictionary."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    made = pa.BufferOutputStream()
    table = pa.table([array.cast(field.type)], schema=pa.schema([field]))
    parquet.write_table(
        table,
        made,
        row_group_size=max(len(array), 1),
        compression=_CODEC,
        use_dictionary=not pa.types.is_string(field.type),
        write_statistics=False,
        store_schema=False,
    )
    whole = made.getvalue().to_pybytes()
    (group,) = groups_of(_footer_of(whole))
    (column,) = group.columns
    assert column is not None
    data = whole[column.start : column.start + column.packed]
    return Packed.of(Chunk(data, group.rows, column))


def packed_codes(column: Coded, field: pa.Field) -> Packed:
    """A column of texts or numbers, as codes and a dictionary of the values that occur."""
    numbers = column.numbers
    used = np.unique(column.places[numbers.seen])
    empty = bool(len(used)) and used[0] < 0
    used = used[used >= 0]
    made = _listed(column.values, used, field.type)
    if made is None:
        return packed_by_arrow(column.array(field.type), field)
    # One more for those that are empty, and for numbers that do not occur.
    codes = np.full(len(column.values) + 1, -1, np.int32)
    codes[used], listed = made
    codes = codes[column.places]
    width = max((listed.count - 1).bit_length(), 1)
    rows = len(numbers.each)
    parts = [numbers.each[start : start + _PAGE] for start in range(0, rows, _PAGE)]
    if empty:
        bodies = [_some(part, codes, width) for part in parts]
    else:
        codes = codes.astype(np.uint8 if width <= 8 else np.int32)
        bodies = [
            _packed(part, codes, width, listed.count, _levels_of_all(len(part))) for part in parts
        ]
    codec = _codec_for(listed.plain, bodies)
    about = {1: thrift.i32(listed.count), 2: thrift.i32(PLAIN)}
    pieces: list[bytes | memoryview]
    head, packed, size = _page(listed.plain, {7: thrift.struct(about)}, 2, codec)
    pieces, first = [head, packed], len(head) + len(packed)
    for part, body in zip(parts, bodies, strict=True):
        kinds = (len(part), _CODES, RLE, RLE)
        about = {number: thrift.i32(kind) for number, kind in enumerate(kinds, 1)}
        head, packed, more = _page(body, {5: thrift.struct(about)}, 0, codec)
        pieces += [head, packed]
        size += more
    about_all = Column(
        type=listed.type,
        encodings=(PLAIN, RLE, _CODES),
        path=(field.name,),
        codec=codec,
        values=rows,
        size=size,
        packed=sum(len(piece) for piece in pieces),
        first=first,
        dictionary=0,
    )
    return Packed(pieces, about_all)


@dataclass(frozen=True)
class _Listed:
    """How many different values a column has, and as the bytes of a dictionary and their type."""

    count: int
    type: int
    plain: memoryview


def _listed(
    values: Sequence[Any] | Words, used: Array, kind: pa.DataType
) -> tuple[Array, _Listed] | None:
    """Which of the different values at the places that are used stands at each, and these, if we
    write such."""
    if not isinstance(values, Sequence):
        codes, count, plain = values.taken(used)
        return codes, _Listed(count, BYTE_ARRAY, plain)
    made = _plain([values[place] for place in used.tolist()], kind)
    if made is None:
        return None
    # PyArrow cannot read a dictionary that has a value twice.
    places = {value: code for code, value in enumerate(dict.fromkeys(made[1]))}
    codes = np.array([places[value] for value in made[1]], np.int32)
    return codes, _Listed(len(places), made[0], memoryview(b"".join(places)))


def _plain(values: Sequence[Any], kind: pa.DataType) -> tuple[int, list[bytes]] | None:
    """The values of a dictionary as bytes, and their type, if we write such."""
    import pyarrow as pa

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_string(kind):
        words = [value.encode() for value in values]
        number, plain = BYTE_ARRAY, [struct.pack("<I", len(word)) + word for word in words]
    elif pa.types.is_int64(kind):
        number, plain = INT64, [struct.pack("<q", value) for value in values]
    elif pa.types.is_float64(kind):
        number, plain = DOUBLE, [struct.pack("<d", value) for value in values]
    else:
        return None
    return (number, plain) if sum(map(len, plain)) <= _MOST_LISTED else None


def _codec_for(words: memoryview, bodies: Sequence[memoryview]) -> int:
    """Codes are packed already: what Snappy hardly makes less of is left as it is."""
    import pyarrow as pa

    def packed(some: bytes | memoryview) -> int:
        return len(pa.compress(some, codec=_CODEC, asbytes=True))

    some, few = bodies[0][:_TRIED], words[:_MOST_LISTED]
    codes = sum(map(len, bodies))
    expected = packed(some) / len(some) * codes
    expected += packed(few) / max(len(few), 1) * len(words)
    return SNAPPY if expected < _WORTH_IT * (len(words) + codes) else UNCOMPRESSED


def _page(
    body: memoryview, about: dict[int, thrift.Value], kind: int, codec: int
) -> tuple[bytes, bytes | memoryview, int]:
    """The header of a page, the page, and the size of both if it were not packed."""
    import pyarrow as pa

    packed = pa.compress(body, codec=_CODEC, asbytes=True) if codec == SNAPPY else body
    sizes = {1: thrift.i32(kind), 2: thrift.i32(len(body)), 3: thrift.i32(len(packed))}
    head = thrift.written(thrift.struct({**sizes, **about}))
    return head, packed, len(head) + len(body)


def _levels_of_all(rows: int) -> bytes:
    """That each row has a value: one run of ones, behind its length."""
    run = thrift.varint(rows << 1) + b"\1"
    return struct.pack("<I", len(run)) + run


def _packed(numbers: Array, codes: Array, width: int, kinds: int, levels: bytes) -> memoryview:
    """A page: levels, the width of codes, and a run of them, of one code or packed."""
    rows = len(numbers)
    if kinds <= 1:
        run = thrift.varint(rows << 1) + b"\0" if rows else b""
        return memoryview(levels + bytes([width]) + run)
    head = levels + bytes([width]) + _head_of_run(rows)
    size = (rows + 7) // 8 * width
    body = np.empty(len(head) + size + 8, np.uint8)
    body[: len(head)] = np.frombuffer(head, np.uint8)
    body[-width - 8 :] = 0  # behind the last code
    words = np.ndarray((size + 1,), np.uint64, body, len(head), (1,))
    loops.pack(numbers, codes, width, words)
    return body[: len(head) + size].data


def _some(numbers: Array, codes: Array, width: int) -> memoryview:
    """Rows of which some are empty: which are not, and the codes of those."""
    rows = len(numbers)
    kept, flags = np.empty(rows, numbers.dtype), np.empty(rows, bool)
    count = loops.there(numbers, codes, kept, flags)
    levels = _head_of_run(rows) + np.packbits(flags, bitorder="little").tobytes()
    levels = struct.pack("<I", len(levels)) + levels
    return _packed(kept[:count], codes, width, 2 if count else 0, levels)


def _head_of_run(rows: int) -> bytes:
    """What stands before packed codes, which are in groups of eight."""
    return thrift.varint((rows + 7) // 8 << 1 | 1)
