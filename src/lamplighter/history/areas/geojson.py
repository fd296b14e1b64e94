"""Read areas from a GeoJSON file, mend what can be mended, and say what cannot."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.areas.areas import MOST_AREAS, Areas, AreasError, Overlap
from lamplighter.history.formats.texts import kept_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

POLYGONS = ("Polygon", "MultiPolygon")
LEAST_OVERLAP_KM2 = 0.001
# An area touches a few others; of a hundred each, they are no areas to tell calls by.
MOST_NEIGHBORS = 200
# A side meets itself and two others; of a shape that can be mended, few meet more.
MOST_CROSSINGS = 20
# Every column is looked at in every row, and those of numbers are offered on a page, by name.
MOST_COLUMNS, LONGEST_COLUMN = 400, 200


def read_areas(path: str | Path, *, name: str | None = None) -> Areas:
    """Read the areas of a GeoJSON file: polygons in degrees, in two or three dimensions.

    `name` is the property that holds the name of an area; without it, the one that is called
    so is taken ("name", else the only one that ends in "name"). Rings that are no polygon are
    mended, parts of one name joined, and what is no polygon left out; `notes` tells each.

    Raises AreasError, one sentence with the place and what to do.

    >>> areas = read_areas("neighborhoods.geojson")  # doctest: +SKIP
    >>> areas.names[areas.of(43.0389, -87.9065)[0]]  # doctest: +SKIP
    'Juneau Town'
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise AreasError(f"There is no file {path}: check the path.") from error
    except OSError as error:
        raise AreasError(f"{path} could not be read ({error.strerror}): check the path.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AreasError(
            f"{path.name} is not text, so it is no GeoJSON: export the areas as GeoJSON "
            "(a shapefile can be converted with ogr2ogr)."
        ) from error
    return parse_areas(text, path.name, name=name)


def parse_areas(text: str, where: str, *, name: str | None = None, coming_in: bool = True) -> Areas:
    """Return the areas of a GeoJSON text; `where` is for the sentences. See `read_areas`.

    coming_in: False for a text that was kept before there were limits to its columns
    """
    features = features_of(text, where)
    reading = _Reading(where)
    found = reading.polygons(features)
    if not found:
        raise AreasError(
            f"{where} has no polygon in it, so it tells no areas: give a file of polygons."
        )
    columns = tuple(dict.fromkeys(key for feature in found for key in feature.properties))
    if coming_in:
        check_columns(columns, where)
    column = name_column(
        columns, lambda one: [feature.properties.get(one) for feature in found], where, name
    )
    by_name = reading.by_name(found, column)
    if len(by_name) > MOST_AREAS:
        raise AreasError(
            f"{where} has {len(by_name):,} areas and at most {MOST_AREAS:,} can be used: "
            "give larger areas."
        )
    import shapely

    names = tuple(by_name)
    shapes = tuple(
        parts[0].shape if len(parts) == 1 else shapely.union_all([part.shape for part in parts])
        for parts in by_name.values()
    )
    numbers = numbers_of(
        [[part.properties for part in parts] for parts in by_name.values()], leave_out=column
    )
    overlaps = _overlaps(names, shapes, where)
    notes = (*reading.notes, *(_told(overlap) for overlap in overlaps))
    return Areas(names, shapes, numbers, overlaps, notes)


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a GeoJSON file, counted from one, with its shape once it is read."""

    number: int
    properties: Mapping[str, Any]
    shape: Any


def features_of(text: str, where: str) -> list[Any]:
    """Return the features of a GeoJSON text as they stand there."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise AreasError(
            f"{where}, line {error.lineno}, column {error.colno}: this is not JSON, so the file is "
            "no GeoJSON or was cut short: export or fetch it again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise AreasError(
            f"{where} has a number with thousands of digits, or brackets nested too deeply, which "
            "no areas need: export it again."
        ) from error
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Topology":
        raise AreasError(f"{where} is TopoJSON, not GeoJSON: export the areas as GeoJSON.")
    if kind == "Feature":
        return [content]
    features = content.get("features") if isinstance(content, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list):
        advice = "ask the service with f=geojson" if features else "export the areas as GeoJSON"
        raise AreasError(f"{where} is JSON but not a GeoJSON FeatureCollection: {advice}.")
    return features


