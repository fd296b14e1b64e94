"""Reads a DMN file as a policy, where it is decision tables over declared values."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.policy.dmn import extension as ours
from lamplighter.policy.dmn.cells_in import CellText, Unreadable, read_cell, read_value
from lamplighter.policy.dmn.declared import Column, Declarations
from lamplighter.policy.dmn.table import HIT_POLICIES
from lamplighter.policy.dmn.undeclared import declare_inputs
from lamplighter.policy.dmn.xml import line_of, parse_definitions
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.feel.lexer import normal_name

if TYPE_CHECKING:
    from lxml.etree import _Element

    from lamplighter.policy.model import Policy

_AGGREGATES = ("SUM", "MIN", "MAX", "COUNT")
_NO_REASON = "The model gives no reason."


def policy_from_dmn(path: str | Path) -> Policy:
    """The policy in a DMN file; a `PolicyError` names everything that keeps it from being one.

    Inputs and outputs that are texts need their values declared; numbers, dates and durations may
    have one interval. Every decision must be a decision table whose columns are inputs or
    results of other tables. What a policy says beyond that is read where `policy_to_dmn` put it;
    elsewhere labels are the names in the model, and reasons its annotations.

    >>> policy_from_dmn("tests/policy/models/desk.dmn").outcome
    ('responder',)
    """
    from lamplighter.policy.dmn.reader import read_model
    from lamplighter.policy.reader import parse_policy
    from lamplighter.policy.writer import policy_to_yaml

    # What is no model that can be run is no policy; the sentences are the same.
    read_model(path, imports=False)
    definitions, source = parse_definitions(path)
    declare_inputs(definitions, source)
    reader = _PolicyReader(definitions, source)
    tree = reader.read()
    if source.problems:
        raise PolicyError(sorted(source.problems, key=lambda problem: problem.line))
    try:
        policy = parse_policy(_as_json(tree), name=str(path))
        return parse_policy(policy_to_yaml(policy), name=str(path))
    except PolicyError as error:
        raise PolicyError([reader.placed(problem) for problem in error.problems]) from None


def _as_json(tree: dict[str, Any]) -> str:
    """The tree as JSON, which is YAML but for the characters that YAML wants escaped."""
    text = json.dumps(tree, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in text)


class _PolicyReader(Declarations):
    """Reads tables and rules."""

    def read(self) -> dict[str, Any]:
        holder = self.source.child(self.definitions, "extensionElements")
        policy = ours.find(holder, "policy")
        name = ours.text_of(policy, "name") or self.definitions.get("name") or "policy"
        tree: dict[str, Any] = {
            "policy": name,
            "version": ours.text_of(policy, "version") or "1",
        }
        for key in ("title", "about"):
            words = ours.words_of(policy, key)
            if words:
                tree[key] = words
        if policy is None:
            about = self.source.child(self.definitions, "description")
            if about is not None and (about.text or "").strip():
                tree["about"] = {"en": (about.text or "").strip()}
        self.types = {
            normal_name(one.get("name", "")): one
            for one in self.source.children(self.definitions, "itemDefinition")
        }
        tree["inputs"] = self.inputs()
        tree["tables"] = self.tables()
        promises = [] if policy is None else list(policy.iterfind(ours.tag("promise")))
        if promises:
            tree["promises"] = [self.promise(one) for one in promises]
        if policy is not None:
            outcome = [
                text
                for element in policy.iterfind(ours.tag("outcome"))
                if (text := _text(element)) is not None
            ]
            if outcome:
                tree["outcome"] = outcome
        return tree

    def placed(self, problem: Problem) -> Problem:
        """A problem of the policy at its line of the DMN file."""
        line = self.lines.get((problem.table or "", problem.rule))
        line = line or self.lines.get((problem.table or "", None)) or 0
        return replace(problem, line=line, column=0)

    def promise(self, element: _Element) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": ours.text_of(element, "id") or "",
            "says": ours.words_of(element, "says"),
            "never": ours.text_of(element, "never") or "",
        }
        source = ours.text_of(element, "source")
        return {**made, "source": source} if source else made

    def tables(self) -> dict[str, Any]:
        decisions = {
            one.get("id") or one.get("name") or "": one
            for one in self.source.children(self.definitions, "decision")
            if self.extension(one, "outcome") is None
        }
        for kind in ("businessKnowledgeModel", "decisionService"):
            for element in self.source.children(self.definitions, kind):
                self.source.report(
                    element, "a policy has no functions or services; it is tables only"
                )
        made: dict[str, Any] = {}
        for element in self.in_order(decisions):
            table = self.source.child(element, "decisionTable")
            written = self.decision_name(element)
            if table is None:
                self.source.report(
                    element,
                    f"the decision {written} is not a decision table, as in a policy all are; "
                    "write it as a table, or take it out",
                )
                continue
            own = self.extension(element, "table")
            name = ours.text_of(own, "name") or _plain(written)
            while name in made:
                name += "_"
            self.lines[name, None] = line_of(element)
            made[name] = self.table(name, written, element, table, own)
        if not decisions:
            self.source.report(self.definitions, "the model decides nothing; a policy has a table")
        return made

    def in_order(self, decisions: dict[str, _Element]) -> list[_Element]:
        """Tables after those whose results they use, otherwise as they stand in the file."""
        order: list[_Element] = []
        seen: set[str] = set()

        def visit(key: str, depth: int) -> None:
            if key in seen or key not in decisions or depth > len(decisions):
                return
            seen.add(key)
            for requirement in self.source.children(decisions[key], "informationRequirement"):
                needed = self.source.child(requirement, "requiredDecision")
                if needed is not None:
                    visit(needed.get("href", "").rpartition("#")[2], depth + 1)
            order.append(decisions[key])

        for key in decisions:
            visit(key, 0)
        return order

    def table(
        self, name: str, written: str, element: _Element, table: _Element, own: _Element | None
    ) -> dict[str, Any]:
        title = ours.words_of(own, "title") or {"en": element.get("label") or written}
        hit = table.get("hitPolicy", "UNIQUE").upper()
        aggregate = table.get("aggregation")
        hit_text = hit.lower() if hit in HIT_POLICIES else "unique"
        if hit == "COLLECT" and aggregate in _AGGREGATES:
            hit_text += f" {aggregate.lower()}"
        columns = [self.column(clause) for clause in self.source.children(table, "input")]
        clauses = list(self.source.children(table, "output"))
        outputs: dict[str, Any] = {}
        domains: list[Column | None] = []
        for clause in clauses:
            output, tree = self.output(written, element, clause, len(clauses) == 1)
            domains.append(output)
            if output is not None:
                outputs[output.name] = tree
                reference = written if len(clauses) == 1 else f"{written}.{clause.get('name', '')}"
                self.columns[reference] = self.result(output, hit, aggregate)
        rules = []
        for number, rule in enumerate(self.source.children(table, "rule"), 1):
            rules.append(self.rule(name, number, rule, columns, domains))
        rules += self.default_rule(name, clauses, domains, hit)
        return {"title": title, "hit": hit_text, "outputs": outputs, "rules": rules}

    def column(self, clause: _Element) -> Column | None:
        expression = normal_name(self.source.text(self.source.child(clause, "inputExpression")))
        found = self.columns.get(re.sub(r"\s*\.\s*", ".", expression))
        if found is None and not self.source.problems:
            self.source.report(
                clause,
                f"the column {expression} is neither an input nor the result of a table; "
                "a policy has no other columns",
            )
        return found

    def rule(
        self,
        table: str,
        number: int,
        element: _Element,
        columns: list[Column | None],
        outputs: list[Column | None],
    ) -> dict[str, Any]:
        own = self.extension(element, "rule")
        rule_id = ours.text_of(own, "id") or element.get("id") or f"{table}-{number}"
        while rule_id in self.rule_ids:
            rule_id += f"-{number}"
        self.rule_ids.add(rule_id)
        self.lines[table, rule_id] = line_of(element)
        when: dict[str, str] = {}
        for column, entry in zip(
            columns, self.source.children(element, "inputEntry"), strict=False
        ):
            if column is not None:
                cell = self.cell(
                    column, entry, f"table {table}, rule {rule_id}, cell {column.name}"
                )
                if cell is not None:
                    when[column.name] = cell
        then = {
            output.name: self.value(output, entry, f"table {table}, rule {rule_id}")
            for output, entry in zip(
                outputs, self.source.children(element, "outputEntry"), strict=False
            )
            if output is not None
        }
        because, source = self.reason(element, own)
        return {"id": rule_id, "when": when, "then": then, "because": because, "source": source}

    def cell(self, column: Column, entry: _Element, within: str) -> str | None:
        text = self.source.text(entry)
        kept = ours.text_of(self.source.child(entry, "extensionElements"), "cell")
        facts = CellText(column.name, column.domain, column.may_be_unknown, column.when_unknown)
        try:
            return read_cell(text, kept, facts)
        except Unreadable as error:
            self.source.report(entry, str(error), within)
            return None

    def value(self, output: Column, entry: _Element, within: str) -> Any:
        try:
            return read_value(self.source.text(entry), output.domain)
        except Unreadable as error:
            self.source.report(entry, str(error), within)
            return None

    def reason(self, element: _Element, own: _Element | None) -> tuple[dict[str, str], str]:
        """The reason and source of a rule: ours, else its annotations and description."""
        because = ours.words_of(own, "because")
        source = ours.text_of(own, "source")
        notes = [self.source.text(one) for one in self.source.children(element, "annotationEntry")]
        described = self.source.child(element, "description")
        if described is not None:
            notes.append((described.text or "").strip())
        note = "; ".join(note for note in notes if note)
        name = self.definitions.get("name") or "without a name"
        return because or {"en": note or _NO_REASON}, source or f"DMN model {name}"

    def default_rule(
        self, table: str, clauses: list[_Element], outputs: list[Column | None], hit: str
    ) -> list[dict[str, Any]]:
        """Default results as a last rule, which they are where the first rule decides."""
        entries = [self.source.child(clause, "defaultOutputEntry") for clause in clauses]
        given = [entry for entry in entries if entry is not None]
        if not given:
            return []
        if hit != "FIRST" or len(given) < len(clauses):
            self.source.report(
                given[0],
                "a default result is a last rule of a policy, which only a FIRST table can have",
            )
            return []
        rule_id = f"{table}-otherwise"
        self.rule_ids.add(rule_id)
        self.lines[table, rule_id] = line_of(given[0])
        then = {
            output.name: self.value(output, entry, f"table {table}, default result")
            for output, entry in zip(outputs, given, strict=True)
            if output is not None
        }
        source = f"DMN model {self.definitions.get('name') or 'without a name'}"
        return [
            {
                "id": rule_id,
                "then": then,
                "because": {"en": "No other rule matches."},
                "source": source,
            }
        ]


def _plain(written: str) -> str:
    return re.sub(r"\W+", "_", written.strip()).strip("_") or "table"


def _text(element: _Element) -> str | None:
    text = element.text or ""
    if element.get("form") != "json":
        return text
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, str) else None
