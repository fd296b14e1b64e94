"""The report is for the public: groups of few calls are merged, and no call can be found in it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pyarrow.parquet as parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.few import blocks, few, few_in_grid
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


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5))
def test_no_sum_of_a_line_gives_a_hidden_cell_away(grid: list[list[int]]) -> None:
    hidden = few_in_grid(grid)
    lines = [list(row) for row in hidden] + [list(column) for column in zip(*hidden, strict=True)]
    assert all(sum(line) != 1 for line in lines)
    for row, hides in zip(grid, hidden, strict=True):
        assert all(hide or not 0 < cell < FEWEST for cell, hide in zip(row, hides, strict=True))


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
