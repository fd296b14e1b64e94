"""A wrong layout, or the wrong layout for a file, gets one sentence with place and remedy."""

from pathlib import Path

import pytest

from lamplighter.history import (
    HistoryError,
    LayoutError,
    load_layout,
    open_history,
    parse_layout,
    read_history,
)
from tests.history.conftest import GOOD, NOW, TOWN, Town, file_of


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        ("city: A town", "", "line 2: write some text after 'city:'."),
        ("America/Chicago", "Chicago", "line 4: there is no time zone 'Chicago': write one like"),
        ("  place: place", "  plase: place", "line 8: 'columns' has no 'plase': did you mean"),
        (
            "  place: place",
            "  xyz: place",
            "line 8: 'columns' has no 'xyz': write one of id, place",
        ),
        ("  time: time", "  time: [time, 7]", "line 7: 7 under 'time' must be text: write \"7\"."),
        ("  nature: nature", "", "line 5: say under 'columns' which column holds the nature."),
        ("  latitude: lat", "", "line 5: latitude and longitude go together: name both columns."),
        ('["%Y-%m-%d %H:%M:%S", ', '["%Q", ', "line 13: '%Q' is not a time format: write one"),
        ("[cp1252]", "[cp99]", "line 14: there is no encoding 'cp99': write one like cp1252."),
        ("[1900-01-01]", "[1900]", "line 15: list under 'never' the dates that mean no date"),
        ("south: 42.9", "south: 44", "line 16: south must be less than north, and west less"),
        ("south: 42.9, ", "", "line 16: 'bounds' needs south, north, west, east, in degrees."),
        ("welfare_check", "welfare_chek", "line 19: there is no nature 'welfare_chek': did you"),
        ("[WELFARE]", "[43]", "line 18: 43 under 'codes' must be text: write \"43\"."),
        ("by: officer", "by: cop", "line 22: a call is started by public, officer or unknown"),
        ("    because: Check on somebody.", "", "line 18: say after 'because:' why the codes"),
        ("[STOP]", "[welfare]", "line 21: the code 'WELFARE' is already settled in line 18: keep"),
        (
            "  - codes: [STOP]\n    started",
            "  - started",
            "line 21: name the codes, suffixes, disp",
        ),
        ("layout: town", "layout: [town", "line 3: this is not YAML (expected"),
        ("bounds", "boundz", "line 16: a layout has no 'boundz': did you mean 'bounds'?"),
    ],
)
def test_a_mistake_in_a_layout_is_named_with_its_line(good: str, bad: str, sentence: str) -> None:
    assert good in TOWN

    with pytest.raises(LayoutError) as raised:
        parse_layout(TOWN.replace(good, bad, 1), name="town.yaml")

    assert any(f"town.yaml, {sentence}" in problem for problem in raised.value.problems)


def test_all_mistakes_of_a_layout_are_told_at_once() -> None:
    text = TOWN.replace("America/Chicago", "Chicago").replace("[cp1252]", "[cp99]")

    with pytest.raises(LayoutError) as raised:
        parse_layout(text)

    assert len(raised.value.problems) == 2


@pytest.mark.parametrize("text", ["", "- a\n", "just words"])
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(LayoutError, match="a layout starts with 'layout: NAME'"):
        parse_layout(text)


def test_a_layout_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(LayoutError, match=r"no layout 'boston'.*milwaukee, nashville"):
        load_layout("boston")


def test_a_layout_of_your_own_is_read_by_its_path(town: Town) -> None:
    path = town.folder / "town.yaml"
    path.write_text(TOWN, "utf-8")

    assert load_layout(path) == town.layout


def test_the_wrong_layout_for_a_file_names_the_columns_and_a_better_layout(
    town: Town,
) -> None:
    header = "id,time,location,latitude,longitude,district,nature,status\n"

    with pytest.raises(HistoryError) as raised:
        town.reads(header)

    assert str(raised.value) == (
        "calls.csv does not have the columns place, lat, lon, sent of layout town: "
        "try --layout milwaukee, which fits."
    )
    assert town.files == {"calls.csv"}


def test_a_file_that_no_layout_fits_is_refused(town: Town) -> None:
    with pytest.raises(HistoryError, match=r"have the column sent of layout town: none that"):
        town.reads(file_of(GOOD).replace("sent", "gone"))


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_without_text_is_refused(town: Town, content: str) -> None:
    with pytest.raises(HistoryError, match=r"calls.csv (has no text in it|is empty): \w+ "):
        town.reads(content)


def test_places_that_cannot_be_used_are_refused(town: Town) -> None:
    source = town.folder / "calls.csv"
    source.write_text(file_of(GOOD))

    def read(path: Path, output: Path) -> None:
        read_history(path, town.layout, output, now=NOW)

    with pytest.raises(HistoryError, match="no file"):
        read(town.folder / "none.csv", town.output)
    with pytest.raises(HistoryError, match="no folder"):
        read(source, town.folder / "none" / "calls.parquet")
    with pytest.raises(HistoryError, match="is a folder"):
        read(source, town.folder)
    with pytest.raises(HistoryError, match="is the file to read"):
        read(source, source)
    with pytest.raises(HistoryError, match="'now' has no time zone"):
        read_history(source, town.layout, town.output, now=NOW.replace(tzinfo=None))


def test_what_is_no_history_is_not_opened(town: Town) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    with pytest.raises(HistoryError, match="no file"):
        open_history(town.output)
    town.output.write_text("no Parquet")
    with pytest.raises(HistoryError, match="is no Parquet file"):
        open_history(town.output)
    parquet.write_table(pa.table({"id": [1]}), town.output)
    with pytest.raises(HistoryError, match="is not a history of calls"):
        open_history(town.output)


def test_what_a_history_says_of_itself_must_be_whole_and_may_be_more(town: Town) -> None:
    import pyarrow.parquet as parquet

    town.reads(file_of(GOOD))
    table = parquet.read_table(town.output)
    said = table.schema.metadata
    more = {**said, b"lamplighter.history.weather": b"rain"}
    parquet.write_table(table.replace_schema_metadata(more), town.output)
    assert open_history(town.output).info.version == 1

    for broken in (
        {**said, b"lamplighter.history.version": b"one"},
        {key: value for key, value in said.items() if not key.endswith(b"city")},
    ):
        parquet.write_table(table.replace_schema_metadata(broken), town.output)
        with pytest.raises(HistoryError, match="is not a history of calls"):
            open_history(town.output)


def test_a_history_that_lost_a_column_says_which(town: Town) -> None:
    import pyarrow.parquet as parquet

    town.reads(file_of(GOOD))
    table = parquet.read_table(town.output).drop_columns(["time", "nature"])
    parquet.write_table(table, town.output)
    with pytest.raises(HistoryError, match="has lost what every history has, time, nature: read"):
        open_history(town.output)


def test_a_history_of_a_later_shape_is_not_opened(town: Town) -> None:
    import pyarrow.parquet as parquet

    town.reads(file_of(GOOD))
    table = parquet.read_table(town.output)
    later = {**table.schema.metadata, b"lamplighter.history.version": b"2"}
    parquet.write_table(table.replace_schema_metadata(later), town.output)

    with pytest.raises(HistoryError, match="update Lamplighter"):
        open_history(town.output)
