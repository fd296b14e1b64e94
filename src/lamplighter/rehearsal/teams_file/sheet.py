"""A team file while it is read: what is wrong with it, and where it says what."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode

from lamplighter.policy.sentences import Part
from lamplighter.policy.yaml_tree import Entry, Place, fields, text
from lamplighter.rehearsal.teams import Assumed
from lamplighter.rehearsal.teams_file.sentences import say
from lamplighter.rehearsal.teams_file.values import number


@dataclass(frozen=True)
class Sheet:
    """`lines` has the line in which something stands, such as `units.STAR.areas`.

    `folder` is where the file stands; None: it is a text alone.
    """

    place: Place
    folder: Path | None = None
    lines: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, node: Node) -> None:
        self.lines[name] = node.start_mark.line + 1

    def label(self, entry: Entry | None, what: Part) -> dict[str, str]:
        """Words in English and Spanish; one text counts as English."""
        if entry is None:
            return {}
        what = say("what.label", what=what)
        if isinstance(entry.value, ScalarNode):
            return {"en": text(entry, self.place, what)}
        parts = fields(entry.value, self.place, what, required=["en"], optional=["es"])
        return {language: text(one, self.place, what) for language, one in parts.items()}

    def cost(self, name: str, entry: Entry) -> Assumed:
        """An assumption: a value between low and high, its unit and its source."""
        what = say("what.cost", name=name)
        required = ["value", "low", "high", "unit", "source"]
        parts = fields(entry.value, self.place, what, required=required, optional=["label"])
        said = {
            key: number(parts[key].value, self.place, say("what.of", field=key, what=what), 0, inf)
            for key in ("value", "low", "high")
            if key in parts
        }
        value, low, high = (said.get(key) or 0.0 for key in ("value", "low", "high"))
        if len(said) == 3 and None not in said.values() and not low <= value <= high:
            self.place.report(entry.key, say("cost.disordered", what=what))
        return Assumed(
            name,
            value,
            low,
            high,
            text(parts.get("unit"), self.place, say("what.unit-of", what=what)),
            text(parts.get("source"), self.place, say("what.source", what=what)),
            self.label(parts.get("label"), what),
        )
