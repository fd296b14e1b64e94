"""How a team file says how units get about: a street factor, speeds by hour, or a matrix."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from lamplighter.policy.yaml_tree import Entry, Place, fields, text
from lamplighter.rehearsal.teams import Travel
from lamplighter.rehearsal.teams_file.sentences import say
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
        what = say("what.street-factor")
        factor = number(parts["street factor"].value, place, what, 1, 10)
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
        same = number(node, place, say("what.speed"), 1, _FASTEST)
        return None if same is None else (same,) * 24
    speeds: dict[int, float] = {}
    for key, value in node.value if isinstance(node, MappingNode) else ():
        match = _HOURS.fullmatch(str(key.value).strip()) if isinstance(key, ScalarNode) else None
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (24, 0)
        if first > last or last > 23:
            place.report(key, say("speed.hour"))
            return None
        speed = number(value, place, say("what.speed"), 1, _FASTEST)
        if speed is None:
            return None
        for hour in range(first, last + 1):
            if hour in speeds:
                place.report(key, say("speed.twice", hour=hour))
                return None
            speeds[hour] = speed
    missing = [hour for hour in range(24) if hour not in speeds]
    if missing:
        place.report(node, say("speed.missing", hour=missing[0]))
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
        place.report(entry.key, say("matrix.alone"))
        return {}
    if str(path) != path.name:
        place.report(entry.value, say("matrix.folder"))
        return {}
    path = sheet.folder / path
    try:
        if not path.is_file():
            raise FileNotFoundError
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        place.report(entry.value, say("matrix.unread", name=path.name))
        return {}
    areas = tuple(rows[0][1:]) if rows else ()
    if not areas or tuple(row[0] for row in rows[1:]) != areas:
        place.report(entry.value, say("matrix.not-square", name=path.name))
        return {}
    matrix = []
    for line, row in enumerate(rows[1:], 2):
        try:
            times = tuple(float(cell) for cell in row[1:])
        except ValueError:
            times = ()
        if len(times) != len(areas) or not all(0 <= one < 1e6 for one in times):
            said = say("matrix.line", line=line, name=path.name, number=len(areas))
            place.report(entry.value, said)
            return {}
        matrix.append(times)
    return {"areas": areas, "matrix": tuple(matrix)}
