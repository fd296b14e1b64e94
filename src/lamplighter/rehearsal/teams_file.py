"""Read a team file, and say for each mistake in which line it is and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import Node, ScalarNode

from lamplighter.policy.errors import PolicyError, Problem, did_you_mean
from lamplighter.policy.yaml_tree import Entry, Place, compose, fields, flag, items, mapping, text
from lamplighter.rehearsal.teams import Assumed, Kind, Shift, Teams, Travel, Units
from lamplighter.rehearsal.teams_defaults import with_defaults
from lamplighter.rehearsal.teams_travel import travel
from lamplighter.rehearsal.teams_values import (
    check_nature,
    days,
    hours,
    minutes,
    number,
    share,
    step,
    texts,
)

_STEPS = {
    "to arrive": "to_arrive",
    "to leave": "to_leave",
    "on scene": "on_scene",
    "write up": "write_up",
    "backup on scene": "backup_on_scene",
    "transport": "transport",
    "if police": "minutes_if_police",
}
_SHARES = {
    "transport": "transport_share",
    "backup": "backup_share",
    "stands down": "stands_down_share",
}
_EVERYWHERE = float("inf")


class TeamsError(ValueError):
    """A team file that cannot be used; `problems` has one sentence for each mistake."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def shipped_teams() -> tuple[str, ...]:
    """The names of the team files that come with Lamplighter."""
    folder = resources.files(__package__).joinpath("teams_shipped")
    return tuple(
        sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    )


def read_teams(path: str | Path) -> Teams:
    """Read a team file by its path, or a shipped one by its name.

    Raises `TeamsError`, which says in which line each mistake is.

    >>> read_teams("star_pilot").units[0].kind
    'community_team'
    """
    if str(path) in shipped_teams():
        shipped = resources.files(__package__).joinpath("teams_shipped", f"{path}.yaml")
        return parse_teams(shipped.read_text("utf-8"), f"{path}.yaml")
    path = Path(path)
    try:
        written = path.read_text("utf-8")
    except OSError as error:
        names = ", ".join(shipped_teams())
        raise TeamsError(
            (
                f"{path}: the team file cannot be read ({error.strerror}): check the path, or give "
                f"the name of one that comes with Lamplighter ({names}).",
            )
        ) from None
    except UnicodeDecodeError:
        raise TeamsError((f"{path}: the team file is not UTF-8: save it as UTF-8.",)) from None
    return replace(parse_teams(written, str(path)), path=path)


def parse_teams(written: str, where: str = "the team file") -> Teams:
    """Read the text of a team file; `where` is its name in sentences. See `read_teams`."""
    if not written.strip():
        raise TeamsError((f"{where}: the file is empty; see the team files that ship.",))
    problems: list[Problem] = []
    try:
        teams = _Parser(compose(written, where), Place(where, problems)).teams()
    except PolicyError as error:
        raise TeamsError(tuple(str(problem) for problem in error.problems)) from None
    if problems:
        raise TeamsError(tuple(str(problem) for problem in problems))
    return replace(teams, content_hash=_content_hash(teams))


