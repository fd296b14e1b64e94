"""What a sheet declares of its inputs and outputs, and the values in its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lamplighter.policy.declarations import spoken
from lamplighter.policy.sentences import nearest, say
from lamplighter.policy.sheet.guard import NUMBER
from lamplighter.policy.sheet.laid_out import NOWHERE, Line, Place, Said
from lamplighter.policy.sheet.tree import Tree, quoted

# What spreadsheet programs make of true and false, in English and in Spanish.
BOOLEANS = {"true": "true", "verdadero": "true", "false": "false", "falso": "false"}
_FLAGS = {**BOOLEANS, "yes": "true", "sí": "true", "si": "true", "x": "true", "no": "false"}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


class DeclaredValues:
    """Writes domains and values into the tree, and remembers the type of each name."""

    def __init__(self, tree: Tree, place: Place) -> None:
        self.tree = tree
        self.place = place
        self.kinds: dict[str, str] = {}
        self._values: dict[str, list[Line]] = {}

    def read(self, found: Sequence[Line]) -> None:
        """The section of values: each row a value of the input or output that it names."""
        for line in found:
            owner = line.get("of", NOWHERE)
            self._values.setdefault(owner.text, []).append(line)

    def report_left(self) -> None:
        """Values of what is declared nowhere."""
        for owner, found in self._values.items():
            if owner not in self.kinds:
                hint = nearest(owner, list(self.kinds))
                spot = found[0].get("of", NOWHERE).spot
                self.place.report(say("sheet.no-owner", name=owner, hint=hint), spot)

    def domain(self, level: int, name: str, line: Line) -> str:
        """The type, range and values of one input or output; gives the type."""
        kind, limits = line.get("type", NOWHERE), line.get("range", NOWHERE)
        values = self._values.get(name, [])
        self.kinds[name] = kind.text or ("choice" if values else "")
        if kind.text:
            self.tree.text(level, "type", kind)
        if limits.text:
            self._refuse_comma(limits, self.kinds[name])
            self.tree.text(level, "range", limits)
        self.flag(level, "integer", line.get("whole numbers", NOWHERE))
        if values:
            self.tree.key(level, "values", values[0].get("of", NOWHERE).spot)
            labelled = any(line.get("label (en)", NOWHERE).text for line in values)
            for one in values:
                value = one.get("value", NOWHERE)
                if labelled:
                    self._labelled(level + 1, value, one)
                else:
                    self.tree.item(level + 1, value)
        return self.kinds[name]

    def _labelled(self, level: int, value: Said, line: Line) -> None:
        self.tree.key(level, value.text, value.spot)
        english, spanish = line.get("label (en)", NOWHERE), line.get("label (es)", NOWHERE)
        if not english.text:
            english = Said(spoken(value.text).en, value.spot)
        self.tree.text(level + 1, "en", english)
        if spanish.text:
            self.tree.text(level + 1, "es", spanish)

    def value(self, level: int, key: str, said: Said, kind: str) -> None:
        """A value as its type wants it; nothing where the cell is empty."""
        if not said.text:
            return
        written = quoted(said.text)
        if kind == "boolean":
            written = BOOLEANS.get(said.text.lower(), written)
        elif kind == "number" and NUMBER.fullmatch(said.text):
            written = said.text
        else:
            self._refuse_comma(said, kind)
        self.tree.key(level, key, said.spot, written)

    def flag(self, level: int, key: str, said: Said) -> None:
        """Yes or no, however it is written."""
        if said.text:
            written = _FLAGS.get(said.text.lower(), quoted(said.text))
            self.tree.key(level, key, said.spot, written)

    def _refuse_comma(self, said: Said, kind: str) -> None:
        found = _DECIMAL_COMMA.search(said.text) if kind == "number" else None
        if found:
            written = found[0].replace(",", ".")
            self.place.report(say("sheet.comma", text=found[0], example=written), said.spot)
