"""Reads what a DMN file declares as the inputs and outputs of a policy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lamplighter.policy.dmn import extension as ours
from lamplighter.policy.dmn.cells_in import Unreadable, read_domain
from lamplighter.policy.dmn.xml import Source, line_of
from lamplighter.policy.feel.lexer import normal_name

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass
class Column:
    """An input of the policy or an output of a table, as its cells need it."""

    name: str
    domain: Any
    may_be_unknown: bool = False
    when_unknown: Any = None


@dataclass
class Declarations:
    """A file that is being read: the columns that its tables may use, and the names taken."""

    definitions: _Element
    source: Source
    types: dict[str, _Element] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    lines: dict[tuple[str, str | None], int] = field(default_factory=dict)
    rule_ids: set[str] = field(default_factory=set)

    def new_name(self, written: str) -> str:
        """A name as a policy has them: letters, digits and underscores."""
        plain = re.sub(r"\W+", "_", written.strip()).strip("_") or "x"
        if not plain.isidentifier():
            plain = f"_{plain}"
        while plain in self.names:
            plain += "_"
        self.names.add(plain)
        return plain

    def extension(self, element: _Element, name: str) -> _Element | None:
        return ours.find(self.source.child(element, "extensionElements"), name)

    def declared(self, holder: _Element, kinds: list[_Element | None], what: str) -> Any:
        """The domain that one of the elements declares; reported at `holder` where none does."""
        try:
            return read_domain(self.source, self.types, kinds)
        except Unreadable as error:
            self.source.report(holder, f"{what} {error}")
            return None

    def inputs(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for element in self.source.children(self.definitions, "inputData"):
            variable = self.source.child(element, "variable")
            written = normal_name(
                (None if variable is None else variable.get("name")) or element.get("name") or ""
            )
            own = self.extension(element, "input")
            name = ours.text_of(own, "name")
            if name is None or name in self.names:
                name = self.new_name(written)
            self.names.add(name)
            kinds = [variable, *self.clauses(written)]
            domain = self.declared(element, kinds, f"the input {written}")
            if domain is None:
                continue
            self.lines["", name] = line_of(element)
            column = Column(name, domain, may_be_unknown=True)
            tree = self.domain_tree(domain, own)
            label = ours.words_of(own, "label") or {"en": element.get("label") or written}
            tree["label"] = label
            for key in ("ask", "help"):
                words = ours.words_of(own, key)
                if words:
                    tree[key] = words
            if own is not None and own.get("alwaysKnown") == "true":
                tree["always known"] = True
                column.may_be_unknown = False
            if own is not None and own.get("safety") == "true":
                tree["safety"] = True
            when_unknown = ours.text_of(own, "whenUnknown")
            if when_unknown is not None:
                column.when_unknown = _typed(when_unknown, domain)
                tree["when unknown"] = column.when_unknown
            made[name] = tree
            self.columns[written] = column
        return made

    def clauses(self, written: str) -> list[_Element | None]:
        """The table columns on an input: they may say its values where its type does not."""
        tag = f"{{{self.source.namespace}}}"
        return [
            clause
            for clause in self.definitions.iterfind(f".//{tag}decisionTable/{tag}input")
            if normal_name(self.source.text(self.source.child(clause, "inputExpression")))
            == written
        ]

    def domain_tree(self, domain: Any, own: _Element | None) -> dict[str, Any]:
        tree: dict[str, Any] = {"type": domain.kind}
        if domain.kind == "choice":
            labels = ours.values_of(own)
            tree["values"] = {
                value: labels.get(value) or {"en": value.strip() or value}
                for value in domain.values
            }
        if domain.range is not None:
            from lamplighter.policy.writer import range_text

            tree["range"] = range_text(domain)
        if domain.kind == "number" and own is not None and own.get("integer") == "true":
            tree["integer"] = True
        return tree

    def decision_name(self, element: _Element) -> str:
        variable = self.source.child(element, "variable")
        named = None if variable is None else variable.get("name")
        return normal_name(named or element.get("name") or "")

    def result(self, output: Column, hit: str, aggregate: str | None) -> Column:
        """What later tables see: of an aggregate a number, which may be any."""
        if aggregate in ("COUNT", "SUM") and hit == "COLLECT":
            from lamplighter.policy.domains import Domain, Interval

            anything = Interval(float("-inf"), float("inf"), False, False)
            if aggregate == "COUNT":
                return Column(output.name, Domain("number", range=anything))
            return Column(output.name, replace(output.domain, range=anything))
        return output

    def output(
        self, written: str, element: _Element, clause: _Element, alone: bool
    ) -> tuple[Column | None, dict[str, Any]]:
        own = self.extension(clause, "output")
        shown = clause.get("name") or written
        name = ours.text_of(own, "name")
        if name is None or name in self.names:
            name = self.new_name(shown)
        self.names.add(name)
        variable = self.source.child(element, "variable") if alone else None
        domain = self.declared(clause, [clause, variable], f"the output {shown} of {written}")
        if domain is None:
            return None, {}
        tree = self.domain_tree(domain, own)
        label = clause.get("label") or element.get("label") if alone else clause.get("label")
        tree["label"] = ours.words_of(own, "label") or {"en": label or shown}
        return Column(name, domain), tree


def _typed(text: str, domain: Any) -> Any:
    """A value as it was written by `format_value`."""
    if domain.kind == "boolean":
        return text == "true"
    if domain.kind == "number":
        from lamplighter.policy.cells import parse_number

        try:
            return parse_number(text)
        except ValueError:
            return text
    return text
