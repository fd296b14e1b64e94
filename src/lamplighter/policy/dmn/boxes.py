"""Reads the boxed expressions of a DMN file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.boxed import (
    Boxed,
    BoxedContext,
    BoxedList,
    Conditional,
    Feel,
    FilterBox,
    FunctionBox,
    Invocation,
    Iterator,
    Nothing,
    Relation,
    Typed,
    TypedEntry,
)
from lamplighter.policy.dmn.items import Types
from lamplighter.policy.dmn.table import (
    AGGREGATIONS,
    HIT_POLICIES,
    DecisionTable,
    InputClause,
    OutputClause,
    TableRule,
)
from lamplighter.policy.dmn.xml import Source, local
from lamplighter.policy.errors import Problem, did_you_mean
from lamplighter.policy.feel.kinds import FeelType
from lamplighter.policy.feel.lexer import FeelSyntaxError, normal_name
from lamplighter.policy.feel.parser import parse_expression, parse_tests
from lamplighter.policy.feel.syntax import UnaryTests

if TYPE_CHECKING:
    from lxml.etree import _Element

EXPRESSIONS = (
    *("literalExpression", "decisionTable", "context", "list", "relation", "invocation"),
    *("functionDefinition", "conditional", "for", "some", "every", "filter"),
)
_NO_TESTS = UnaryTests(())


@dataclass(frozen=True)
class Names:
    """The names in scope where an expression stands, innermost last."""

    known: tuple[str, ...]

    def plus(self, more: Iterable[str]) -> Names:
        return Names((*self.known, *more))


@dataclass
class Boxes:
    """Reads expressions; what is no FEEL goes to `broken`, what is not read to the source."""

    source: Source
    types: Types
    members: tuple[str, ...]
    broken: list[Problem]
    within: str = ""

    def report(self, element: _Element, message: str) -> None:
        self.source.report(element, message, self.within)

    def not_feel(self, element: _Element, text: str, error: FeelSyntaxError) -> Nothing:
        shown = text if len(text) <= 60 else f"{text[:57]}…"
        before = len(self.source.problems)
        self.source.report(element, f"{' '.join(shown.split())} is not FEEL: {error}", self.within)
        self.broken.append(self.source.problems.pop(before))
        return Nothing(f"the expression cannot be read: {error}")

    def expression_in(self, element: _Element | None, names: Names, what: str) -> Boxed:
        """The one expression inside an element."""
        if element is not None:
            for child in self.source.children(element):
                if local(child) in EXPRESSIONS:
                    return self.expression(child, names)
        return Nothing(f"{what} is missing")

    def expression(self, element: _Element, names: Names) -> Boxed:
        read = getattr(self, f"_{local(element)}", None)
        language = element.get("expressionLanguage", "")
        if language and "FEEL" not in language.upper() and "/dmn" not in language.lower():
            self.report(element, f"it is written in {language}; only FEEL is read")
            return Nothing("the language is not read")
        if read is None:
            self.report(element, "this kind of expression is not read")
            return Nothing("the expression is not read")
        boxed: Boxed = read(element, names)
        return self.typed(boxed, element, self.within)

    def typed(self, boxed: Boxed, element: _Element, name: str) -> Boxed:
        """The expression, whose value must conform to the `typeRef` of an element."""
        kind = self.types.find(element.get("typeRef"), element)
        return boxed if kind.kind == "Any" else Typed(boxed, kind, name)

    def feel(self, element: _Element, text: str, names: Names) -> Boxed:
        if not text:
            return Nothing("the expression is empty")
        try:
            known = [*self.members, *names.known]
            return Feel(parse_expression(text, known, self.types.resolved))
        except FeelSyntaxError as error:
            return self.not_feel(element, text, error)

    def tests(self, element: _Element | None, names: Names) -> UnaryTests | None:
        text = self.source.text(element)
        if element is None or not text:
            return None
        try:
            known = [*self.members, *names.known]
            return parse_tests(text, known, self.types.resolved)
        except FeelSyntaxError as error:
            self.not_feel(element, text, error)
            # Nothing fits what cannot be read.
            return UnaryTests((), negated=True)

    def _literalExpression(self, element: _Element, names: Names) -> Boxed:
        if self.source.child(element, "importedValues") is not None:
            self.report(element, "an expression that is imported is not read")
        return self.feel(element, self.source.text(element), names)

    def _context(self, element: _Element, names: Names) -> Boxed:
        entries: list[tuple[str, Boxed]] = []
        result: Boxed | None = None
        for entry in self.source.children(element, "contextEntry"):
            variable = self.source.child(entry, "variable")
            value = self.expression_in(entry, names, "the entry of a context")
            if variable is None:
                result = value
                continue
            name = normal_name(variable.get("name", ""))
            kind = self.types.find(variable.get("typeRef"), variable)
            entries.append((name, value if kind.kind == "Any" else TypedEntry(value, kind, name)))
            names = names.plus([name])
        return BoxedContext(tuple(entries), result)

    def _list(self, element: _Element, names: Names) -> Boxed:
        return BoxedList(
            tuple(
                self.expression(child, names)
                for child in self.source.children(element)
                if local(child) in EXPRESSIONS
            )
        )

    def _relation(self, element: _Element, names: Names) -> Boxed:
        headings = list(self.source.children(element, "column"))
        columns = tuple(normal_name(heading.get("name", "")) for heading in headings)
        rows: list[tuple[Boxed, ...]] = []
        for row in self.source.children(element, "row"):
            cells = [one for one in self.source.children(row) if local(one) in EXPRESSIONS]
            if len(cells) != len(columns):
                self.report(
                    row, f"the row has {len(cells)} cells, the relation {len(columns)} columns"
                )
                continue
            rows.append(
                tuple(
                    self.typed(self.expression(cell, names), heading, name)
                    for cell, heading, name in zip(cells, headings, columns, strict=True)
                )
            )
        return Relation(columns, tuple(rows))

    def _invocation(self, element: _Element, names: Names) -> Boxed:
        function = self.expression_in(element, names, "the function that is called")
        bindings: list[tuple[str, Boxed]] = []
        for binding in self.source.children(element, "binding"):
            parameter = self.source.child(binding, "parameter")
            name = normal_name("" if parameter is None else parameter.get("name", ""))
            value = self.expression_in(binding, names, f"the value of {name}")
            if parameter is not None:
                value = self.typed(value, parameter, name)
            bindings.append((name, value))
        return Invocation(function, tuple(bindings))

    def _functionDefinition(self, element: _Element, names: Names) -> Boxed:
        kind = self.types.find(element.get("typeRef"), element)
        function = self.function(element, names, "function")
        return replace(function, result=kind.of) if kind.kind == "function" else function

    def function(self, element: _Element, names: Names, name: str) -> FunctionBox:
        kind = element.get("kind", "FEEL").upper()
        foreign = kind not in ("FEEL", "F")
        if foreign:
            self.report(element, f"functions in {element.get('kind')} are not run")
        parameters: list[tuple[str, FeelType]] = []
        for parameter in self.source.children(element, "formalParameter"):
            wanted = self.types.find(parameter.get("typeRef"), parameter)
            parameters.append((normal_name(parameter.get("name", "")), wanted))
        inner = names.plus(one for one, _ in parameters)
        body: Boxed = Nothing(f"functions in {kind} are not run")
        if not foreign:
            body = self.expression_in(element, inner, f"the logic of {name}")
        return FunctionBox(tuple(parameters), body, name)

    def _conditional(self, element: _Element, names: Names) -> Boxed:
        parts = [
            self.expression_in(self.source.child(element, part), names, part)
            for part in ("if", "then", "else")
        ]
        return Conditional(*parts)

    def _iterator(self, element: _Element, names: Names) -> Boxed:
        kind = local(element)
        name = normal_name(element.get("iteratorVariable", ""))
        source = self.expression_in(self.source.child(element, "in"), names, "in")
        part = "return" if kind == "for" else "satisfies"
        inner = names.plus([name, "partial"] if kind == "for" else [name])
        body = self.expression_in(self.source.child(element, part), inner, part)
        return Iterator(kind, name, source, body)

    _for = _some = _every = _iterator

    def _filter(self, element: _Element, names: Names) -> Boxed:
        source = self.expression_in(self.source.child(element, "in"), names, "in")
        match = self.source.child(element, "match")
        return FilterBox(source, self.expression_in(match, names.plus(["item"]), "match"))

    def _decisionTable(self, element: _Element, names: Names) -> Boxed:
        hit = element.get("hitPolicy", "UNIQUE").upper()
        aggregation = element.get("aggregation")
        if hit not in HIT_POLICIES:
            self.report(element, f"{hit} is not a hit policy; {did_you_mean(hit, HIT_POLICIES)}")
        if aggregation is not None and aggregation not in AGGREGATIONS:
            hint = did_you_mean(aggregation, list(AGGREGATIONS))
            self.report(element, f"{aggregation} is not an aggregation; {hint}")
            aggregation = None
        inputs = tuple(self._input(one, names) for one in self.source.children(element, "input"))
        clauses = list(self.source.children(element, "output"))
        ordered = hit in ("PRIORITY", "OUTPUT ORDER")
        outputs = tuple(
            self._output(one, self._listed(one, element if ordered else None), names)
            for one in clauses
        )
        if not outputs:
            self.report(element, "the table has no output")
        rules = []
        for rule in self.source.children(element, "rule"):
            read = self._rule(rule, names, len(inputs), clauses)
            if read is not None:
                rules.append(read)
        name = self.within or "the table"
        return DecisionTable(name, hit, aggregation, inputs, outputs, tuple(rules))

    def _input(self, element: _Element, names: Names) -> InputClause:
        expression = self.source.child(element, "inputExpression")
        text = self.source.text(expression)
        value: Boxed = Nothing("the input has no expression")
        if expression is not None:
            value = self.typed(self.feel(expression, text, names), expression, text)
        values = self.source.child(element, "inputValues")
        return InputClause(text or element.get("label", ""), value, self.tests(values, names))

    def _listed(self, clause: _Element, table: _Element | None) -> _Element | None:
        """The values that an output lists; what orders rules may stand at its type instead."""
        values = self.source.child(clause, "outputValues")
        if values is not None or table is None:
            return values
        decision = table.getparent()
        variable = None if decision is None else self.source.child(decision, "variable")
        alone = [one for one in (table, variable) if one is not None]
        if len(list(self.source.children(table, "output"))) > 1:
            alone = []
        found = (self.types.allowed_values(one.get("typeRef")) for one in (clause, *alone))
        return next((one for one in found if one is not None), None)

    def _output(self, element: _Element, listed: _Element | None, names: Names) -> OutputClause:
        entry = self.source.child(element, "defaultOutputEntry")
        default = None if entry is None else self.feel(entry, self.source.text(entry), names)
        values = self.tests(listed, names)
        return OutputClause(normal_name(element.get("name", "")), values, default)

    def _rule(
        self, element: _Element, names: Names, inputs: int, clauses: list[_Element]
    ) -> TableRule | None:
        tests = tuple(
            self.tests(entry, names) or _NO_TESTS
            for entry in self.source.children(element, "inputEntry")
        )
        entries = list(self.source.children(element, "outputEntry"))
        if (len(tests), len(entries)) != (inputs, len(clauses)):
            self.report(
                element,
                f"the rule has {len(tests)} conditions and {len(entries)} results, "
                f"the table {inputs} and {len(clauses)}",
            )
            return None
        return TableRule(
            tests,
            tuple(
                self._result(entry, clause, names, len(clauses) > 1)
                for entry, clause in zip(entries, clauses, strict=True)
            ),
        )

    def _result(self, entry: _Element, clause: _Element, names: Names, several: bool) -> Boxed:
        name = clause.get("name", "") or self.within
        value = self.typed(self.feel(entry, self.source.text(entry), names), entry, name)
        # Where there is one output, its type is that of the table.
        return self.typed(value, clause, name) if several else value
