"""How a team file says how units get about: a street factor, speeds by hour, or a matrix."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from lamplighter.policy.yaml_tree import Entry, Place, fields, text
from lamplighter.rehearsal.teams import Travel
from lamplighter.rehearsal.teams_file.sheet import Sheet
from lamplighter.rehearsal.teams_file.values import minutes, number

_HOURS = re.compile(r"(\d{1,2})\s*(?:[-–]\s*(\d{1,2}))?")
_FASTEST = 200.0


def travel(entry: Entry, sheet: Sheet) -> Travel:
    """Read `travel`; the file of a matrix stands beside the team file."""
    place = sheet.place
    parts = fields(
        entry.value,
        place,
        "travel",
        optional=["street factor", "speed", "place not told", "matrix"],
    )
    values: dict[str, Any] = {}
    if "street factor" in parts:
        factor = number(parts["street factor"].value, place, "the street factor", 1, 10)
        values["street_factor"] = factor
    if "speed" in parts:
        values["speed_km_h"] = _speeds(parts["speed"].value, place)
    if "place not told" in parts:
        values["unknown_minutes"] = minutes(parts["place not told"].value, place, "place not told")
    if "matrix" in parts:
        sheet.note("travel.matrix", parts["matrix"].key)
        values |= _matrix(parts["matrix"], sheet)
    return Travel(**{name: value for name, value in values.items() if value is not None})


def _speeds(node: Node, place: Place) -> tuple[float, ...] | None:
    """One speed for the day, or one for each of its hours: {0-6: 40, 7-18: 28, 19-23: 35}."""
    if isinstance(node, ScalarNode):
        same = number(node, place, "the speed in km/h", 1, _FASTEST)
        return None if same is None else (same,) * 24
    speeds: dict[int, float] = {}
    for key, value in node.value if isinstance(node, MappingNode) else ():
        match = _HOURS.fullmatch(str(key.value).strip()) if isinstance(key, ScalarNode) else None
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (24, 0)
        if first > last or last > 23:
            place.report(key, "an hour of speed must be one such as 7 or 7-18, from 0 to 23")
            return None
        speed = number(value, place, "the speed in km/h", 1, _FASTEST)
        if speed is None:
            return None
        for hour in range(first, last + 1):
            if hour in speeds:
                place.report(key, f"the speed at {hour} is given twice; give each hour once")
                return None
            speeds[hour] = speed
    missing = [hour for hour in range(24) if hour not in speeds]
    if missing:
        place.report(node, f"the speed at {missing[0]} is missing; give every hour from 0 to 23")
        return None
    return tuple(speeds[hour] for hour in range(24))


def _matrix(entry: Entry, sheet: Sheet) -> dict[str, Any]:
    """Minutes from area to area: a CSV file with the areas across the top and down the side.

    Only a file beside the team file is opened: whoever writes the text may be somebody else than
    whose machine it is.
    """
    place = sheet.place
    path = Path(text(entry, place, "matrix"))
    if sheet.folder is None:
        place.report(
            entry.key, "a matrix stands beside a team file, and this is a text alone; take it out"
        )
        return {}
    if str(path) != path.name:
        place.report(entry.value, "the matrix must be named without a folder; put it beside")
        return {}
    path = sheet.folder / path
    try:
        if not path.is_file():
            raise FileNotFoundError
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        place.report(
            entry.value, f"the matrix {path.name} cannot be read; put a CSV file beside this one"
        )
        return {}
    areas = tuple(rows[0][1:]) if rows else ()
    wanted = "it needs the areas across the top and, in the same order, down the side"
    if not areas or tuple(row[0] for row in rows[1:]) != areas:
        place.report(entry.value, f"the matrix {path.name} is not square; {wanted}")
        return {}
    matrix = []
    for line, row in enumerate(rows[1:], 2):
        try:
            times = tuple(float(cell) for cell in row[1:])
        except ValueError:
            times = ()
        if len(times) != len(areas) or not all(0 <= one < 1e6 for one in times):
            place.report(
                entry.value,
                f"line {line} of the matrix {path.name} must have {len(areas)} numbers of minutes "
                "that are not negative; correct it",
            )
            return {}
        matrix.append(times)
    return {"areas": areas, "matrix": tuple(matrix)}
