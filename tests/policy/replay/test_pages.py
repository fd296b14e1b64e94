"""Parquet read and written by our own loops is what PyArrow and DuckDB read, also where damaged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.history import HistoryError
from lamplighter.policy.replay import parts
from lamplighter.policy.replay.pages import loops, thrift
from lamplighter.policy.replay.pages.chunks import (
    PLAIN,
    SNAPPY,
    Chunk,
    headers,
    pages_of,
    read_chunk,
)
from lamplighter.policy.replay.pages.footer import Column, NotOurs, groups_of, read_groups
from lamplighter.policy.replay.pages.reading import coded, longs
from lamplighter.policy.replay.pages.writing import (
    ChunkFile,
    Coded,
    Numbers,
    packed_by_arrow,
    packed_codes,
)
from lamplighter.policy.replay.parts import Part, Parts

OURS = ("none", "snappy", "gzip", "brotli", "zstd")
SOME = settings(max_examples=60, deadline=None)
WORD = pa.dictionary(pa.int32(), pa.string())
COLUMNS = ("nature", "unit", "level", "priority")


@dataclass(frozen=True)
class Written:
    """A table, and how it is written."""

    table: pa.Table
    how: dict[str, Any]

    def to(self, path: Path) -> Path:
        parquet.write_table(self.table, path, **self.how)
        return path


@st.composite
def written(draw: st.DrawFn) -> Written:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = draw(st.integers(0, 700))

    def words(kinds: int, empty: float) -> pa.Array:
        pool = [f"{number} ñ" for number in range(kinds)]
        found = random.integers(0, kinds, rows)
        if draw(st.booleans()):
            found.sort()  # runs
        return pa.array([pool[k] for k in found], mask=random.random(rows) < empty)

    times = random.integers(-(10**15), 10**15, rows) if draw(st.booleans()) else np.full(rows, 7)
    table = pa.table(
        {
            "id": pa.array([f"call {row}" for row in range(rows)], pa.string()),
            "time": pa.array(times, pa.timestamp("us", "UTC")),
            "nature": words(draw(st.integers(1, 9)), draw(st.sampled_from([0.0, 0.3, 1.0]))),
            "unit": words(draw(st.integers(200, 600)), 0.1).cast(WORD),
            "level": pa.array(random.integers(0, 3, rows), mask=random.random(rows) < 0.2),
            "priority": words(3, 0.0),
        },
        schema=pa.schema(
            [
                pa.field("id", pa.string()),
                pa.field("time", pa.timestamp("us", "UTC"), nullable=draw(st.booleans())),
                pa.field("nature", pa.string()),
                pa.field("unit", WORD),
                pa.field("level", pa.int64()),
                pa.field("priority", pa.large_string(), nullable=False),
            ]
        ),
    )
    how = {
        "compression": draw(st.sampled_from([*OURS, "lz4"])),
        "version": draw(st.sampled_from(["1.0", "2.6"])),
        "data_page_version": draw(st.sampled_from(["1.0", "2.0"])),
        "data_page_size": draw(st.sampled_from([64, 500, 1 << 20])),
        "write_batch_size": draw(st.sampled_from([17, 1024])),
        "row_group_size": draw(st.sampled_from([50, 300, 1 << 20])),
        "dictionary_pagesize_limit": draw(st.sampled_from([100, 1 << 20])),
        "use_dictionary": draw(st.sampled_from([True, False, ["nature", "unit"]])),
        "store_schema": draw(st.booleans()),
        "write_page_checksum": draw(st.booleans()),
    }
    return Written(table, how)


def rows_of(found: Iterator[Part]) -> list[list[Any]]:
    """The columns of all parts, one after the other, as Python has them."""
    columns: list[list[Any]] = [[] for _ in range(2 + len(COLUMNS))]
    for part in found:
        columns[0] += part.ids.array().to_pylist()
        columns[1] += part.told["times"].tolist()
        for column, name in zip(columns[2:], COLUMNS, strict=True):
            codes, words = part.coded(name)
            column += [words[code] for code in codes.tolist()]
    return columns


def read_by_us(path: Path) -> list[list[Any]]:
    return rows_of(iter(Parts(path, COLUMNS, {"times": lambda times: times})))


def rows_by_arrow(path: Path) -> list[list[Any]]:
    table = parquet.read_table(path)
    table.validate(full=True)
    times = table["time"].cast("int64")
    return [table["id"].to_pylist(), times.to_pylist(), *(table[n].to_pylist() for n in COLUMNS)]


@SOME
@given(written(), st.sampled_from([1 << 21, 100]))
def test_a_history_is_read_as_pyarrow_reads_it(one: Written, most: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = one.to(Path(folder) / "calls.parquet")
        # Larger groups of rows are read in batches.
        patch.setattr(parts, "_MOST_ROWS", most)
        assert read_by_us(path) == rows_by_arrow(path)


@SOME
@given(written(), st.data())
def test_damaged_pages_are_one_sentence_or_what_pyarrow_reads(
    one: Written, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = one.to(Path(folder) / "calls.parquet")
        whole = bytearray(path.read_bytes())
        footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, footer - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(whole)
        try:
            found = read_by_us(path)
        except HistoryError as error:
            assert str(error).endswith("read the city's file again.")  # noqa: PT017
            return
        try:
            expected = rows_by_arrow(path)
        except (pa.ArrowException, OSError, UnicodeDecodeError):
            return
        assert found == expected


@SOME
@given(written(), st.data())
def test_a_damaged_footer_is_told(one: Written, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = one.to(Path(folder) / "calls.parquet")
        whole = bytearray(path.read_bytes())
        footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(footer, len(whole) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(whole)
        with open(path, "rb") as file:
            try:
                groups = read_groups(file.fileno())
            except NotOurs:
                return
            for group in groups:
                for column in group.columns:
                    with suppress(NotOurs):
                        assert (
                            column is None
                            or len(coded(read_chunk(file.fileno(), column, group.rows), True)[0])
                            == group.rows
                        )


@pytest.mark.parametrize("codec", OURS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_pages_of_codes_and_of_numbers_are_ours(codec: str, version: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    natures = ["noise", None, "fight"] * 500
    table = pa.table({"nature": natures, "time": range(1500)})
    how = {"compression": codec, "data_page_version": version, "data_page_size": 100}
    parquet.write_table(table, path, write_batch_size=64, **how)
    with open(path, "rb") as file:
        (group,) = read_groups(file.fileno())
        chunks = [read_chunk(file.fileno(), column, 1500) for column in group.columns]
    codes, words = coded(chunks[0], optional=True)
    assert [words[code] for code in codes.tolist()] == natures
    assert longs(chunks[1], optional=True).tolist() == [*range(1500)]


def test_a_column_of_other_pages_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    parquet.write_table(pa.table({"nature": ["noise", "fight"]}), path, use_dictionary=False)
    with open(path, "rb") as file:
        (group,) = read_groups(file.fileno())
        chunk = read_chunk(file.fileno(), group.columns[0], 2)
    with pytest.raises(NotOurs):
        coded(chunk, optional=True)


def numbers_of(each: Any, count: int) -> Numbers:
    return Numbers.of(each, np.bincount(each, minlength=count) > 0)


KINDS = {
    "words": (WORD, st.text(max_size=3)),
    "texts": (pa.string(), st.text(max_size=3)),
    "minutes": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "share": (pa.float64(), st.floats(allow_nan=False)),
    "certain": (pa.bool_(), st.booleans()),
    "units": (pa.list_(pa.string()), st.lists(st.text(max_size=2), max_size=2)),
}


def value_type(field: pa.Field) -> pa.DataType:
    return field.type.value_type if pa.types.is_dictionary(field.type) else field.type


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_written_is_read_the_same_by_pyarrow_and_duckdb(data: st.DataObject) -> None:
    fields = [pa.field(name, kind) for name, (kind, _) in KINDS.items()]
    schema = pa.schema([pa.field("id", pa.string()), *fields], metadata={"city": "Año"})
    expected: list[pa.Table] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.parquet"
        with open(path, "wb") as file:
            made = ChunkFile(file.fileno(), schema)
            for _ in range(data.draw(st.integers(0, 3))):
                rows = data.draw(st.integers(1, 200))
                ids = pa.array([str(row) for row in range(rows)])
                columns, packed = [ids], [packed_by_arrow(ids, schema.field("id"))]
                random = np.random.default_rng(data.draw(st.integers(0, 99)))
                for field, (_, values) in zip(fields, KINDS.values(), strict=True):
                    some = data.draw(st.lists(values, min_size=1, max_size=20))
                    count = data.draw(st.integers(1, 120))
                    least = data.draw(st.sampled_from([-1, 0]))
                    places = random.integers(least, len(some), count)
                    each = random.integers(0, count, rows)
                    told = [None if place < 0 else some[place] for place in places[each]]
                    columns.append(pa.array(told, value_type(field)).cast(field.type))
                    packed.append(packed_codes(Coded(numbers_of(each, count), places, some), field))
                # In another order than that of the columns.
                put = {n: made.put(packed[n], schema.names[n]) for n in random.permutation(7)}
                made.end_group(rows, [put[n] for n in range(7)])
                expected.append(pa.table(columns, schema=schema))
            made.close()
        table = pa.concat_tables(expected) if expected else schema.empty_table()
        found = parquet.read_table(path)
        parquet.write_table(schema.empty_table(), path.with_name("by_arrow.parquet"))
        wanted = parquet.read_schema(path.with_name("by_arrow.parquet"))
        assert found.schema.equals(wanted, check_metadata=True)
        assert found.to_pylist() == table.to_pylist()
        theirs = duckdb.sql(f"select * from '{path}'").fetchall()
        assert theirs == [tuple(row.values()) for row in table.to_pylist()]


def test_a_group_that_says_more_rows_than_its_columns_have_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    times = pa.array([1] * 50, pa.timestamp("us", "UTC"))
    parquet.write_table(pa.table({"id": ["a"] * 50, "time": times, "nature": ["b"] * 50}), path)
    whole = path.read_bytes()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    footer = thrift.read(whole[start:-8])
    group = footer[4][1][0][1] | {3: thrift.i64(60)}
    footer |= {3: thrift.i64(60), 4: thrift.listing([thrift.struct(group)])}
    written = thrift.written(thrift.struct(footer))
    path.write_bytes(whole[:start] + written + len(written).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(HistoryError, match="more rows or fewer than the others"):
        list(Parts(path, ("nature",), {}))


def test_a_footer_with_words_where_numbers_stand_is_not_ours() -> None:
    about = {n: thrift.i64(4) for n in (1, 4, 5, 6, 7, 9)}
    about |= {2: thrift.listing([thrift.binary(b"x")]), 3: thrift.listing([thrift.binary(b"id")])}
    group = {1: thrift.listing([thrift.struct({3: thrift.struct(about)})]), 3: thrift.i64(1)}
    footer = thrift.struct({4: thrift.listing([thrift.struct(group)])})
    with pytest.raises(NotOurs):
        groups_of(thrift.written(footer))


def _chunk(data: bytes, rows: int) -> Chunk:
    column = Column(6, (), ("nature",), SNAPPY, rows, len(data), len(data), 0, None)
    return Chunk(data, rows, column)


def test_pages_without_rows_do_not_fill_the_memory_with_their_headers() -> None:
    about = {1: thrift.i32(0), 2: thrift.i32(PLAIN)}
    page = {1: thrift.i32(0), 2: thrift.i32(0), 3: thrift.i32(0), 5: thrift.struct(about)}
    with pytest.raises(NotOurs):
        headers(_chunk(thrift.written(thrift.struct(page)) * 100_000, 0))


def test_a_page_that_is_shorter_than_its_header_says_is_not_ours() -> None:
    packed = pa.compress(b"\x02\x00\x00\x00\x02\x01", codec="snappy", asbytes=True)
    about = {1: thrift.i32(1), 2: thrift.i32(PLAIN)}
    sizes = {2: thrift.i32(60), 3: thrift.i32(len(packed))}
    page = thrift.struct({1: thrift.i32(0), **sizes, 5: thrift.struct(about)})
    with pytest.raises(NotOurs):
        pages_of(_chunk(thrift.written(page) + packed, 1))


def test_codes_beyond_the_dictionary_are_not_ours() -> None:
    # Two words, and a run of eight codes of two bits, each of them 3.
    body = np.frombuffer(bytes([2, 3, 0xFF, 0xFF]) + bytes(16), np.uint8)
    words = np.ndarray((len(body) - 7,), np.uint64, body, strides=(1,))
    pages = np.array([[-1, -1, 0, 4, 8, 8]], np.int64)
    found = np.empty(8, np.uint8)
    assert loops.codes(body, words, pages, False, 4, found) == 0
    assert found.tolist() == [3] * 8
    assert loops.codes(body, words, pages, False, 2, found) == -1


@pytest.mark.parametrize("count", [1000, 70_000])
def test_codes_of_more_than_a_byte_are_packed(count: int) -> None:
    each = np.arange(count)
    column = Coded(numbers_of(each, count), each, [f"rule {n}" for n in range(count)])
    packed = packed_codes(column, pa.field("rule", pa.string()))
    chunk = Chunk(b"".join(packed.pieces), count, packed.column)
    codes, words = coded(chunk, optional=True)
    assert [words[code] for code in codes.tolist()] == list(column.values)
