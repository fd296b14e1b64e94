"""The streets of a running city, to find addresses on."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Address = tuple[str, float, float]


@dataclass(frozen=True)
class Streets:
    """Named lines of (longitude, latitude) points, and the box of the city."""

    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, city: Mapping[str, Any]) -> "Streets":
        """Read the answer of the API's `/city`: its GeoJSON of streets and its bounds."""
        lines = tuple(
            (
                feature["properties"]["name"],
                tuple((point[0], point[1]) for point in feature["geometry"]["coordinates"]),
            )
            for feature in city["streets"].get("features", [])
            if feature["geometry"]["type"] == "LineString"
            and feature["properties"].get("kind") in {"street", "main"}
        )
        return cls(lines, *city["bounds"])

    def contains(self, latitude: float | None, longitude: float | None) -> bool:
        """Whether a point lies in the box of the city; the city itself knows its outline."""
        return (
            latitude is not None
            and longitude is not None
            and self.south <= latitude <= self.north
            and self.west <= longitude <= self.east
        )

    def any_address(self, generator: random.Random) -> Address:
        """An address (words, latitude, longitude) somewhere on a street, ends left out."""
        name, line = generator.choice(self.lines)
        along = generator.uniform(0.05, 0.95)
        position = along * (len(line) - 1)
        index = min(int(position), len(line) - 2)
        (x1, y1), (x2, y2) = line[index], line[index + 1]
        share = position - index
        return (
            f"{100 + 2 * int(along * 900)} {name}",
            round(y1 + share * (y2 - y1), 6),
            round(x1 + share * (x2 - x1), 6),
        )
