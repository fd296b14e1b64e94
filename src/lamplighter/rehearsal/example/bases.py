"""The example team file with its bases where the city's own calls are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.teams import Point
from lamplighter.rehearsal.teams_file.reading import parse_teams
from lamplighter.rehearsal.teams_file.writing import UnitRow, rows_of, shipped_text, with_units

if TYPE_CHECKING:
    from lamplighter.history import History

EXAMPLE = "example_teams"
Places = npt.NDArray[np.float64]


def example_unsized(history: History) -> str:
    """The text of the example team file, to be changed, with bases for the calls of a history.

    How many units a city needs is left as it ships, and the text says so.
    """
    head = (
        f"# Made for the calls of {one_line(history.info.city)}.\n"
        "# The bases are where its calls are; the numbers of units are not for this city.\n#\n"
    )
    return head + based(shipped_text(EXAMPLE), places_of(history))


def one_line(name: str) -> str:
    """A name as it may stand in a remark, which is one line."""
    return " ".join(name.split())


def places_of(history: History) -> Places:
    """Latitude and longitude of the public's calls that tell them, from south to north."""
    import pyarrow.compute as pc

    calls = history.table(["latitude", "longitude", "started_by"])
    calls = calls.filter(pc.field("started_by") == "public").drop_null().sort_by("latitude")
    return np.column_stack([calls["latitude"].to_numpy(), calls["longitude"].to_numpy()])


def based(written: str, places: Places, most: Mapping[str, int] | None = None) -> str:
    """The text of a team file whose units stand where these places are.

    Units of one kind share the city from south to north, as they do in the text; each is based in
    the middle of its part of the places, to a hundredth of a degree. Where there is no place no
    unit has a base: it then waits in the middle of all calls.
    most: how many bases each kind has work for; others are left out
    """
    rows = rows_of(parse_teams(written))
    bases: dict[int | None, Point | None] = {}
    for kind in dict.fromkeys(row.kind for row in rows):
        same = [row for row in rows if row.kind == kind]
        kept = _spread(same, len(same) if most is None else most[kind])
        for row, part in zip(kept, np.array_split(places, len(kept)), strict=True):
            bases[row.was] = _middle(part)
    return with_units(
        written, [replace(row, base=bases[row.was]) for row in rows if row.was in bases]
    )


def _spread(rows: Sequence[UnitRow], most: int) -> list[UnitRow]:
    """At most so many of the rows, from south to north, the middle one where it is one."""
    ordered = sorted(rows, key=lambda row: row.base if isinstance(row.base, tuple) else ())
    count = min(most, len(ordered))
    return [ordered[(2 * place + 1) * len(ordered) // (2 * count)] for place in range(count)]


def _middle(places: Places) -> Point | None:
    if not len(places):
        return None
    latitude, longitude = np.median(places, axis=0)
    return round(float(latitude), 2), round(float(longitude), 2)
