"""Whatever bytes come, every row that is read is kept or set aside for a reason."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lamplighter.history import HistoryError, parse_layout, source, unpacked
from lamplighter.history.records import Tally, cut_records
from lamplighter.history.source import CallFile, Lines
from tests.history.conftest import GOOD, HEADER, TOWN, Town

# Bytes that mean something in a call file, so that trouble is likely.
TROUBLE = st.sampled_from(
    [b"\n", b"\r", b"\r\n", b'"', b'""', b",", b"\0", b"\xff", b"\xc3", b"\xf1", b"\x81"]
    + [b"\xef\xbb\xbf", b" ", b"2026-05-01 12:00:00", b"1900-01-01", GOOD.encode()]
    + [HEADER.encode(), GOOD.encode() + b"\n", GOOD.replace("1 Main St", '"a\nb"').encode()]
)
FIELDS = st.sampled_from(["", "a", '"a"', '"a""b"', '"a"b', 'a"b', ' "a"', '"a,b"', '"a" '])
ROWS = st.lists(FIELDS, min_size=7, max_size=7).map(lambda row: ",".join(row).encode() + b"\n")
BYTES = st.lists(TROUBLE | ROWS | st.binary(max_size=4), max_size=40).map(b"".join)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with TemporaryDirectory() as folder:
        yield Town(Path(folder), parse_layout(TOWN))


@settings(max_examples=60, deadline=None)
@given(content=BYTES, packed=st.booleans())
@example(content=b'1,"', packed=False)
@example(content=GOOD.encode() + b"\n" + GOOD.encode()[:20], packed=True)
def test_rows_read_are_rows_kept_and_rows_set_aside(
    town: Town, content: bytes, packed: bool
) -> None:
    content = HEADER.encode() + b"\n" + content

    report = town.reads(gzip.compress(content) if packed else content)

    assert report.rows_read == report.rows_kept + report.rows_set_aside()
    assert report.rows_kept == len(town.calls)
    assert len({call.id for call in town.calls}) == report.rows_kept


@settings(max_examples=40, deadline=None)
@given(content=BYTES | st.binary(max_size=200), packed=st.booleans())
def test_any_bytes_are_read_or_refused_with_a_sentence(
    town: Town, content: bytes, packed: bool
) -> None:
    try:
        town.reads(b"\x1f\x8b" + content if packed else content)
        sentence = "calls.csv was read"
    except HistoryError as error:
        sentence = str(error)
    assert sentence.startswith("calls.csv")
    assert "\n" not in sentence


@settings(max_examples=300, deadline=None)
@given(content=BYTES, cut=st.integers(0, 200))
def test_every_line_is_accounted_for_wherever_the_chunks_are_cut(
    town: Town, content: bytes, cut: int
) -> None:
    whole = _lines(town, content)
    pieces = _in_two(whole, cut)

    at_once, tally_at_once = _cut([whole])
    in_two, tally_in_two = _cut(pieces)

    assert at_once == in_two
    assert tally_at_once == tally_in_two
    lines_kept = sum(str(record["raw"]).count("\n") for record in at_once)
    assert lines_kept + sum(tally_at_once.values()) == whole.count


@settings(max_examples=300, deadline=None)
@given(content=BYTES | st.lists(ROWS).map(b"".join))
def test_the_fast_cut_and_the_careful_cut_agree(town: Town, content: bytes) -> None:
    whole = _lines(town, content)
    # An empty line at the end is what the fast cut cannot do, so all is cut carefully.
    with_empty_line = Lines(whole.data + b"\n", whole.first, whole.count + 1)

    either, _ = _cut([whole])
    careful, _ = _cut([with_empty_line])

    assert [record for record in careful if record["raw"].strip()] == either


@settings(max_examples=200, deadline=None)
@example(content="a,b\nñ".encode("utf-16"), read_bytes=1, chunk_bytes=1)
@given(content=BYTES, read_bytes=st.integers(1, 9), chunk_bytes=st.integers(1, 30))
def test_lines_are_the_same_however_the_file_is_read(
    town: Town, content: bytes, read_bytes: int, chunk_bytes: int
) -> None:
    assume(not content.startswith(b"\x1f\x8b"))  # gzip in gzip is unpacked once
    at_once = _lines(town, content)

    with (
        patch.object(unpacked, "READ_BYTES", read_bytes),
        patch.object(source, "CHUNK_BYTES", chunk_bytes),
    ):
        assert _lines(town, content) == at_once
        assert _lines(town, gzip.compress(content)) == at_once


def _lines(town: Town, content: bytes) -> Lines:
    path = town.folder / "lines.csv"
    path.write_bytes(content)
    chunks = list(CallFile(path, ["cp1252"]).lines())
    data = b"".join(chunk.data for chunk in chunks)
    return Lines(data, 1, data.count(b"\n"))


def _in_two(whole: Lines, cut: int) -> list[Lines]:
    texts = whole.data.split(b"\n")[:-1]
    cut = min(cut, len(texts))
    parts = [texts[:cut], texts[cut:]]
    data = [b"".join(text + b"\n" for text in part) for part in parts]
    return [Lines(data[0], 1, cut), Lines(data[1], 1 + cut, len(texts) - cut)]


def _cut(chunks: list[Lines]) -> tuple[list[dict[str, object]], dict[str, int]]:
    tally = Tally()
    wanted = range(HEADER.count(",") + 1)
    tables = list(cut_records(chunks, len(wanted), wanted, tally))
    return [row for table in tables for row in table.to_pylist()], dict(tally.rows)
