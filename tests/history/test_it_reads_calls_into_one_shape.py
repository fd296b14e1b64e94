"""A call file becomes a history: one typed row a call, in order of time."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pyarrow.parquet as parquet

from lamplighter.history import StartedBy, open_history
from tests.history.conftest import GOOD, Town, file_of


def test_it_reads_a_call(town: Town) -> None:
    town.reads(file_of(GOOD))

    (call,) = town.calls
    assert call.id == "1"
    assert call.time == datetime(2026, 5, 1, 17, 0, tzinfo=UTC)  # noon in Chicago
    assert call.nature_as_written == "WELFARE"
    assert call.nature == "welfare_check"
    assert call.place == "1 Main St"
    assert (call.latitude, call.longitude) == (43.0, -87.9)
    assert call.started_by is StartedBy.PUBLIC
    assert call.dispatched_at == datetime(2026, 5, 1, 17, 5, tzinfo=UTC)
    assert call.arrived_at is None
    assert call.priority is None


def test_it_writes_calls_in_order_of_time(town: Town, row: Callable[..., str]) -> None:
    town.reads(
        file_of(
            row(id="1", time="2026-05-03 00:00:00"),
            row(id="3", time="2026-05-01 00:00:00"),
            row(id="2", time="2026-05-02 00:00:00"),
        )
    )

    assert [call.id for call in town.calls] == ["3", "2", "1"]
    assert all(earlier.time < later.time for earlier, later in pairwise(town.calls))


def test_it_says_in_the_file_where_the_calls_come_from(town: Town) -> None:
    report = town.reads(file_of(GOOD))

    info = open_history(town.output).info
    assert (info.version, info.city, info.time_zone) == (1, "A town", "America/Chicago")
    assert (info.layout, info.layout_hash) == ("town", report.layout_hash)
    assert b"lamplighter.history.version" in parquet.read_metadata(town.output).metadata


def test_it_gives_the_types_of_the_shape_even_where_a_file_has_no_rows(town: Town) -> None:
    town.reads(file_of())

    assert town.calls == []
    schema = open_history(town.output).table().schema
    assert str(schema.field("time").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("latitude").type) == "double"
    assert str(schema.field("arrived_at").type) == "timestamp[us, tz=UTC]"


def test_it_reads_columns_in_any_order_and_case(town: Town) -> None:
    town.reads("Nature, TIME ,Extra,ID,Place,Lat,Lon,Sent\nWELFARE,2026-05-01 12:00:00,x,7,,,,\n")

    (call,) = town.calls
    assert (call.id, call.nature, call.place) == ("7", "welfare_check", None)


def test_it_names_a_call_without_an_id_after_its_line(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(GOOD, row(id="", time="2026-05-02 00:00:00")))

    assert [call.id for call in town.calls] == ["1", "line-3"]
    assert report.ids_made == 1


def test_it_counts_read_kept_and_started_by(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(
        file_of(GOOD, row(id="2", nature="STOP"), row(id="3", nature="ODD"), row(id="4", time="?"))
    )

    assert (report.rows_read, report.rows_kept, report.rows_set_aside()) == (4, 3, 1)
    assert (report.rows_by_public, report.rows_by_officers, report.rows_by_unknown) == (1, 1, 1)
    assert report.share_by_officers == 1 / 3
    assert report.first == report.last == datetime(2026, 5, 1, 17, 0, tzinfo=UTC)


def test_it_tells_how_far_it_is(town: Town) -> None:
    from lamplighter.history import read_history
    from tests.history.conftest import NOW

    source = town.folder / "calls.csv"
    source.write_text(file_of(GOOD))
    seen: list[tuple[int, int]] = []

    read_history(
        source,
        town.layout,
        town.output,
        now=NOW,
        progress=lambda done, total: seen.append((done, total)),
    )

    size = source.stat().st_size
    assert seen[-1] == (size, size)