@dataclass(slots=True)
class _Reading:
    """Reads the features of one file and notes what had to be mended."""

    where: str
    notes: list[str] = field(default_factory=list)

    def polygons(self, features: Iterable[Any]) -> list[Feature]:
        import shapely

        found: list[Feature] = []
        others: list[int] = []
        for number, feature in enumerate(features, start=1):
            geometry = feature.get("geometry") if isinstance(feature, dict) else None
            if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
                others.append(number)
                continue
            try:
                shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
            except (shapely.errors.GEOSException, ValueError):
                # A ring that is not closed or has too few corners; others of it may be good.
                shape = _of_good_rings(geometry)
            self.check_degrees(shape, number)
            if not shapely.is_valid(shape):
                self.check_tangle(shape, number)
                why = shapely.is_valid_reason(shape).partition("[")[0].lower()
                shape = _only_polygons(shapely.make_valid(shape, method="structure"))
                self.notes.append(
                    f"{self.where}, feature {number}: its rings were no polygon ({why}) and "
                    "were mended: look at it on a map."
                )
            if shapely.is_empty(shape):
                others.append(number)
                continue
            properties = feature.get("properties")
            found.append(Feature(number, properties if isinstance(properties, dict) else {}, shape))
        if others:
            count = "1 feature is" if len(others) == 1 else f"{len(others):,} features are"
            self.notes.append(
                f"{self.where}: {count} no polygon and left out (the first is number {others[0]})."
            )
        return found

    def check_degrees(self, shape: Any, number: int) -> None:
        if shape.is_empty:
            return
        west, south, east, north = shape.bounds
        x, y = max(-west, east), max(-south, north)
        if x <= 180 and y <= 90:
            return
        place = f"{self.where}, feature {number}"
        if x <= 90 and y <= 180:
            raise AreasError(
                f"{place}: latitude and longitude are the wrong way round: GeoJSON has the "
                "longitude first, so export the file again."
            )
        raise AreasError(
            f"{place}: coordinates like {west:.0f}, {south:.0f} are projected meters or feet and "
            "not degrees: export the file in WGS 84 (EPSG:4326)."
        )

    def check_tangle(self, shape: Any, number: int) -> None:
        """Refuse rings that cross themselves all over: mending them takes hours and gigabytes."""
        from lamplighter.history.areas.geometry import meeting, sides_of

        sides = sides_of(shape)
        if meeting(sides, sides, MOST_CROSSINGS * len(sides)) is None:
            raise AreasError(
                f"{self.where}, feature {number}: its {len(sides):,} sides cross each other all "
                "over: draw it anew, or leave it out."
            )

    def by_name(self, features: Iterable[Feature], column: str) -> dict[str, list[Feature]]:
        named: dict[str, list[Feature]] = {}
        for feature in features:
            value = feature.properties.get(column)
            name = " ".join(kept_text(str(value)).split()) if value is not None else ""
            if not name:
                name = f"area {feature.number}"
                self.notes.append(
                    f"{self.where}, feature {feature.number} has no {column} and is called "
                    f"{name!r}: give it one."
                )
            named.setdefault(name, []).append(feature)
        for name, parts in named.items():
            if len(parts) > 1:
                numbers = ", ".join(str(part.number) for part in parts)
                self.notes.append(
                    f"{self.where}: features {numbers} are all called {name!r} and are taken as "
                    "one area, their numbers added."
                )
        return named


def name_column(
    columns: Sequence[str],
    values_of: Callable[[str], Sequence[Any]],
    where: str,
    asked: str | None,
) -> str:
    """Return the column that holds the names: the one asked for, or the one that must be it."""
    listed = ", ".join(repr(column) for column in columns[:20]) or "none"
    if asked is not None:
        if asked in columns:
            return asked
        raise AreasError(f"{where} has no column {asked!r}: name one of those it has ({listed}).")
    for fits in (_is_name, _ends_in_name):
        found = [column for column in columns if fits(column)]
        if len(found) == 1:
            return found[0]
    texts = [column for column in columns if _names_rows(values_of(column))]
    if len(texts) == 1:
        return texts[0]
    raise AreasError(
        f"{where} does not say which column holds the name of an area: name one of those it "
        f"has ({listed})."
    )


