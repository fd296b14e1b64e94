"""Where a fact or an answer is used: its cells, what rules give, the outcome, the promises."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from lamplighter.city.policies.rule_text import ANYTHING
from lamplighter.city.policies.yaml_text import (
    as_key,
    as_value,
    entries,
    items,
    pairs,
    plain,
    quoted,
    tree_of,
)
from lamplighter.policy.renaming import renamed_in_cell, renamed_in_never

from .entry import folded
from .lines import last_line

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Uses:
    """The rules and the promises, by name, that speak of something."""

    rules: tuple[str, ...]
    promises: tuple[str, ...]


@dataclass(frozen=True)
class _Splice:
    start: int
    end: int
    text: str


def uses_of(root: Node | None, names: frozenset[str]) -> dict[str, Uses]:
    """Which rules test, and which promises name, each input and output."""
    rules: dict[str, list[str]] = {name: [] for name in names}
    promises: dict[str, list[str]] = {name: [] for name in names}
    for _table, rule in _rules(root):
        for name, cell in entries(entries(rule).get("when")).items():
            if name in rules and str(plain(cell) or "").strip() not in ANYTHING:
                rules[name].append(str(plain(entries(rule).get("id")) or ""))
    for promise in items(entries(root).get("promises")):
        inner = entries(promise)
        for word in set(_WORD.findall(re.sub(r'"[^"]*"', "", str(plain(inner.get("never")))))):
            if word in promises:
                promises[word].append(str(plain(inner.get("id")) or ""))
    return {name: Uses(tuple(rules[name]), tuple(promises[name])) for name in names}


def renamed(text: str, was: str, name: str, values: Mapping[str, str], table: str) -> str:
    """The text with an input (or an output of `table`) under another name wherever it is used.

    `values` has the new name of each value that has one. Its own declaration is left as it is.
    """
    root = tree_of(text)
    found: list[_Splice] = []
    for owner, rule in _rules(root):
        inner = entries(rule)
        flow = bool(rule.flow_style)
        for key, value in _named(inner.get("when"), was):
            found.append(_Splice(key.start_mark.index, key.end_mark.index, as_key(name)))
            test = str(plain(value) or "")
            new = renamed_in_cell(test, values) if isinstance(value, ScalarNode) else test
            if new != test:
                when = inner["when"]
                found.append(_scalar(text, value, new, key, flow or bool(when.flow_style)))
        for key, value in _named(inner.get("then") if owner == table else None, was):
            found.append(_Splice(key.start_mark.index, key.end_mark.index, as_key(name)))
            given = str(plain(value) or "")
            if given in values:
                end = _end(text, value)
                found.append(_Splice(value.start_mark.index, end, as_value(values[given])))
    for one in items(entries(root).get("outcome")) if table else []:
        if plain(one) == was:
            found.append(_Splice(one.start_mark.index, one.end_mark.index, as_key(name)))
    for promise in items(entries(root).get("promises")):
        for key, value in _named(promise, "never"):
            never = str(plain(value) or "")
            new = renamed_in_never(never, {was: name}, {was: values})
            if new != never and isinstance(value, ScalarNode):
                found.append(_scalar(text, value, new, key, bool(promise.flow_style)))
    return _spliced(text, found)


def without(text: str, name: str, table: str) -> str:
    """The text in which no rule tests an input or gives an output; promises stay as they are."""
    root = tree_of(text)
    lines = text.split("\n")
    found: list[_Splice] = []
    for owner, rule in _rules(root):
        for part in ("when", "then"):
            if part in pairs(rule) and (part == "when" or owner == table):
                found += _dropped(text, lines, *pairs(rule)[part], name)
    text = _spliced(text, found)
    outcome = outcome_of(root)
    if table and "outcome" in entries(root) and name in outcome:
        text = with_outcome(text, [one for one in outcome if one != name])
    return text


def without_column(text: str, table: str, name: str) -> str:
    """The text in which no rule of this table tests an input or an earlier output."""
    lines = text.split("\n")
    found: list[_Splice] = []
    for owner, rule in _rules(tree_of(text)):
        if owner == table and "when" in pairs(rule):
            found += _dropped(text, lines, *pairs(rule)["when"], name)
    return _spliced(text, found)


def fresh_rule(text: str) -> str:
    """A name that no rule of the text has yet."""
    taken = {plain(entries(rule).get("id")) for _table, rule in _rules(tree_of(text))}
    names = (f"new-rule-{number}" if number > 1 else "new-rule" for number in count(1))
    return next(name for name in names if name not in taken)


def outcome_of(root: Node | None) -> list[str]:
    """The outputs that are the answer: those that the text lists, or all."""
    listed = entries(root).get("outcome")
    if listed is not None:
        return [plain(one) for one in items(listed)]
    tables = entries(entries(root).get("tables")).values()
    return [name for table in tables for name in entries(entries(table).get("outputs"))]


def with_outcome(text: str, names: Sequence[str]) -> str:
    """The text that lists these outputs as the answer."""
    root = tree_of(text)
    lines = text.split("\n")
    written = f"[{', '.join(as_key(name) for name in names)}]"
    if "outcome" in pairs(root):
        return _spliced(text, _behind(text, lines, *pairs(root)["outcome"], written))
    above = entries(root).get("inputs") or entries(root)["tables"]
    end = _end(text, above, lines)
    return _spliced(text, [_Splice(end, end, f"\n\noutcome: {written}")])


def with_answer(text: str, table: str, name: str, given: str) -> str:
    """The text in which every rule of a table gives this for an output that is new."""
    lines = text.split("\n")
    found: list[_Splice] = []
    for owner, rule in _rules(tree_of(text)):
        node = entries(rule).get("then")
        if owner == table and name not in entries(node):
            found += _added(text, lines, node, [f"{as_key(name)}: {as_value(given)}"])
    return _spliced(text, found)


def with_columns(text: str, names: Sequence[str]) -> str:
    """The lines of one rule in which it names these facts and earlier answers, whatever they are.

    That is how a column stands in a text in which no rule tests it: a dash says nothing.
    """
    lines = text.split("\n")
    found: list[_Splice] = []
    for rule in items(tree_of(text)):
        when = entries(rule).get("when")
        cells = [f'{as_key(name)}: "-"' for name in names if name not in entries(when)]
        if when is None:
            cells, when = [f"when: {{{', '.join(cells)}}}"], rule
        found += _added(text, lines, when, cells)
    return _spliced(text, found)


def _rules(root: Node | None) -> Iterator[tuple[str, Node]]:
    for name, table in entries(entries(root).get("tables")).items():
        for rule in items(entries(table).get("rules")):
            if isinstance(rule, MappingNode):
                yield name, rule


def _named(node: Node | None, name: str) -> Iterator[tuple[Node, Node]]:
    found = pairs(node).get(name)
    if found is not None:
        yield found


def _behind(text: str, lines: list[str], key: Node, node: Node, written: str) -> list[_Splice]:
    """What writes a value anew on the line of its key; remarks between the two stay."""
    at = text.index(":", key.end_mark.index) + 1
    stood = len(text[: node.start_mark.index].rstrip())
    return [_Splice(at, at, f" {written}"), _Splice(stood, _end(text, node, lines), "")]


def _added(text: str, lines: list[str], node: Node | None, ones: Sequence[str]) -> list[_Splice]:
    """What puts entries at the end of a mapping."""
    if not isinstance(node, MappingNode) or not ones:
        return []
    if node.flow_style:
        at = node.value[-1][1].end_mark.index if node.value else node.end_mark.index - 1
        return [_Splice(at, at, (", " if node.value else "") + ", ".join(ones))]
    at = _end(text, node, lines)
    pad = " " * node.start_mark.column
    return [_Splice(at, at, "".join(f"\n{pad}{one}" for one in ones))]


def _dropped(text: str, lines: list[str], head: Node, node: Node, name: str) -> list[_Splice]:
    """What takes one entry out of the mapping that stands behind `head`."""
    inside = list(pairs(node).items())
    at = next((n for n, (key, _) in enumerate(inside) if key == name), None)
    if at is None:
        return []
    if len(inside) == 1:
        return _behind(text, lines, head, node, "{}")
    key, value = inside[at][1]
    if not node.flow_style:
        begin = key.start_mark.index
        after = inside[at + 1][1][0].start_mark.index if at + 1 < len(inside) else None
        if after is not None:
            return [_Splice(begin, after, "")]
        return [_Splice(len(text[:begin].rstrip()), _end(text, value, lines), "")]
    if at + 1 < len(inside):
        return [_Splice(key.start_mark.index, inside[at + 1][1][0].start_mark.index, "")]
    before = inside[at - 1][1][1]
    return [_Splice(before.end_mark.index, value.end_mark.index, "")]


def _scalar(text: str, node: Node, new: str, key: Node, flow: bool) -> _Splice:
    """Another text in the place of this one, on several lines where it was or is too long."""
    pad = " " * key.start_mark.column
    written = quoted(new)
    if not flow and (node.style in ("|", ">") or len(pad) + len(written) > 90):
        written = "\n".join(folded("", new, pad))[len(pad) + 2 :]
    return _Splice(node.start_mark.index, _end(text, node), written)


def _end(text: str, node: Node, lines: list[str] | None = None) -> int:
    """Where what stands of a node ends: blanks and remarks after it are not of it."""
    if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
        return int(node.end_mark.index)
    if getattr(node, "flow_style", False):
        return int(node.end_mark.index)
    lines = text.split("\n") if lines is None else lines
    last = last_line(node, lines)
    return sum(len(line) + 1 for line in lines[: last + 1]) - 1


def _spliced(text: str, splices: list[_Splice]) -> str:
    out, at = [], 0
    for one in sorted(splices, key=lambda one: one.start):
        out += [text[at : one.start], one.text]
        at = one.end
    return "".join(out) + text[at:]
