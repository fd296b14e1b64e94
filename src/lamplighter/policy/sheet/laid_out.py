"""What stands where in a sheet: its sections, and in each the cells by their headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lamplighter.policy.errors import Problem, did_you_mean
from lamplighter.policy.sentences import Part
from lamplighter.policy.sheet.cells import Row, SheetProblem
from lamplighter.policy.sheet.form import HEADINGS, POLICY, TABLE

_SECTION = re.compile(r"\[\s*(?:(table)\s+(.*?)|(\w+))\s*\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: its row and its column, counted from 1; column 0 for a whole row."""

    row: int
    column: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says, perhaps nothing, and where it stands."""

    text: str
    spot: Spot


NOWHERE = Said("", Spot(0))
# The cells of a row by heading; empty ones are there too.
Line: TypeAlias = Mapping[str, Said]


@dataclass(frozen=True)
class Place:
    """Where problems are reported: the file, and as far as they apply table, rule and cell."""

    file: str
    problems: list[Problem] = field(repr=False)
    table: str = ""

    def report(self, message: Part, spot: Spot, *, rule: str = "", cell: str = "") -> None:
        said = None if isinstance(message, str) else message
        self.problems.append(
            SheetProblem(
                *(str(message), self.file, spot.row, spot.column, self.table, rule, cell), said=said
            )
        )


@dataclass
class Section:
    """The rows below a name in brackets."""

    name: str
    spot: Spot
    rows: list[Row] = field(default_factory=list)


def sections(rows: Sequence[Row], place: Place) -> tuple[dict[str, Section], dict[str, Section]]:
    """The sections by name, and those of tables by the table's name, in order."""
    found: dict[str, Section] = {}
    tables: dict[str, Section] = {}
    current: Section | None = None
    for row in rows:
        spot = Spot(row.number, 1)
        match = _SECTION.fullmatch(row.at(0))
        if match is None:
            if current is None:
                place.report(f"the sheet must begin with [{POLICY}]; add it above", spot)
                current = Section("", spot)
            current.rows.append(row)
            continue
        is_table = match[1] == TABLE
        name = match[2] if is_table else match[3]
        group = tables if is_table else found
        current = Section(row.at(0), spot)
        if not is_table and name not in (POLICY, *HEADINGS):
            hint = did_you_mean(name, [POLICY, *HEADINGS, "table …"])
            place.report(f"a sheet has no section [{name}]; {hint}", spot)
        elif name in group:
            first = group[name].spot.row
            place.report(
                f"{row.at(0)} stands here twice, first in row {first}; remove or rename one", spot
            )
        else:
            group[name] = current
    return found, tables


def settings(rows: Sequence[Row], known: Sequence[str], place: Place) -> dict[str, Said]:
    """Rows of a name and, beside it, what it is."""
    found: dict[str, Said] = {}
    for row in rows:
        name = row.at(0)
        if name not in known:
            hint = did_you_mean(name, known)
            place.report(
                f"{name or 'this'} is not a name that stands here; {hint}", Spot(row.number, 1)
            )
        else:
            found[name] = Said(row.at(1), Spot(row.number, 2))
    return found


def lines(
    section: Section,
    rows: Sequence[Row],
    place: Place,
    *,
    known: Sequence[str],
    needed: Sequence[str],
    meant: Callable[[str], str] = str,
) -> list[Line]:
    """The rows below a row of headings, each by heading; `meant` says what a heading stands for."""
    if not rows:
        place.report(f"{section.name} has no headings; add {', '.join(needed)}", section.spot)
        return []
    top, *rest = rows
    headings: dict[int, str] = {}
    for column, written in enumerate(top.cells):
        name, spot = meant(written), Spot(top.number, column + 1)
        if not written:
            continue
        if name not in known:
            place.report(f"{written} is not a heading here; {did_you_mean(written, known)}", spot)
        elif name in headings.values():
            place.report(f"the heading {written} stands here twice; remove one", spot)
        headings[column] = name
    missing = [name for name in needed if name not in headings.values()]
    if missing:
        place.report(
            f"what has to stand in the row of headings is missing: {', '.join(missing)}; add it",
            Spot(top.number),
        )
    found: list[Line] = []
    for row in rest:
        for column, cell in enumerate(row.cells):
            if cell and column not in headings:
                place.report(
                    "this cell stands under no heading; give it one, or empty it",
                    Spot(row.number, column + 1),
                )
        found.append(
            {
                name: Said(row.at(column), Spot(row.number, column + 1))
                for column, name in headings.items()
            }
        )
    return found
