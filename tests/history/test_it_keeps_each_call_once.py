"""A call is kept once: from its first good row."""

from collections.abc import Callable

from lamplighter.history import Reason
from tests.history.conftest import GOOD, Town, file_of


def test_it_sets_aside_the_same_row_again(town: Town) -> None:
    report = town.reads(file_of(GOOD, GOOD, GOOD))

    assert report.rows_kept == 1
    assert report.rows_set_aside(Reason.SAME_ROW_AGAIN) == 2
    assert report.set_aside[0].lines == (3, 4)
    assert report.duplicates == 2


def test_it_keeps_the_first_of_several_rows_of_one_call(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(
        file_of(row(place="first"), row(place="second"), row(place="second"), row(place="first"))
    )

    assert [call.place for call in town.calls] == ["first"]
    assert report.rows_set_aside(Reason.SAME_CALL_AGAIN) == 1
    assert report.rows_set_aside(Reason.SAME_ROW_AGAIN) == 2


def test_it_keeps_the_first_row_that_is_good(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(row(time="?", place="bad"), row(place="good")))

    assert [call.place for call in town.calls] == ["good"]
    assert report.duplicates == 0


def test_it_keeps_different_calls_that_look_alike(town: Town, row: Callable[..., str]) -> None:
    assert town.reads(file_of(row(id="1"), row(id="2"))).rows_kept == 2
