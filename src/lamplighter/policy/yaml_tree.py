"""YAML 1.2 with the place of every word, and the problems found while walking it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scanner import Scanner, ScannerError

from lamplighter.plain_yaml import compose_plain
from lamplighter.policy.cells import parse_number
from lamplighter.policy.domains import Value, format_value
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.sentences import Part, Said, nearest, say

# Nobody mends more at once, and a text that is all wrong is given up before it takes long.
MOST_PROBLEMS = 100
# That many brackets may be open at once; a policy needs a few.
MOST_BRACKETS = 20
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Place:
    """Where the reader stands: file, and as far as they apply table, rule and cell."""

    file: str
    problems: list[Problem] = field(repr=False)
    table: str | None = None
    rule: str | None = None
    cell: str | None = None

    def report(self, node: Node, message: Part) -> None:
        mark = node.start_mark
        self.problems.append(
            Problem(
                str(message),
                self.file,
                mark.line + 1,
                mark.column + 1,
                self.table,
                self.rule,
                self.cell,
                said=message if isinstance(message, Said) else None,
            )
        )
        if len(self.problems) >= MOST_PROBLEMS:
            raise PolicyError(self.problems)

    def at(
        self, *, table: str | None = None, rule: str | None = None, cell: str | None = None
    ) -> Place:
        return replace(
            self, table=table or self.table, rule=rule or self.rule, cell=cell or self.cell
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping and what stands behind it."""

    key: Node
    value: Node


class _ShallowScanner(Scanner):
    """Gives up where ruamel would take for ever, or fail with what is no error of YAML."""

    # At each sign ruamel looks at all brackets that are open: of hundreds, that takes minutes.
    def fetch_flow_collection_start(self, *token: Any, **bracket: Any) -> None:
        if self.flow_level == MOST_BRACKETS:
            raise RecursionError
        super().fetch_flow_collection_start(*token, **bracket)

    # A letter by a number that no letter has: "\UFFFFFFFF".
    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            mark = self.reader.get_mark()
            raise ScannerError(None, start_mark, "found no letter of this number", mark) from None


