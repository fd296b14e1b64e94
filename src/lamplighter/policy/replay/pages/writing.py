"""Writes a Parquet file from chunks: columns of codes packed by us, others packed by PyArrow."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

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
    """A number of each row, -1 or more, and which numbers there are: `seen[number + 1]`."""

    each: Array
    seen: Array

    @classmethod
    def of(cls, each: Array, count: int) -> Numbers:
        """Numbers below `count`."""
        # They are read again and again, once for each column: fewer bytes are read faster.
        kinds = (np.int8, np.int16, np.int32)
        kind = next(kind for kind in kinds if count <= np.iinfo(kind).max)
        seen, copy = np.zeros(count + 1, np.uint8), np.empty(len(each), kind)
        loops.mark(each, seen, copy)
        return cls(copy, seen)


@dataclass(frozen=True)
class Coded:
    """A column whose value in a row is `values[places[number]]`.

    It is empty where the place, or the number itself, is negative.
    """

    numbers: Numbers
    places: Sequence[int]
    values: Sequence[Any]

    def array(self, kind: pa.DataType) -> pa.Array:
        """The column as PyArrow has it."""
        import pyarrow as pa

        found = np.array([-1, *self.places], np.int32)[self.numbers.each.astype(np.int32) + 1]
        codes = pa.array(found, mask=found < 0)
        if pa.types.is_dictionary(kind):
            words = pa.array(list(self.values), kind.value_type)
            return pa.DictionaryArray.from_arrays(codes, words)
        return pa.array(list(self.values), kind).take(codes)


class ChunkFile:
    """Writes groups of rows, each as the chunks of all columns, to an open file."""

    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        self._file = file
        self._footer = thrift.read(_footer_of(_empty(schema)))
        self._groups: list[thrift.Value] = []
        self._rows = 0
        self._at = file.write(MARK)

    def write(self, chunks: Sequence[Chunk]) -> None:
        """Add a group of rows."""
        start, rows = self._at, chunks[0].rows
        columns = []
        for chunk in chunks:
            columns.append(_column(chunk, self._at))
            self._at += self._file.write(chunk.data)
        self._rows += rows
        group = {
            1: thrift.listing(columns),
            2: thrift.i64(sum(chunk.column.size for chunk in chunks)),
            3: thrift.i64(rows),
            5: thrift.i64(start),
            6: thrift.i64(self._at - start),
        }
        self._groups.append(thrift.struct(group))

    def close(self) -> None:
        """Write the footer; the file itself stays open."""
        self._footer[3] = thrift.i64(self._rows)
        if self._groups:
            self._footer[4] = thrift.listing(self._groups)
        footer = thrift.written(thrift.struct(self._footer))
        self._file.write(footer + struct.pack("<I", len(footer)) + MARK)


def _column(chunk: Chunk, at: int) -> thrift.Value:
    column = chunk.column
    moved = at - column.start
    about = {
        1: thrift.i32(column.type),
        2: thrift.listing([thrift.i32(encoding) for encoding in column.encodings]),
        3: thrift.listing([thrift.binary(name.encode()) for name in column.path]),
        4: thrift.i32(column.codec),
        5: thrift.i64(column.values),
        6: thrift.i64(column.size),
        7: thrift.i64(len(chunk.data)),
        9: thrift.i64(column.first + moved),
    }
    if column.dictionary is not None:
        about[11] = thrift.i64(column.dictionary + moved)
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


def chunk_by_arrow(array: pa.Array, field: pa.Field) -> Chunk:
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
    return Chunk(whole[column.start : column.start + column.packed], group.rows, column)


def chunk_of_codes(column: Coded, field: pa.Field) -> Chunk:
    """A column of texts or numbers, as codes and a dictionary of the values that occur."""
    numbers = column.numbers
    places = np.array([-1, *column.places], np.int32)
    used = np.unique(places[np.flatnonzero(numbers.seen)])
    empty = bool(len(used)) and used[0] < 0
    used = used[used >= 0]
    made = _plain([column.values[place] for place in used.tolist()], field.type)
    if made is None:
        return chunk_by_arrow(column.array(field.type), field)
    parquet_type, values = made
    # PyArrow cannot read a dictionary that has a value twice.
    listed = {value: code for code, value in enumerate(dict.fromkeys(values))}
    codes = np.full(max(len(column.values), 1), -1, np.int32)
    codes[used] = [listed[value] for value in values]
    codes = np.where(places < 0, np.int32(-1), codes[places])
    width = max((len(listed) - 1).bit_length(), 1)
    rows = len(numbers.each)
    parts = [numbers.each[start : start + _PAGE] for start in range(0, rows, _PAGE)]
    if empty:
        bodies = [_some(part, codes, width) for part in parts]
    else:
        bodies = [
            _levels_of_all(len(part)) + _packed(part, codes, width, len(listed)) for part in parts
        ]
    words = b"".join(listed)
    codec = _codec_for(words, bodies)
    about = {1: thrift.i32(len(listed)), 2: thrift.i32(PLAIN)}
    pages = [_page(words, {7: thrift.struct(about)}, 2, codec)]
    for part, body in zip(parts, bodies, strict=True):
        kinds = (len(part), _CODES, RLE, RLE)
        about = {number: thrift.i32(kind) for number, kind in enumerate(kinds, 1)}
        pages.append(_page(body, {5: thrift.struct(about)}, 0, codec))
    data = b"".join(page for page, _ in pages)
    about_all = Column(
        type=parquet_type,
        encodings=(PLAIN, RLE, _CODES),
        path=(field.name,),
        codec=codec,
        values=rows,
        size=sum(size for _, size in pages),
        packed=len(data),
        first=len(pages[0][0]),
        dictionary=0,
    )
    return Chunk(data, rows, about_all)


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


def _codec_for(words: bytes, bodies: Sequence[bytes]) -> int:
    """Codes are packed already: what Snappy hardly makes less of is left as it is."""
    import pyarrow as pa

    def packed(some: bytes) -> int:
        return len(pa.compress(some, codec=_CODEC, asbytes=True))

    some = bodies[0][:_TRIED]
    codes = sum(map(len, bodies))
    expected = packed(words) + packed(some) / len(some) * codes
    return SNAPPY if expected < _WORTH_IT * (len(words) + codes) else UNCOMPRESSED


def _page(body: bytes, about: dict[int, thrift.Value], kind: int, codec: int) -> tuple[bytes, int]:
    """A page with its header, and the size of both if it were not packed."""
    import pyarrow as pa

    packed = pa.compress(body, codec=_CODEC, asbytes=True) if codec == SNAPPY else body
    sizes = {1: thrift.i32(kind), 2: thrift.i32(len(body)), 3: thrift.i32(len(packed))}
    head = thrift.written(thrift.struct({**sizes, **about}))
    return head + packed, len(head) + len(body)


def _levels_of_all(rows: int) -> bytes:
    """That each row has a value: one run of ones, behind its length."""
    run = thrift.varint(rows << 1) + b"\1"
    return struct.pack("<I", len(run)) + run


def _packed(numbers: Array, codes: Array, width: int, kinds: int) -> bytes:
    """The width of codes, and a run of them: of one code, or packed."""
    rows = len(numbers)
    if kinds <= 1:
        return bytes([width]) + (thrift.varint(rows << 1) + b"\0" if rows else b"")
    size = (rows + 7) // 8 * width
    packed = np.zeros(size + 8, np.uint8)
    words = np.ndarray((size + 1,), np.uint64, packed, strides=(1,))
    loops.pack(numbers, codes, width, words)
    return bytes([width]) + _run(packed[:size], rows)


def _some(numbers: Array, codes: Array, width: int) -> bytes:
    """Rows of which some are empty: which are not, and the codes of those."""
    rows = len(numbers)
    kept, flags = np.empty(rows, numbers.dtype), np.empty(rows, bool)
    count = loops.there(numbers, codes, kept, flags)
    levels = _run(np.packbits(flags, bitorder="little"), rows)
    body = struct.pack("<I", len(levels)) + levels
    return body + _packed(kept[:count], codes, width, 2 if count else 0)


def _run(packed: Array, rows: int) -> bytes:
    """A run of packed codes, in groups of eight."""
    return thrift.varint((rows + 7) // 8 << 1 | 1) + packed.tobytes()
