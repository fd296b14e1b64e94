"""Reads a sheet back into a policy: everything that is wrong with it at once, or all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.foreign import refuse_foreign
from lamplighter.policy.model import Policy
from lamplighter.policy.reader import parse_policy
from lamplighter.policy.sentence_texts import TEXTS
from lamplighter.policy.sentences import Said, nearest, say, worded
from lamplighter.policy.sheet.cells import Row, SheetProblem, decoded, rows_of
from lamplighter.policy.sheet.form import (
    HEADINGS,
    INPUTS,
    OUTPUTS,
    POLICY,
    POLICY_FIELDS,
    PROMISES,
    TABLE_FIELDS,
    VALUES,
)
from lamplighter.policy.sheet.laid_out import (
    NOWHERE,
    Line,
    Place,
    Section,
    Spot,
    lines,
    sections,
    settings,
)
from lamplighter.policy.sheet.rules import RuleRows
from lamplighter.policy.sheet.tree import Tree, quoted
from lamplighter.policy.sheet.values import DeclaredValues
from lamplighter.policy.sheet.workbook import workbook_rows
from lamplighter.policy.writer import policy_to_yaml

# The sentences of a reader of policies that name a line, which is a row here.
_OF_ROWS = {
    code: {
        "en": texts["en"].replace("line {line}", "row {line}"),
        "es": texts["es"].replace("línea {line}", "fila {line}"),
    }
    for code, texts in TEXTS.items()
    if "{line}" in texts["en"]
}


def policy_from_csv(path: str | Path) -> Policy:
    """Read the sheet at `path`; a `PolicyError` names everything that is wrong, by row and column.

    The separator may be a comma, a semicolon or a tab, the encoding UTF-8 or UTF-16. The text of
    the policy is YAML in the house's form.
    """
    content = _content(Path(path))
    refuse_foreign(content, str(path))
    return parse_csv(decoded(content, str(path)), name=str(path))


def policy_from_xlsx(path: str | Path) -> Policy:
    """Read the workbook at `path` as the CSV of the sheet that begins with `[policy]`.

    Formulas count by their values. A `PolicyError` names everything that is wrong, by sheet and
    cell.
    """
    sheet, rows = workbook_rows(_content(Path(path)), str(path))
    return _Sheet(rows, str(path), sheet).read()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        said = say("file.missing")
    except OSError as error:
        said = say("file.closed", why=error.strerror)
    raise PolicyError([SheetProblem.of(said, str(path))])


def parse_csv(text: str, *, name: str = "<sheet>") -> Policy:
    """Read a policy from the text of a sheet; `name` stands for the file in the problems."""
    return _Sheet(rows_of(text, name), name).read()


class _Sheet:
    """A sheet that is being read; problems gather in `self.problems`."""

    def __init__(self, rows: Sequence[Row], file: str, sheet: str = "") -> None:
        self.rows = rows
        self.file = file
        self.problems: list[Problem] = []
        self.top = Place(file, self.problems, sheet=sheet)
        self.tree = Tree()
        self.values = DeclaredValues(self.tree, self.top)

    def read(self) -> Policy:
        found, tables = sections(self.rows, self.top)
        for needed in (POLICY, INPUTS, OUTPUTS):
            if needed not in found:
                self.top.report(say("sheet.section-missing", name=needed), Spot(0))
        if not tables:
            self.top.report(say("sheet.table-missing"), Spot(0))
        if self.problems:
            # Without its frame the rest of a sheet would only be misread.
            raise PolicyError(self.problems)
        self.read_policy(found[POLICY])
        if VALUES in found:
            self.values.read(self.all_lines(found[VALUES], VALUES, ("of", "value")))
        self.read_inputs(self.all_lines(found[INPUTS], INPUTS, ("name", "type")))
        outputs = self.all_lines(found[OUTPUTS], OUTPUTS, ("table", "name", "type"))
        self.read_tables(tables, outputs)
        self.values.report_left()
        if PROMISES in found:
            self.read_promises(
                self.all_lines(found[PROMISES], PROMISES, ("id", "says (en)", "never"))
            )
        return self.parsed()

    def all_lines(self, section: Section, name: str, needed: Sequence[str]) -> list[Line]:
        return lines(section, section.rows, self.top, known=HEADINGS[name], needed=needed)

    def read_policy(self, section: Section) -> None:
        found = settings(section.rows, POLICY_FIELDS, self.top)
        for name in ("policy", "version"):
            self.tree.text(0, name, found.get(name, replace(NOWHERE, spot=section.spot)))
        self.tree.words(0, "title", found)
        self.tree.words(0, "about", found)
        outcome = found.get("outcome", NOWHERE)
        if outcome.text:
            names = [quoted(name.strip()) for name in re.split("[,;]", outcome.text)]
            self.tree.key(0, "outcome", outcome.spot, f"[{', '.join(names)}]")

    def read_inputs(self, found: Sequence[Line]) -> None:
        self.tree.key(0, "inputs", Spot(0))
        for line in found:
            name = line.get("name", NOWHERE)
            self.tree.key(1, name.text, name.spot)
            kind = self.values.domain(2, name.text, line)
            for words in ("label", "ask", "help"):
                self.tree.words(2, words, line)
            self.values.value(2, "when unknown", line.get("when unknown", NOWHERE), kind)
            for flag in ("always known", "safety"):
                self.values.flag(2, flag, line.get(flag, NOWHERE))

    def read_tables(self, tables: dict[str, Section], outputs: Sequence[Line]) -> None:
        of_table: dict[str, list[Line]] = {name: [] for name in tables}
        for line in outputs:
            owner = line.get("table", NOWHERE)
            if owner.text in of_table:
                of_table[owner.text].append(line)
            else:
                hint = nearest(owner.text, list(tables))
                self.top.report(say("sheet.no-table", name=owner.text, hint=hint), owner.spot)
        self.tree.key(0, "tables", Spot(0))
        for name, section in tables.items():
            place = replace(self.top, table=name)
            start = next(
                (n for n, row in enumerate(section.rows) if row.at(0) not in TABLE_FIELDS),
                len(section.rows),
            )
            said = settings(section.rows[:start], TABLE_FIELDS, place)
            self.tree.key(1, name, section.spot)
            self.tree.words(2, "title", said)
            if said.get("hit", NOWHERE).text:
                self.tree.text(2, "hit", said["hit"])
            self.tree.key(2, "outputs", section.spot)
            for line in of_table[name]:
                output = line.get("name", NOWHERE)
                self.tree.key(3, output.text, output.spot)
                self.values.domain(4, output.text, line)
                self.tree.words(4, "label", line)
            names = [line["name"].text for line in of_table[name] if "name" in line]
            rules = RuleRows(names, self.values, self.tree, place)
            rules.read(section, section.rows[start:])

    def read_promises(self, found: Sequence[Line]) -> None:
        self.tree.key(0, "promises", Spot(0))
        for line in found:
            self.tree.text(1, "id", line.get("id", NOWHERE), item=True)
            self.tree.words(2, "says", line, needed=True)
            self.tree.text(2, "never", line.get("never", NOWHERE))
            source = line.get("source", NOWHERE)
            if source.text:
                self.tree.text(2, "source", source)

    def parsed(self) -> Policy:
        """The policy that the cells say, unless something is wrong with them."""
        policy: Policy | None = None
        try:
            policy = parse_policy(self.tree.whole(), name=self.file)
        except PolicyError as error:
            said = {(problem.line, problem.column) for problem in self.problems}
            for problem in error.problems:
                spot = self.tree.spots[problem.line - 1] if problem.line else Spot(0)
                # Of what is missing where nothing stands, the sheet itself has told already.
                if (spot.row, spot.column) not in said and (spot.row or not said):
                    place = replace(self.top, table=problem.table or "")
                    told = problem.said or worded(problem.message, problem.message)
                    place.report(
                        self.by_rows(told), spot, rule=problem.rule or "", cell=problem.cell or ""
                    )
        if policy is None or self.problems:
            self.problems.sort(key=lambda problem: (problem.line, problem.column))
            raise PolicyError(self.problems)
        return parse_policy(policy_to_yaml(policy), name=self.file)

    def by_rows(self, said: Said) -> Said:
        """What is told of a line of the tree, told of the row that says it."""
        if said.code not in _OF_ROWS:
            return said
        values = tuple(
            (name, str(self.tree.spots[int(str(value)) - 1].row) if name == "line" else value)
            for name, value in said.values
        )
        return replace(said, values=values, texts=_OF_ROWS)
