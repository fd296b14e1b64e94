"""Reads a policy file; everything that is wrong with it is found in one go."""

from __future__ import annotations

from codecs import BOM_UTF8
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from lamplighter.policy.declarations import read_input, read_words, spoken
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.foreign import refuse_foreign
from lamplighter.policy.model import (
    Policy,
    Promise,
    Table,
    Words,
)
from lamplighter.policy.never import Scope, gathered, never_problem
from lamplighter.policy.sentences import nearest, say
from lamplighter.policy.table_reader import Declared, TableReader
from lamplighter.policy.yaml_tree import (
    Entry,
    Place,
    check_kind,
    compose,
    fields,
    items,
    mapping,
    one_line,
    scalar,
    shown,
    text,
)

# How the forms begin that are imported.
_OTHER_FORMS = {b"[policy]": "a sheet", b'"[policy]"': "a sheet", b"<": "XML, as DMN models are"}


def read_policy(path: str | Path) -> Policy:
    """Read the policy at `path`; a `PolicyError` names everything that is wrong."""
    path = Path(path)

    def refuse(message: str) -> PolicyError:
        return PolicyError([Problem(message, str(path), 0, 0)])

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise refuse("there is no such file; check the path") from None
    except OSError as error:
        raise refuse(f"the file cannot be opened ({error.strerror}); check the path") from None
    refuse_foreign(content, str(path))
    for start, what in _OTHER_FORMS.items():
        if content.removeprefix(BOM_UTF8).lstrip().startswith(start):
            raise refuse(f"this is {what}; make a policy file of it with lamplighter policy import")
    try:
        return parse_policy(content.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "this line is not UTF-8; save the file as UTF-8"
        raise PolicyError([Problem(message, str(path), line, 1)]) from None


def parse_policy(text: str, *, name: str = "<text>") -> Policy:
    """Read a policy from its text; `name` stands for the file in the problems.

    A text that was read a moment ago gives the same policy again: it is never changed.
    """
    return _parse(text, name)


# A city reads few texts again and again: what is in force, a draft, what it is compared with.
@lru_cache(maxsize=16)
def _parse(text: str, name: str) -> Policy:
    try:
        return _Reader(text, name).read()
    except PolicyError as error:
        raise PolicyError(sorted(error.problems, key=lambda p: (p.line, p.column))) from None


class _Reader:
    """A policy that is being read; problems gather in `self.problems`."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.top = Place(file, self.problems)
        self.declared = Declared()

    def read(self) -> Policy:
        root = compose(self.text, self.top.file)
        required = ["policy", "version", "inputs", "tables"]
        check_kind(root, self.top, say("what.policy"), required)
        entries = fields(
            root,
            self.top,
            say("what.policy"),
            required=required,
            optional=["title", "about", "outcome", "promises"],
        )
        name = one_line(entries.get("policy"), self.top, say("what.name"))
        version = one_line(entries.get("version"), self.top, say("what.version"))
        title = read_words(entries.get("title"), self.top, say("what.policy-title"))
        about = read_words(entries.get("about"), self.top, say("what.about"))
        self.read_inputs(entries.get("inputs"))
        tables = TableReader(self.top, self.declared).read_tables(entries.get("tables"))
        outcome = self.read_outcome(entries.get("outcome"), tables)
        promises = self.read_promises(entries.get("promises"), tables)
        if self.problems:
            raise PolicyError(self.problems)
        return Policy(
            name=name,
            version=version,
            title=title or spoken(name),
            about=about or Words(""),
            inputs=MappingProxyType(self.declared.inputs),
            tables=tuple(tables),
            outcome=outcome,
            promises=promises,
            text=self.text,
        )

    def read_inputs(self, entry: Entry | None) -> None:
        if entry is None:
            return
        entries = mapping(entry.value, self.top, "inputs")
        if not entries:
            self.top.report(entry.value, say("inputs.none"))
        for name, declared in entries.items():
            self.declared.refuse_look_alike(name, declared, self.top)
            found = read_input(name, declared, self.top)
            if found is None:
                self.declared.unreadable[name] = None
            else:
                self.declared.inputs[name] = found

    def read_outcome(self, entry: Entry | None, tables: list[Table]) -> tuple[str, ...]:
        every = tuple(name for table in tables for name in table.outputs)
        if entry is None:
            return every
        chosen: list[str] = []
        for node in items(entry.value, self.top, "outcome"):
            name = scalar(node)
            if name not in every:
                if name not in self.declared.unreadable:
                    hint = nearest(str(name), every)
                    self.top.report(node, say("outcome.unknown", name=shown(node), hint=hint))
            elif name in chosen:
                self.top.report(node, say("outcome.twice", name=name))
            else:
                chosen.append(str(name))
        if not chosen and not self.problems:
            self.top.report(entry.value, say("outcome.empty"))
        return tuple(name for name in every if name in chosen)

    def read_promises(self, entry: Entry | None, tables: list[Table]) -> tuple[Promise, ...]:
        if entry is None:
            return ()
        promises: list[Promise] = []
        lines: dict[str, int] = {}
        for node in items(entry.value, self.top, "promises"):
            parts = fields(
                node,
                self.top,
                say("what.promise"),
                required=["id", "says", "never"],
                optional=["source"],
            )
            name = one_line(parts.get("id"), self.top, say("what.promise-id"))
            line = node.start_mark.line + 1
            if name in lines:
                self.top.report(node, say("promise.twice", name=name, line=lines[name]))
            lines.setdefault(name, line)
            says = read_words(parts.get("says"), self.top, say("what.says", name=name))
            never = text(parts.get("never"), self.top, say("what.never", name=name))
            source = text(parts.get("source"), self.top, say("what.promise-source", name=name))
            self.read_never(name, parts.get("never"), tables)
            promises.append(Promise(name, says or Words(""), never, source, line))
        return tuple(promises)

    def read_never(self, promise: str, entry: Entry | None, tables: list[Table]) -> None:
        if entry is None:
            return
        outputs = {name: output for name, (_, output) in self.declared.outputs.items()}
        unreadable = frozenset(self.declared.unreadable)
        scope = Scope(self.declared.inputs, outputs, gathered(tables), unreadable)
        wrong = never_problem(entry.value, self.text, scope)
        if wrong is not None:
            said, line, column = wrong
            self.problems.append(
                Problem(str(said), self.top.file, line, column, promise=promise or None, said=said)
            )
