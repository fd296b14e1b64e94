"""The commands `lamplighter history read` and `lamplighter history layouts`."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lamplighter.history.command import app
from tests.history.conftest import GOOD, HEADER, TOWN, Town, file_of


@pytest.fixture
def read(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `history read` on a file with this content and the town's layout."""
    monkeypatch.setenv("COLUMNS", "120")
    (town.folder / "town.yaml").write_text(TOWN)

    def run(content: str, *options: str, layout: str = "") -> Result:
        source = town.folder / "calls.csv"
        source.write_text(content)
        name = layout or str(town.folder / "town.yaml")
        arguments = ["read", str(source), "--layout", name, "-o", str(town.output), *options]
        return CliRunner().invoke(app, arguments)

    return run


def test_it_prints_a_report(
    town: Town, read: Callable[..., Result], row: Callable[..., str]
) -> None:
    private = "8 Secret St"
    done = read(
        file_of(
            GOOD,
            GOOD,
            row(id="2", nature="STOP"),
            row(id="3", nature="[NEW]"),
            row(id="4", lat="0"),
            row(time="?", place=private),
        )
    )

    assert done.exit_code == 0, done.output
    lines = {" ".join(line.split()) for line in done.output.splitlines()}
    assert "rows read 6" in lines
    assert "kept 4 66.7% of 6" in lines
    assert "of these duplicates 1" in lines
    assert "started by officers 1 25.0% of 4" in lines
    assert "understood, of public's rows 2 66.7% of 3" in lines
    assert "coordinates out of bounds 1 made empty" in lines
    assert "span 2026-05-01 12:00 to 2026-05-01 12:00" in lines
    assert "│ the time is in no format of the layout │ 1 │ 7 │" in lines
    assert "│ [NEW] │ 1 │ not in the layout: add it │" in lines
    assert private not in done.output
    assert len(town.calls) == 4


def test_the_next_command_can_be_pasted(
    town: Town, read: Callable[..., Result], tmp_path: Path
) -> None:
    done = read(file_of(GOOD), "-o", str(tmp_path / "our calls.parquet"))

    assert f"Next: lamplighter teams '{tmp_path}/our calls.parquet' -o" in done.output


def test_it_prints_the_report_as_json(read: Callable[..., Result]) -> None:
    done = read(file_of(GOOD, "half"), "--json")

    report = json.loads(done.stdout)
    assert (report["rows_read"], report["rows_kept"], report["rows_set_aside"]) == (2, 1, 1)
    assert report["set_aside"] == [{"reason": "too_few_columns", "rows": 1, "lines": [3]}]
    assert report["by_public"] == {"rows": 1, "mapped": 1, "share": 1.0}
    assert report["first"] == "2026-05-01T17:00:00+00:00"


def test_it_warns_of_what_was_mended(read: Callable[..., Result], row: Callable[..., str]) -> None:
    done = read(file_of(row(id="", sent="soon")))

    assert "Rows without an id, named after their line: 1." in done.output
    assert "Unusable times of dispatch, arrival or clearing: 1." in done.output


def test_it_says_that_a_file_ends_in_the_middle(read: Callable[..., Result]) -> None:
    records = [dict(zip(HEADER.split(","), GOOD.split(","), strict=True))] * 3
    done = read(json.dumps(records)[:-20])

    assert "The file ends in the middle: fetch it again to have the rest." in done.output


def test_it_says_in_one_sentence_what_went_wrong(town: Town, read: Callable[..., Result]) -> None:
    done = read(file_of(GOOD), layout="nashville")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("calls.csv does not have the columns Event Number, Call_Rec")
    assert not town.output.exists()


def test_it_lists_the_layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")

    done = CliRunner().invoke(app, ["layouts"])

    assert "milwaukee" in done.output
    assert "Nashville, Tennessee" in done.output


def test_it_does_not_load_the_heavy_parts_before_they_are_used() -> None:
    import subprocess
    import sys

    code = (
        "import sys, lamplighter.history.command, lamplighter.history;"
        "print([m for m in ('duckdb', 'pyarrow', 'numpy', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_it_replaces_only_a_history_and_its_page(town: Town, read: Callable[..., Result]) -> None:
    page = town.folder / "page.html"
    mine = ((town.output, "a history"), (page, "such a page"))
    for path, own in mine:
        path.write_text("years of work")
        refused = read(file_of(GOOD), "--page", str(page))
        assert refused.exit_code == 1
        assert refused.stderr == (
            f"{path} is already there and is not {own}: give another name, or add --force.\n"
        )
        assert path.read_text() == "years of work"
        path.unlink()
    refused = read(file_of(GOOD), "--page", os.devnull)
    assert refused.stderr == f"{os.devnull} is a device, not a file: give another name.\n"
    for path, _own in mine:
        path.write_text("years of work")
    assert read(file_of(GOOD), "--page", str(page), "--force").exit_code == 0
    assert read(file_of(GOOD), "--page", str(page)).exit_code == 0, "the same, written anew"
    assert len(town.calls) == 1
