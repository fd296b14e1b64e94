"""The small map: streets around a place, cut to the frame, with names that can be read."""

import doctest
import re

import pytest

from lamplighter.city.field import sketch
from lamplighter.city.field.sketch import HEIGHT, WIDTH, draw

HERE = (39.0, -105.0)


def street(*points, name="", kind="street"):
    geometry = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"properties": {"name": name, "kind": kind}, "geometry": geometry}


def drawn(*features):
    return draw({"features": list(features)}, *HERE)


def test_its_example_holds():
    assert doctest.testmod(sketch).failed == 0


def test_a_street_out_of_sight_is_not_drawn():
    assert drawn(street((-104.0, 39.5), (-104.1, 39.5))) is None


def test_a_city_without_streets_has_no_sketch():
    assert draw({}, *HERE) is None


def test_lines_end_at_the_frame():
    crossing = drawn(street((-105.1, 38.9), (-104.9, 39.1)))

    numbers = [int(n) for n in re.findall(r"-?\d+", crossing.lines[0].path)]
    assert all(abs(x) <= WIDTH / 2 for x in numbers[::2])
    assert all(abs(y) <= HEIGHT / 2 for y in numbers[1::2])


def test_a_line_that_leaves_and_returns_is_drawn_in_two_parts():
    away = drawn(street((-105.002, 39.0), (-105.002, 39.01), (-104.998, 39.01), (-104.998, 39.0)))

    assert away.lines[0].path.count("M") == 2


def test_north_is_up_and_east_is_right():
    north_east = drawn(street((-104.999, 39.001), (-104.998, 39.0015)))

    x, y = (int(n) for n in re.match(r"M(-?\d+) (-?\d+)", north_east.lines[0].path).groups())
    assert x > 0
    assert y < 0


@pytest.mark.parametrize("ends", [((-105.004, 39.001), (-104.996, 39.0015))])
def test_names_read_from_left_to_right_whichever_way_the_street_was_drawn(ends):
    forth = drawn(street(*ends, name="Lantern Street")).names[0]
    back = drawn(street(*reversed(ends), name="Lantern Street")).names[0]

    assert forth.turn == back.turn
    assert -90 <= forth.turn < 90


def test_the_pin_is_not_written_over():
    name = drawn(street((-105.004, 39.0), (-104.996, 39.0), name="Lantern Street")).names[0]

    assert abs(name.x) > 100


def test_streets_of_several_lines_and_things_that_are_no_lines_are_taken_as_they_come():
    several = {
        "properties": {"kind": "river"},
        "geometry": {
            "type": "MultiLineString",
            "coordinates": [
                [[-105.002, 39.0, 1600.0], [-105.001, 39.0, 1600.0]],
                [[-104.999, 39.0], [-104.998, 39.0]],
            ],
        },
    }
    park = {"properties": None, "geometry": {"type": "Polygon", "coordinates": []}}

    assert [line.kind for line in drawn(several, park).lines] == ["river"]
