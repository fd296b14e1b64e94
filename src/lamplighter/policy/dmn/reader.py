"""Reads a DMN file of version 1.1 to 1.5 into a model that can be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.boxed import Boxed, FunctionBox, Nothing
from lamplighter.policy.dmn.boxes import EXPRESSIONS, Boxes, Names
from lamplighter.policy.dmn.items import Types
from lamplighter.policy.dmn.model import Decision, Element, InputData, Knowledge, Model, Service
from lamplighter.policy.dmn.xml import Source, local, parse_definitions
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.feel.kinds import ANY, FeelType
from lamplighter.policy.feel.lexer import normal_name

if TYPE_CHECKING:
    from lxml.etree import _Element

# What stands in a file and says nothing about what is decided.
_SILENT = frozenset(
    [
        "description",
        "extensionElements",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "artifact",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "businessContextElement",
    ]
)
_DECISION_PARTS = frozenset(
    [
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "variable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    ]
)


def read_model(path: str | Path, *, strict: bool = True) -> Model:
    """The model in a DMN file; a `PolicyError` names everything in it that is not read.

    With `strict=False` an expression that is not FEEL does not fail the file: it is null, and
    a type that is not there is Any; the model's `problems` name both.

    >>> model = read_model("tests/policy/models/desk.dmn")
    >>> model.decide("responder", {"weapon": True})
    'police'
    """
    definitions, source = parse_definitions(path)
    return _ModelReader(definitions, source).read(strict)


@dataclass
class _ModelReader:
    definitions: _Element
    source: Source
    broken: list[Problem] = field(default_factory=list)
    ids: dict[str, _Element] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)

    def read(self, strict: bool) -> Model:
        for child in self.source.children(self.definitions):
            name = local(child)
            if name == "import":
                what = child.get("name") or child.get("namespace") or "another file"
                self.source.report(
                    child, f"the model imports {what}; put its definitions into this file"
                )
            elif name in ("decision", "inputData", "businessKnowledgeModel", "decisionService"):
                self.ids[child.get("id") or f"{name} {child.get('name', '')}"] = child
            elif name not in _SILENT and name != "itemDefinition":
                self.source.report(child, "this part of a model is not read")
        types = Types.of(self.definitions, self.source, self.broken)
        members = {*types.component_names, *self._context_names()}
        self.boxes = Boxes(self.source, types, tuple(sorted(members)), self.broken)
        for key, element in self.ids.items():
            self.elements[key] = self._element(key, element)
        self._check_cycles()
        problems = [*self.source.problems, *(self.broken if strict else ())]
        if problems:
            problems.sort(key=lambda problem: problem.line)
            raise PolicyError(problems)
        return Model(
            name=self.definitions.get("name", ""),
            namespace=self.definitions.get("namespace", ""),
            version=self.source.version,
            elements=MappingProxyType(self.elements),
            problems=tuple(self.broken),
            called=MappingProxyType(
                {key: normal_name(one.get("name", "")) for key, one in self.ids.items()}
            ),
        )

    def _context_names(self) -> set[str]:
        """Names of entries and columns anywhere: what stands behind a dot may have spaces."""
        found = set()
        tag = f"{{{self.source.namespace}}}"
        for variable in self.definitions.iterfind(f".//{tag}contextEntry/{tag}variable"):
            found.add(normal_name(variable.get("name", "")))
        for kind in ("column", "output"):
            for element in self.definitions.iterfind(f".//{tag}{kind}"):
                found.add(normal_name(element.get("name", "")))
        return found

    def name_of(self, element: _Element) -> str:
        """The name that expressions use: that of the variable, else of the element."""
        variable = self.source.child(element, "variable")
        named = None if variable is None else variable.get("name")
        return normal_name(named or element.get("name") or "")

    def type_of(self, element: _Element) -> FeelType:
        variable = self.source.child(element, "variable")
        if variable is None:
            return ANY
        return self.boxes.types.find(variable.get("typeRef"), variable)

    def _element(self, key: str, element: _Element) -> Element:
        kind = local(element)
        name = self.name_of(element)
        self.boxes.within = f"{_SPOKEN[kind]} {name}"
        if kind == "inputData":
            return InputData(key, name, self.type_of(element))
        if kind == "decision":
            requires = self._requires(element)
            return Decision(
                key, name, self.type_of(element), self._logic(element, requires), requires
            )
        if kind == "businessKnowledgeModel":
            return self._knowledge(key, name, element)
        return self._service(key, name, element)

    def _requires(self, element: _Element) -> tuple[str, ...]:
        found: list[str] = []
        for kind in ("informationRequirement", "knowledgeRequirement"):
            for requirement in self.source.children(element, kind):
                for reference in self.source.children(
                    requirement, "requiredInput", "requiredDecision", "requiredKnowledge"
                ):
                    key = self.key_of(reference)
                    if key is not None:
                        found.append(key)
        return tuple(found)

    def key_of(self, reference: _Element) -> str | None:
        """The element that an `href` names, which must be in this file."""
        href = reference.get("href", "")
        namespace, _, key = href.rpartition("#")
        own = self.definitions.get("namespace", "")
        if namespace and namespace != own:
            self.source.report(reference, f"{href} lies in another file, which is not read")
        elif key not in self.ids:
            self.source.report(reference, f"there is no element {href} in the file")
        else:
            return key
        return None

    def _names(self, requires: tuple[str, ...]) -> Names:
        return Names(tuple(self.name_of(self.ids[key]) for key in requires))

    def _logic(self, element: _Element, requires: tuple[str, ...]) -> Boxed:
        for child in self.source.children(element):
            if local(child) in EXPRESSIONS:
                return self.boxes.expression(child, self._names(requires))
            if local(child) not in _DECISION_PARTS:
                self.source.report(child, "this part of a decision is not read", self.boxes.within)
        return Nothing("the decision has no logic")

    def _knowledge(self, key: str, name: str, element: _Element) -> Knowledge:
        requires = self._requires(element)
        logic = self.source.child(element, "encapsulatedLogic")
        if logic is None:
            return Knowledge(key, name, None, requires)
        names = self._names(requires).plus([name])
        return Knowledge(
            key, name, self._typed(element, self.boxes.function(logic, names, name)), requires
        )

    def _typed(self, element: _Element, function: FunctionBox) -> FunctionBox:
        logic = self.source.child(element, "encapsulatedLogic")
        written = None if logic is None else logic.get("typeRef")
        kind = self.boxes.types.find(written, element) if written else self.type_of(element)
        # The variable of a function has its type, or, in older files, that of its result.
        result = kind.of if kind.kind == "function" else kind
        return (
            function if result is None or result.kind == "Any" else replace(function, result=result)
        )

    def _service(self, key: str, name: str, element: _Element) -> Service:
        keys: dict[str, list[str]] = {}
        for kind in ("outputDecision", "inputData", "inputDecision", "encapsulatedDecision"):
            references = [self.key_of(one) for one in self.source.children(element, kind)]
            keys[kind] = [one for one in references if one is not None]
        inputs = (*keys["inputData"], *keys["inputDecision"])
        return Service(key, name, self.type_of(element), tuple(keys["outputDecision"]), inputs)

    def _check_cycles(self) -> None:
        """Decisions that need themselves are named."""
        done: set[str] = set()
        for key, element in self.elements.items():
            path: list[str] = []
            if isinstance(element, Decision) and self._needs_itself(key, path, done):
                names = " needs ".join(self.elements[one].name for one in path)
                self.source.report(self.ids[key], f"{names}: decisions go round in a circle")
                return

    def _needs_itself(self, start: str, path: list[str], done: set[str]) -> bool:
        stack: list[tuple[str, int]] = [(start, 0)]
        path.append(start)
        while stack:
            key, at = stack.pop()
            element = self.elements[key]
            needs = _requirements(element)
            if at == len(needs):
                done.add(key)
                path.pop()
                continue
            stack.append((key, at + 1))
            following = needs[at]
            if following in path:
                path.append(following)
                return True
            if following not in done and isinstance(self.elements.get(following), Decision):
                stack.append((following, 0))
                path.append(following)
        return False


def _requirements(element: Element) -> tuple[str, ...]:
    return element.requires if isinstance(element, Decision) else ()


_SPOKEN: Mapping[str, str] = {
    "decision": "decision",
    "inputData": "input",
    "businessKnowledgeModel": "function",
    "decisionService": "service",
}
