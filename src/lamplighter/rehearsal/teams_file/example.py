"""The example team file for a city at hand: its bases are where the city's own calls are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lamplighter.rehearsal.teams import Point
from lamplighter.rehearsal.teams_file.reading import parse_teams
from lamplighter.rehearsal.teams_file.writing import UnitRow, rows_of, shipped_text, with_units

if TYPE_CHECKING:
    from lamplighter.history import History

EXAMPLE = "example_teams"


def example_for(history: History) -> str:
    """The text of the example team file, to be changed, with bases for the calls of a history.

    Units of one kind share the city from south to north, as in the example; each is based in the
    middle of its part of the public's calls, to a hundredth of a degree. Where no call tells its
    place no unit has a base: it then waits in the middle of all calls.
    """
    text = shipped_text(EXAMPLE)
    places = _places(history)
    city = " ".join(history.info.city.split())  # a remark is one line
    head = (
        f"# Made for the calls of {city}. The bases are where its calls are; the numbers of units\n"
        "# are not yet for this city: change them, or have them searched by `rehearse --staffing`."
        "\n#\n"
    )
    return head + with_units(text, _based(rows_of(parse_teams(text)), places))


def _places(history: History) -> np.ndarray:
    """Latitude and longitude of the public's calls that tell them, from south to north."""
    import pyarrow.compute as pc

    calls = history.table(["latitude", "longitude", "started_by"])
    calls = calls.filter(pc.field("started_by") == "public").drop_null().sort_by("latitude")
    return np.column_stack([calls["latitude"].to_numpy(), calls["longitude"].to_numpy()])


def _based(rows: tuple[UnitRow, ...], places: np.ndarray) -> list[UnitRow]:
    kinds: dict[str, list[UnitRow]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    bases = {}
    for same in kinds.values():
        same.sort(key=lambda row: row.base if isinstance(row.base, tuple) else ())
        for row, part in zip(same, np.array_split(places, len(same)), strict=True):
            bases[row.was] = _middle(part)
    return [replace(row, base=bases[row.was]) for row in rows]


def _middle(places: np.ndarray) -> Point | None:
    if not len(places):
        return None
    latitude, longitude = np.median(places, axis=0)
    return round(float(latitude), 2), round(float(longitude), 2)
