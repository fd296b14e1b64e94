"""The report is for the public: groups of few calls are merged, and no call can be found in it."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report import ReportError, write_report
from lamplighter.rehearsal.report.few import blocks, few
from lamplighter.rehearsal.report.gate import GivenAwayError, Intruder, Secret, Sum, kept_back
from lamplighter.rehearsal.report.shown import Shown
from tests.rehearsal.report.town import RARE

FEWEST = 10
counts = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@given(counts)
def test_what_is_merged_is_never_one_and_never_few(calls: list[int]) -> None:
    hidden = few(calls)
    small = [count for count, hide in zip(calls, hidden, strict=True) if hide]
    assert all(
        count >= FEWEST or count == 0 or hide for count, hide in zip(calls, hidden, strict=True)
    )
    told = [count for count, hide in zip(calls, hidden, strict=True) if count and not hide]
    assert not small or not told or (len(small) > 1 and sum(small) >= FEWEST)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_sum_gives_a_hidden_cell_away(grid: list[list[int]]) -> None:
    columns = range(3)
    counts = [count for row in grid for count in row]
    places = [[r * 3 + c for c in columns] for r in range(len(grid))]
    sums = [Sum(("cell", place), frozenset([place]), 0) for place in range(len(counts))]
    sums += [Sum(("row", r), frozenset(row), 1) for r, row in enumerate(places)]
    sums += [Sum(("column", c), frozenset(row[c] for row in places), 1) for c in columns]
    hidden = kept_back(Secret(counts), sums)
    told = [one.key for one in sums if one.key not in hidden]
    intruder = Intruder(Secret(counts), sums)
    for one in sums:
        if 0 < sum(counts[cell] for cell in one.cells) < FEWEST:
            assert one.key in hidden
            assert intruder.narrows(one.cells, told) is None


def test_what_is_always_told_may_be_too_much() -> None:
    whole, part = Sum("whole", frozenset([0, 1])), Sum("part", frozenset([1]))
    with pytest.raises(GivenAwayError):
        kept_back(Secret([3, 40]), [whole, part])


def test_a_history_that_is_too_short_is_told_by_name(
    rehearsal: Rehearsal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given_away(_shown: Shown) -> None:
        raise GivenAwayError

    monkeypatch.setattr("lamplighter.rehearsal.report.sections", given_away)
    calls = replace(rehearsal.asked.calls, days=1.0)
    short = replace(rehearsal, asked=replace(rehearsal.asked, calls=calls))

    with pytest.raises(ReportError) as error:
        write_report(short, tmp_path / "out")

    assert str(error.value) == (
        f"{rehearsal.history} has too few calls (one day): how many there are in groups of fewer "
        "than 10 could be worked out from the other numbers of a report; take a longer history."
    )
    assert not (tmp_path / "out").exists()


def test_a_busy_week_is_told_by_the_hour_and_a_quiet_one_in_blocks() -> None:
    assert blocks([50] * 168)[0] == 1
    assert blocks([3] * 168)[0] == 4
    length, grid = blocks([0] * 168)
    assert (length, sum(map(sum, grid))) == (12, 0)


def test_a_rare_nature_is_nowhere(report: Path, rehearsal: Rehearsal) -> None:
    written = [path.read_text(encoding="utf-8") for path in report.rglob("*.csv")]
    label = "Person undressed in public"
    assert RARE in rehearsal.asked.calls.natures
    for text in (*written, (report / "index.html").read_text(encoding="utf-8")):
        assert RARE not in text
        assert label not in text


def test_every_count_of_calls_is_of_ten_or_more(report: Path) -> None:
    seen = 0
    for path in report.glob("tables/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name in ("calls", "at_least", "at_most"):
                    # Bounds of responders are shares.
                    if path.stem != "responders" and row.get(name):
                        assert float(row[name]) == 0 or float(row[name]) >= FEWEST, path.name
                        seen += 1
    assert seen > 40


def test_no_call_and_no_place_of_one_is_in_it(report: Path, rehearsal: Rehearsal) -> None:
    page = (report / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"\bc\d{1,4}\b", re.sub(r"<[^>]*>", " ", page))
    calls = rehearsal.asked.calls
    for degrees in (*calls.latitude[:200].tolist(), *calls.longitude[:200].tolist()):
        assert f"{degrees:.4f}" not in page
    for path in report.glob("tables/*.parquet"):
        names = set(parquet.read_table(path).column_names)
        assert not names & {"latitude", "longitude", "id", "time", "place"}
