"""The two real files beside the repository, with the layouts that come with Lamplighter."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.history import (
    History,
    Report,
    load_layout,
    natures,
    open_history,
    parse_layout,
    read_history,
)
from lamplighter.history.describing import describe_file, layout_text
from tests.history.conftest import NOW

CALLS = Path(__file__).parents[3] / "shared" / "data" / "calls"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not CALLS.is_dir(), reason=f"there are no real files in {CALLS}"),
]


def read(name: str, layout: str, folder: Path) -> tuple[Report, History]:
    output = folder / f"{layout}.parquet"
    report = read_history(CALLS / name, layout, output, now=NOW)
    return report, open_history(output)


@pytest.fixture(scope="module")
def milwaukee(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, History]:
    return read("milwaukee_calls.csv.gz", "milwaukee", tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def nashville(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, History]:
    return read("nashville_calls_2024.csv.gz", "nashville", tmp_path_factory.mktemp("history"))


def test_milwaukee_is_read_whole(milwaukee: tuple[Report, History]) -> None:
    report, history = milwaukee

    assert report.rows_read == report.rows_kept == len(history) == 33_968
    assert report.set_aside == ()
    assert report.first == datetime(2018, 5, 1, 5, 0, 14, tzinfo=UTC)
    assert report.coordinates.out_of_bounds == 527


def test_milwaukee_knows_natures_and_officers(milwaukee: tuple[Report, History]) -> None:
    report, history = milwaukee

    by_public, not_by_officers = report.by_public.share, report.not_by_officers.share
    assert by_public is not None
    assert by_public >= 0.95
    assert not_by_officers is not None
    assert not_by_officers >= 0.95  # rows that nobody can tell are counted here, too
    assert report.information_or_other < 0.1 * report.rows_by_public
    officers = [call for call in history if call.started_by == "officer"]
    assert sum(call.nature_as_written == "TRAFFIC STOP" for call in officers) == 3_719
    assert sum(call.nature_as_written == "BUSINESS CHECK" for call in officers) == 2_452
    assert all(call.nature is None for call in officers)


def test_nashville_is_read_whole(nashville: tuple[Report, History]) -> None:
    report, history = nashville

    assert report.rows_read == report.rows_kept == len(history) == 26_935
    assert report.coordinates.missing == 8_726
    assert {call.unit for call in history} > {"527C", "710B"}


def test_nashville_knows_natures_and_says_what_it_does_not_know(
    nashville: tuple[Report, History],
) -> None:
    report, history = nashville

    by_public = report.by_public.share
    assert by_public is not None
    assert by_public >= 0.95
    unexplained = [call for call in history if (call.nature_as_written or "").split(" ")[0] == "3"]
    assert len(unexplained) == 1_935
    assert {(call.nature, call.started_by) for call in unexplained} == {(None, "unknown")}
    assert report.unmapped[0].rows == 1_919


@pytest.mark.parametrize("city", ["milwaukee", "nashville"])
def test_every_code_of_the_file_is_in_its_layout(city: str, request: pytest.FixtureRequest) -> None:
    report, _ = request.getfixturevalue(city)

    assert [entry for entry in report.unmapped if entry.because is None] == []


@pytest.mark.parametrize("city", ["milwaukee", "nashville"])
def test_every_rule_says_why(city: str) -> None:
    codes = {nature.code for nature in natures()}

    for rule in load_layout(city).rules:
        assert rule.because
        assert rule.nature is None or rule.nature in codes


@pytest.mark.parametrize(
    ("name", "city"),
    [("milwaukee_calls.csv.gz", "milwaukee"), ("nashville_calls_2024.csv.gz", "nashville")],
)
def test_what_is_proposed_agrees_with_the_layout_that_ships(
    name: str, city: str, request: pytest.FixtureRequest
) -> None:
    shipped = load_layout(city)
    _, history = request.getfixturevalue(city)

    proposal = describe_file(CALLS / name)
    proposed = parse_layout(layout_text(proposal))

    assert proposal.whole
    assert proposed.city == shipped.city
    assert proposed.columns == shipped.columns
    assert proposed.time_formats == shipped.time_formats
    assert proposed.time_zone == shipped.time_zone
    assert proposed.other_encodings == shipped.other_encodings
    assert proposed.file == shipped.file
    box, wanted = proposed.bounds, shipped.bounds
    assert box is not None
    assert wanted is not None
    for side in ("south", "north", "west", "east"):
        assert getattr(box, side) == pytest.approx(getattr(wanted, side), abs=0.06)
    placed = [call for call in history if call.latitude is not None]
    inside = [
        call
        for call in placed
        if box.south <= (call.latitude or 0) <= box.north
        and box.west <= (call.longitude or 0) <= box.east
    ]
    assert len(inside) == len(placed)