def check_columns(columns: Sequence[str], where: str) -> None:
    """Refuse more columns than can be looked at, and names that no page or database can keep."""
    if len(columns) > MOST_COLUMNS:
        raise AreasError(
            f"{where} has {len(columns):,} columns and at most {MOST_COLUMNS:,} can be used: "
            "leave out those that count nobody."
        )
    longest = max(columns, key=len, default="")
    if len(longest) > LONGEST_COLUMN:
        raise AreasError(
            f"{where} has a column whose name has {len(longest):,} letters ({longest[:20]!r} and "
            f"so on) and at most {LONGEST_COLUMN} can be used: give it a shorter name."
        )
    if len(set(map(kept_text, columns))) < len(columns):
        raise AreasError(
            f"{where} has two columns whose names differ only in signs that are no text: give "
            "each one a name of its own."
        )


def _is_name(column: str) -> bool:
    return column.casefold() == "name"


def _ends_in_name(column: str) -> bool:
    return column.casefold().endswith("name")


def _names_rows(values: Sequence[Any]) -> bool:
    """Tell whether a column has a text of its own, which is no number, in every row."""
    are_texts = all(isinstance(value, str) and value.strip() for value in values)
    return (
        are_texts
        and len(set(values)) == len(values)
        and not all(as_number(value) is not None for value in values)
    )


def as_number(value: object) -> float | None:
    """Return a number, also one that is written as text as open portals do, else None.

    >>> as_number("1,204"), as_number("12 St"), as_number(True)
    (1204.0, None, None)
    >>> as_number("nan"), as_number(float("inf"))
    (None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def numbers_of(
    groups: Sequence[Sequence[Mapping[str, Any]]], *, leave_out: str
) -> dict[str, "npt.NDArray[np.float64]"]:
    """Return the columns that hold nothing but numbers, added up over the rows of each group."""
    import numpy as np

    columns: dict[str, list[float]] = {}
    no_numbers = {leave_out}
    for place, group in enumerate(groups):
        for row in group:
            for column, value in row.items():
                if value in (None, "") or column in no_numbers:
                    continue
                number = as_number(value)
                if number is None:
                    no_numbers.add(column)
                    continue
                sums = columns.get(column)
                if sums is None:
                    sums = columns[column] = [math.nan] * len(groups)
                before = sums[place]
                sums[place] = number if math.isnan(before) else before + number
    in_order = dict.fromkeys(column for group in groups for row in group for column in row)
    return {
        one: np.array(columns[one]) for one in in_order if one in columns and one not in no_numbers
    }


def _overlaps(names: Sequence[str], shapes: Sequence[Any], where: str) -> tuple[Overlap, ...]:
    """Return the pairs that share ground; what a shaky line between neighbors shares is none."""
    import shapely

    from lamplighter.history.areas.geometry import km2_of, meeting

    met = meeting(shapes, shapes, MOST_NEIGHBORS * len(shapes))
    if met is None:
        raise AreasError(
            f"{where} has areas that lie on each other by the hundreds: "
            "give one layer of areas, such as districts or neighborhoods."
        )
    pairs = sorted((int(a), int(b)) for a, b in zip(*met, strict=True) if a < b)
    if not pairs:
        return ()
    shared = [shapely.intersection(shapes[a], shapes[b]) for a, b in pairs]
    found = [
        Overlap(names[a], names[b], float(km2))
        for (a, b), km2 in zip(pairs, km2_of(shared), strict=True)
        if km2 >= LEAST_OVERLAP_KM2
    ]
    return tuple(sorted(found, key=lambda overlap: -overlap.km2))


def _told(overlap: Overlap) -> str:
    return (
        f"{overlap.first!r} and {overlap.second!r} overlap by {overlap.km2:.3g} km2: places there "
        f"count as {overlap.first!r}."
    )


def _of_good_rings(geometry: Mapping[str, Any]) -> Any:
    """Return what can be made of rings that are too short or not closed."""
    import shapely

    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    good = []
    for polygon in polygons if isinstance(polygons, list) else []:
        rings = [ring for ring in map(_ring, polygon if isinstance(polygon, list) else []) if ring]
        if rings:
            good.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(good)


def _ring(ring: Any) -> list[tuple[float, float]]:
    try:
        corners = [(float(corner[0]), float(corner[1])) for corner in ring]
    except (TypeError, ValueError, IndexError, KeyError):
        return []
    return corners if len(set(corners)) >= 3 else []


def _only_polygons(shape: Any) -> Any:
    """Return the polygons of a mended shape; a line or point that is left over has no ground."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type in POLYGONS]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)
