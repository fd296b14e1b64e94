"""A small map of the streets around a place, drawn on the server: it needs no script."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from typing import Any

from lamplighter.city.intake.models import City
from lamplighter.city.intake.queries import streets_stamp

WIDTH, HEIGHT = 900.0, 420.0
METRES_PER_DEGREE = 111_195.0
_LONG_ENOUGH_FOR_A_NAME = 240.0
_PIN_ROOM = 70.0
_MOST_NAMES = 6

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Line:
    """The visible parts of one street or river, as the `d` of an SVG path."""

    kind: str
    path: str


@dataclass(frozen=True)
class Name:
    """A street's name on its longest visible part, turned to read from left to right."""

    text: str
    x: int
    y: int
    turn: int


@dataclass(frozen=True)
class Sketch:
    """Streets around a place in metres east and south of it; the place is at 0, 0."""

    lines: tuple[Line, ...]
    names: tuple[Name, ...]

    @property
    def view_box(self) -> str:
        return f"{-WIDTH / 2:g} {-HEIGHT / 2:g} {WIDTH:g} {HEIGHT:g}"


def sketch_around(latitude: float | None, longitude: float | None) -> Sketch | None:
    """The streets around a point; None where there is no point, or no street near it."""
    if latitude is None or longitude is None:
        return None
    return draw(_streets(streets_stamp()), latitude, longitude)


def draw(streets: dict[str, Any], latitude: float, longitude: float) -> Sketch | None:
    """Draw what lies within the frame around a point.

    >>> street = {"properties": {"name": "Main Street", "kind": "main"}, "geometry": {
    ...     "type": "LineString", "coordinates": [[-105.01, 39.001], [-104.99, 39.001]]}}
    >>> drawn = draw({"features": [street]}, 39.0, -105.0)
    >>> drawn.lines[0].kind, drawn.lines[0].path, drawn.names[0].text
    ('main', 'M-450 -111L450 -111', 'Main Street')
    """
    lines, names = [], []
    for feature in streets.get("features", ()):
        visible = [
            part
            for points in _lines_of(feature.get("geometry") or {})
            for part in _visible(_projected(points, latitude, longitude))
        ]
        if not visible:
            continue
        about = feature.get("properties") or {}
        lines.append(Line(str(about.get("kind") or "street"), _path(visible)))
        if (name := _named(str(about.get("name") or ""), visible)) is not None:
            names.append(name)
    if not lines:
        return None
    nearest = sorted(names, key=lambda name: hypot(name.x, name.y))[:_MOST_NAMES]
    return Sketch(tuple(lines), tuple(nearest))


@lru_cache(maxsize=2)
def _streets(_stamp: tuple[object, ...]) -> dict[str, Any]:
    """The city's streets, read once a process; a changed row has another stamp."""
    return City.objects.values_list("streets", flat=True).first() or {}


def _lines_of(geometry: dict[str, Any]) -> Iterator[list[Any]]:
    if geometry.get("type") == "LineString":
        yield geometry["coordinates"]
    elif geometry.get("type") == "MultiLineString":
        yield from geometry["coordinates"]


def _projected(points: list[Any], latitude: float, longitude: float) -> list[Point]:
    east = METRES_PER_DEGREE * cos(radians(latitude))
    return [
        ((x - longitude) * east, (latitude - y) * METRES_PER_DEGREE) for x, y, *_height in points
    ]


def _visible(points: list[Point]) -> Iterator[Segment]:
    for start, end in pairwise(points):
        if (clipped := _clipped(start, end)) is not None:
            yield clipped


def _clipped(start: Point, end: Point) -> Segment | None:
    """The part of a segment within the frame (Liang-Barsky), or None."""
    (x, y), (x2, y2) = start, end
    dx, dy = x2 - x, y2 - y
    enters, leaves = 0.0, 1.0
    for step, room in (
        (-dx, x + WIDTH / 2),
        (dx, WIDTH / 2 - x),
        (-dy, y + HEIGHT / 2),
        (dy, HEIGHT / 2 - y),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            enters = max(enters, room / step)
        else:
            leaves = min(leaves, room / step)
    if enters >= leaves:
        return None
    return (x + enters * dx, y + enters * dy), (x + leaves * dx, y + leaves * dy)


def _path(parts: list[Segment]) -> str:
    drawn, at = [], None
    for start, end in parts:
        if start != at:
            drawn.append(f"M{round(start[0])} {round(start[1])}")
        drawn.append(f"L{round(end[0])} {round(end[1])}")
        at = end
    return "".join(drawn)


def _named(text: str, parts: list[Segment]) -> Name | None:
    (x, y), (x2, y2) = max(parts, key=lambda part: hypot(*_run(part)))
    if not text or hypot(x2 - x, y2 - y) < _LONG_ENOUGH_FOR_A_NAME:
        return None
    middle = ((x + x2) / 2, (y + y2) / 2)
    if hypot(*middle) < _PIN_ROOM:  # the pin stands there
        middle = (x + (x2 - x) * 0.25, y + (y2 - y) * 0.25)
    turn = round(degrees(atan2(y2 - y, x2 - x)))
    upright = (turn + 90) % 180 - 90
    return Name(text, round(middle[0]), round(middle[1]), upright)


def _run(part: Segment) -> Point:
    return part[1][0] - part[0][0], part[1][1] - part[0][1]
