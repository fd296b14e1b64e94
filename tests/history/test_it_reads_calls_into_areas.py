"""With a file of polygons, a call's area is the one that it lies in."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from lamplighter.history import (
    COLUMNS,
    Areas,
    Linked,
    load_layout,
    open_history,
    parse_layout,
    read_areas,
    read_history,
)
from lamplighter.history.command import app
from tests.history.conftest import NOW, TOWN, Town, file_of
from tests.history.test_it_knows_areas import collection, feature, square
from tests.history.test_it_reads_the_real_files import CALLS

LAYOUT = TOWN.replace("  dispatched: sent\n", "  area: sent\n")


@pytest.fixture
def halves(tmp_path: Path) -> Areas:
    """The town's west and east, and a strip of the middle that both claim."""
    path = tmp_path / "areas.geojson"
    west, east = (
        feature("West", square(-88.1, 42.9, 0.2)),
        feature("East", square(-87.92, 42.9, 0.2)),
    )
    path.write_text(collection(west, east))
    return read_areas(path)


def test_the_area_is_that_of_the_polygon_and_the_citys_own_is_kept(
    town: Town, halves: Areas, row: Callable[..., str]
) -> None:
    content = file_of(
        row(id="1", lon="-88.0", sent="beat 7"),
        row(id="2", lon="-87.85", sent=""),
        row(id="3", lon="-87.91", sent="beat 9"),
        row(id="4", lat="43.15", sent="beat 9"),
        row(id="5", lat="", lon="", sent="beat 9"),
    )
    source = town.folder / "calls.csv"
    source.write_text(content)

    report = read_history(source, parse_layout(LAYOUT), town.output, now=NOW, areas=halves)

    assert [(call.area, call.area_as_written) for call in town.calls] == [
        ("West", "beat 7"),
        ("East", None),
        ("West", "beat 9"),
        (None, "beat 9"),
        (None, "beat 9"),
    ]
    placed = report.placed
    assert placed is not None
    assert (placed.areas, placed.inside, placed.outside, placed.nowhere) == (2, 3, 1, 1)
    assert "overlap by" in placed.notes[0]
    assert json.dumps(report.to_dict())


def test_without_polygons_the_area_is_the_citys_own(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(row(sent="beat 7")), parse_layout(LAYOUT))

    assert [(call.area, call.area_as_written) for call in town.calls] == [("beat 7", None)]
    assert report.placed is None


def test_a_history_from_before_these_columns_is_read(town: Town, row: Callable[..., str]) -> None:
    town.reads(file_of(row(sent="beat 7")), parse_layout(LAYOUT))
    before = town.calls
    parquet.write_table(parquet.read_table(town.output, columns=list(COLUMNS)), town.output)

    assert "incident" not in parquet.read_schema(town.output).names
    assert list(open_history(town.output)) == before


def test_the_command_takes_a_file_of_areas(
    town: Town, halves: Areas, row: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town.folder)
    monkeypatch.setenv("COLUMNS", "120")
    Path("town.yaml").write_text(LAYOUT)
    Path("calls.csv").write_text(file_of(row()))
    command = ["read", "calls.csv", "--layout", "town.yaml", "-o", "calls.parquet", "--areas"]

    done = CliRunner().invoke(app, [*command, "areas.geojson"])
    wrong = CliRunner().invoke(app, [*command, "areas.geojson", "--area-name", "beat"])

    assert done.exit_code == 0, done.output
    lines = {" ".join(line.split()) for line in done.output.splitlines()}
    assert "in one of the areas 1 100.0% of 1" in lines
    assert any("'West' and 'East' overlap by" in line for line in lines)
    assert "No call lies" not in done.output
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith("areas.geojson has no column 'beat'")

    Path("far.geojson").write_text(collection(feature("Far", square(10, 50))))
    far = CliRunner().invoke(app, [*command, "far.geojson"])
    assert "No call lies in any of the areas: give areas of this city, in degrees." in far.output


@pytest.mark.real_data
@pytest.mark.skipif(not CALLS.is_dir(), reason=f"there are no real files in {CALLS}")
def test_milwaukee_falls_into_its_neighborhoods(tmp_path: Path) -> None:
    areas = read_areas(CALLS.parent / "geo" / "milwaukee_neighborhoods.geojson")
    output = tmp_path / "calls.parquet"

    report = read_history(
        CALLS / "milwaukee_calls.csv.gz", "milwaukee", output, now=NOW, areas=areas
    )

    placed = report.placed
    assert placed is not None
    assert placed.inside + placed.outside + placed.nowhere == report.rows_kept == 33_968
    assert placed.inside / report.rows_kept > 0.95
    table = open_history(output).table(["area", "area_as_written", "latitude", "longitude"])
    assert len(set(table["area"].to_pylist())) > 180
    downtown = areas.names[areas.of(43.0389, -87.9065)[0]]
    assert table["area"].to_pylist().count(downtown) > 100


@pytest.mark.real_data
@pytest.mark.skipif(not CALLS.is_dir(), reason=f"there are no real files in {CALLS}")
def test_milwaukee_has_several_calls_of_one_incident(tmp_path: Path) -> None:
    from lamplighter.history.layout import IncidentRule

    layout = replace(load_layout("milwaukee"), incidents=IncidentRule(100, 30))

    report = read_history(
        CALLS / "milwaukee_calls.csv.gz", layout, tmp_path / "calls.parquet", now=NOW
    )

    assert report.linked == Linked(calls=222, incidents=108)
