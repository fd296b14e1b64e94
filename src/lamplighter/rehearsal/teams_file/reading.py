"""Reads a team file, and says for each mistake in which line it is and what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import Node

from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.sentences import Said
from lamplighter.policy.yaml_tree import (
    Entry,
    Place,
    check_kind,
    compose,
    fields,
    items,
    mapping,
    text,
)
from lamplighter.rehearsal.teams import Kind, Teams, Travel
from lamplighter.rehearsal.teams_file.defaults import with_defaults
from lamplighter.rehearsal.teams_file.errors import TeamsError
from lamplighter.rehearsal.teams_file.kinds import check_kinds, kind, unknown
from lamplighter.rehearsal.teams_file.sentences import say
from lamplighter.rehearsal.teams_file.sheet import Sheet
from lamplighter.rehearsal.teams_file.travel import travel
from lamplighter.rehearsal.teams_file.units import check_units, unit
from lamplighter.rehearsal.teams_file.values import check_nature, texts

_OPTIONAL = ("about", "units", "travel", "needs", "second unit", "costs")


def shipped_teams() -> tuple[str, ...]:
    """The names of the team files that come with Lamplighter."""
    folder = resources.files(__package__).joinpath("shipped")
    return tuple(
        sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    )


def read_teams(path: str | Path) -> Teams:
    """Read a team file by its path, or one that comes with Lamplighter by its name.

    Raises `TeamsError`, which says in which line each mistake is.

    >>> read_teams("star_pilot").units[0].kind
    'community_team'
    """
    if str(path) in shipped_teams():
        shipped = resources.files(__package__).joinpath("shipped", f"{path}.yaml")
        return parse_teams(shipped.read_text("utf-8"), f"{path}.yaml")
    path = Path(path)
    try:
        written = path.read_text("utf-8")
    except OSError as error:
        names = ", ".join(shipped_teams())
        said = say("file.unread", why=error.strerror, names=names)
        raise TeamsError((_whole(said, str(path)),)) from None
    except UnicodeDecodeError:
        raise TeamsError((_whole(say("file.not-text"), str(path)),)) from None
    return replace(parse_teams(written, str(path), path.parent), path=path)


def parse_teams(written: str, where: str = "the team file", folder: Path | None = None) -> Teams:
    """Read the text of a team file; `where` is its name in sentences. See `read_teams`.

    Only with the `folder` of the file may it name a matrix, which is read from there.
    """
    if not written.strip():
        raise TeamsError((_whole(say("file.empty"), where),))
    problems: list[Problem] = []
    try:
        teams = _Parser(compose(written, where), Sheet(Place(where, problems), folder)).teams()
        if problems:
            raise PolicyError(problems)
    except PolicyError as error:
        found = sorted(error.problems, key=lambda problem: (problem.line, problem.column))
        raise TeamsError(found) from None
    return replace(teams, content_hash=_content_hash(teams))


def _whole(said: Said, file: str) -> Problem:
    """Something that is wrong with the file as a whole."""
    return Problem(str(said), file, 0, 0, said=said)


class _Parser:
    """Turns the tree of a team file into `Teams`."""

    def __init__(self, root: Node, sheet: Sheet) -> None:
        self.sheet = sheet
        self.place = sheet.place
        required = ["teams", "kinds"]
        what = say("what.file")
        check_kind(root, self.place, what, required)
        self.parts = fields(root, self.place, what, required=required, optional=_OPTIONAL)

    def teams(self) -> Teams:
        written = self.entries("kinds")
        kinds = {name: kind(name, entry, self.sheet) for name, entry in written.items()}
        nodes = self.unit_nodes()
        units = tuple(one for node in nodes if (one := unit(node, kinds, self.sheet)))
        check_units(nodes, units, self.sheet)
        check_kinds(written, kinds, [one.kind for one in units], self.sheet)
        teams = Teams(
            name=text(self.parts.get("teams"), self.place, "teams"),
            about=text(self.parts.get("about"), self.place, "about"),
            kinds=kinds,
            units=units,
            travel=self.travel(),
            needs=self.needs(),
            second_unit=self.second_unit(kinds),
            costs={name: self.sheet.cost(name, e) for name, e in self.entries("costs").items()},
            lines=self.sheet.lines,
        )
        return with_defaults(teams)

    def entries(self, name: str) -> dict[str, Entry]:
        entry = self.parts.get(name)
        return {} if entry is None else mapping(entry.value, self.place, name)

    def unit_nodes(self) -> list[Node]:
        entry = self.parts.get("units")
        return [] if entry is None else items(entry.value, self.place, "units")

    def travel(self) -> Travel:
        entry = self.parts.get("travel")
        return Travel() if entry is None else travel(entry, self.sheet)

    def needs(self) -> dict[str, frozenset[str]]:
        found = {}
        for nature, entry in self.entries("needs").items():
            check_nature(nature, entry.key, self.place)
            what = say("what.skills", nature=nature)
            found[nature] = frozenset(word for _, word in texts(entry.value, self.place, what))
        return found

    def second_unit(self, kinds: Mapping[str, Kind]) -> dict[str, str]:
        found = {}
        for backup, entry in self.entries("second unit").items():
            name = text(entry, self.place, say("what.second", backup=backup))
            if name not in kinds:
                said = say("second.unknown", backup=backup, hint=unknown(name, kinds))
                self.place.report(entry.value, said)
            self.sheet.note(f"second_unit.{backup}", entry.key)
            found[backup] = name
        return found


def _content_hash(teams: Teams) -> str:
    """SHA-256 over what the file means: comments, layout and the order of names do not count."""
    said = asdict(replace(teams, content_hash="", path=None, lines={}))
    canonical = json.dumps(_plain(said), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
