"""The map of the sample city: neighbourhoods, streets, a river and a park, all invented.

The city lies where there is none, on open plains, so that no address of it is anybody's home.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

from .streets import PARK_KM, WIDTH_KM, Point, Street, at, bent, draw_streets

COLUMNS, ROWS = 4, 3
CELL_KM = WIDTH_KM / COLUMNS

NEIGHBORHOODS = (
    ("Millrace", "Foundry Flats", "Tanner's Bend", "Eastgate"),
    ("Orchard Hill", "Old Market", "Courthouse Square", "Station Yards"),
    ("Larkspur", "College Green", "Prospect", "Windmill Heights"),
)


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
    streets = draw_streets(generator)
    park = _park()
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
                    at(
                        start[0] + share * (end[0] - start[0]) + generator.uniform(0, bend / 3),
                        start[1] + share * (end[1] - start[1]) + sway,
                    )
                    if 0 < step < 6
                    else at(*(start if step == 0 else end))
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


def _park() -> list[Point]:
    west, south, east, north = PARK_KM
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return [bent(*corner) for corner in corners]


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
