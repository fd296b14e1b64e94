"""Areas that somebody brings: read, kept as names, outlines and numbers, told before use."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import gettext as _

from lamplighter.city.policies.call_files.proposed import storable
from lamplighter.city.refusal import Refusal
from lamplighter.city.told import told

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas

MOST_BYTES = 20_000_000
WHERE = "areas.geojson"


@dataclass(frozen=True)
class Brought:
    """A file as it came: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers: their sum, and of how many areas there is none."""

    name: str
    whole: float
    without: int


def read_brought(areas: Brought, people: Brought | None) -> "Areas":
    """Read a GeoJSON file of areas, and a table of the people in them, if there is one.

    Raises Refusal with the field of the file that cannot be used; the sentence is the library's.
    """
    from lamplighter.history.areas import AreasError, parse_areas

    try:
        found = parse_areas(areas.content.decode("utf-8-sig"), areas.name)
    except UnicodeDecodeError:
        sentence = _("%(name)s is not text, so it is no GeoJSON: export the areas as GeoJSON.")
        raise Refusal("not-areas", sentence % {"name": areas.name}, field="file") from None
    except AreasError as error:
        raise Refusal("not-areas", _unusable(error), field="file") from error
    if people is None:
        return found
    with TemporaryDirectory() as folder:
        # The name of the client's is words: longer than a file's may be, for one.
        path = Path(folder) / f"people{Path(people.name).suffix[:9]}"
        path.write_bytes(people.content)
        try:
            read = found.with_population(path)
        except AreasError as error:
            sentence = str(error).replace(f"{folder}/", "").replace(path.name, people.name)
            raise Refusal("not-people", _unusable(sentence), field="people") from error
    return replace(read, notes=tuple(note.replace(path.name, people.name) for note in read.notes))


def _unusable(sentence: object) -> str:
    """Why a file cannot be used."""
    return format_html("{} {}", _("This file cannot be used:"), told(str(sentence)))


def as_geojson(areas: "Areas") -> str:
    """The areas as GeoJSON with their names and numbers; whatever else the file said is left out.

    >>> import shapely
    >>> from lamplighter.history.areas import Areas
    >>> as_geojson(Areas(("Hill",), (shapely.box(0, 0, 1, 1),), {}))[43:92]
    '{"type": "Feature", "properties": {"name": "Hill"'
    """
    import shapely

    features = []
    for place, (name, shape) in enumerate(zip(areas.names, areas.shapes, strict=True)):
        numbers = {
            column: _number(values[place])
            for column, values in areas.properties.items()
            if column.casefold() != "name"
        }
        geometry = json.loads(shapely.to_geojson(shape))
        told = storable({"name": name, **numbers})
        features.append({"type": "Feature", "properties": told, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features})


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):  # not told, or a sum that no number holds
        return None
    return int(value) if value == int(value) else float(value)


@lru_cache(maxsize=8)
def areas_of(text: str) -> "Areas":
    """The areas of a text that was kept, which can be read, also where it was before a limit."""
    from lamplighter.history.areas import parse_areas

    return parse_areas(text, WHERE, coming_in=False)


def number_columns(areas: "Areas") -> Sequence[NumberColumn]:
    """The columns that may count people: no number of them is below nought."""
    found = []
    for name, values in areas.properties.items():
        told = [float(value) for value in values if value == value]
        if min(told) >= 0:
            found.append(NumberColumn(name, sum(told), len(values) - len(told)))
    return found
