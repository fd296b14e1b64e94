"""Points, outlines and distances, without a database."""

from collections.abc import Iterable, Iterator
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0

# West, south, east, north, in degrees.
Box = tuple[float, float, float, float]


def distance_km(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """Great-circle distance in kilometres between two points in degrees (haversine formula).

    >>> round(distance_km(39.74, -104.99, 39.75, -104.99), 2)
    1.11
    """
    half_lat = radians(to_latitude - latitude) / 2
    half_lon = radians(to_longitude - longitude) / 2
    chord = (
        sin(half_lat) ** 2 + cos(radians(latitude)) * cos(radians(to_latitude)) * sin(half_lon) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(chord))


def contains(outline: dict[str, Any], latitude: float, longitude: float) -> bool:
    """Whether a GeoJSON Polygon or MultiPolygon contains a point, holes excluded (ray casting).

    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
    >>> contains(square, 1, 1), contains(square, 3, 1)
    (True, False)
    """
    return any(
        _in_ring(rings[0], latitude, longitude)
        and not any(_in_ring(hole, latitude, longitude) for hole in rings[1:])
        for rings in _polygons(outline)
    )


def bounds(outlines: Iterable[dict[str, Any]]) -> Box | None:
    """West, south, east, north of all outlines together; None when there are none."""
    points = [point for outline in outlines for rings in _polygons(outline) for point in rings[0]]
    if not points:
        return None
    longitudes = [point[0] for point in points]
    latitudes = [point[1] for point in points]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _polygons(outline: dict[str, Any]) -> Iterator[list[list[list[float]]]]:
    if outline["type"] == "Polygon":
        yield outline["coordinates"]
    else:
        yield from outline["coordinates"]


def _in_ring(ring: list[list[float]], latitude: float, longitude: float) -> bool:
    inside = False
    x1, y1 = ring[-1][:2]
    for x2, y2, *_height in ring:
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) * (x2 - x1) / (
            y2 - y1
        ):
            inside = not inside
        x1, y1 = x2, y2
    return inside
