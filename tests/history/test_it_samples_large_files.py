"""Of a large file a sample is looked at, from its start and from all over it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lamplighter.history.describing import describe_file, sample
from lamplighter.history.formats import workbook
from tests.history.invented import Call, calls, records, text
from tests.history.shapes import RADIO, RADIO_FIELDS, SHEET_FIELDS, sheet

CALLS = calls(2_000)


@pytest.mark.parametrize(
    "write",
    [
        lambda some: text(RADIO, some),
        lambda some: json.dumps(records(RADIO, some)).encode(),
        lambda some: b"\n".join(json.dumps(r).encode() for r in records(RADIO, some)),
    ],
    ids=["CSV", "JSON", "JSON lines"],
)
def test_pieces_from_all_over_a_file_tell_what_its_start_does_not(
    write: Callable[[Sequence[Call]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "SAMPLE_BYTES", 100_000)
    late = [call for call in CALLS if call.code == "10-84"]
    others = [call for call in CALLS if call.code != "10-84"]
    path = tmp_path / "calls"
    path.write_bytes(write([*others, *late]))

    proposal = describe_file(path)

    assert not proposal.whole
    assert 200 < proposal.rows < 1_000
    assert {guess.field: guess.columns[0] for guess in proposal.columns} == RADIO_FIELDS
    assert any(guess.nature == "person_with_weapon" for guess in proposal.natures)


def test_only_the_first_rows_of_a_large_workbook_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "LONGEST_WHOLE_WORKBOOK", 10_000)
    monkeypatch.setattr(workbook, "SAMPLE_SHEET_BYTES", 300_000)
    path = tmp_path / "calls.xlsx"
    path.write_bytes(sheet(CALLS))

    proposal = describe_file(path)

    assert not proposal.whole
    assert 200 < proposal.rows < 1_000
    assert {guess.field: guess.columns[0] for guess in proposal.columns} == SHEET_FIELDS
