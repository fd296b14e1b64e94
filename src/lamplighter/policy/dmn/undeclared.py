"""Declares what some tools leave out: the inputs that only the expressions of a model name.

Camunda's modeler draws a table without input data, and lets a column name what a process knows, or
the output of a table that is required. To the standard both are names that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.xml import Source
from lamplighter.policy.feel.functions import built_in
from lamplighter.policy.feel.lexer import FeelSyntaxError, normal_name
from lamplighter.policy.feel.parser import parse_expression
from lamplighter.policy.feel.syntax import (
    Call,
    ContextOf,
    Filter,
    For,
    FunctionOf,
    Name,
    Quantified,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

# What gives names of its own to what stands inside it is not looked into.
_BINDS = (Call, ContextOf, Filter, For, FunctionOf, Quantified)
_OWN = {"?", "item", "partial"}


def declare_inputs(definitions: _Element, source: Source) -> None:
    """Adds input data for each name in a column or a literal expression that nothing else has.

    What an element is called that the decision does not require stays out of its sight, as the
    standard has it. A required table without a variable is called as the column calls it, if that
    is its id or its only output. A model with imports declares all that it names.
    """
    if source.child(definitions, "import") is not None:
        return
    elements = list(source.children(definitions, *_NAMED))
    taken = {name for element in elements for name in _names(source, element)}
    by_id = {element.get("id"): element for element in elements}
    made: dict[str, str] = {}
    for decision in source.children(definitions, "decision"):
        required = [by_id[key] for key in _required(source, decision) if key in by_id]
        for expression, name in _unseen(source, decision, required):
            called = next((one for one in required if _may_be_called(source, one, name)), None)
            if called is not None:
                _child(called, "variable", name=name)
            elif name not in taken:
                made[name] = made.get(name) or _input(definitions, name, expression)
                _require(decision, made[name])


_NAMED = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def _unseen(
    source: Source, decision: _Element, required: list[_Element]
) -> Iterator[tuple[_Element, str]]:
    """The names in a decision's expressions that nothing it requires has, each once."""
    seen = {name for one in required for name in _names(source, one)}
    for expression in _expressions(source, decision):
        for name in _free(source.text(expression), seen):
            if name not in seen:
                seen.add(name)
                yield expression, name


def _names(source: Source, element: _Element) -> Iterator[str]:
    variable = source.child(element, "variable")
    for one in (element, variable):
        if one is not None and one.get("name"):
            yield normal_name(one.get("name", ""))


def _required(source: Source, decision: _Element) -> Iterator[str]:
    for kind in ("informationRequirement", "knowledgeRequirement"):
        for requirement in source.children(decision, kind):
            for reference in source.children(requirement):
                yield reference.get("href", "").rpartition("#")[2]


def _expressions(source: Source, decision: _Element) -> Iterator[_Element]:
    yield from source.children(decision, "literalExpression")
    for table in source.children(decision, "decisionTable"):
        for clause in source.children(table, "input"):
            yield from source.children(clause, "inputExpression")


def _free(text: str, known: set[str]) -> Iterator[str]:
    """The names in an expression that it does not explain itself."""
    try:
        yield from sorted(set(_names_in(parse_expression(text, known))) - _OWN)
    except FeelSyntaxError:
        # Several words are one name only to those who know it.
        if re.fullmatch(r"[^\W\d]\w*(\s+\w+)+", text):
            yield normal_name(text)


def _names_in(expression: object) -> Iterator[str]:
    # A sum is nested as deeply as it is long: Python would give up long before its end.
    left = [expression]
    while left:
        node = left.pop()
        if isinstance(node, Name):
            if built_in(node.name) is None:
                yield node.name
        elif isinstance(node, tuple):
            left.extend(node)
        elif isinstance(node, Call):
            left.append(node.arguments)
        elif is_dataclass(node) and not isinstance(node, _BINDS):
            left.extend(getattr(node, one.name) for one in fields(node))


def _may_be_called(source: Source, element: _Element, name: str) -> bool:
    table = source.child(element, "decisionTable")
    if table is None or source.child(element, "variable") is not None:
        return False
    outputs = [one.get("name") for one in source.children(table, "output")]
    return name == element.get("id") or outputs == [name]


def _input(definitions: _Element, name: str, expression: _Element) -> str:
    key = f"{name} (not declared)"
    made = _child(definitions, "inputData", id=key, name=name)
    _child(made, "variable", name=name, typeRef=expression.get("typeRef", ""))
    made.sourceline = expression.sourceline
    return key


def _require(decision: _Element, key: str) -> None:
    requirement = _child(decision, "informationRequirement")
    _child(requirement, "requiredInput", href=f"#{key}")


def _child(parent: _Element, kind: str, **attributes: str) -> _Element:
    from lxml import etree

    tag = str(parent.tag).rpartition("}")
    made = etree.SubElement(parent, f"{tag[0]}{tag[1]}{kind}", attributes)
    made.sourceline = parent.sourceline
    return made
