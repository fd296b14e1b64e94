"""All that a text declares, for the page, and which field a line of the text belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml.nodes import Node

from lamplighter.city.policies.yaml_text import entries, items, pairs, plain, tree_of

from .changing import declared_names
from .forms import Kind, read_declared, read_promised, read_tabled, to_json
from .lines import last_line
from .uses import Uses, outcome_of, uses_of


@dataclass(frozen=True)
class Field:
    """A field of a declaration: lines `start` to `end` of the text (from 0, both included).

    `value` is the value of a choice that stands there.
    """

    kind: Kind
    name: str
    table: str
    field: str
    value: str
    start: int
    end: int


def declared_in(text: str) -> dict[str, Any]:
    """The tables, inputs, outputs and promises of a text as forms show them, with their uses."""
    root = tree_of(text)
    uses = uses_of(root, frozenset(declared_names(root)))
    none = Uses((), ())
    outcome = outcome_of(root)

    def row(name: str, node: Node, table: str) -> dict[str, Any]:
        used = uses.get(name, none)
        told = to_json(read_declared(name, plain(node)))
        told["outcome"] = name in outcome
        return told | {"table": table, "rules": list(used.rules), "promises": list(used.promises)}

    def table_row(name: str, node: Node) -> dict[str, Any]:
        inner = entries(node)
        used = [uses.get(output, none) for output in entries(inner.get("outputs"))]
        told = {part: plain(one) for part, one in inner.items() if part != "rules"}
        return to_json(read_tabled(name, told)) | {
            "rules": list(dict.fromkeys(rule for one in used for rule in one.rules)),
            "promises": list(dict.fromkeys(one for two in used for one in two.promises)),
        }

    tables = entries(entries(root).get("tables"))
    return {
        "tables": [table_row(name, node) for name, node in tables.items()],
        "inputs": [row(n, node, "") for n, node in entries(entries(root).get("inputs")).items()],
        "outputs": [
            row(name, node, table)
            for table, told in tables.items()
            for name, node in entries(entries(told).get("outputs")).items()
        ],
        "promises": [
            to_json(read_promised(plain(one))) for one in items(entries(root).get("promises"))
        ],
    }


def field_at(text: str, line: int) -> Field | None:
    """The field in which a line of the text stands (lines from 1); the narrowest one."""
    found = [one for one in _fields(text) if one.start <= line - 1 <= one.end]
    return min(found, key=lambda one: one.end - one.start, default=None)


@lru_cache(maxsize=8)
def _fields(text: str) -> tuple[Field, ...]:
    return tuple(_all_fields(tree_of(text), text.split("\n")))


def _all_fields(root: Node | None, lines: list[str]) -> Iterator[Field]:
    for name, pair in pairs(entries(root).get("inputs")).items():
        yield from _of_declaration("input", name, "", pair, lines)
    for table, pair in pairs(entries(root).get("tables")).items():
        yield Field("table", table, "", "name", "", *_span(pair, lines))
        for field, inner in pairs(pair[1]).items():
            yield Field("table", table, "", field, "", *_span(inner, lines))
        for name, output in pairs(entries(pair[1]).get("outputs")).items():
            yield from _of_declaration("output", name, table, output, lines)
    for one in items(entries(root).get("promises")):
        name = str(plain(entries(one).get("id")) or "")
        for field, pair in pairs(one).items():
            yield Field("promise", name, "", field, "", *_span(pair, lines))


def _of_declaration(
    kind: Kind, name: str, table: str, pair: tuple[Node, Node], lines: list[str]
) -> Iterator[Field]:
    yield Field(kind, name, table, "name", "", *_span(pair, lines))
    for field, inner in pairs(pair[1]).items():
        yield Field(kind, name, table, field, "", *_span(inner, lines))
        if field == "values":
            for value, at in pairs(inner[1]).items():
                yield Field(kind, name, table, field, value, *_span(at, lines))


def _span(pair: tuple[Node, Node], lines: list[str]) -> tuple[int, int]:
    start = int(pair[0].start_mark.line)
    return start, max(int(pair[0].end_mark.line), last_line(pair[1], lines))