def shallow_yaml() -> YAML:
    """What reads a text of YAML from whoever wrote it; too many brackets are a RecursionError."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _ShallowScanner
    return yaml


def compose(text: str, file: str) -> Node:
    """The tree of a YAML text; a text that is not YAML is a `PolicyError`."""
    try:
        node: Node | None = compose_plain(text) or shallow_yaml().compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyError(
            [_problem(say("yaml.not", why=_why(error)), file, line, column)]
        ) from None
    except YAMLError:
        raise PolicyError([_problem(say("yaml.not-text"), file)]) from None
    except RecursionError:
        raise PolicyError([_problem(say("yaml.deep"), file)]) from None
    if node is None:
        raise PolicyError([_problem(say("yaml.empty"), file)])
    _refuse_what_misleads(node, Place(file, []))
    return node


def _problem(said: Said, file: str, line: int = 0, column: int = 0) -> Problem:
    return Problem(str(said), file, line, column, said=said)


# What the parser stumbles over, as it says it; the first that fits is told in plain words.
_STUMBLES = (
    ("expected ',' or ']'", say("yaml.why.list-open")),
    ("expected ',' or '}'", say("yaml.why.names-open")),
    ("expected <block end>", say("yaml.why.indented")),
    ("did not find expected", say("yaml.why.indented")),
    ("mapping values are not allowed", say("yaml.why.colon")),
    ("could not find expected ':'", say("yaml.why.no-colon")),
    ("found unexpected end of stream", say("yaml.why.quote")),
    ("that cannot start any token", say("yaml.why.sign")),
    ("undefined alias", say("yaml.why.alias")),
    ("no letter of this number", say("yaml.why.letter")),
)


def _why(error: MarkedYAMLError) -> Said:
    found = " ".join(f"{error.problem or ''} {error.context or ''}".split())
    return next((why for words, why in _STUMBLES if words in found), say("yaml.why.other"))


def _refuse_what_misleads(root: Node, place: Place) -> None:
    """A rule says what it says where it stands, in letters that can be written down.

    And a few aliases of aliases would fill any memory.
    """
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            place.report(node, say("yaml.alias"))
            raise PolicyError(place.problems)
        seen.add(id(node))
        if isinstance(node, ScalarNode) and (found := _UNWRITABLE.search(str(node.value))):
            place.report(node, say("yaml.no-letter" if found[0] == "\0" else "yaml.half-letter"))
            raise PolicyError(place.problems)
        if isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            waiting += [part for entry in node.value for part in entry]


def scalar(node: Node) -> Value | None:
    """The value of a scalar by the rules of YAML 1.2; None for null and for what is no scalar."""
    if not isinstance(node, ScalarNode):
        return None
    kind = str(node.tag).rpartition(":")[2]
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        # `!!bool yes` is no YAML 1.2, and must not be taken for false.
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind in ("int", "float"):
        try:
            return parse_number(text)
        except (ValueError, OverflowError):
            return text
    return text


def shown(node: Node) -> Part:
    """What stands there, for a sentence that names it."""
    value = scalar(node)
    return say("this") if value is None or value == "" else format_value(value)


def mapping(node: Node, place: Place, what: Part) -> dict[str, Entry]:
    """The entries of a mapping by key; the first of two equal keys stays, both are reported."""
    if not isinstance(node, MappingNode):
        place.report(node, say("mapping.none", what=what))
        return {}
    entries: dict[str, Entry] = {}
    for key, value in node.value:
        name = scalar(key)
        if not isinstance(name, str):
            shown = str(key.value) if isinstance(key, ScalarNode) else say("this")
            place.report(key, say("name.none", shown=shown))
        elif name in entries:
            first = entries[name].key.start_mark.line + 1
            place.report(key, say("written-twice", name=name, line=first))
        else:
            entries[name] = Entry(key, value)
    return entries


def fields(
    node: Node,
    place: Place,
    what: Part,
    *,
    required: Iterable[str] = (),
    optional: Iterable[str] = (),
) -> dict[str, Entry]:
    """The entries of a mapping whose keys are fixed; misspelt and missing ones are reported."""
    entries = mapping(node, place, what)
    required = list(required)
    known = [*required, *optional]
    for name, entry in entries.items():
        if name not in known:
            hint = nearest(name, known)
            place.report(entry.key, say("field.unknown", what=what, name=name, hint=hint))
    if isinstance(node, MappingNode):
        for name in required:
            if name not in entries:
                place.report(node, say("field.missing", what=what, name=name))
    return {name: entry for name, entry in entries.items() if name in known}


def check_kind(root: Node, place: Place, what: Part, required: Iterable[str]) -> None:
    """Refuse a file of another kind in one sentence: it has no field that it must have."""
    required = list(required)
    names = {scalar(key) for key, _ in root.value} if isinstance(root, MappingNode) else set()
    if names and names.isdisjoint(required):
        place.report(root, say("file.other", what=what, names=", ".join(required)))
        raise PolicyError(place.problems)


def items(node: Node, place: Place, what: Part) -> list[Node]:
    """The items of a list."""
    if not isinstance(node, SequenceNode):
        place.report(node, say("list.none", what=what))
        return []
    return list(node.value)


def text(entry: Entry | None, place: Place, what: Part) -> str:
    """A plain text that is not empty; numbers and dates count as their text."""
    if entry is None:
        return ""
    node = entry.value
    if not isinstance(node, ScalarNode) or not str(node.value).strip():
        place.report(node, say("text.empty", what=what))
        return ""
    return str(node.value).strip()


def one_line(entry: Entry | None, place: Place, what: Part) -> str:
    """A plain text by which something is called: it stands in the middle of sentences."""
    found = text(entry, place, what)
    if entry is not None and len(found.splitlines()) > 1:
        place.report(entry.value, say("more-lines", what=what))
    return found


def written(node: Node, name: str) -> str | None:
    """The text of a field, looked up before the mapping is checked: to say which rule is meant."""
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if scalar(key) == name and isinstance(value, ScalarNode):
            return " ".join(str(value.value).split()) or None
    return None


def flag(entries: Mapping[str, Entry], name: str, place: Place) -> bool:
    """A field that is true or false, false where it is left out."""
    if name not in entries:
        return False
    value = scalar(entries[name].value)
    if not isinstance(value, bool):
        place.report(entries[name].value, say("flag", name=name))
        return False
    return value
