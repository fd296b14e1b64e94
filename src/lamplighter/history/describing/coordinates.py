"""Say which columns of a sample tell where a call was: degrees, meters, or a point as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lamplighter.history.describing.columns import Column, share_between
from lamplighter.history.describing.proposal import ColumnGuess

MOSTLY = 0.6  # of the calls have a place; for the others some systems write -361 or 0
POINT = re.compile(
    r"POINT *\( *-?\d+\.?\d* +-?\d+\.?\d* *\)|\( *-?\d+\.\d+ *, *-?\d+\.\d+ *\)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The columns that tell where a call was, by our fields, and remarks about them."""

    fields: dict[str, Column]
    guesses: tuple[ColumnGuess, ...]
    remarks: tuple[str, ...] = ()


def guess_coordinates(columns: Sequence[Column], *, in_mercator: bool) -> Coordinates:
    """Return the columns of coordinates: those named so, else those whose numbers are like them.

    `in_mercator` tells that the file itself says that its x and y are meters of Web Mercator.
    """
    for find in (_named_degrees, _named_x_and_y, _points, _unnamed_degrees):
        found = find(columns, in_mercator)
        if found is not None:
            return found
    return Coordinates({}, ())


def _named_degrees(columns: Sequence[Column], _in_mercator: bool) -> Coordinates | None:
    latitude = _best(columns, "latitude")
    longitude = _best(columns, "longitude")
    if latitude is None or longitude is None:
        return None
    if _is_latitude(latitude) and _is_longitude(longitude):
        remarks: tuple[str, ...] = ()
        if share_between(longitude, 50, 180) > MOSTLY and share_between(latitude, 15, 90) > MOSTLY:
            remarks = (
                f"The longitudes in {longitude.name!r} are positive, so the calls lie in Asia: "
                "see whether a minus sign was lost.",
            )
        return _degrees(latitude, longitude, 0.97, "its name and its numbers", remarks)
    if _is_american(longitude, latitude):
        remark = f"{latitude.name!r} and {longitude.name!r} hold each other's numbers."
        return _degrees(longitude, latitude, 0.7, "its numbers, against its name", (remark,))
    return Coordinates(
        {},
        (),
        (
            f"{latitude.name!r} and {longitude.name!r} are no degrees ({latitude.low:g} to "
            f"{latitude.high:g}): ask for latitude and longitude in degrees.",
        ),
    )


def _named_x_and_y(columns: Sequence[Column], in_mercator: bool) -> Coordinates | None:
    x, y = _best(columns, "x"), _best(columns, "y")
    if x is None or y is None:
        return None
    if _is_latitude(y) and _is_longitude(x):
        return _degrees(y, x, 0.93, "its name, and numbers like degrees")
    if in_mercator or _like_mercator(x, y):
        sureness = 0.97 if in_mercator else 0.8
        because = "meters of Web Mercator, " + (
            "as the file says" if in_mercator else "to judge by their size"
        )
        guesses = (
            ColumnGuess("x", (x.name,), sureness, because),
            ColumnGuess("y", (y.name,), sureness, because),
        )
        return Coordinates({"x": x, "y": y}, guesses)
    others = _points(columns, in_mercator)
    if others is not None:
        return others
    return Coordinates(
        {},
        (),
        (
            f"{x.name!r} and {y.name!r} are measured in a grid that is not read here, such as feet "
            "of a state plane: ask for latitude and longitude (ArcGIS: outSR=4326).",
        ),
    )


def _points(columns: Sequence[Column], _in_mercator: bool) -> Coordinates | None:
    for column in columns:
        rows = sum(count for _, count in column.values) or 1
        share = sum(count for text, count in column.values if POINT.search(text)) / rows
        if share > 0.5:
            guess = ColumnGuess(
                "point", (column.name,), round(0.95 * share, 2), f"a point in {share:.0%} of it"
            )
            return Coordinates({"point": column}, (guess,))
    return None


def _unnamed_degrees(columns: Sequence[Column], _in_mercator: bool) -> Coordinates | None:
    numbers = [
        column
        for column in columns
        if column.numbers > 0.9 and column.decimals > 0.5 and column.high - column.low < 5
    ]
    for first, second in pairwise(numbers):
        for latitude, longitude in ((first, second), (second, first)):
            if _is_american(latitude, longitude):
                because = "neighbors with degrees that suit a city of this continent"
                return _degrees(latitude, longitude, 0.8, because)
    return None


def _degrees(
    latitude: Column,
    longitude: Column,
    sureness: float,
    because: str,
    remarks: tuple[str, ...] = (),
) -> Coordinates:
    guesses = (
        ColumnGuess("latitude", (latitude.name,), sureness, because),
        ColumnGuess("longitude", (longitude.name,), sureness, because),
    )
    return Coordinates({"latitude": latitude, "longitude": longitude}, guesses, remarks)


def _best(columns: Sequence[Column], meaning: str) -> Column | None:
    named = [
        column
        for column in columns
        if column.named(meaning) >= 0.75 and column.numbers > 0.5 and column.filled
    ]
    return max(
        named,
        key=lambda column: (column.named(meaning), column.filled, -column.position),
        default=None,
    )


def _is_latitude(column: Column) -> bool:
    return share_between(column, -90, 90) >= MOSTLY


def _is_longitude(column: Column) -> bool:
    return share_between(column, -180, 180) >= MOSTLY


def _is_american(latitude: Column, longitude: Column) -> bool:
    """North America and Hawaii; some calls have zeros or other numbers for no place."""
    return (
        share_between(latitude, 15, 72) >= MOSTLY and share_between(longitude, -180, -50) >= MOSTLY
    )


def _like_mercator(x: Column, y: Column) -> bool:
    """The west of Greenwich in meters; grids of states and zones have no such negative numbers."""
    return -2.01e7 < x.low <= x.high < -5e6 and 1.6e6 < y.low <= y.high < 1.2e7
