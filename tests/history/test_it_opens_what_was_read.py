"""A history is opened whole or as a sample; what is none or is damaged is told in a sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from lamplighter.history import COLUMNS, HistoryError, HistoryInfo, open_history, read_history
from lamplighter.history.shape import metadata_of
from tests.history.conftest import GOOD, HEADER, NOW

INFO = HistoryInfo(1, "Testville", "America/Denver", "test", "0" * 64)
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def written(path: Path, rows: int, metadata: dict | None = None, group: int = 1_000) -> Path:
    """A history of a call a minute."""
    times = [BEGINS + timedelta(minutes=minute) for minute in range(rows)]
    columns = {name: pa.nulls(rows, pa.string()) for name in COLUMNS}
    columns |= {"time": pa.array(times, pa.timestamp("us", "UTC"))}
    columns |= {"latitude": pa.array(range(rows), pa.float64())}
    table = pa.table(columns).replace_schema_metadata({**metadata_of(INFO), **(metadata or {})})
    parquet.write_table(table, path, row_group_size=group)
    return path


def test_a_sample_is_of_all_times_and_no_more_than_was_asked_for(tmp_path):
    history = open_history(written(tmp_path / "h.parquet", 40_000))
    sampled = history.sampled(1_600).table(["latitude", "time"])
    assert sampled.column_names == ["latitude", "time"]
    found = sampled["latitude"].to_pylist()
    assert len(found) == 1_600
    assert found == sorted(found)
    assert {int(place // 10_000) for place in found} == {0, 1, 2, 3}


def test_a_sample_of_a_small_history_is_all_of_it(tmp_path):
    history = open_history(written(tmp_path / "h.parquet", 50, group=7))
    assert len(history.sampled(50).table()) == 50
    assert len(history.sampled(5).table(["time"])) == 5


def test_a_history_with_damaged_pages_is_told(tmp_path):
    path = written(tmp_path / "h.parquet", 5_000)
    kept = bytearray(path.read_bytes())
    kept[4 : len(kept) // 2] = b"\xff" * (len(kept) // 2 - 4)
    path.write_bytes(kept)
    history = open_history(path)
    for read in (history.table, history.sampled(100).table, lambda: list(history)):
        with pytest.raises(HistoryError, match=r"is damaged \(.*\): read the city's file again"):
            read()


def test_metadata_of_others_need_not_be_text(tmp_path):
    others = {b"\xff\xfe": b"\xff", b"lamplighter.history.\xff": b"1"}
    path = written(tmp_path / "h.parquet", 3, others)
    assert open_history(path).info == INFO


@pytest.mark.parametrize("version", ["9" * 5_000, "²", "", "-1", "1.0", b"\xff"])
def test_a_version_that_is_none_is_told(tmp_path, version):
    path = written(tmp_path / "h.parquet", 3, {"lamplighter.history.version": version})
    with pytest.raises(HistoryError, match="is not a history of calls"):
        open_history(path)


def test_a_later_version_is_told(tmp_path):
    path = written(tmp_path / "h.parquet", 3, {"lamplighter.history.version": "7"})
    with pytest.raises(HistoryError, match="has shape version 7"):
        open_history(path)


def test_signs_that_no_text_keeps_are_left_out_of_a_call_file_in_parquet(town):
    file = town.folder / "from_the_city.parquet"
    row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {"place": "1 Main\0 St"}
    parquet.write_table(pa.Table.from_pylist([row]), file)
    read_history(file, town.layout, town.output, now=NOW)
    assert [call.place for call in town.calls] == ["1 Main St"]
