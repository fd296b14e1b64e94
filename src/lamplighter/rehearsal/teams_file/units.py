"""The units in a team file: their kind, base, areas, skills and shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ruamel.yaml.nodes import Node, ScalarNode

from lamplighter.policy.sentences import Part
from lamplighter.policy.yaml_tree import Entry, fields, flag, items, text
from lamplighter.rehearsal.teams import Kind, Shift, Units
from lamplighter.rehearsal.teams_file.kinds import unknown
from lamplighter.rehearsal.teams_file.sentences import say
from lamplighter.rehearsal.teams_file.sheet import Sheet
from lamplighter.rehearsal.teams_file.values import days, hours, number, texts

_REQUIRED = ("name", "kind", "shifts")
_EXAMPLE = '{days: mon-fri, hours: "10:00-18:00"}'


def unit(node: Node, kinds: Mapping[str, Kind], sheet: Sheet) -> Units | None:
    """Read one unit, or several with one base; None where it has no name, kind or shifts."""
    place = sheet.place
    optional = ["base", "areas", "roams", "skills"]
    parts = fields(node, place, say("what.a-unit"), required=_REQUIRED, optional=optional)
    if not set(_REQUIRED) <= set(parts):
        return None
    name = text(parts["name"], place, say("what.unit-name"))
    sheet.note(f"units.{name}", node)
    read = Units(
        name=name,
        kind=_kind(name, parts["kind"], kinds, sheet),
        shifts=_shifts(name, parts["shifts"], sheet),
        areas=_words(parts.get("areas"), sheet, say("what.of", field="areas", what=name)),
        roams=flag(parts, "roams", place),
        skills=_words(parts.get("skills"), sheet, say("what.of", field="skills", what=name))
        or frozenset(),
    )
    if "areas" in parts:
        sheet.note(f"units.{name}.areas", parts["areas"].key)
    return _based(read, parts["base"], sheet) if "base" in parts else read


def check_units(nodes: list[Node], units: tuple[Units, ...], sheet: Sheet) -> None:
    """No two units have one name."""
    seen: set[str] = set()
    for node, one in zip(nodes, units, strict=False):
        if one.name in seen:
            sheet.place.report(node, say("unit.twice", name=one.name))
        seen.add(one.name)


def _kind(name: str, entry: Entry, kinds: Mapping[str, Kind], sheet: Sheet) -> str:
    kind = text(entry, sheet.place, say("what.kind-of", name=name))
    if kind and kind not in kinds:
        sheet.place.report(entry.value, say("unit.no-kind", name=name, hint=unknown(kind, kinds)))
    elif kind and kinds[kind].unlimited:
        sheet.place.report(entry.value, say("unit.enough", name=name, kind=kind))
    return kind


def _words(entry: Entry | None, sheet: Sheet, what: Part) -> frozenset[str] | None:
    if entry is None:
        return None
    return frozenset(word for _, word in texts(entry.value, sheet.place, what))


def _based(unit: Units, entry: Entry, sheet: Sheet) -> Units:
    """A base is a point, or the middle of an area that is named."""
    place, what = sheet.place, say("what.base", name=unit.name)
    sheet.note(f"units.{unit.name}.base", entry.key)
    if isinstance(entry.value, ScalarNode):
        return replace(unit, base_area=text(entry, place, what))
    parts = fields(entry.value, place, what, required=["latitude", "longitude"])
    if len(parts) < 2:
        return unit
    latitude = number(parts["latitude"].value, place, say("what.latitude", what=what), -90, 90)
    longitude = number(parts["longitude"].value, place, say("what.longitude", what=what), -180, 180)
    if latitude is None or longitude is None:
        return unit
    return replace(unit, base=(latitude, longitude))


def _shifts(name: str, entry: Entry, sheet: Sheet) -> tuple[Shift, ...]:
    nodes = items(entry.value, sheet.place, say("what.shifts", name=name))
    read = [_shift(name, node, sheet) for node in nodes]
    shifts = tuple(shift for shift in read if shift is not None)
    # A shift that could not be read has been reported.
    if len(shifts) == len(nodes) and not any(shift.number and shift.days for shift in shifts):
        sheet.place.report(entry.key, say("unit.idle", name=name, example=_EXAMPLE))
    return shifts


def _shift(name: str, node: Node, sheet: Sheet) -> Shift | None:
    place, what = sheet.place, say("what.shift", name=name)
    optional = ["number", "break"]
    parts = fields(node, place, what, required=["days", "hours"], optional=optional)
    if not {"days", "hours"} <= set(parts):
        return None
    on, clock = days(parts["days"], place), hours(parts["hours"], place)
    many: float | None = 1
    if "number" in parts:
        counted = say("what.number", what=what)
        many = number(parts["number"].value, place, counted, 0, 10_000)
        if many is not None and many != int(many):
            place.report(parts["number"].value, say("number.not-whole", what=counted))
    pause = _pause(parts["break"], what, sheet) if "break" in parts else (0.0, 0.0)
    if on is None or clock is None or many is None or pause is None:
        return None
    return Shift(on, *clock, int(many), *pause)


def _pause(entry: Entry, what: Part, sheet: Sheet) -> tuple[float, float] | None:
    """How long the break of a shift is, and how long after its start."""
    what = say("what.break", what=what)
    parts = fields(entry.value, sheet.place, what, required=["minutes", "after"])
    long, after = (
        number(parts[key].value, sheet.place, say("what.of", field=key, what=what), 0, 1440)
        if key in parts
        else None
        for key in ("minutes", "after")
    )
    return None if long is None or after is None else (long, after)
