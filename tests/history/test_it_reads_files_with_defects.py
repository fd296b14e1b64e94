"""Every defect that real call files have: the good rows are kept, the rest is counted."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lamplighter.history import Reason
from tests.history.conftest import GOOD, HEADER, Town, file_of


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("\ufeff".encode(), id="byte-order mark"),
        pytest.param("ï»¿".encode(), id="byte-order mark read as cp1252 and saved as UTF-8"),
        pytest.param("\ufeffï»¿".encode(), id="both"),
    ],
)
def test_it_reads_a_header_behind_a_byte_order_mark(town: Town, mark: bytes) -> None:
    report = town.reads(mark + file_of(GOOD).encode())

    assert (report.rows_read, report.rows_kept) == (1, 1)
    assert town.calls[0].id == "1"


def test_it_reads_files_that_were_joined_with_their_marks_and_headers(
    town: Town, row: Callable[..., str]
) -> None:
    first, second = file_of(GOOD), file_of(row(id="2"))

    report = town.reads(f"\ufeff{first}\ufeff{second}\ufeff{row(id='3')}")

    assert {call.id for call in town.calls} == {"1", "2", "3"}
    assert report.rows_set_aside(Reason.HEADER_AGAIN) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_any_line_end(town: Town, row: Callable[..., str], end: str) -> None:
    report = town.reads(file_of(GOOD, row(id="2"), row(id="3", time="?"), end=end))

    assert (report.rows_read, report.rows_kept) == (3, 2)
    assert report.set_aside[0].lines == (4,)


def test_it_reads_line_ends_that_change_within_a_file(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(f"{HEADER}\r\n{GOOD}\r{row(id='2')}\n{row(id='3')}")

    assert (report.rows_read, report.rows_kept) == (3, 3)


def test_it_reads_encodings_that_change_within_a_file(town: Town, row: Callable[..., str]) -> None:
    in_utf8 = row(id="1", place="Peña Blvd").encode()
    in_cp1252 = row(id="2", place="Peña Blvd").encode("cp1252")

    report = town.reads(b"\n".join([HEADER.encode(), in_utf8, in_cp1252]))

    assert [call.place for call in town.calls] == ["Peña Blvd", "Peña Blvd"]
    assert report.lines_recoded == 1


def test_it_keeps_a_row_with_a_character_that_nothing_can_read(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(file_of(row(place="Pe?a")).encode().replace(b"?", b"\x81"))

    assert town.calls[0].place == "Pe�a"
    assert report.lines_undecodable == 1


def test_it_reads_utf_16(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(row(place="Peña Blvd"), row(id="2")).encode("utf-16"))

    assert report.rows_kept == 2
    assert town.calls[0].place == "Peña Blvd"


def test_it_reads_dates_with_am_and_pm(town: Town, row: Callable[..., str]) -> None:
    town.reads(
        file_of(row(id="1", time="05/01/2026 12:30:00 AM"), row(id="2", time="5/1/2026 1:30:00 PM"))
    )

    midnight, afternoon = town.calls
    assert midnight.time == datetime(2026, 5, 1, 5, 30, tzinfo=UTC)
    assert afternoon.time == datetime(2026, 5, 1, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("never", ["1900-01-01", "1900-01-01 00:00:00", "1/1/1900 12:00:00 AM"])
def test_it_takes_the_date_that_means_never_for_nothing(
    town: Town, row: Callable[..., str], never: str
) -> None:
    report = town.reads(file_of(row(id="1", sent=never), row(id="2", time=never)))

    (call,) = town.calls
    assert call.dispatched_at is None
    assert report.bad_times == 0  # never is an answer, not a mistake
    assert report.rows_set_aside(Reason.TIME_MISSING) == 1


def test_it_sets_aside_a_date_without_a_time(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(GOOD, row(time="2026-05-01"), row(time="5/1/2026")))

    assert report.rows_set_aside(Reason.DATE_WITHOUT_TIME) == 2
    assert report.rows_kept == 1


def test_it_sets_aside_a_time_that_is_missing_unreadable_or_in_the_future(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(
        file_of(row(time=""), row(time="yesterday"), row(time="2026-06-01 00:00:01"), GOOD)
    )

    assert {entry.reason: entry.lines for entry in report.set_aside} == {
        Reason.TIME_MISSING: (2,),
        Reason.TIME_UNREADABLE: (3,),
        Reason.TIME_IN_THE_FUTURE: (4,),
    }
    assert report.rows_kept == 1


@pytest.mark.parametrize(
    "time",
    ["9999-12-31 23:59:59", "0001-01-01 00:00:00", "99999-01-01 00:00:00", "2026-02-30 1:1:1"],
)
def test_it_survives_times_at_the_ends_of_the_calendar(
    town: Town, row: Callable[..., str], time: str
) -> None:
    report = town.reads(file_of(GOOD, row(id="2", time=time), row(id="3", sent=time)))

    assert [(call.id, call.dispatched_at is None) for call in town.calls] == [
        ("1", False),
        ("3", True),
    ]
    assert report.rows_set_aside() == 1


@pytest.mark.parametrize("sent", ["soon", "2026-06-01 00:00:01"])
def test_it_keeps_a_call_whose_other_times_cannot_be_true(
    town: Town, row: Callable[..., str], sent: str
) -> None:
    report = town.reads(file_of(row(sent=sent)))

    assert town.calls[0].dispatched_at is None
    assert report.bad_times == 1


def test_it_drops_coordinates_in_the_wrong_ocean_and_keeps_the_call(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(
        file_of(
            GOOD,
            row(id="2", lat="-87.9", lon="43.0"),
            row(id="3", lat="0", lon="0"),
            row(id="4", lat="nan", lon="-87.9"),
            row(id="5", lat="north", lon="-87.9"),
            row(id="6", lat="", lon=""),
            row(id="7", lat="43.0", lon=""),
        )
    )

    assert report.rows_kept == 7
    assert [call.id for call in town.calls if call.latitude is not None] == ["1"]
    where = report.coordinates
    assert (where.good, where.out_of_bounds, where.unreadable, where.missing) == (1, 3, 2, 1)


def test_it_sets_aside_half_a_row_at_the_end(town: Town) -> None:
    report = town.reads(file_of(GOOD) + GOOD[:30])

    assert report.rows_kept == 1
    assert report.set_aside[0].reason is Reason.TOO_FEW_COLUMNS
    assert report.set_aside[0].lines == (3,)


def test_it_sets_aside_a_row_with_too_many_columns_but_not_for_commas_at_the_end(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(file_of(GOOD + ",,", row(id="2") + ",?", row(id="3")))

    assert [call.id for call in town.calls] == ["1", "3"]
    assert report.rows_set_aside(Reason.TOO_MANY_COLUMNS) == 1


def test_it_reads_commas_quotes_and_line_ends_in_quotes(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(
        file_of(
            row(id="1", place='"1 Main St, upper"'),
            row(id="2", place='"the ""old"" mill"'),
            row(id="3", place='"1 Main St\nrear"'),
            row(id="4", place='5" pipe'),
            row(id="5", time="?"),
        )
    )

    assert [call.place for call in town.calls] == [
        "1 Main St, upper",
        'the "old" mill',
        "1 Main St\nrear",
        '5" pipe',
    ]
    assert report.rows_read == 5
    assert report.set_aside[0].lines == (7,)  # the line of the file, not the number of the row


def test_it_loses_only_the_row_of_a_quote_left_open(town: Town, row: Callable[..., str]) -> None:
    rows = [row(id=str(number)) for number in range(100)]
    rows[10] = row(id="10", place='"1 Main St')
    rows[13] = row(id="13", place='"1 Main St')

    report = town.reads(file_of(*rows))

    assert (report.rows_read, report.rows_kept) == (100, 98)
    assert report.rows_set_aside(Reason.QUOTE_LEFT_OPEN) == 2
    assert report.set_aside[0].lines == (12, 15)


def test_it_sets_aside_empty_lines_and_headers_in_the_middle(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(f"\n{HEADER}\n{GOOD}\n\n  \n{HEADER}\n{row(id='2')}\n")

    assert report.rows_kept == 2
    assert {entry.reason: entry.lines for entry in report.set_aside} == {
        Reason.EMPTY_LINE: (4, 5),
        Reason.HEADER_AGAIN: (6,),
    }


def test_it_reads_gzip_whatever_the_name(town: Town) -> None:
    assert town.reads(gzip.compress(file_of(GOOD).encode())).rows_kept == 1


def test_it_reads_gzip_in_several_parts(town: Town, row: Callable[..., str]) -> None:
    parts = [file_of(GOOD), row(id="2") + "\n"]

    report = town.reads(b"".join(gzip.compress(part.encode()) for part in parts))

    assert report.rows_kept == 2
    assert not report.cut_short


def test_it_keeps_what_it_can_of_gzip_that_ends_in_the_middle(
    town: Town, row: Callable[..., str]
) -> None:
    rows = [row(id=str(number), place=f"{number * 7919} Main St") for number in range(50_000)]
    packed = gzip.compress(file_of(*rows).encode())

    report = town.reads(packed[: len(packed) // 2])

    assert report.cut_short
    assert report.rows_kept > 10_000
    assert report.rows_kept + report.rows_set_aside() == report.rows_read


def test_it_takes_an_hour_that_comes_twice_for_the_second_one(
    town: Town, row: Callable[..., str]
) -> None:
    town.reads(
        file_of(
            row(id="fall", time="2025-11-02 01:30:00"), row(id="spring", time="2026-03-08 02:30:00")
        )
    )

    assert {call.id: call.time.isoformat() for call in town.calls} == {
        "fall": "2025-11-02T07:30:00+00:00",
        "spring": "2026-03-08T08:30:00+00:00",  # an hour that never was, moved forward
    }
