"""Areas from GeoJSON: which one a place lies in, how large it is, who lives there."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.history.areas import Areas, AreasError, parse_areas, population, read_areas

GEO = Path(__file__).parents[3] / "shared" / "data" / "geo"
real = [
    pytest.mark.real_data,
    pytest.mark.skipif(not GEO.is_dir(), reason=f"there are no real files in {GEO}"),
]


def square(west: float, south: float, size: float = 1.0) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(name: Any, *rings: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name, **properties},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def town(*features: Any, **options: Any) -> Areas:
    return parse_areas(collection(*features), "town.geojson", **options)


WEST = feature("West", square(0, 0), people=100, adults="1,060")
EAST = feature("East", square(1, 0), people=300, adults=None)


def test_a_place_is_in_its_area() -> None:
    areas = town(WEST, EAST)

    found = areas.of([0.5, 0.5, 0.5, 7.0, np.nan], [0.5, 1.5, 1.0, 0.5, 0.5])

    assert found.tolist() == [0, 1, 0, -1, -1]  # on the border, the first
    assert found.dtype == np.int16
    assert [areas.names[index] for index in found[:2]] == ["West", "East"]
    assert areas.notes == ()


def test_the_numbers_of_the_file_are_kept() -> None:
    areas = town(WEST, EAST)

    assert areas.properties["people"].tolist() == [100, 300]
    assert areas.properties["adults"][0] == 1060
    assert np.isnan(areas.properties["adults"][1])


def test_a_hole_is_outside() -> None:
    areas = town(feature("Ring", square(0, 0, 3), square(1, 1)), feature("Far", square(5, 5)))

    assert areas.of([0.5, 1.5], [0.5, 1.5]).tolist() == [0, -1]
    assert len(areas.outlines[0]) == 2
    assert areas.of(*areas.centers.T).tolist() == [0, 1]


def test_three_dimensions_are_two() -> None:
    flat = [[x, y, 0.0] for x, y in square(0, 0)]
    areas = town(feature("Flat", flat))

    assert areas.of([0.5], [0.5]).tolist() == [0]
    assert areas.outlines[0][0].shape == (5, 2)


def test_an_overlap_is_told_and_goes_to_the_first() -> None:
    areas = town(WEST, feature("Over", square(0.9, 0)))

    (overlap,) = areas.overlaps
    assert (overlap.first, overlap.second) == ("West", "Over")
    assert overlap.km2 == pytest.approx(1231, rel=0.01)
    assert areas.of([0.5], [0.95]).tolist() == [0]
    assert areas.notes == (
        "'West' and 'Over' overlap by 1.23e+03 km2: places there count as 'West'.",
    )


def test_a_bad_ring_is_mended_and_told() -> None:
    bow = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
    areas = town(feature("Bow", bow), feature("Open", square(5, 5)[:4]))

    assert "feature 1" in areas.notes[0]
    assert "mended" in areas.notes[0]
    assert areas.of([1.0, 1.0, 0.1, 5.5], [0.5, 1.5, 1.0, 5.5]).tolist() == [0, 0, -1, 1]


def test_what_is_no_polygon_is_left_out_and_told() -> None:
    point = {"type": "Feature", "properties": {"name": "x"}, "geometry": None}
    areas = town(point, WEST, feature("Line", [[0, 0], [1, 1]]))

    assert areas.names == ("West",)
    assert areas.notes == (
        "town.geojson: 2 features are no polygon and left out (the first is number 1).",
    )


def test_two_parts_of_one_name_are_one_area() -> None:
    areas = town(WEST, feature("Far", square(5, 5)), feature(" West ", square(8, 0), people=5))

    assert areas.names == ("West", "Far")
    assert areas.of([0.5, 0.5], [0.5, 8.5]).tolist() == [0, 0]
    assert areas.properties["people"][0] == 105
    assert "features 1, 3 are all called 'West'" in areas.notes[0]


def test_an_area_without_a_name_gets_one() -> None:
    areas = town(WEST, feature(None, square(5, 5)))

    assert areas.names == ("West", "area 2")
    assert "feature 2 has no name" in areas.notes[0]


@pytest.mark.parametrize(
    ("properties", "asked", "column"),
    [
        ({"NAME": "a", "kind": "b"}, None, "NAME"),
        ({"nbhd_id": "1", "nbhd_name": "a", "notes": ""}, None, "nbhd_name"),
        ({"district": "a", "people": 5}, None, "district"),
        ({"name": "a", "code": "b"}, "code", "code"),
    ],
)
def test_the_column_of_names_is_found_or_given(
    properties: dict[str, Any], asked: str | None, column: str
) -> None:
    one = {"type": "Feature", "properties": properties, "geometry": WEST["geometry"]}

    assert town(one, name=asked).names == (properties[column],)


def only(properties: dict[str, Any], ring: Any = None) -> str:
    geometry = {"type": "Polygon", "coordinates": [ring or square(0, 0)]}
    return collection({"type": "Feature", "properties": properties, "geometry": geometry})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,name\n1,West\n", "line 1, column 1: this is not JSON"),
        (collection(WEST)[:-20], "this is not JSON, so the file is no GeoJSON or was cut short"),
        ('{"type": "Topology", "objects": {}}', "is TopoJSON, not GeoJSON"),
        ('{"features": [{"attributes": {}}]}', "ask the service with f=geojson"),
        ("[1, 2]", "not a GeoJSON FeatureCollection: export the areas as GeoJSON"),
        (collection(), "has no polygon in it"),
        (only({"a": "x", "b": "y"}), "name one of those it has ('a', 'b')"),
        (only({"people": 5}), "does not say which column holds the name"),
        (only({"name": "x"}, square(2_551_000, 390_000)), "feature 1: coordinates like 2551000,"),
        (only({"name": "x"}, square(39, -105)), "the wrong way round"),
        ("[" * 100_000, "brackets nested too deeply"),
        ('{"type": ' + "9" * 5000 + "}", "a number with thousands of digits"),
        (only({"name": "x"}, square(float("nan"), 0)), "has no polygon in it"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(AreasError) as told:
        parse_areas(text, "town.geojson")

    assert sentence in str(told.value)
    assert str(told.value).startswith("town.geojson")
    assert str(told.value).count(". ") == 0


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(AreasError, match="has no column 'beat': name one of those it has"):
        town(WEST, name="beat")


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "areas.shp").write_bytes(b"\x00\x00\x27\x0a\xff\xfe")

    with pytest.raises(AreasError, match="There is no file"):
        read_areas(tmp_path / "none.geojson")
    with pytest.raises(AreasError, match="ogr2ogr"):
        read_areas(tmp_path / "areas.shp")


def test_people_come_from_a_table_by_name(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("area,residents,under 18\n west ,1200,300\nNorth,5,\n")

    areas = town(WEST, EAST).with_population(table)

    assert areas.properties["residents"][0] == 1200
    assert np.isnan(areas.properties["residents"][1])
    assert areas.properties["people"].tolist() == [100, 300]
    assert areas.notes == (
        "people.csv has no row for 'East': their numbers are not known.",
        "people.csv has rows for 'North', which are no areas and were left out.",
    )


def test_people_of_other_polygons_are_shared_out_by_ground(tmp_path: Path) -> None:
    table = tmp_path / "tracts.geojson"
    table.write_text(collection(feature("Tract 1", square(0.5, 0), residents=1000)))

    areas = town(WEST, EAST).with_population(table)

    assert areas.properties["residents"] == pytest.approx([500, 500], rel=1e-6)
    assert "100% of its ground lies in areas" in areas.notes[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no row under its header"),
        ("area,group\nNorth,\nSouth,\n", "no name in its column 'area'"),
        ("name,people\nNorth,5\n", "no name in its column 'name' is the name of an area"),
        ("name,kind\nWest,old\n", "has no column of numbers beside 'name'"),
    ],
)
def test_a_table_of_people_that_does_not_fit_is_told(
    tmp_path: Path, text: str, sentence: str
) -> None:
    table = tmp_path / "people.csv"
    table.write_text(text)

    with pytest.raises(AreasError, match=sentence):
        town(WEST, EAST).with_population(table)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9)), min_size=1),
    st.lists(st.tuples(st.floats(-2, 42), st.floats(-2, 42)), min_size=1),
)
def test_every_place_is_where_a_plain_comparison_says(
    squares: list[tuple[int, int, int]], places: list[tuple[float, float]]
) -> None:
    areas = town(*(feature(f"a{i}", square(*one)) for i, one in enumerate(squares)))

    found = areas.of([y for _, y in places], [x for x, _ in places])

    for (x, y), index in zip(places, found, strict=True):
        holding = [
            i for i, (w, s, size) in enumerate(squares) if w <= x <= w + size and s <= y <= s + size
        ]
        assert index == (holding[0] if holding else -1)


@pytest.mark.parametrize(
    ("file", "count", "km2"),
    [("milwaukee_neighborhoods", 190, 249.99), ("denver_statistical_neighborhoods", 78, 399.90)],
)
class TestRealFiles:
    pytestmark = real

    def test_they_are_read_whole(self, file: str, count: int, km2: float) -> None:
        areas = read_areas(GEO / f"{file}.geojson")

        assert len(areas) == len(set(areas.names)) == count
        assert areas.area_km2.sum() == pytest.approx(km2, abs=0.01)
        assert areas.of(*areas.centers.T).tolist() == list(range(count))

    def test_small_pictures_have_fewer_corners(self, file: str, count: int, km2: float) -> None:
        areas = read_areas(GEO / f"{file}.geojson")

        small = areas.simplified(60)

        corners = [sum(len(ring) for rings in o for ring in rings) for o in (areas.outlines, small)]
        assert corners[1] < corners[0] / 2
        assert len(small) == count
        assert all(outline for outline in small)


def test_what_is_no_number_of_people_is_no_column() -> None:
    one = feature("West", square(0, 0), a="nan", b=float("inf"), c=10**400, d="-inf", e=3)

    assert list(town(one).properties) == ["e"]


def test_areas_that_all_lie_on_each_other_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(AreasError, match="on each other by the hundreds"):
        town(*(feature(f"area {n}", square(0, 0)) for n in range(400)))


def test_polygons_of_people_that_all_lie_on_each_area_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "people.geojson"
    lying = (feature(f"row {n}", _strip(0, n / 900, 1, 1 / 900), people=1) for n in range(900))
    table.write_text(collection(*lying))
    standing = town(*(feature(f"column {n}", _strip(n / 900, 0, 1 / 900, 1)) for n in range(900)))

    with pytest.raises(AreasError, match="hundreds of polygons on each area"):
        standing.with_population(table)


def _strip(west: float, south: float, wide: float, high: float) -> list[list[float]]:
    east, north = west + wide, south + high
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_a_ring_that_crosses_itself_all_over_is_refused_before_it_is_mended() -> None:
    star = np.random.default_rng(1).random((300, 2)).tolist()

    with pytest.raises(AreasError, match="feature 1: its 300 sides cross each other all over"):
        town(feature("Star", [*star, star[0]]))


def test_a_file_of_hundreds_of_columns_is_refused_before_each_is_looked_at_in_each_row(
    tmp_path: Path,
) -> None:
    """Each area with columns of its own: a file of a few megabytes took hours."""
    own = [
        feature(f"area {n}", square(n, 0), **{f"{n}-{m}": 1 for m in range(5)}) for n in range(100)
    ]
    with pytest.raises(AreasError, match="501 columns and at most 400 can be used"):
        town(*own)

    table = tmp_path / "people.csv"
    table.write_text(
        "name," + ",".join(f"c{n}" for n in range(500)) + "\n" + "West\n" * 9 + "," * 500
    )
    with pytest.raises(AreasError, match="501 columns and at most 400 can be used"):
        town(WEST).with_population(table)


def test_a_table_of_people_without_an_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "MOST_ROWS", 2)
    table = tmp_path / "people.csv"
    table.write_text("name,over 65\n\nWest,30\nWest,12\n")
    assert town(WEST).with_population(table).properties["over 65"].tolist() == [42]

    table.write_text("name,over 65\nWest,30\nWest,12\nWest,1\n")
    with pytest.raises(AreasError, match="more than 2 rows: give one row for each area"):
        town(WEST).with_population(table)


def test_a_table_of_people_with_too_many_columns_is_refused_by_its_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "people.csv"
    header = ",".join(["name", *(f"c{number}" for number in range(500))])
    table.write_text(header + "\nWest,1\n" * 3)
    monkeypatch.setattr(population, "islice", lambda *_: pytest.fail("rows were read"))

    with pytest.raises(AreasError, match="has 501 columns and at most 400 can be used"):
        town(WEST).with_population(table)


def test_a_table_of_people_has_as_many_rows_as_its_cells_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "MOST_CELLS", 6)
    table = tmp_path / "people.csv"
    table.write_text("name,young,old\nWest,1,2\nEast,3\n")
    read = town(WEST, EAST).with_population(table)
    assert read.properties["young"].tolist() == [1, 3]
    table.write_text(table.read_text() + "Far,5,6\n")

    with pytest.raises(AreasError, match="has more than 2 rows: give one row for each area"):
        town(WEST, EAST).with_population(table)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (["a" * 201], "has a column whose name has 201 letters ('aaaaaaaaaaaaaaaaaaaa' and so on)"),
        (["poor\0", "poor\ud800"], "has two columns whose names differ only in signs that are no"),
    ],
)
def test_names_of_columns_that_cannot_be_kept_are_refused(
    tmp_path: Path, columns: list[str], says: str
) -> None:
    with pytest.raises(AreasError, match=re.escape(says)):
        town(feature("West", square(0, 0), **dict.fromkeys(columns, 1)))
    if columns[0].isprintable():
        table = tmp_path / "people.csv"
        table.write_text(f"name,{columns[0]}\nWest,1\n")
        with pytest.raises(AreasError, match=re.escape(says)):
            town(WEST).with_population(table)


def test_a_name_of_an_area_has_no_sign_that_is_no_text() -> None:
    assert town(feature("We\0st\ud800", square(0, 0))).names == ("West",)
