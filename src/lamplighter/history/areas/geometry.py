"""Rings, centers and sizes of polygons in degrees."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AT_A_TIME = 128
METERS_PER_DEGREE = 111_320.0
# WGS 84: half the longer axis in kilometers, and the square of the eccentricity.
HALF_AXIS_KM = 6378.137
ECCENTRICITY_2 = 0.0066943799901413165


def rings_of(shape: Any) -> tuple["npt.NDArray[np.float64]", ...]:
    """Return the rings of a polygon or multipolygon, holes after their outer ring."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shape))
    return tuple(shapely.get_coordinates(ring) for ring in rings)


def sides_of(shape: Any) -> Sequence[Any]:
    """Return the sides of all rings of a polygon or multipolygon, each as a line.

    >>> import shapely
    >>> len(sides_of(shapely.box(0, 0, 1, 1)))
    4
    """
    import numpy as np
    import shapely

    ends = [np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings_of(shape)]
    sides: Sequence[Any] = shapely.linestrings(np.concatenate(ends))
    return sides


def simplified(shapes: Sequence[Any], meters: float) -> Sequence[Any]:
    """Return the shapes with fewer corners; an area that would vanish stays as it is.

    Visvalingam's method over the whole coverage, so that no gap opens between neighbors.
    """
    import numpy as np
    import shapely

    # A degree of longitude is shorter than one of latitude: the picture keeps a little more.
    tolerance = meters / METERS_PER_DEGREE
    fewer = shapely.coverage_simplify(np.array(shapes, dtype=object), tolerance)
    return [old if shapely.is_empty(new) else new for old, new in zip(shapes, fewer, strict=True)]


def centers_of(shapes: Sequence[Any]) -> "npt.NDArray[np.float64]":
    """Return a place inside each shape: latitude and longitude in degrees."""
    import numpy as np
    import shapely

    places = shapely.get_coordinates(shapely.point_on_surface(list(shapes)))
    return np.ascontiguousarray(places[:, ::-1], dtype=np.float64)


def km2_of(shapes: Sequence[Any]) -> "npt.NDArray[np.float64]":
    """Return the size of each shape in square kilometers on the ellipsoid of WGS 84.

    Lambert's cylindrical projection keeps areas (Snyder, Map Projections, 1987, page 81).
    """
    import numpy as np
    import shapely

    def equal_area(degrees: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
        e = np.sqrt(ECCENTRICITY_2)
        sine = np.sin(np.radians(degrees[:, 1]))
        q = (1 - ECCENTRICITY_2) * (
            sine / (1 - ECCENTRICITY_2 * sine**2) + np.arctanh(e * sine) / e
        )
        x = HALF_AXIS_KM * np.radians(degrees[:, 0])
        return np.column_stack([x, HALF_AXIS_KM * q / 2])

    return np.asarray(shapely.area(shapely.transform(list(shapes), equal_area)), dtype=np.float64)


def meeting(
    shapes: Sequence[Any], others: Sequence[Any], most: int
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None":
    """Return which of some shapes meet which of others, or None where more than `most` do.

    >>> import shapely
    >>> [one.tolist() for one in meeting([shapely.box(0, 0, 2, 2)], [shapely.box(1, 1, 3, 3)], 9)]
    [[0], [0]]
    """
    import numpy as np
    import shapely

    tree, every = shapely.STRtree(others), np.array(shapes, dtype=object)
    found, count = [np.empty((2, 0), np.int64)], 0
    # Some at a time: where all lie on each other, the pairs of all would fill any memory.
    for start in range(0, len(shapes), AT_A_TIME):
        pairs = tree.query(every[start : start + AT_A_TIME], predicate="intersects")
        pairs[0] += start
        found.append(pairs)
        count += pairs.shape[1]
        if count > most:
            return None
    one, other = np.concatenate(found, axis=1)
    return one, other
