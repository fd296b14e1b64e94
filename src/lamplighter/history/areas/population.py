"""Numbers of people for areas, from a table by name or from polygons by ground."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.areas.areas import Areas, AreasError
from lamplighter.history.areas.geojson import (
    MOST_NEIGHBORS,
    check_columns,
    name_column,
    numbers_of,
    read_areas,
)
from lamplighter.history.areas.geometry import km2_of, meeting

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Columns = dict[str, "npt.NDArray[np.float64]"]

MOST_NAMED = 5
MOST_ROWS = 500_000
# Every cell is held in memory at once.
MOST_CELLS = 1_000_000


def population_of(areas: Areas, table: Path, name: str | None) -> tuple["Columns", tuple[str, ...]]:
    """Return the number columns of the table for each area, and what did not fit, in sentences."""
    if table.suffix.casefold() in (".geojson", ".json"):
        return _of_polygons(areas, read_areas(table, name=name), table.name)
    return _of_rows(areas, _rows(table), table.name, name)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a CSV file as lists; of two columns of one name the later is meant."""

    place: Mapping[str, int]
    rows: Sequence[Sequence[str]]

    def values(self, column: str) -> list[str]:
        """What stands in a column, nothing where a row is too short."""
        place = self.place[column]
        return [row[place] if place < len(row) else "" for row in self.rows]

    def by_column(self, row: Sequence[str]) -> dict[str, str]:
        return {column: row[at] for column, at in self.place.items() if at < len(row)}


def _of_rows(
    areas: Areas, table: _Table, where: str, name: str | None
) -> tuple["Columns", tuple[str, ...]]:
    asked = name if name is not None else _column_of_names(areas, table)
    column = name_column(tuple(table.place), table.values, where, asked)
    by_name: dict[str, list[Mapping[str, Any]]] = {_key(known): [] for known in areas.names}
    strangers: list[str] = []
    for row, told in zip(table.rows, table.values(column), strict=True):
        if (key := _key(told)) in by_name:
            by_name[key].append(table.by_column(row))
        else:
            strangers.append(told)
    if len(strangers) == len(table.rows):
        raise AreasError(
            f"{where}: no name in its column {column!r} is the name of an area: give the column "
            "that holds them."
        )
    columns = numbers_of([by_name[_key(known)] for known in areas.names], leave_out=column)
    if not columns:
        raise AreasError(f"{where} has no column of numbers beside {column!r}: add one.")
    without = [known for known in areas.names if not by_name[_key(known)]]
    notes = []
    if without:
        notes.append(f"{where} has no row for {_some(without)}: their numbers are not known.")
    if strangers:
        told = _some(strangers)
        notes.append(f"{where} has rows for {told}, which are no areas and were left out.")
    return columns, tuple(notes)


def _of_polygons(areas: Areas, others: Areas, where: str) -> tuple["Columns", tuple[str, ...]]:
    if not others.properties:
        raise AreasError(f"{where} has no column of numbers: add one.")
    place = {_key(name): index for index, name in enumerate(others.names)}
    if all(_key(name) in place for name in areas.names):
        index = [place[_key(name)] for name in areas.names]
        return {column: numbers[index] for column, numbers in others.properties.items()}, ()
    return _shared_out(areas, others, where)


def _shared_out(areas: Areas, others: Areas, where: str) -> tuple["Columns", tuple[str, ...]]:
    """Share the numbers of other polygons out by ground, as if people lived evenly on it."""
    import numpy as np
    import shapely

    met = meeting(areas.shapes, others.shapes, MOST_NEIGHBORS * (len(areas) + len(others)))
    if met is None:
        raise AreasError(f"{where} has hundreds of polygons on each area: give larger ones.")
    of_area, of_other = met
    shared = [
        shapely.intersection(areas.shapes[a], others.shapes[b])
        for a, b in zip(of_area, of_other, strict=True)
    ]
    if not shared:
        raise AreasError(f"{where} has no polygon that touches an area: is it of another city?")
    share = km2_of(shared) / others.area_km2[of_other]
    columns = {}
    for column, numbers in others.properties.items():
        known = ~np.isnan(numbers[of_other])
        weights = (share * numbers[of_other])[known]
        sums = np.bincount(of_area[known], weights, minlength=len(areas))
        columns[column] = np.asarray(sums, dtype=np.float64)
    used = np.bincount(of_other, share, minlength=len(others))
    note = (
        f"{where}: its {len(others):,} polygons have other names than the areas, so their numbers "
        f"were shared out by ground, as if people lived evenly on it; "
        f"{used.clip(0, 1).mean():.0%} of its ground lies in areas."
    )
    return columns, (note,)


def _rows(table: Path) -> _Table:
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise AreasError(f"There is no file {table}: check the path.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise AreasError(
            f"{table.name} is not text in UTF-8: save the table as CSV in UTF-8."
        ) from error
    lines = filter(None, csv.reader(text.splitlines(), strict=True))
    try:
        header = next(lines, [])
        check_columns(tuple(dict.fromkeys(header)), table.name)
        most = min(MOST_ROWS, MOST_CELLS // max(1, len(header)))
        rows = [line[: len(header)] for line in islice(lines, most)]
        more = next(lines, None)
    except csv.Error as error:
        raise AreasError(f"{table.name} is no CSV file ({error}): save it as CSV.") from error
    if more is not None:
        raise AreasError(f"{table.name} has more than {most:,} rows: give one row for each area.")
    if not rows:
        raise AreasError(f"{table.name} has no row under its header: check the file.")
    return _Table({column: place for place, column in enumerate(header)}, rows)


def _column_of_names(areas: Areas, table: _Table) -> str | None:
    """Return the column in which most names of areas are found, or None."""
    names = {_key(name) for name in areas.names}
    hits = {
        column: len(names & {_key(told) for told in set(table.values(column))})
        for column in table.place
    }
    best = max(hits, key=lambda column: hits[column])
    return best if hits[best] else None


def _key(name: str) -> str:
    return " ".join(str(name).split()).casefold()


def _some(names: Sequence[str]) -> str:
    """The first of some names, and of how many more they are."""
    some = ", ".join(repr(name) for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{some}{more}"
