"""The units in a team file: their kind, base, areas, skills and shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ruamel.yaml.nodes import Node, ScalarNode

from lamplighter.policy.yaml_tree import Entry, fields, flag, items, text
from lamplighter.rehearsal.teams import Kind, Shift, Units
from lamplighter.rehearsal.teams_file.kinds import unknown
from lamplighter.rehearsal.teams_file.sheet import Sheet
from lamplighter.rehearsal.teams_file.values import days, hours, number, texts

_REQUIRED = ("name", "kind", "shifts")
_EXAMPLE = '{days: mon-fri, hours: "10:00-18:00"}'


def unit(node: Node, kinds: Mapping[str, Kind], sheet: Sheet) -> Units | None:
    """Read one unit, or several with one base; None where it has no name, kind or shifts."""
    place = sheet.place
    optional = ["base", "areas", "roams", "skills"]
    parts = fields(node, place, "a unit", required=_REQUIRED, optional=optional)
    if not set(_REQUIRED) <= set(parts):
        return None
    name = text(parts["name"], place, "the name of a unit")
    sheet.note(f"units.{name}", node)
    read = Units(
        name=name,
        kind=_kind(name, parts["kind"], kinds, sheet),
        shifts=_shifts(name, parts["shifts"], sheet),
        areas=_words(parts.get("areas"), sheet, f"areas of {name}"),
        roams=flag(parts, "roams", place),
        skills=_words(parts.get("skills"), sheet, f"skills of {name}") or frozenset(),
    )
    if "areas" in parts:
        sheet.note(f"units.{name}.areas", parts["areas"].key)
    return _based(read, parts["base"], sheet) if "base" in parts else read


def check_units(nodes: list[Node], units: tuple[Units, ...], sheet: Sheet) -> None:
    """No two units have one name."""
    seen: set[str] = set()
    for node, one in zip(nodes, units, strict=False):
        if one.name in seen:
            sheet.place.report(node, f"two units are called {one.name}; rename one of them")
        seen.add(one.name)


def _kind(name: str, entry: Entry, kinds: Mapping[str, Kind], sheet: Sheet) -> str:
    kind = text(entry, sheet.place, f"the kind of {name}")
    if kind and kind not in kinds:
        sheet.place.report(entry.value, f"{name} is of no known kind: {unknown(kind, kinds)}")
    elif kind and kinds[kind].unlimited:
        sheet.place.report(
            entry.value,
            f"{name} is of the kind {kind}, of which there are always enough; remove the unit, or "
            "unlimited: true of the kind",
        )
    return kind


def _words(entry: Entry | None, sheet: Sheet, what: str) -> frozenset[str] | None:
    if entry is None:
        return None
    return frozenset(word for _, word in texts(entry.value, sheet.place, what))


def _based(unit: Units, entry: Entry, sheet: Sheet) -> Units:
    """A base is a point, or the middle of an area that is named."""
    place, what = sheet.place, f"the base of {unit.name}"
    sheet.note(f"units.{unit.name}.base", entry.key)
    if isinstance(entry.value, ScalarNode):
        return replace(unit, base_area=text(entry, place, what))
    parts = fields(entry.value, place, what, required=["latitude", "longitude"])
    if len(parts) < 2:
        return unit
    latitude = number(parts["latitude"].value, place, f"the latitude of {what}", -90, 90)
    longitude = number(parts["longitude"].value, place, f"the longitude of {what}", -180, 180)
    if latitude is None or longitude is None:
        return unit
    return replace(unit, base=(latitude, longitude))


def _shifts(name: str, entry: Entry, sheet: Sheet) -> tuple[Shift, ...]:
    nodes = items(entry.value, sheet.place, f"the shifts of {name}")
    read = [_shift(name, node, sheet) for node in nodes]
    shifts = tuple(shift for shift in read if shift is not None)
    # A shift that could not be read has been reported.
    if len(shifts) == len(nodes) and not any(shift.number and shift.days for shift in shifts):
        sheet.place.report(entry.key, f"{name} never works; give it a shift such as {_EXAMPLE}")
    return shifts


def _shift(name: str, node: Node, sheet: Sheet) -> Shift | None:
    place, what = sheet.place, f"a shift of {name}"
    optional = ["number", "break"]
    parts = fields(node, place, what, required=["days", "hours"], optional=optional)
    if not {"days", "hours"} <= set(parts):
        return None
    on, clock = days(parts["days"], place), hours(parts["hours"], place)
    many: float | None = 1
    if "number" in parts:
        many = number(parts["number"].value, place, f"the number of {what}", 0, 10_000)
        if many is not None and many != int(many):
            place.report(parts["number"].value, f"the number of {what} must be a whole number")
    pause = _pause(parts["break"], what, sheet) if "break" in parts else (0.0, 0.0)
    if on is None or clock is None or many is None or pause is None:
        return None
    return Shift(on, *clock, int(many), *pause)


def _pause(entry: Entry, what: str, sheet: Sheet) -> tuple[float, float] | None:
    """How long the break of a shift is, and how long after its start."""
    what = f"the break of {what}"
    parts = fields(entry.value, sheet.place, what, required=["minutes", "after"])
    long, after = (
        number(parts[key].value, sheet.place, f"{key} of {what}", 0, 1440) if key in parts else None
        for key in ("minutes", "after")
    )
    return None if long is None or after is None else (long, after)
