"""Find the area of each of many places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def areas_of(
    shapes: Sequence[Any], latitude: "npt.ArrayLike", longitude: "npt.ArrayLike"
) -> "npt.NDArray[np.int16]":
    """Return for each place the index of the first shape that it is in or touches, else -1."""
    import numpy as np
    import shapely

    y = np.atleast_1d(np.asarray(latitude, dtype=np.float64))
    x = np.atleast_1d(np.asarray(longitude, dtype=np.float64))
    found = np.full(len(x), -1, dtype=np.int16)
    # In order of longitude, the places that an area may hold stand together.
    order = np.argsort(x, kind="stable")
    by_x, by_y = x[order], y[order]
    for index in range(len(shapes) - 1, -1, -1):  # the first area writes last
        shape = shapes[index]
        west, south, east, north = shape.bounds
        start, end = np.searchsorted(by_x, west), np.searchsorted(by_x, east, side="right")
        near = by_y[start:end]
        inside_box = start + np.flatnonzero((near >= south) & (near <= north))
        shapely.prepare(shape)
        inside = shapely.intersects_xy(shape, by_x[inside_box], by_y[inside_box])
        found[order[inside_box[inside]]] = index
    return found
