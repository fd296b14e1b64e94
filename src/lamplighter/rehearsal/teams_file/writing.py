"""Changes a team file: its units, shifts and costs, while all else stays as somebody wrote it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from io import StringIO
from typing import Any

from lamplighter.rehearsal.teams import Point, Shift, Teams
from lamplighter.rehearsal.teams_file.reading import parse_teams
from lamplighter.rehearsal.teams_file.values import DAYS

Base = Point | str | None  # a point, the name of an area, or none


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift as it is to be; `was` is its place in the unit that the file has, None: it is new.

    The break is written for a new shift only: that of an old one stays as it is.
    """

    days: frozenset[int]
    begins: time
    ends: time
    next_day: bool
    number: int
    was: int | None = None
    break_minutes: float = 0.0
    break_after: float = 0.0


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Units as they are to be; `was` is their place in the file, None: they are new."""

    name: str
    kind: str
    base: Base
    roams: bool
    shifts: tuple[ShiftRow, ...]
    was: int | None = None


@dataclass(frozen=True, slots=True)
class CostRow:
    """An assumption of cost as it is to be: its value and its range."""

    value: float
    low: float
    high: float


def rows_of(teams: Teams) -> tuple[UnitRow, ...]:
    """The units of a team file as rows, in the order of the file."""
    return tuple(
        UnitRow(
            one.name,
            one.kind,
            one.base_area if one.base is None else one.base,
            one.roams,
            tuple(
                ShiftRow(shift.days, shift.begins, shift.ends, shift.next_day, shift.number, at)
                for at, shift in enumerate(one.shifts)
            ),
            place,
        )
        for place, one in enumerate(teams.units)
    )


def with_units(written: str, rows: Sequence[UnitRow]) -> str:
    """The text of a team file with these units; comments, breaks, skills and areas stay.

    The text must be one that can be read; whether the new one can is for `parse_teams` to say.

    >>> text = shipped_text("star_pilot")
    >>> (van,) = rows_of(parse_teams(text))
    >>> two = replace(van, shifts=tuple(replace(one, number=2) for one in van.shifts))
    >>> parse_teams(with_units(text, [two])).units[0].shifts[0].number
    2
    """
    tree, before = _load(written), rows_of(parse_teams(written))
    old = list(tree.get("units") or ())
    units = [
        _unit({} if row.was is None else old[row.was], row, _before(before, row.was))
        for row in rows
    ]
    if units:
        _replace(tree, "units", units)
    else:
        tree.pop("units", None)
    return _dump(tree)


def without_kinds(written: str, kinds: Collection[str]) -> str:
    """The text of a team file without these kinds and their units; nothing else may name them.

    >>> teams = parse_teams(without_kinds(shipped_text("example_teams"), ["mediator"]))
    >>> sorted({unit.kind for unit in teams.units})
    ['co_responder', 'community_team', 'interrupter', 'outreach']
    """
    tree = _load(written)
    for name in kinds:
        del tree["kinds"][name]
    tree["units"][:] = [unit for unit in tree["units"] if unit["kind"] not in kinds]
    return _dump(tree)


def with_costs(written: str, costs: Mapping[str, CostRow]) -> str:
    """The text of a team file with these values of the assumptions that it states."""
    tree = _load(written)
    for name, cost in costs.items():
        for key in ("value", "low", "high"):
            number = getattr(cost, key)
            if float(tree["costs"][name][key]) != number:
                tree["costs"][name][key] = _short(number)
    return _dump(tree)


def with_name(written: str, name: str) -> str:
    """The text of a team file whose teams have another name."""
    tree = _load(written)
    tree["teams"] = name
    return _dump(tree)


def with_staffing(written: str, numbers: Mapping[tuple[str, Shift], int]) -> str:
    """The text of a team file with so many units in each shift of each unit that is named.

    `numbers` has a name of units with their shift (its own number does not count); shifts of these
    units that are not in it get none, and units without any are left out. Other units stay.
    """
    teams = parse_teams(written)
    named = {name for name, _ in numbers}
    wanted = {(name, _bare(shift)): number for (name, shift), number in numbers.items()}
    rows = []
    for row, unit in zip(rows_of(teams), teams.units, strict=True):
        if row.name not in named:
            rows.append(row)
            continue
        left = dict(wanted)
        shifts = tuple(
            # Two shifts of the same hours are one slot: the first gets all of its units.
            replace(shift, number=left.pop((row.name, _bare(unit.shifts[at])), 0))
            for at, shift in enumerate(row.shifts)
        )
        if any(shift.number for shift in shifts):
            rows.append(replace(row, shifts=shifts))
    return with_units(written, rows)


def _bare(shift: Shift) -> Shift:
    return replace(shift, number=1)


def written_days(days: frozenset[int]) -> str | list[str]:
    """Days as a team file has them.

    >>> written_days(frozenset({0, 1, 2, 3, 4})), written_days(frozenset({5, 0}))
    ('mon-fri', ['mon', 'sat'])
    """
    if len(days) == 7:
        return "every day"
    first, last = min(days), max(days)
    if len(days) == 1:
        return DAYS[first]
    if len(days) > 2 and days == frozenset(range(first, last + 1)):
        return f"{DAYS[first]}-{DAYS[last]}"
    return [DAYS[day] for day in sorted(days)]


def written_hours(begins: time, ends: time, *, next_day: bool) -> str:
    """Hours as a team file has them.

    >>> written_hours(time(22), time(6, 30), next_day=True)
    '22:00-06:30 next day'
    """
    if next_day and ends == time(0):
        return f"{begins:%H:%M}-24:00"
    return f"{begins:%H:%M}-{ends:%H:%M}{' next day' if next_day else ''}"


def shipped_text(name: str) -> str:
    """The text of a team file that comes with Lamplighter."""
    from importlib import resources

    file = resources.files(__package__).joinpath("shipped", f"{name}.yaml")
    return file.read_text("utf-8")


def _before(rows: Sequence[UnitRow], was: int | None) -> UnitRow | None:
    return None if was is None else rows[was]


def _unit(node: Any, row: UnitRow, before: UnitRow | None) -> Any:
    for key in ("name", "kind"):
        if before is None or getattr(row, key) != getattr(before, key):
            node[key] = getattr(row, key)
    if before is None or row.base != before.base:
        node.pop("base", None)
        if row.base is not None:
            node["base"] = row.base if isinstance(row.base, str) else _point(row.base)
    if row.roams != (before is not None and before.roams):
        if row.roams:
            node["roams"] = True
        else:
            del node["roams"]
    old = list(node.get("shifts") or ())
    shifts = [
        _shift(
            None if shift.was is None else old[shift.was],
            shift,
            None if shift.was is None or before is None else before.shifts[shift.was],
        )
        for shift in row.shifts
    ]
    _replace(node, "shifts", shifts)
    return node


def _shift(node: Any, row: ShiftRow, before: ShiftRow | None) -> Any:
    if node is None:
        node = _flow({})
    if before is None or row.days != before.days:
        days = written_days(row.days)
        node["days"] = days if isinstance(days, str) else _flow(days)
    if before is None or _hours(row) != _hours(before):
        node["hours"] = _quoted(written_hours(row.begins, row.ends, next_day=row.next_day))
    if before is None or row.number != before.number:
        node["number"] = row.number
    if before is None and row.break_minutes:
        pause = {"minutes": _short(row.break_minutes), "after": _short(row.break_after)}
        node["break"] = _flow(pause)
    return node


def _hours(row: ShiftRow) -> tuple[time, time, bool]:
    return row.begins, row.ends, row.next_day


def _point(point: Point) -> Any:
    latitude, longitude = point
    return _flow({"latitude": latitude, "longitude": longitude})


def _replace(node: Any, key: str, items: list[Any]) -> None:
    """Put a list in the place of another without losing the comments that stand after it."""
    old = node.get(key)
    if old is None:
        node[key] = items
    elif list(old) != items or any(a is not b for a, b in zip(old, items, strict=True)):
        old[:] = items


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _flow(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    written: Any = CommentedMap(value) if isinstance(value, dict) else CommentedSeq(value)
    written.fa.set_flow_style()
    return written


def _quoted(value: str) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(value)


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(written: str) -> Any:
    return _yaml().load(written)


def _dump(tree: Any) -> str:
    text = StringIO()
    _yaml().dump(tree, text)
    return text.getvalue()
