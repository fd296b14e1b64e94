"""Writes a policy as DMN 1.5, without loss: what DMN has no place for travels beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lamplighter.policy.dmn.diagram import add_diagram
from lamplighter.policy.dmn.extension import (
    NAMESPACE,
    put_text,
    put_values,
    put_words,
    tag,
    visible,
)
from lamplighter.policy.dmn.feel_text import (
    cell_text,
    domain_tests,
    feel_name,
    interval,
    literal,
)
from lamplighter.policy.domains import Domain, format_value
from lamplighter.policy.model import Input, Output, Policy, Rule, Table

if TYPE_CHECKING:
    from lxml.etree import _Element

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
TYPES = {
    "choice": "string",
    "boolean": "boolean",
    "number": "number",
    "date": "date",
    "duration": "days and time duration",
    "period": "years and months duration",
}


def policy_to_dmn(policy: Policy) -> str:
    """The policy as the XML text of a DMN 1.5 model; `policy_from_dmn` reads the same policy.

    Each input is an input data with its allowed values, each table a decision with a decision
    table; the decision `outcome` is the context of the outputs that the policy calls its outcome.
    A fact that nobody knows is null: the cells that accept it say so.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> text = policy_to_dmn(read_policy(shipped_policy("first_response")))
    >>> text.count("<decision ")
    4
    """
    return _Writer(policy).write()


@dataclass
class _Writer:
    policy: Policy
    # The names in the model of inputs and tables, which differ where FEEL could not read them.
    inputs: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    table_of: dict[str, Table] = field(default_factory=dict)

    def write(self) -> str:
        from lxml import etree

        policy = self.policy
        self.name_all()
        digest = hashlib.sha256(policy.name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        spaces: Any = {None: DMN, "lamp": NAMESPACE}  # The stubs know no default namespace.
        root = etree.Element(f"{{{DMN}}}definitions", nsmap=spaces)
        root.set("id", "policy")
        root.set("name", visible(policy.name))
        root.set("namespace", f"{NAMESPACE}:{digest}")
        root.set("exporter", "Lamplighter")
        if policy.about.en:
            self.add(root, "description").text = visible(policy.about.en)
        self.policy_extension(self.add(root, "extensionElements"))
        for declared in policy.inputs.values():
            self.item(root, f"t_{self.inputs[declared.name]}", declared.domain, declared)
        for table in policy.tables:
            for name, output in table.outputs.items():
                self.item(root, self.output_type(name), output.domain, None)
        for declared in policy.inputs.values():
            self.input_data(root, declared)
        for table in policy.tables:
            self.decision(root, table)
        self.outcome(root)
        add_diagram(root, [*self.inputs.values()], [*self.tables.values(), self.ids["outcome"]])
        etree.indent(root)
        text: str = etree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'

    def add(self, parent: _Element, kind: str, /, **attributes: str) -> _Element:
        from lxml import etree

        element = etree.SubElement(parent, f"{{{DMN}}}{kind}")
        for key, value in attributes.items():
            element.set(key, value)
        return element

    def text(self, parent: _Element, kind: str, text: str, /, **attributes: str) -> _Element:
        element = self.add(parent, kind, **attributes)
        self.add(element, "text").text = text
        return element

    def name_all(self) -> None:
        taken: set[str] = set()
        for name in self.policy.inputs:
            self.inputs[name] = feel_name(name, taken)
            taken.add(self.inputs[name])
        for table in self.policy.tables:
            self.tables[table.name] = feel_name(table.name, taken)
            taken.add(self.tables[table.name])
            self.table_of |= dict.fromkeys(table.outputs, table)
        self.ids["outcome"] = feel_name("outcome", taken)

    def output_type(self, name: str) -> str:
        return f"t_{self.tables[self.table_of[name].name]}_{self.output_name(name)}"

    def output_name(self, name: str) -> str:
        return feel_name(name, ())

    def policy_extension(self, parent: _Element) -> None:
        from lxml import etree

        policy = self.policy
        element = etree.SubElement(parent, tag("policy"))
        put_text(element, "name", policy.name)
        put_text(element, "version", policy.version)
        put_words(element, "title", policy.title)
        if policy.about.en:
            put_words(element, "about", policy.about)
        for name in policy.outcome:
            put_text(element, "outcome", name)
        for promise in policy.promises:
            made = etree.SubElement(element, tag("promise"))
            put_text(made, "id", promise.id)
            put_words(made, "says", promise.says)
            put_text(made, "never", promise.never)
            if promise.source:
                put_text(made, "source", promise.source)

    def item(self, root: _Element, name: str, domain: Domain, declared: Input | None) -> None:
        element = self.add(root, "itemDefinition", name=name)
        self.add(element, "typeRef").text = TYPES[domain.kind]
        tests = domain_tests(domain)
        if tests:
            maybe = declared is not None and not declared.always_known
            self.text(element, "allowedValues", f"{tests}, null" if maybe else tests)

    def domain_extension(self, element: _Element, domain: Domain) -> None:
        element.set("type", domain.kind)
        if domain.integer:
            element.set("integer", "true")
        if domain.range is not None:
            put_text(element, "range", interval(domain.range, domain))

    def input_data(self, root: _Element, declared: Input) -> None:
        from lxml import etree

        name = self.inputs[declared.name]
        element = self.add(root, "inputData", id=name, name=name, label=visible(declared.label.en))
        if declared.ask is not None:
            self.add(element, "description").text = visible(declared.ask.en)
        extension = etree.SubElement(self.add(element, "extensionElements"), tag("input"))
        self.domain_extension(extension, declared.domain)
        put_text(extension, "name", declared.name)
        put_words(extension, "label", declared.label)
        put_words(extension, "ask", declared.ask)
        put_words(extension, "help", declared.help)
        put_values(extension, declared.values)
        if declared.always_known:
            extension.set("alwaysKnown", "true")
        if declared.safety:
            extension.set("safety", "true")
        if declared.when_unknown is not None:
            put_text(extension, "whenUnknown", format_value(declared.when_unknown))
        self.add(element, "variable", name=name, typeRef=f"t_{name}")

    def requirement(self, element: _Element, name: str) -> None:
        inner = self.add(element, "informationRequirement")
        if name in self.policy.inputs:
            self.add(inner, "requiredInput", href=f"#{self.inputs[name]}")
        else:
            self.add(inner, "requiredDecision", href=f"#{self.tables[name]}")

    def decision(self, root: _Element, table: Table) -> None:
        from lxml import etree

        name = self.tables[table.name]
        element = self.add(root, "decision", id=name, name=name, label=visible(table.title.en))
        extension = etree.SubElement(self.add(element, "extensionElements"), tag("table"))
        put_text(extension, "name", table.name)
        put_words(extension, "title", table.title)
        self.add(element, "variable", name=name)
        needed = [
            column if column in self.policy.inputs else self.table_of[column].name
            for column in table.columns
        ]
        for one in dict.fromkeys(needed):
            self.requirement(element, one)
        made = self.add(element, "decisionTable", hitPolicy=table.hit.upper())
        if table.aggregate is not None:
            made.set("aggregation", table.aggregate.upper())
        for column in table.columns:
            clause = self.add(made, "input", label=visible(self.label_of(column)))
            kind = TYPES[self.domain_of(column).kind]
            self.text(clause, "inputExpression", self.reference(column), typeRef=kind)
        for output in table.outputs.values():
            self.output(made, output, table)
        for title in ("Rule", "Reason", "Source"):
            self.add(made, "annotation", name=title)
        for rule in table.rules:
            self.rule(made, table, rule)

    def label_of(self, column: str) -> str:
        declared = self.policy.inputs.get(column)
        return (declared or self.policy.output(column)).label.en

    def domain_of(self, column: str) -> Domain:
        declared = self.policy.inputs.get(column)
        return (declared or self.policy.output(column)).domain

    def reference(self, column: str) -> str:
        """What an expression writes for an input or for an output of a table."""
        if column in self.policy.inputs:
            return self.inputs[column]
        table = self.table_of[column]
        name = self.tables[table.name]
        return name if len(table.outputs) == 1 else f"{name}.{self.output_name(column)}"

    def output(self, made: _Element, output: Output, table: Table) -> None:
        from lxml import etree

        element = self.add(made, "output", name=self.output_name(output.name))
        element.set("label", visible(output.label.en))
        element.set("typeRef", self.output_type(output.name))
        extension = etree.SubElement(self.add(element, "extensionElements"), tag("output"))
        self.domain_extension(extension, output.domain)
        put_text(extension, "name", output.name)
        put_words(extension, "label", output.label)
        put_values(extension, output.values)
        tests = domain_tests(output.domain)
        if tests:
            self.text(element, "outputValues", tests)

    def rule(self, made: _Element, table: Table, rule: Rule) -> None:
        from lxml import etree

        element = self.add(made, "rule")
        extension = etree.SubElement(self.add(element, "extensionElements"), tag("rule"))
        put_text(extension, "id", rule.id)
        put_words(extension, "because", rule.because)
        put_text(extension, "source", rule.source)
        for column in table.columns:
            cell = rule.when.get(column)
            domain, declared = self.domain_of(column), self.policy.inputs.get(column)
            if declared is None and cell is not None:
                text = _never_unknown(cell_text(cell, domain, None))
            else:
                text = cell_text(cell, domain, declared)
            entry = self.text(element, "inputEntry", text)
            if cell is not None:
                # Before the text, where the schema has it.
                holder = self.add(entry, "extensionElements")
                put_text(holder, "cell", cell.text)
                entry.insert(0, holder)
        for name, output in table.outputs.items():
            self.text(element, "outputEntry", literal(rule.then[name], output.domain))
        for text in (rule.id, rule.because.en, rule.source):
            self.text(element, "annotationEntry", visible(text))

    def outcome(self, root: _Element) -> None:
        from lxml import etree

        name = self.ids["outcome"]
        element = self.add(root, "decision", id=name, name=name, label="Outcome")
        etree.SubElement(self.add(element, "extensionElements"), tag("outcome"))
        self.add(element, "variable", name=name)
        for table in self.policy.tables:
            if any(output in self.policy.outcome for output in table.outputs):
                self.requirement(element, table.name)
        context = self.add(element, "context")
        for output in self.policy.outcome:
            entry = self.add(context, "contextEntry")
            self.add(entry, "variable", name=self.output_name(output))
            self.text(entry, "literalExpression", self.reference(output))


def _never_unknown(text: str) -> str:
    """A cell on the output of a table, which is never null."""
    return text.replace(", null)", ")") if text.endswith(", null)") else text
