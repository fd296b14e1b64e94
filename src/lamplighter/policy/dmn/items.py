"""Item definitions of a DMN model as types of FEEL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.xml import Source, local
from lamplighter.policy.errors import Problem
from lamplighter.policy.feel.evaluator import EMPTY, Evaluator
from lamplighter.policy.feel.kinds import ANY, BUILT_IN, FeelType
from lamplighter.policy.feel.lexer import FeelSyntaxError, normal_name
from lamplighter.policy.feel.parser import parse_tests
from lamplighter.policy.feel.values import Value

if TYPE_CHECKING:
    from lxml.etree import _Element

_KNOWN = frozenset(
    [
        "typeRef",
        "allowedValues",
        "typeConstraint",
        "itemComponent",
        "functionItem",
        "description",
        "extensionElements",
    ]
)

# How some tools spell the types of FEEL.
OTHER_NAMES = {
    **dict.fromkeys(("Undefined", "any", "anyType"), "Any"),
    **dict.fromkeys(("integer", "long", "double", "decimal", "float"), "number"),
    "bool": "boolean",
    "dateAndTime": "date and time",
    "daysAndTimeDuration": "days and time duration",
    "yearsAndMonthsDuration": "years and months duration",
}


@dataclass
class Types:
    """The types that a file defines, resolved one after the other as they are asked for.

    What names a type that is not there goes to `broken`, everything else to the source.
    """

    source: Source
    broken: list[Problem]
    elements: Mapping[str, _Element]
    resolved: dict[str, FeelType]
    resolving: list[str]
    component_names: set[str]
    # The types of the models that are imported, by the names of the imports.
    imported: Mapping[str, Types]

    @classmethod
    def of(
        cls,
        definitions: Iterable[_Element],
        source: Source,
        broken: list[Problem],
        imported: Mapping[str, Types],
    ) -> Types:
        elements: dict[str, _Element] = {}
        for element in definitions:
            name = normal_name(element.get("name", ""))
            if name in elements:
                source.report(element, f"the type {name} is defined twice; rename one")
            elements[name] = element
        types = cls(source, broken, elements, {}, [], set(), imported)
        for name, element in elements.items():
            types.named(name, element)
        for model, inner in imported.items():
            types.resolved |= {f"{model}.{name}": one for name, one in inner.resolved.items()}
            types.component_names |= inner.component_names
        return types

    def find(self, written: str | None, element: _Element) -> FeelType:
        """The type that a `typeRef` names; Any where there is none."""
        if not written or not written.strip():
            return ANY
        name = normal_name(written)
        for candidate in (name, name.rpartition(":")[2].strip()):
            if candidate in self.elements:
                return self.named(candidate, element)
            if candidate in BUILT_IN:
                return BUILT_IN[candidate]
            if candidate in OTHER_NAMES:
                return BUILT_IN[OTHER_NAMES[candidate]]
        for model, types in self.imported.items():
            inner = name.removeprefix(f"{model}.")
            if inner != name and inner in types.elements:
                return types.named(inner, element)
        self.source.report(element, f"there is no type {name}; define it or use one that FEEL has")
        self.broken.append(self.source.problems.pop())
        return ANY

    def allowed_values(self, written: str | None) -> _Element | None:
        """What a type, or one that it is made of, lists as its values, as it stands in the file."""
        for _ in self.elements:
            name = normal_name(written or "")
            item = self.elements.get(name, self.elements.get(name.rpartition(":")[2].strip()))
            if item is None:
                return None
            listed = self.source.child(item, "allowedValues")
            if listed is not None:
                return listed
            written = self.source.text(self.source.child(item, "typeRef"))
        return None

    def named(self, name: str, element: _Element) -> FeelType:
        if name in self.resolved:
            return self.resolved[name]
        if name in self.resolving:
            self.source.report(element, f"the type {name} is made of itself; take that out")
            return ANY
        self.resolving.append(name)
        made = replace(self.item(self.elements[name]), name=name)
        self.resolving.pop()
        self.resolved[name] = made
        return made

    def item(self, element: _Element) -> FeelType:
        """The type of an `itemDefinition` or an `itemComponent`."""
        source = self.source
        for child in source.children(element):
            if local(child) not in _KNOWN:
                source.report(child, "this part of a type is not read")
        components = list(source.children(element, "itemComponent"))
        function = source.child(element, "functionItem")
        if components:
            fields = []
            for component in components:
                name = normal_name(component.get("name", ""))
                self.component_names.add(name)
                fields.append((name, self.item(component)))
            kind = FeelType("context", fields=tuple(fields))
        elif function is not None:
            parameters = tuple(
                self.find(parameter.get("typeRef"), parameter)
                for parameter in source.children(function, "parameters")
            )
            kind = FeelType(
                "function", self.find(function.get("outputTypeRef"), function), None, parameters
            )
        else:
            reference = source.child(element, "typeRef")
            written = element.get("typeRef") if reference is None else reference.text
            kind = self.find(written, element)
        allowed = self.tests(source.child(element, "allowedValues"))
        constraint = self.tests(source.child(element, "typeConstraint"))
        collection = element.get("isCollection") == "true"
        if allowed is not None:
            kind = _limited(kind, allowed)
        if collection:
            kind = FeelType("list", kind)
        return kind if constraint is None else _limited(kind, constraint)

    def tests(self, element: _Element | None) -> Callable[[Value], bool] | None:
        if element is None:
            return None
        text = self.source.text(element)
        try:
            tests = parse_tests(text, sorted(self.component_names))
        except FeelSyntaxError as error:
            self.source.report(element, f"{text} cannot be read: {error}")
            return None
        return lambda value: Evaluator().fits(tests, value, EMPTY)


def _limited(kind: FeelType, test: Callable[[Value], bool]) -> FeelType:
    """The type with one more test; those that it has stay."""
    if kind.allowed is None:
        return replace(kind, allowed=test)
    if kind.all_allowed is None:
        return replace(kind, all_allowed=test)
    before = kind.all_allowed
    return replace(kind, all_allowed=lambda value: before(value) and test(value))
