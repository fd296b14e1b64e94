"""A file of any shape is described with nothing essential wrong, and read by the proposal."""

from pathlib import Path

import pytest

from lamplighter.history import open_history, parse_layout, read_history
from lamplighter.history.describing import describe_file, layout_text
from tests.history.conftest import NOW
from tests.history.invented import CODES, Call, calls
from tests.history.shapes import SHAPES, Shape

CALLS = calls()
NATURES = {code: nature for code, _, _, nature in CODES}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_it_proposes_what_each_column_is_and_reads_with_it(shape: Shape, tmp_path: Path) -> None:
    path = tmp_path / shape.name
    path.write_bytes(shape.write(CALLS))

    proposal = describe_file(path)

    assert (proposal.rows, proposal.whole) == (len(CALLS), True)
    fields = {
        field: (names,) if isinstance(names, str) else names
        for field, names in shape.fields.items()
    }
    assert {guess.field: guess.columns for guess in proposal.columns} == fields
    assert proposal.time_formats == shape.formats
    assert proposal.time_zone == "America/Denver"
    assert proposal.bounds is not None
    assert 39 < proposal.bounds.south < 39.64
    assert 39.84 < proposal.bounds.north < 40.2

    layout = parse_layout(layout_text(proposal))
    output = tmp_path / "calls.parquet"
    report = read_history(path, layout, output, now=NOW)

    assert (report.rows_read, report.rows_kept) == (len(CALLS), len(CALLS))
    assert report.coordinates.good == len(CALLS)
    for call, read in zip(
        CALLS, sorted(open_history(output), key=lambda c: (c.time, c.id)), strict=True
    ):
        assert_same(call, read, shape)


def assert_same(call: Call, read: object, shape: Shape) -> None:
    from lamplighter.history import CallRow

    assert isinstance(read, CallRow)
    assert (read.id, read.time) == (call.id, call.instant)
    assert read.latitude == pytest.approx(call.latitude, abs=1e-6)
    assert read.longitude == pytest.approx(call.longitude, abs=1e-6)
    by_officer = NATURES[call.code] is None or (call.on_view and shape.officers)
    assert read.started_by == ("officer" if by_officer else "public")
    assert read.nature == (None if by_officer else NATURES[call.code])
