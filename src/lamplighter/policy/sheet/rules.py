"""The rules of a table in a sheet: one row each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lamplighter.policy.sentences import say
from lamplighter.policy.sheet.cells import Row, straight, stretches
from lamplighter.policy.sheet.form import RULE_END, RULE_START
from lamplighter.policy.sheet.laid_out import NOWHERE, Line, Place, Said, Section, lines
from lamplighter.policy.sheet.tree import Tree, quoted
from lamplighter.policy.sheet.values import BOOLEANS, DeclaredValues

_NUMBER_COMMA = re.compile(r"-?\d+,\d+")
# A date or a duration as a value alone, as a workbook's own cells say it.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d|-?P[\dYMDTHS.]+")
_STRING_OR_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\W\d]\w*')


class RuleRows:
    """The rules of one table, written into the tree as they are read."""

    def __init__(
        self, outputs: Sequence[str], values: DeclaredValues, tree: Tree, place: Place
    ) -> None:
        self.outputs = outputs
        self.values = values
        self.tree = tree
        self.place = place
        self.when = [f"when {name}" for name in values.kinds if name not in outputs]
        self.then = [f"then {name}" for name in outputs]

    def read(self, section: Section, rows: Sequence[Row]) -> None:
        found = lines(
            section,
            rows,
            self.place,
            known=[*RULE_START, *self.when, *self.then, *RULE_END],
            needed=[*RULE_START, *self.then, "because (en)", "source"],
            meant=self.meant,
        )
        self.report_empty(found)
        self.tree.key(2, "rules", section.spot)
        for line in found:
            self.rule(line)

    def meant(self, heading: str) -> str:
        """`nature` as well as `when nature`: no name is both tested and decided in a table."""
        for prefix in ("then ", "when "):
            if prefix + heading in (*self.then, *self.when):
                return prefix + heading
        return heading

    def report_empty(self, found: Sequence[Line]) -> None:
        """Empty cells, which a merged cell leaves below it: one sentence for those in a row."""
        columns = list(found[0]) if found else []
        for column in columns:
            if column == "because (es)":
                continue
            empty = [place for place, line in enumerate(found) if not line[column].text]
            what = say("sheet.every-value" if column in self.when else "sheet.fill")
            for first, last in stretches(empty):
                said = found[first][column]
                end = found[last][column].spot.row
                self.place.report(
                    say("sheet.empty", what=what)
                    if first == last
                    else say("sheet.all-empty", row=end, what=what),
                    said.spot,
                    rule=found[first].get("id", NOWHERE).text,
                    cell=column.partition(" ")[2] if column in (*self.when, *self.then) else column,
                )

    def rule(self, line: Line) -> None:
        self.tree.text(3, "id", line.get("id", NOWHERE), item=True)
        tests = {name.removeprefix("when "): line[name] for name in self.when if name in line}
        if any(said.text for said in tests.values()):
            self.tree.key(4, "when", line.get("id", NOWHERE).spot)
        for name, said in tests.items():
            if said.text:
                self.tree.key(5, name, said.spot, quoted(self.test(name, said)))
        self.tree.key(4, "then", line.get("id", NOWHERE).spot, "" if self.outputs else "{}")
        for name in self.outputs:
            said = line.get(f"then {name}", NOWHERE)
            if said.text:
                self.values.value(5, name, said, self.values.kinds.get(name, ""))
            else:
                # Already reported as empty, or without a heading; the reader says no more of it.
                self.tree.text(5, name, said)
        self.tree.words(4, "because", line, needed=True)
        self.tree.text(4, "source", line.get("source", NOWHERE))

    def test(self, name: str, said: Said) -> str:
        """A test as the policy's language writes it, whatever the spreadsheet made of it."""
        test = straight(said.text)
        kind = self.values.kinds.get(name, "")
        if kind in ("date", "duration", "period") and _MOMENT.fullmatch(test):
            return f'@"{test}"'
        if kind == "boolean":
            return _STRING_OR_WORD.sub(lambda m: BOOLEANS.get(m[0].lower(), m[0]), test)
        found = _NUMBER_COMMA.search(test) if kind == "number" else None
        if found:
            one, two = found[0].split(",")
            told = say("sheet.two-numbers", text=found[0], one=one, two=two)
            self.place.report(told, said.spot, cell=name)
        return test