class _Parser:
    """Turns the tree of a team file into `Teams`; what is wrong is reported to its place."""

    def __init__(self, root: Node, place: Place) -> None:
        self.place = place
        self.lines: dict[str, int] = {}
        self.parts = fields(
            root,
            place,
            "the team file",
            required=["teams", "kinds"],
            optional=["about", "units", "travel", "needs", "second unit", "costs"],
        )

    def teams(self) -> Teams:
        written = {
            name: self.kind(name, entry) for name, entry in self.entries("kinds", "kinds").items()
        }
        units = tuple(unit for node in self.listed("units") if (unit := self.unit(node, written)))
        self.check_names(units)
        self.check_kinds(written, units)
        teams = Teams(
            name=text(self.parts.get("teams"), self.place, "teams"),
            about=text(self.parts.get("about"), self.place, "about"),
            kinds=written,
            units=units,
            travel=self.travel(),
            needs=self.needs(),
            second_unit=self.second_unit(written),
            costs={name: self.cost(name, e) for name, e in self.entries("costs", "costs").items()},
            lines=self.lines,
        )
        return with_defaults(teams)

    def entries(self, name: str, what: str) -> dict[str, Entry]:
        entry = self.parts.get(name)
        return {} if entry is None else mapping(entry.value, self.place, what)

    def listed(self, name: str) -> list[Node]:
        entry = self.parts.get(name)
        return [] if entry is None else items(entry.value, self.place, name)

    def kind(self, name: str, entry: Entry) -> Kind:
        self.lines[f"kinds.{name}"] = entry.key.start_mark.line + 1
        what = f"the kind {name}"
        parts = fields(
            entry.value,
            self.place,
            what,
            required=["label", "answers"],
            optional=[
                "unlimited",
                "armed",
                "together with",
                "takes over",
                "patience",
                "minutes",
                "transport",
                "backup",
                "stands down",
                "because",
            ],
        )
        values: dict[str, Any] = {}
        if "answers" in parts:
            said = list(texts(parts["answers"].value, self.place, f"answers of {what}"))
            values["answers"] = tuple(dict.fromkeys(answer for _, answer in said))
            self.lines[f"kinds.{name}.answers"] = parts["answers"].key.start_mark.line + 1
        if "together with" in parts:
            values["together_with"] = text(parts["together with"], self.place, "together with")
            self.lines[f"kinds.{name}.together_with"] = (
                parts["together with"].key.start_mark.line + 1
            )
        if "takes over" in parts:
            values |= self.takes_over(name, parts["takes over"])
        if "patience" in parts:
            values["patience"] = minutes(parts["patience"].value, self.place, f"patience of {what}")
        if "minutes" in parts:
            values |= self.steps(what, parts["minutes"])
        for key, field in _SHARES.items():
            if key in parts:
                values |= self.sometimes(name, key, field, parts[key])
        return Kind(
            name=name,
            label=self.label(parts.get("label"), what),
            unlimited=flag(parts, "unlimited", self.place),
            armed=flag(parts, "armed", self.place),
            because=text(parts.get("because"), self.place, "because"),
            **(
                {"answers": ()} | {key: value for key, value in values.items() if value is not None}
            ),
        )

    def label(self, entry: Entry | None, what: str) -> dict[str, str]:
        """Words in English and Spanish; one text counts as English."""
        if entry is None:
            return {}
        if isinstance(entry.value, ScalarNode):
            return {"en": text(entry, self.place, f"the label of {what}")}
        parts = fields(
            entry.value, self.place, f"the label of {what}", required=["en"], optional=["es"]
        )
        return {lang: text(one, self.place, f"the label of {what}") for lang, one in parts.items()}

    def takes_over(self, name: str, entry: Entry) -> dict[str, Any]:
        what = f"takes over of the kind {name}"
        parts = fields(entry.value, self.place, what, required=["kind", "after"])
        if len(parts) < 2:
            return {}
        self.lines[f"kinds.{name}.takes_over"] = entry.key.start_mark.line + 1
        waits = number(
            parts["after"].value, self.place, f"after in {what} in minutes", 0, _EVERYWHERE
        )
        return {"takes_over": text(parts["kind"], self.place, what), "waits_at_most": waits}

    def steps(self, what: str, entry: Entry) -> dict[str, Any]:
        allowed = [key for key in _STEPS if key not in ("transport", "backup on scene")]
        parts = fields(entry.value, self.place, f"minutes of {what}", optional=allowed)
        return {
            _STEPS[key]: step(one, self.place, f"{key} of {what}") for key, one in parts.items()
        }

    def sometimes(self, name: str, key: str, field: str, entry: Entry) -> dict[str, Any]:
        """What happens in a share of calls: a ride, a call for backup, standing down."""
        what = f"{key} of the kind {name}"
        more = {"transport": ["minutes"], "backup": ["kind", "minutes"], "stands down": []}[key]
        parts = fields(entry.value, self.place, what, required=["share", *more])
        self.lines[f"kinds.{name}.{field}"] = entry.key.start_mark.line + 1
        values: dict[str, Any] = {}
        if "share" in parts:
            values[field] = share(parts["share"], self.place, f"the share of {what}")
        if "minutes" in parts:
            step_of = {"transport": "transport", "backup": "backup_on_scene"}[key]
            values[step_of] = step(parts["minutes"], self.place, f"the minutes of {what}")
        if "kind" in parts:
            values["backup_kind"] = text(parts["kind"], self.place, what)
        return values

    def unit(self, node: Node, kinds: Mapping[str, Kind]) -> Units | None:
        parts = fields(
            node,
            self.place,
            "a unit",
            required=["name", "kind", "shifts"],
            optional=["base", "areas", "roams", "skills"],
        )
        if not {"name", "kind", "shifts"} <= set(parts):
            return None
        name = text(parts["name"], self.place, "the name of a unit")
        kind = text(parts["kind"], self.place, f"the kind of {name}")
        self.lines[f"units.{name}"] = node.start_mark.line + 1
        if kind not in kinds:
            self.place.report(
                parts["kind"].value, f"{name} is of no known kind: {_unknown(kind, kinds)}"
            )
        elif kinds[kind].unlimited:
            self.place.report(
                parts["kind"].value,
                f"{name} is of the kind {kind}, of which there are always enough; remove the unit, "
                f"or unlimited: true of the kind",
            )
        shifts = [
            shift
            for one in items(parts["shifts"].value, self.place, f"the shifts of {name}")
            if (shift := self.shift(name, one))
        ]
        if not any(shift.number and shift.days for shift in shifts):
            self.place.report(
                parts["shifts"].key,
                f"{name} never works; give it a shift such as {{days: mon-fri, hours: "
                f'"10:00-18:00"}}',
            )
        areas = None
        if "areas" in parts:
            self.lines[f"units.{name}.areas"] = parts["areas"].key.start_mark.line + 1
            areas = frozenset(t for _, t in texts(parts["areas"].value, self.place, "areas"))
        skills = (
            frozenset(t for _, t in texts(parts["skills"].value, self.place, "skills"))
            if "skills" in parts
            else frozenset()
        )
        unit = Units(
            name,
            kind,
            tuple(shifts),
            areas=areas,
            roams=flag(parts, "roams", self.place),
            skills=skills,
        )
        return unit if "base" not in parts else self.based(unit, parts["base"])

    def based(self, unit: Units, entry: Entry) -> Units:
        """A base is a point, or the middle of an area."""
        self.lines[f"units.{unit.name}.base"] = entry.key.start_mark.line + 1
        what = f"the base of {unit.name}"
        if isinstance(entry.value, ScalarNode):
            return replace(unit, base_area=text(entry, self.place, what))
        parts = fields(entry.value, self.place, what, required=["latitude", "longitude"])
        if len(parts) < 2:
            return unit
        latitude = number(parts["latitude"].value, self.place, f"the latitude of {what}", -90, 90)
        longitude = number(
            parts["longitude"].value, self.place, f"the longitude of {what}", -180, 180
        )
        if latitude is None or longitude is None:
            return unit
        return replace(unit, base=(latitude, longitude))

    def shift(self, name: str, node: Node) -> Shift | None:
        what = f"a shift of {name}"
        parts = fields(
            node, self.place, what, required=["days", "hours"], optional=["number", "break"]
        )
        if not {"days", "hours"} <= set(parts):
            return None
        clock = hours(parts["hours"], self.place)
        many = 1.0
        if "number" in parts:
            many = (
                number(parts["number"].value, self.place, f"the number of {what}", 0, 10_000) or 0
            )
            if many != int(many):
                self.place.report(parts["number"].value, f"the number of {what} must be whole")
        long, after = self.pause(parts.get("break"))
        on = days(parts["days"], self.place)
        return None if clock is None else Shift(on, *clock, int(many), long, after)

    def pause(self, entry: Entry | None) -> tuple[float, float]:
        """How long the break of a shift is, and how long after its start."""
        if entry is None:
            return 0.0, 0.0
        parts = fields(entry.value, self.place, "a break", required=["minutes", "after"])
        found = [
            number(parts[key].value, self.place, f"{key} of a break in minutes", 0, 1440)
            for key in ("minutes", "after")
            if key in parts
        ]
        return (found[0] or 0.0, found[1] or 0.0) if len(found) == 2 else (0.0, 0.0)

    def travel(self) -> Travel:
        entry = self.parts.get("travel")
        return Travel() if entry is None else travel(entry, self.place)

    def needs(self) -> dict[str, frozenset[str]]:
        found = {}
        for nature, entry in self.entries("needs", "needs").items():
            check_nature(nature, entry.key, self.place)
            found[nature] = frozenset(t for _, t in texts(entry.value, self.place, "needs"))
        return found

    def second_unit(self, kinds: Mapping[str, Kind]) -> dict[str, str]:
        found = {}
        for backup, entry in self.entries("second unit", "second unit").items():
            kind = text(entry, self.place, f"second unit of {backup}")
            if kind not in kinds:
                self.place.report(
                    entry.value,
                    f"the second unit of {backup} is of no known kind: {_unknown(kind, kinds)}",
                )
            found[backup] = kind
            self.lines[f"second_unit.{backup}"] = entry.key.start_mark.line + 1
        return found

    def cost(self, name: str, entry: Entry) -> Assumed:
        what = f"the cost {name}"
        required = ["value", "low", "high", "unit", "source"]
        parts = fields(entry.value, self.place, what, required=required, optional=["label"])
        numbers = {
            key: number(parts[key].value, self.place, f"{key} of {what}", 0, _EVERYWHERE) or 0.0
            for key in ("value", "low", "high")
            if key in parts
        }
        if len(numbers) == 3 and not numbers["low"] <= numbers["value"] <= numbers["high"]:
            self.place.report(
                entry.key, f"{what} must have its value between low and high; correct one of them"
            )
        return Assumed(
            name,
            **({"value": 0.0, "low": 0.0, "high": 0.0} | numbers),
            unit=text(parts.get("unit"), self.place, f"the unit of {what}"),
            source=text(parts.get("source"), self.place, f"the source of {what}"),
            label=self.label(parts.get("label"), what),
        )

    def check_names(self, units: tuple[Units, ...]) -> None:
        seen: set[str] = set()
        for node, unit in zip(self.listed("units"), units, strict=False):
            if unit.name in seen:
                self.place.report(node, f"two units are called {unit.name}; rename one of them")
            seen.add(unit.name)

    def check_kinds(self, kinds: Mapping[str, Kind], units: tuple[Units, ...]) -> None:
        """Kinds name kinds that exist, and one answer belongs to one kind."""
        taken: dict[str, str] = {}
        worked = {unit.kind for unit in units}
        for name, entry in self.entries("kinds", "kinds").items():
            kind = kinds[name]
            for key in ("together_with", "takes_over", "backup_kind"):
                other = getattr(kind, key)
                if other is not None and (other not in kinds or other == name):
                    said = "the kind itself" if other == name else _unknown(other, kinds)
                    self.place.report(
                        entry.key, f"{key.replace('_', ' ')} of {name} is no other kind: {said}"
                    )
            for answer in kind.answers:
                if answer in taken:
                    self.place.report(
                        entry.key,
                        f"{answer} is answered by {taken[answer]} and by {name}; leave it to one",
                    )
                taken[answer] = name
            if not kind.unlimited and name not in worked:
                self.place.report(
                    entry.key,
                    f"no unit of the kind {name} ever works; add one under units, or write "
                    "unlimited: true",
                )


def _unknown(kind: str, kinds: Mapping[str, Kind]) -> str:
    return f"there is no kind {kind}; {did_you_mean(kind, tuple(kinds))}"


def _content_hash(teams: Teams) -> str:
    """SHA-256 over what the file means: comments, layout and the order of names do not count."""
    said = asdict(replace(teams, content_hash="", path=None, lines={}))
    canonical = json.dumps(_plain(said), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
