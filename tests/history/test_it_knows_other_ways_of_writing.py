"""Times that are only digits, degrees with decimal commas, columns with Spanish names."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lamplighter.history import read_history
from lamplighter.history.describing import describe_file, layout_text, times
from lamplighter.history.describing.times import time_form
from tests.history.invented import Call, Column, calls

CODES = ("10-15", "5150", "415", "211", "647F", "902H")


def _code(call: Call) -> str:
    return CODES[sum(call.id.encode()) % len(CODES)]


def _file(path: Path, columns: tuple[Column, ...], encoding: str = "utf-8") -> Path:
    rows = [[name for name, _ in columns]]
    rows += [[str(value(call)) for _, value in columns] for call in calls(300)]
    path.write_text("\n".join(";".join(row) for row in rows), encoding)
    return path


def test_times_of_digits_and_codes_without_words_are_found(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("event_no", lambda call: call.id),
        ("code", _code),
        ("received", lambda call: f"{call.received:%Y%m%d%H%M%S}"),
    )
    found = {
        guess.field: guess.columns
        for guess in describe_file(_file(tmp_path / "a", columns)).columns
    }

    assert found["time"] == ("received",)
    assert found["nature"] == ("code",)


def test_a_number_that_begins_with_the_day_is_no_time() -> None:
    numbers = [(f"20240312{one:06d}", 1) for one in range(1, 60)]

    assert time_form(numbers) is None


def test_decimal_commas_and_spanish_names_are_read(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("Número", lambda call: call.id),
        ("Fecha y hora", lambda call: f"{call.received:%d/%m/%Y %H:%M}"),
        ("Tipo de llamada", lambda call: "Señora confundida, " + _code(call)),
        ("Latitud", lambda call: f"{call.latitude:.6f}".replace(".", ",")),
        ("Longitud", lambda call: f"{call.longitude:.6f}".replace(".", ",")),
        ("Prioridad", lambda call: len(call.words) % 4 + 1),
    )
    path = _file(tmp_path / "llamadas.csv", columns, "latin-1")
    layout = tmp_path / "layout.yaml"
    layout.write_text(layout_text(describe_file(path)), "utf-8")
    read_history(path, layout, tmp_path / "out.parquet", now=datetime.now(UTC))

    read = pq.read_table(tmp_path / "out.parquet")
    assert read["latitude"].null_count == 0
    assert read["priority"].null_count == 0
    assert "Señora" in read["nature_as_written"][0].as_py()


def test_calls_far_from_every_known_city_have_no_time_zone(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("Received", lambda call: f"{call.received:%Y-%m-%d %H:%M}"),
        ("Latitude", lambda call: f"{call.latitude:.5f}"),
        ("Longitude", lambda call: f"{call.longitude + 100:.5f}"),
        ("Call Type", lambda call: call.words),
    )
    layout = layout_text(describe_file(_file(tmp_path / "calls.csv", columns)))

    assert 'time zone: "?"' in layout
    assert "far from every city" in layout


def test_a_unit_that_was_dispatched_is_not_called_a_time(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("Received", lambda call: f"{call.received:%Y-%m-%d %H:%M}"),
        ("Call Type", lambda call: call.words),
        ("Unit Dispatched", lambda call: call.unit),
        ("Arrived", lambda call: f"{call.unit} at dawn"),
    )
    remarks = describe_file(_file(tmp_path / "calls.csv", columns)).not_understood

    assert [remark for remark in remarks if "named like a time" in remark] == [
        "'Arrived' is named like a time, and its values are in no format that is known here: if it "
        "is one, add it and its format."
    ]


def test_a_long_text_is_no_time_and_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "_MOMENT", None)
    assert time_form([("1" + " " * 100_000 + "x", 1)]) is None


def test_days_that_follow_each_other_tell_which_number_is_the_month() -> None:
    march = [(f"{day:02}/03/2023 14:05", 9) for day in range(1, 12)]
    american = [(f"3/{day}/2023 2:05 PM", 9) for day in range(1, 12)]
    either = [("03/04/2023 14:05", 9), ("05/04/2023 14:05", 9), ("03/06/2023 14:05", 9)]

    march.append(("01/01/1900 00:00", 9))  # as some files write "never"
    forms = [time_form(values) for values in (march, american, either)]

    assert [form and (form.formats, form.either_way) for form in forms] == [
        (("%d/%m/%Y %H:%M",), False),
        (("%m/%d/%Y %I:%M %p",), False),
        (("%m/%d/%Y %H:%M",), True),
    ]


def test_natures_are_found_under_a_name_that_says_something_else(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("Event No", lambda call: call.id),
        ("Create Time", lambda call: f"{call.received:%Y-%m-%d %H:%M}"),
        ("Final Type", lambda call: call.words),
    )
    guesses = describe_file(_file(tmp_path / "a", columns)).columns
    nature = next(guess for guess in guesses if guess.field == "nature")

    assert (nature.columns, nature.because) == (("Final Type",), "its values, against its name")
    assert nature.confidence <= 0.5


def test_clocks_of_a_day_under_short_names_are_found(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("Event No", lambda call: call.id),
        ("Date", lambda call: f"{call.received:%m/%d/%y}"),
        ("Rcvd", lambda call: f"{call.received:%H:%M:%S}"),
        ("Disp", lambda call: f"{call.dispatched:%H:%M:%S}"),
        ("Arrv", lambda call: f"{call.arrived:%H:%M:%S}"),
        ("Clr", lambda call: f"{call.cleared:%H:%M:%S}"),
        ("Nature", lambda call: call.words),
    )
    proposal = describe_file(_file(tmp_path / "a", columns))

    assert [proposal.column(field)[-1:] for field in ("dispatched", "arrived", "cleared")] == [
        ("Disp",),
        ("Arrv",),
        ("Clr",),
    ]
