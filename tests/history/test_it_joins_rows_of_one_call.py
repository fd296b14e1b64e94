"""Several rows of one call, such as one a unit, are one call where the layout says so."""

import pytest

from lamplighter.history import CallRow, LayoutError, Reason, parse_layout
from tests.history.conftest import TOWN, Town

LAYOUT = TOWN.replace(
    "  dispatched: sent\n", "  dispatched: sent\n  arrived: there\n  cleared: done\n  unit: unit\n"
)
JOINED = LAYOUT + "rows of one call: joined\n"
HEADER = "id,time,place,lat,lon,nature,sent,there,done,unit"


def rows(*lines: str) -> str:
    """Rows of call 1 on a day; a time is written as minutes after noon."""
    written = [HEADER]
    for line in lines:
        number, time, place, at, nature, sent, there, done, unit = line.split(",")
        minutes = [f"2026-05-01 12:{m:0>2}:00" if m else "" for m in (time, sent, there, done)]
        lat, lon = ("43.0", "-87.9") if at else ("", "")
        written.append(",".join([number, minutes[0], place, lat, lon, nature, *minutes[1:], unit]))
    return "\n".join(written) + "\n"


SECOND_UNIT_FIRST = rows(
    "1,5,,,,10,20,25,B2",
    "1,4,1 Main St,x,WELFARE,8,,,A1",
    "2,6,,,STOP,,,,",
    "1,5,2 Main St,x,ODD,,18,40,B2",
)


def minutes(call: CallRow) -> list[int | None]:
    times = (call.time, call.dispatched_at, call.arrived_at, call.cleared_at)
    return [time.minute if time else None for time in times]


def test_the_first_time_the_first_arrival_and_the_last_clearing_count(town: Town) -> None:
    report = town.reads(SECOND_UNIT_FIRST, parse_layout(JOINED))

    call, other = town.calls
    assert (call.id, other.id) == ("1", "2")
    assert minutes(call) == [4, 8, 18, 40]
    assert call.unit == "A1; B2"
    assert (call.place, call.latitude) == ("1 Main St", 43.0)
    assert (report.rows_read, report.rows_kept, report.rows_joined) == (4, 2, 2)
    assert report.rows_set_aside() == 0
    assert report.coordinates.good == 1


def test_the_nature_is_that_of_the_first_row_that_has_one(town: Town) -> None:
    town.reads(SECOND_UNIT_FIRST, parse_layout(JOINED))

    assert (town.calls[0].nature, town.calls[0].nature_as_written) == ("welfare_check", "WELFARE")


def test_without_a_word_they_are_set_aside(town: Town) -> None:
    report = town.reads(SECOND_UNIT_FIRST, parse_layout(LAYOUT))

    assert report.rows_set_aside(Reason.SAME_CALL_AGAIN) == 2
    assert report.rows_joined == 0
    assert minutes(town.calls[0]) == [5, 10, 20, 25]


def test_the_very_same_row_tells_nothing_more(town: Town) -> None:
    row = "1,4,1 Main St,x,WELFARE,8,,,A1"
    report = town.reads(rows(row, row, row), parse_layout(JOINED))

    assert report.rows_set_aside(Reason.SAME_ROW_AGAIN) == 2
    assert report.rows_joined == 0
    assert town.calls[0].unit == "A1"


def test_rows_without_an_id_are_calls_of_their_own(town: Town) -> None:
    report = town.reads(rows(",4,,,WELFARE,,,,A1", ",4,,,WELFARE,,,,B2"), parse_layout(JOINED))

    assert report.rows_kept == 2


def test_another_word_is_told_with_its_line() -> None:
    with pytest.raises(LayoutError, match="line 30: rows of one call are 'joined' or 'set aside'"):
        parse_layout(LAYOUT + "rows of one call: together\n")
