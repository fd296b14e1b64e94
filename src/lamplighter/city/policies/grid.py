"""A policy's tables as a grid: read from its text, and written back rule by rule.

The text stays what counts. A rule that nobody touched keeps its lines as they were written, with
comments and layout; the library's reader remains the only judge of what is typed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml.nodes import Node, SequenceNode

from lamplighter.city.refusal import Refusal

from .declaring.places import declared_in
from .declaring.uses import with_columns
from .rule_text import ANYTHING, not_a_grid, written_rule
from .yaml_text import entries, pairs, plain, quoted, tree_of

MOST_RULES = 5_000
# Ways to decide by which a table gives a list, which no other table can test.
_LISTS = ("rule order", "output order", "collect")


@dataclass(frozen=True)
class Span:
    """The lines of one rule in the text, from 0; `end` is the line after it."""

    start: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """What the grid needs of a text; `spans` has the lines of each rule of each table.

    `empty` has the lines in which a table says that it has no rules, and how they begin.
    """

    content: Mapping[str, Any]
    spans: Mapping[str, tuple[Span, ...]]
    indent: Mapping[str, int]
    empty: Mapping[str, tuple[Span, str]]


@dataclass(frozen=True)
class Written:
    """A text with what was typed in the grid; `places` finds the table and rule of a line."""

    text: str
    places: tuple[tuple[str, int, Span], ...]

    def place(self, line: int) -> tuple[str, int] | None:
        """The table and the place of the rule in which a line stands (lines from 1)."""
        for table, number, span in self.places:
            if span.start <= line - 1 < span.end:
                return table, number
        return None


@lru_cache(maxsize=8)
def read_sheet(text: str) -> Sheet | None:
    """The tables of a text; None where it has no such form, and must be written as text."""
    parts = entries(tree_of(text))
    tables = entries(parts.get("tables"))
    if not tables:
        return None
    lines = text.split("\n")
    spans, indent, empty, shown = {}, {}, {}, []
    columns = {name: _column(name, node, "") for name, node in entries(parts.get("inputs")).items()}
    known = list(columns)
    for name, node in tables.items():
        inner = entries(node)
        rules = inner.get("rules")
        if not isinstance(rules, SequenceNode):
            return None
        # In braces no rule can be put on lines of its own.
        if node.flow_style or (rules.flow_style and rules.value):
            return None
        spans[name] = tuple(_spans(rules, lines))
        if rules.value:
            indent[name] = rules.value[0].start_mark.column - 2
        else:
            key = pairs(node)["rules"][0]
            start, column = key.start_mark.line, key.start_mark.column
            indent[name] = column + 2
            head = f"{lines[start][: key.end_mark.column]}:"
            empty[name] = (Span(start, rules.end_mark.line + 1), head)
        outputs = [
            _column(out, declared, name) for out, declared in entries(inner.get("outputs")).items()
        ]
        rows = [_rule(rule) for rule in rules.value]
        used = {column for row in rows for column in row["when"]}
        shown.append(
            {
                "name": name,
                "title": _label(plain(inner.get("title")), name),
                "hit": plain(inner.get("hit")) or "first",
                "columns": [
                    *(column for column in known if column in used),
                    # What it may not look at is shown too: somebody must take it out.
                    *sorted(used.difference(known)),
                ],
                "available": list(known),
                "outputs": [out["name"] for out in outputs],
                "rules": rows,
            }
        )
        for out in outputs:
            columns.setdefault(out["name"], out)
            if shown[-1]["hit"] not in _LISTS:
                known.append(out["name"])
    content = {
        "policy": plain(parts.get("policy")) or "",
        "version": plain(parts.get("version")) or "",
        "columns": columns,
        "tables": shown,
        "declared": declared_in(text),
    }
    return Sheet(content, spans, indent, empty)


def write_sheet(text: str, edits: Mapping[str, Any]) -> Written:
    """The text with what was typed: `{"version": "…", "tables": {"risk": [rule, …]}}`.

    A rule is `{"keep": 3}`, the rule that stood there as it stands, or its parts anew: `id`,
    `when`, `then`, `en`, `es`, `source`. `"columns": {"risk": ["weapon", …]}` are those that
    stand in the grid, be they tested or not. Raises Refusal where the edits have another form.
    """
    sheet = read_sheet(text)
    if sheet is None:
        raise Refusal(
            "no-grid", _("This text is not in the form of the grid: write it as text."), status=409
        )
    lines = text.split("\n")
    shown = {table["name"]: table for table in sheet.content["tables"]}
    out: list[str] = []
    places: list[tuple[str, int, Span]] = []
    at = 0
    for name, spans in sheet.spans.items():
        whole, head = sheet.empty.get(name) or (Span(spans[0].start, spans[-1].end), "")
        out += lines[at : whole.start]
        rules = edits.get("tables", {}).get(name)
        kept: Sequence[Any] = (
            [{"keep": number} for number in range(len(spans))] if rules is None else rules
        )
        if not isinstance(kept, list) or len(kept) > MOST_RULES:
            raise not_a_grid()
        if head:
            out += [head] if kept else lines[whole.start : whole.end]
        old = [lines[span.start : span.end] for span in spans]
        columns = edits.get("columns", {}).get(name, [])
        made = _made(kept, columns, shown[name], old, " " * sheet.indent[name])
        for number, rule in enumerate(made):
            start = len(out)
            out += rule
            places.append((name, number, Span(start, len(out))))
        if spans and not kept:
            # A table without rules is for the reader to name, not for YAML to stumble over.
            out.append(" " * sheet.indent[name] + "[]")
        at = whole.end
    out += lines[at:]
    written = "\n".join(out)
    version = edits.get("version")
    if isinstance(version, str) and version != sheet.content["version"]:
        written = re.sub(
            r"^version:.*$",
            lambda _found: f"version: {quoted(version)}",
            written,
            count=1,
            flags=re.M,
        )
    return Written(written, tuple(places))


def _made(
    kept: Sequence[Any], wanted: Any, table: Mapping[str, Any], old: Sequence[list[str]], pad: str
) -> list[list[str]]:
    """The lines of each rule; the first names the columns that somebody opened and none tests."""
    if not isinstance(wanted, list) or not all(isinstance(rule, Mapping) for rule in kept):
        raise not_a_grid()
    made: list[list[str]] = []
    named: set[str] = set()
    for rule in kept:
        keep = rule.get("keep")
        if isinstance(keep, int) and 0 <= keep < len(old):
            made.append(old[keep])
            named.update(table["rules"][keep]["when"])
        else:
            made.append(list(written_rule(rule, pad)))
            when = rule.get("when", {})
            named.update(name for name, cell in when.items() if cell.strip() not in ANYTHING)
    untested = [name for name in table["available"] if name in wanted and name not in named]
    if made and untested:
        made[0] = with_columns("\n".join(made[0]), untested).split("\n")
    return made


def _column(name: str, node: Node, table: str) -> dict[str, Any]:
    """An input, or an output of a table, with the values that it may have."""
    declared = plain(node)
    declared = declared if isinstance(declared, dict) else {}
    values = declared.get("values")
    if isinstance(values, list):
        values = {str(value): {} for value in values}
    kind = declared.get("type") or ("choice" if values else "boolean")
    return {
        "name": name,
        "label": _label(declared.get("label"), name),
        "kind": kind,
        "range": declared.get("range") or "",
        "values": [
            {"value": value, "label": _label(label, value)}
            for value, label in (values or {}).items()
        ],
        "table": table,
        "unknown": not table and declared.get("always known") != "true",
    }


def _label(label: Any, name: str) -> dict[str, str]:
    if isinstance(label, dict):
        return {"en": str(label.get("en") or name), "es": str(label.get("es") or "")}
    return {"en": str(label or name.replace("_", " ")), "es": ""}


def _rule(node: Node) -> dict[str, Any]:
    rule = plain(node)
    rule = rule if isinstance(rule, dict) else {}
    because = rule.get("because")
    words = because if isinstance(because, dict) else {"en": because or ""}
    return {
        "id": str(rule.get("id") or ""),
        "when": {k: str(v) for k, v in _dict(rule.get("when")).items() if isinstance(v, str)},
        "then": {k: str(v) for k, v in _dict(rule.get("then")).items() if isinstance(v, str)},
        "en": str(words.get("en") or ""),
        "es": str(words.get("es") or ""),
        "source": str(rule.get("source") or ""),
    }


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _spans(rules: SequenceNode, lines: Sequence[str]) -> Iterator[Span]:
    """The lines of each rule; blank lines and remarks after the last belong to what follows."""
    starts = [rule.start_mark.line for rule in rules.value]
    for number, start in enumerate(starts):
        if number + 1 < len(starts):
            yield Span(start, starts[number + 1])
            continue
        end = min(rules.end_mark.line + 1, len(lines))
        if rules.end_mark.column == 0 or rules.end_mark.line >= len(lines):
            end = min(rules.end_mark.line, len(lines))
        while end > start + 1 and (
            not lines[end - 1].strip()
            or lines[end - 1].lstrip().startswith("#")
            or _indent(lines[end - 1]) < rules.value[0].start_mark.column
        ):
            end -= 1
        yield Span(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
