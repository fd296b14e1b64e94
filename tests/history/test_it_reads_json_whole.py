"""JSON of any wrapping, broken or cut: each record is kept or set aside, and a cut is told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.history import Reason
from lamplighter.history.formats.json_text import JsonText, records_after_a_cut
from tests.history.conftest import GOOD, HEADER, Town

NAMES = HEADER.split(",")


def record(**changes: object) -> dict[str, object]:
    return dict(zip(NAMES, GOOD.split(","), strict=True)) | changes


def test_a_record_that_is_broken_is_set_aside_and_the_next_is_read(town: Town) -> None:
    good = [json.dumps(record(id=str(number))) for number in range(9)]
    good[4] = good[4].replace('"place": "1 Main St"', '"place": 1 "Main St"')

    report = town.reads("[" + ",\n".join(good) + "]")

    assert (report.rows_read, report.rows_kept) == (9, 8)
    assert report.set_aside[0].reason is Reason.RECORD_UNREADABLE
    assert report.set_aside[0].lines == (5,)
    assert not report.cut_short


def test_a_line_that_is_broken_is_set_aside_and_the_next_is_read(town: Town) -> None:
    lines = [json.dumps(record(id=str(number))) for number in range(9)]
    lines[4] = lines[4][:40]

    report = town.reads("\n".join(lines) + "\n")

    assert (report.rows_read, report.rows_kept) == (9, 8)
    assert report.set_aside[0].lines == (5,)


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_signs_that_no_text_keeps_are_left_out(town: Town, sign: str) -> None:
    report = town.reads(json.dumps([record(place=f"1 Main{sign} St", also=[sign])]))

    assert report.rows_kept == 1
    assert town.calls[0].place == "1 Main St"


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_file_that_ends_in_the_middle_is_read_as_far_as_it_goes(
    town: Town, wrapped: bool
) -> None:
    text = json.dumps([record(id=str(number)) for number in range(50)])
    text = '{"data": ' + text + "}" if wrapped else text

    report = town.reads(text[: text.index('"place"', len(text) // 2)])

    assert report.rows_kept == 25
    assert report.rows_set_aside(Reason.RECORD_UNREADABLE) == 1
    assert report.cut_short


def test_fields_that_a_record_leaves_out_are_empty_and_those_that_come_late_are_read(
    town: Town,
) -> None:
    first = record(id="1")
    del first["sent"], first["lat"], first["lon"]

    report = town.reads(json.dumps([first, *[record(id=str(n)) for n in range(2, 5)]]))

    assert report.rows_kept == 4
    assert [call.dispatched_at is None for call in town.calls] == [True, False, False, False]


def test_a_field_that_no_record_has_stays_empty_but_a_nature_must_be_there(town: Town) -> None:
    bare = {"id": "1", "time": "2026-05-01 12:00:00", "nature": "WELFARE"}

    report = town.reads(json.dumps([bare]))

    assert report.rows_kept == 1
    assert town.calls[0].place is None
    with pytest.raises(Exception, match="does not have the column nature of layout town"):
        town.reads(json.dumps([{"id": "1", "time": "2026-05-01 12:00:00"}]))


def test_the_same_record_again_is_told_from_another_of_the_same_call(town: Town) -> None:
    report = town.reads(json.dumps([record(), record(), record(place="2 Main St")]))

    assert report.rows_set_aside(Reason.SAME_ROW_AGAIN) == 1
    assert report.rows_set_aside(Reason.SAME_CALL_AGAIN) == 1


def test_numbers_that_are_times_are_instants(town: Town) -> None:
    from dataclasses import replace

    layout = replace(town.layout, time_formats=("epoch milliseconds", "epoch seconds"))
    moment = datetime(2026, 5, 1, 17, tzinfo=UTC)
    records = [
        record(id="1", time=moment.timestamp() * 1000, sent=None),
        record(id="2", time=-2208988800000, sent=None),  # never: the first of 1900
        record(id="3", time=9e30, sent=None),
        record(id="4", time=None, sent=None),
    ]

    report = town.reads(json.dumps(records), layout)

    assert [(call.id, call.time) for call in town.calls] == [("1", moment)]
    assert report.rows_set_aside(Reason.TIME_MISSING) == 2
    assert report.rows_set_aside(Reason.TIME_UNREADABLE) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(VALUES, max_size=6), piece=st.integers(1, 40), compact=st.booleans())
def test_text_is_the_same_in_whatever_pieces_it_comes(
    values: list[object], piece: int, compact: bool
) -> None:
    data = json.dumps(values, indent=None if compact else 1, ensure_ascii=False).encode()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(data), piece):
            yield data[start : start + piece]

    text = JsonText(pieces())

    assert text.value() == values
    assert text.sign() == ""


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 600))
def test_whole_records_are_found_after_a_cut_anywhere(cut: int) -> None:
    records = [{"id": n, "at": {"x": 1, "y": [{"id": n}]}, "a": '],[{"id"'} for n in range(20)]
    text = json.dumps(records)

    found = [value for value, _ in records_after_a_cut(text[cut:], ("id", "at", "a"))]

    assert found == records[len(records) - len(found) :]
    assert len(found) >= (len(text) - cut) // 65 - 1
