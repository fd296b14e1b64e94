"""The map of the sample city: neighbourhoods, streets, a river and a park, all invented.

The city lies where there is none, on open plains, so that no address of it is anybody's home.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

WEST, SOUTH = -103.245, 39.305
KM_NORTH = 1 / 111.195  # degrees of latitude a kilometre
KM_EAST = KM_NORTH / math.cos(math.radians(39.34))
COLUMNS, ROWS = 4, 3
CELL_KM = 1.9

NEIGHBORHOODS = (
    ("Millrace", "Foundry Flats", "Tanner's Bend", "Eastgate"),
    ("Orchard Hill", "Old Market", "Courthouse Square", "Station Yards"),
    ("Larkspur", "College Green", "Prospect", "Windmill Heights"),
)
AVENUES = (
    *("Alder", "Beacon", "Candle", "Dawn", "Ember", "Flint", "Glow", "Hearth", "Ivy", "Juniper"),
    *("Kindle", "Lantern", "Mantle", "Nightjar", "Opal"),
)
STREETS = (
    *("Wick", "Tinder", "Spark", "Comet", "Meridian", "Solstice", "Torch", "Aurora", "Filament"),
    *("Matchmaker", "Dusk", "Evening Star"),
)

Point = tuple[float, float]


@dataclass(frozen=True)
class Street:
    """A named street as a line of (longitude, latitude) points."""

    name: str
    line: tuple[Point, ...]
    main: bool

    def address(self, along: float) -> tuple[str, float, float]:
        """The address, latitude and longitude at a share (0 to 1) of the street's length."""
        position = along * (len(self.line) - 1)
        index = min(int(position), len(self.line) - 2)
        (x1, y1), (x2, y2) = self.line[index], self.line[index + 1]
        share = position - index
        number = 100 + 2 * int(along * 900)
        return f"{number} {self.name}", y1 + share * (y2 - y1), x1 + share * (x2 - x1)


@dataclass(frozen=True)
class SampleMap:
    """The outlines of the neighbourhoods by name, the streets, and what else the map draws."""

    neighborhoods: dict[str, dict[str, Any]]
    streets: tuple[Street, ...]
    geojson: dict[str, Any]


def draw_map(seed: int) -> SampleMap:
    """Draw the same map for the same seed.

    >>> drawn = draw_map(7)
    >>> len(drawn.neighborhoods), drawn == draw_map(7)
    (12, True)
    """
    generator = random.Random(seed)  # noqa: S311 (a drawing, not a secret)
    corners = _corners(generator)
    edges = _edges(corners, generator)
    outlines = {
        NEIGHBORHOODS[row][column]: _outline(edges, row, column)
        for row in range(ROWS)
        for column in range(COLUMNS)
    }
    river = _row_line(edges, 1)
    streets = _streets(generator)
    park = _park(corners)
    features = [
        _feature("Polygon", [park], kind="park", name="Lamplighters' Park"),
        _feature("LineString", river, kind="river", name="Slow River"),
        *(
            _feature(
                "LineString",
                street.line,
                kind="main" if street.main else "street",
                name=street.name,
            )
            for street in streets
        ),
    ]
    return SampleMap(outlines, streets, {"type": "FeatureCollection", "features": features})


def _at(east_km: float, north_km: float) -> Point:
    return round(WEST + east_km * KM_EAST, 6), round(SOUTH + north_km * KM_NORTH, 6)


def _corners(generator: random.Random) -> dict[tuple[int, int], tuple[float, float]]:
    """The corners of the cells in kilometres; inner ones moved, so that no two cells are alike."""
    corners = {}
    for row in range(ROWS + 1):
        for column in range(COLUMNS + 1):
            inner = 0 < row < ROWS and 0 < column < COLUMNS
            shift = 0.32 if inner else 0.12
            corners[row, column] = (
                column * CELL_KM + generator.uniform(-shift, shift),
                row * CELL_KM + generator.uniform(-shift, shift),
            )
    return corners


def _edges(
    corners: dict[tuple[int, int], tuple[float, float]], generator: random.Random
) -> dict[tuple[tuple[int, int], tuple[int, int]], list[Point]]:
    """Each edge between neighbouring corners, drawn once, so that neighbours share it exactly."""
    edges = {}
    for (row, column), start in corners.items():
        for other in ((row, column + 1), (row + 1, column)):
            if other not in corners:
                continue
            end = corners[other]
            # The edges of the river's row meander; streets and rails bound the other cells.
            bend = 0.13 if row == 1 and other[0] == 1 else 0.02
            points = []
            for step in range(7):
                share = step / 6
                sway = bend * math.sin(2 * math.pi * share + column) * (0 < step < 6)
                points.append(
                    _at(
                        start[0] + share * (end[0] - start[0]) + generator.uniform(0, bend / 3),
                        start[1] + share * (end[1] - start[1]) + sway,
                    )
                    if 0 < step < 6
                    else _at(*(start if step == 0 else end))
                )
            edges[(row, column), other] = points
    return edges


def _outline(
    edges: dict[tuple[tuple[int, int], tuple[int, int]], list[Point]], row: int, column: int
) -> dict[str, Any]:
    south = edges[(row, column), (row, column + 1)]
    east = edges[(row, column + 1), (row + 1, column + 1)]
    north = edges[(row + 1, column), (row + 1, column + 1)][::-1]
    west = edges[(row, column), (row + 1, column)][::-1]
    ring = [*south, *east[1:], *north[1:], *west[1:]]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def _row_line(
    edges: dict[tuple[tuple[int, int], tuple[int, int]], list[Point]], row: int
) -> list[Point]:
    line: list[Point] = []
    for column in range(COLUMNS):
        line += edges[(row, column), (row, column + 1)][1 if line else 0 :]
    return line


def _streets(generator: random.Random) -> tuple[Street, ...]:
    width, height = COLUMNS * CELL_KM, ROWS * CELL_KM
    margin = 0.25
    streets = []
    for index, name in enumerate(AVENUES):
        east = margin + (width - 2 * margin) * index / (len(AVENUES) - 1)
        lean = generator.uniform(-0.1, 0.1)
        line = tuple(
            _at(east + lean * math.sin(step / 2), margin + (height - 2 * margin) * step / 8)
            for step in range(9)
        )
        streets.append(Street(f"{name} Avenue", line, main=index % 5 == 2))
    for index, name in enumerate(STREETS):
        north = margin + (height - 2 * margin) * index / (len(STREETS) - 1)
        lean = generator.uniform(-0.1, 0.1)
        line = tuple(
            _at(margin + (width - 2 * margin) * step / 10, north + lean * math.cos(step / 2))
            for step in range(11)
        )
        streets.append(Street(f"{name} Street", line, main=index % 4 == 1))
    diagonal = tuple(
        _at(margin + (width - 2 * margin) * step / 10, margin + (height - 2 * margin) * step / 10)
        for step in range(11)
    )
    return (*streets, Street("Lamplighter Way", diagonal, main=True))


def _park(corners: dict[tuple[int, int], tuple[float, float]]) -> list[Point]:
    east, north = corners[2, 2]
    offsets = ((-0.5, 0.1), (-0.1, 0.12), (-0.12, 0.6), (-0.55, 0.5), (-0.5, 0.1))
    return [_at(east + dx, north + dy) for dx, dy in offsets]


def _feature(shape: str, coordinates: Any, **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {
            "type": shape,
            "coordinates": [list(point) for point in coordinates]
            if shape == "LineString"
            else [[list(point) for point in ring] for ring in coordinates],
        },
    }
