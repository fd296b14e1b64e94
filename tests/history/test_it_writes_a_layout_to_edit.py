"""The layout that is proposed: what it rests on, what was not understood, and nothing personal."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.history import LayoutError, open_history, parse_layout, read_history
from lamplighter.history.command import app
from lamplighter.history.describing import Proposal, describe_file, layout_text
from tests.history.invented import Call, Column, calls, clock, milliseconds, text, xlsx
from tests.history.shapes import AM_PM, RADIO

CALLS = calls(600)
SMALL: tuple[Column, ...] = (
    ("Call No", lambda call: call.id),
    ("Received", clock(AM_PM, "received")),
    ("Nature", lambda call: call.words),
)


def described(tmp_path: Path, content: bytes, name: str = "calls.csv") -> Proposal:
    path = tmp_path / name
    path.write_bytes(content)
    return describe_file(path)


def with_column(name: str, value: object) -> tuple[Column, ...]:
    return (*SMALL, (name, value if callable(value) else lambda _call: value))


def test_it_says_how_sure_each_part_is_and_what_that_rests_on(tmp_path: Path) -> None:
    lines = layout_text(described(tmp_path, text(RADIO, CALLS))).splitlines()

    assert '  time: "Time Received"  # (0.95) its name; earlier than others in 100%' in lines
    assert 'time zone: "America/Denver"  # (0.97) the calls lie near Denver, Colorado' in lines
    start = lines.index('  - codes: ["10-84"]')
    assert lines[start + 1 : start + 4] == [
        "    nature: person_with_weapon",
        "    because: >-",
        "      Proposed from the words 'gun'; look at it.",
    ]


def test_no_address_name_or_note_stands_in_it(tmp_path: Path) -> None:
    notes = with_column("Remarks", lambda call: f"Mrs Miller of {call.place} says {call.id}")

    def nature(call: Call) -> str:
        return "SEE JOHN DOE AT 12 ELM ST" if call.id.endswith("77") else call.words

    columns = (*SMALL[:2], ("Nature", nature), ("Address", lambda call: call.place), notes[-1])
    proposal = described(tmp_path, text(columns, [*CALLS[:-1], CALLS[77]]))
    rare = [("Nature", lambda call: f"CALL ANN {call.id}" if call.id.endswith("7") else call.words)]
    other = described(tmp_path, text((*SMALL[:2], *rare), CALLS))

    for told in (layout_text(proposal), json.dumps(proposal.to_dict()), layout_text(other)):
        assert "MILLER" not in told.upper()
        assert "MAIN ST" not in told
        assert "ANN" not in told
    assert other.rare_codes == 60
    assert "be notes: 60." in layout_text(other)


def test_without_a_place_the_time_zone_is_asked_for(tmp_path: Path) -> None:
    proposal = described(tmp_path, text(SMALL, CALLS))

    assert proposal.time_zone is None
    with pytest.raises(LayoutError, match=r"line \d+: there is no time zone '\?': write one like"):
        parse_layout(layout_text(proposal))
    told = describe_file(tmp_path / "calls.csv", time_zone="America/Denver")
    assert parse_layout(layout_text(told)).time_zone == "America/Denver"


def test_the_name_of_the_file_may_tell_the_city(tmp_path: Path) -> None:
    proposal = described(tmp_path, text(SMALL, CALLS), "Albuquerque_calls_2026.csv")

    assert (proposal.city, proposal.time_zone) == ("Albuquerque, New Mexico", "America/Denver")
    assert proposal.time_zone_guess.confidence == 0.6


@pytest.mark.parametrize("name", ['say "what"', "a: b # c", "Año\\n", "- x", "@nature", "'", "{a}"])
def test_any_name_of_a_column_can_be_written(tmp_path: Path, name: str) -> None:
    columns = (*SMALL[:2], (f"{name} nature", SMALL[2][1]))

    proposal = described(tmp_path, text(columns, CALLS), "denver.csv")

    assert parse_layout(layout_text(proposal)).columns["nature"] == (f"{name} nature",)


def test_days_that_may_be_months_are_told(tmp_path: Path) -> None:
    early = [call for call in CALLS if call.received.day <= 12]
    ambiguous = described(tmp_path, text(SMALL, early))
    clear = described(tmp_path, text(SMALL, CALLS))

    assert ambiguous.time_formats == clear.time_formats == (AM_PM,)
    assert ambiguous.time_formats_guess.confidence == 0.5
    assert clear.time_formats_guess.confidence == 1.0


def test_two_ways_to_write_a_time_are_both_proposed(tmp_path: Path) -> None:
    def either(call: Call) -> str:
        form = "%Y-%m-%d %H:%M" if call.id.endswith("3") else AM_PM
        return call.received.strftime(form)

    proposal = described(tmp_path, text((SMALL[0], ("Received", either), SMALL[2]), CALLS))

    assert proposal.time_formats == (AM_PM, "%Y-%m-%d %H:%M")


def test_the_date_that_means_never_is_found(tmp_path: Path) -> None:
    def arrived(call: Call) -> str:
        return "12/31/1899 12:00:00 AM" if call.id.endswith("5") else call.arrived.strftime(AM_PM)

    proposal = described(tmp_path, text(with_column("Arrived", arrived), CALLS))

    assert [day.isoformat() for day in proposal.never] == ["1899-12-31"]
    assert proposal.column("arrived") == ("Arrived",)


def test_a_clock_that_is_not_the_citys_is_called_into_question(tmp_path: Path) -> None:
    def in_utc(call: Call) -> str:
        return (call.received + timedelta(hours=7)).strftime(AM_PM)

    columns = (SMALL[0], ("Received", in_utc), SMALL[2], *RADIO[6:8])
    proposal = described(tmp_path, text(columns, CALLS))

    assert proposal.time_zone_guess.confidence == 0.4
    assert any("no time to sleep" in remark for remark in proposal.not_understood)


def test_milliseconds_of_the_citys_own_clock_are_told_from_those_of_utc(tmp_path: Path) -> None:
    def as_if_utc(call: Call) -> int:
        return milliseconds(call.received) - 7 * 3_600_000

    winter = [call for call in CALLS if call.received.month < 3]
    for value, form in (
        (lambda call: milliseconds(call.received), "epoch milliseconds"),
        (as_if_utc, "local epoch milliseconds"),
    ):
        columns = (SMALL[0], ("Received", value), SMALL[2], *RADIO[6:8])
        many = [*winter, *winter, *winter]
        assert described(tmp_path, text(columns, many)).time_formats == (form,)


def test_numbers_of_a_grid_are_not_taken_for_degrees(tmp_path: Path) -> None:
    columns = (
        *SMALL,
        ("X_COORD", lambda call: 3_140_000 + 1000 * call.longitude),
        ("Y_COORD", lambda call: 1_690_000 + 1000 * call.latitude),
    )
    proposal = described(tmp_path, text(columns, CALLS))

    assert proposal.bounds is None
    assert any("a grid that is not read here" in remark for remark in proposal.not_understood)


def test_a_call_in_several_rows_is_told(tmp_path: Path) -> None:
    proposal = described(tmp_path, text(SMALL, [*CALLS, *CALLS[:60]]))

    assert proposal.column("id") == ("Call No",)
    assert any("10% of the ids stand in several rows" in r for r in proposal.not_understood)
    assert not proposal.rows_joined


def test_rows_of_the_units_of_a_call_are_proposed_to_be_joined(tmp_path: Path) -> None:
    again = [replace(call, unit=f"9{call.unit}") for call in CALLS[:60]]
    proposal = described(tmp_path, text(RADIO, [*CALLS, *again]))

    assert any("so the layout says" in remark for remark in proposal.not_understood)
    assert Proposal.from_dict(json.loads(json.dumps(proposal.to_dict()))) == proposal
    report = read_history(
        tmp_path / "calls.csv",
        parse_layout(layout_text(proposal)),
        tmp_path / "calls.parquet",
        now=datetime.now(UTC),
    )
    assert (report.rows_kept, report.rows_joined) == (600, 60)
    units = [call.unit or "" for call in open_history(tmp_path / "calls.parquet")]
    assert sum("; 9" in unit for unit in units) == 60


def test_a_proposal_that_was_kept_before_rows_were_joined_is_read(tmp_path: Path) -> None:
    proposal = described(tmp_path, text(RADIO, CALLS))
    kept = {name: value for name, value in proposal.to_dict().items() if name != "rows_joined"}

    assert Proposal.from_dict(kept) == proposal


def test_a_file_without_times_or_natures_is_described_as_far_as_it_goes(tmp_path: Path) -> None:
    proposal = described(tmp_path, b"a,b\n1,2\n3,4\n")

    assert [s for s in proposal.not_understood if s.startswith("No column was found for the")]
    with pytest.raises(LayoutError, match="say under 'columns' which column holds the time"):
        parse_layout(layout_text(proposal))


def test_the_fullest_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    table = [[name for name, _ in SMALL], *([value(call) for _, value in SMALL] for call in CALLS)]

    assert described(tmp_path, xlsx(table), "calls.xlsx").form.sheet == ""


def test_the_command_writes_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    Path("calls.csv").write_bytes(text(RADIO, CALLS))
    arguments = ["describe", "calls.csv", "-o", "city.yaml"]

    first = CliRunner().invoke(app, arguments)
    Path("city.yaml").write_text("mine")
    second = CliRunner().invoke(app, arguments)
    as_json = CliRunner().invoke(app, ["describe", "calls.csv", "--json"])

    assert first.exit_code == 0, first.output
    assert "Wrote city.yaml: read it, mend it," in first.output
    assert second.exit_code == 1
    assert second.stderr == (
        "city.yaml is there already, perhaps with your edits: name another file.\n"
    )
    assert Path("city.yaml").read_text() == "mine"
    assert json.loads(as_json.stdout)["time_zone"] == "America/Denver"


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\n"])
def test_names_and_codes_that_end_a_line_write_no_line_of_the_layout(
    tmp_path: Path, end: str
) -> None:
    def nature(call: Call) -> str:
        return f'"ZQX{end}natures: []"' if call.id.endswith("7") else call.words

    columns = (*SMALL[:2], ("Code", nature), (f'"Words{end}layout: x"', nature))
    (tmp_path / "calls.csv").write_bytes(text(columns, CALLS))
    proposal = describe_file(tmp_path / "calls.csv", time_zone="America/Denver")
    layout = layout_text(proposal)

    assert parse_layout(layout).name == "proposed"
    assert not [
        line for line in layout.splitlines() if line.startswith(("natures: []", "layout: x"))
    ]
    columns_read = {name for names in parse_layout(layout).columns.values() for name in names}
    assert columns_read <= {name for guess in proposal.columns for name in guess.columns}
