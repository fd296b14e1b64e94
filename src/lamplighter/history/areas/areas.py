"""Areas as a value: which one a place lies in, their outlines and sizes, who lives there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from lamplighter.history.errors import HistoryError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# A closed line: one row a corner, longitude and latitude in degrees.
Ring: TypeAlias = "npt.NDArray[np.float64]"
# The outer rings and holes of one area; fill them by the even-odd rule.
Outline: TypeAlias = tuple[Ring, ...]

OUTSIDE = -1
MOST_AREAS = 32_767


class AreasError(HistoryError):
    """A file of areas that cannot be used: what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that share ground; a place on it belongs to the first."""

    first: str
    second: str
    km2: float


@dataclass(frozen=True, eq=False)
class Areas:
    """Named areas of a city, in the order of their file.

    names: each once
    shapes: a shapely polygon or multipolygon each, longitude and latitude in degrees (WGS 84)
    properties: the numbers of the file by their column, one an area, nan where there is none:
        people by group, households, whatever the file has
    overlaps: areas that share ground
    notes: one sentence for each thing that was mended or left out when they were read
    """

    names: tuple[str, ...]
    shapes: tuple[Any, ...]
    properties: Mapping[str, "npt.NDArray[np.float64]"]
    overlaps: tuple[Overlap, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def of(self, latitude: "npt.ArrayLike", longitude: "npt.ArrayLike") -> "npt.NDArray[np.int16]":
        """Return for each place, in degrees, the index of its area, -1 outside all of them.

        A place without coordinates (nan) is outside. A place on a border, or in two areas that
        overlap, belongs to the first of them. About a million places a second.
        """
        from lamplighter.history.areas.lookup import areas_of

        return areas_of(self.shapes, latitude, longitude)

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 of the names, the outlines and the numbers of people."""
        import shapely

        digest = sha256()
        for name, shape in zip(self.names, self.shapes, strict=True):
            digest.update(f"{name}\0".encode() + shapely.to_wkb(shape, byte_order=1))
        for column, numbers in sorted(self.properties.items()):
            digest.update(f"{column}\0".encode() + numbers.astype("<f8").tobytes())
        return digest.hexdigest()

    @cached_property
    def outlines(self) -> tuple[Outline, ...]:
        """The rings of each area as the file has them, for maps."""
        from lamplighter.history.areas.geometry import rings_of

        return tuple(rings_of(shape) for shape in self.shapes)

    def simplified(self, meters: float) -> tuple[Outline, ...]:
        """The rings of each area with fewer corners, for small pictures.

        Details smaller than about `meters` go; neighbors keep their common border.
        """
        from lamplighter.history.areas.geometry import rings_of, simplified

        return tuple(rings_of(shape) for shape in simplified(self.shapes, meters))

    @cached_property
    def centers(self) -> "npt.NDArray[np.float64]":
        """A place inside each area, one row an area: latitude and longitude in degrees."""
        from lamplighter.history.areas.geometry import centers_of

        return centers_of(self.shapes)

    @cached_property
    def area_km2(self) -> "npt.NDArray[np.float64]":
        """The size of each area in square kilometers, on the ellipsoid of WGS 84."""
        from lamplighter.history.areas.geometry import km2_of

        return km2_of(self.shapes)

    def with_population(self, table: str | Path, *, name: str | None = None) -> "Areas":
        """Return the same areas with the columns of numbers of a CSV or GeoJSON file added.

        A row belongs to the area that its name column (`name`, or the one that fits) names. A
        GeoJSON file whose names are others, such as census tracts, is shared out by ground: half
        of a tract's ground in an area brings half of its people. `notes` says which it was, and
        what did not fit. Raises AreasError.
        """
        from lamplighter.history.areas.population import population_of

        columns, notes = population_of(self, Path(table), name)
        return replace(self, properties={**self.properties, **columns}, notes=(*self.notes, *notes))
