"""Reads a DMN file of version 1.1 to 1.5 into a model that can be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.boxed import Boxed, FunctionBox, Nothing
from lamplighter.policy.dmn.boxes import EXPRESSIONS, Boxes, Names
from lamplighter.policy.dmn.imports import Imported, Library
from lamplighter.policy.dmn.items import Types
from lamplighter.policy.dmn.merge import Merged
from lamplighter.policy.dmn.model import (
    Decision,
    Element,
    InputData,
    Knowledge,
    Model,
    Requirement,
    Service,
)
from lamplighter.policy.dmn.undeclared import declare_inputs
from lamplighter.policy.dmn.xml import Source, local, parse_definitions
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.feel.kinds import ANY, FeelType
from lamplighter.policy.feel.lexer import normal_name

if TYPE_CHECKING:
    from lxml.etree import _Element

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


def read_model(path: str | Path, *, strict: bool = True, imports: bool = True) -> Model:
    """The model in a DMN file; a `PolicyError` names everything in it that is not read.

    With `strict=False` what is not read does not fail the file: an expression is null, a type
    is Any, and other parts are left out; the model's `problems` name them all. Imported models
    are looked for in the folder of the file; with `imports=False` an import is not read.

    >>> model = read_model("tests/policy/models/desk.dmn")
    >>> model.decide("responder", {"weapon": True})
    'police'
    """
    definitions, source = parse_definitions(path)
    declare_inputs(definitions, source)
    library = Library(Path(path).parent) if imports else None
    reader = _ModelReader(definitions, source, library)
    model = reader.read().model
    problems = sorted(
        [*source.problems, *reader.broken],
        key=lambda problem: (problem.file != str(path), problem.file, problem.line),
    )
    if problems and strict:
        raise PolicyError(problems)
    return replace(model, problems=tuple(problems))


@dataclass
class _ModelReader:
    definitions: _Element
    source: Source
    library: Library | None
    # The namespaces of the models that import this one.
    importing: tuple[str, ...] = ()
    broken: list[Problem] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)
    imported: dict[str, Imported] = field(default_factory=dict)

    def read(self) -> Imported:
        self.merged = Merged.of(self.definitions, self.source, self.library)
        self.namespace = self.definitions.get("namespace", "")
        for name, element in self.merged.imports.items():
            found = self._import(name, element)
            if found is not None:
                self.imported[name] = found
        inner = {name: one.types for name, one in self.imported.items()}
        types = Types.of(self.merged.types, self.source, self.broken, inner)
        members = {*types.component_names, *self.merged.member_names()}
        for one in self.imported.values():
            members |= one.members
        self.boxes = Boxes(self.source, types, tuple(sorted(members)), self.broken)
        for key, element in self.merged.elements.items():
            self.elements[key] = self._element(key, element)
        self._check_cycles()
        model = Model(
            name=self.definitions.get("name", ""),
            namespace=self.namespace,
            version=self.source.version,
            elements=MappingProxyType(self.elements),
            called=MappingProxyType(
                {key: normal_name(one.get("name", "")) for key, one in self.merged.elements.items()}
            ),
            imports=MappingProxyType({name: one.model for name, one in self.imported.items()}),
        )
        names = {element.name for element in self.elements.values()}
        return Imported(model, types, self.merged.keys, frozenset({*members, *names}))

    def _import(self, name: str, element: _Element) -> Imported | None:
        """A model that is imported under a name, each read once."""
        assert self.library is not None
        wanted = element.get("namespace", "")
        found = self.merged.find(name or wanted, element, self.library)
        if found is None:
            return None
        if wanted in (self.namespace, *self.importing):
            self.source.report(element, f"{name} is imported in a circle; take one import out")
            return None
        if wanted not in self.library.read:
            definitions, source = found
            chain = (*self.importing, self.namespace)
            reader = _ModelReader(definitions, source, self.library, chain)
            self.library.read[wanted] = reader.read()
            self.source.problems += source.problems
            self.broken += reader.broken
        return self.library.read[wanted]

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
        home = element.getroottree().getroot().get("namespace", "")
        if kind == "inputData":
            return InputData(key, name, self.type_of(element), home)
        if kind == "decision":
            requires = self._requires(element)
            logic = self._logic(element, requires)
            return Decision(key, name, self.type_of(element), logic, requires, home)
        if kind == "businessKnowledgeModel":
            return self._knowledge(key, name, element)
        return self._service(key, name, element)

    def _requires(self, element: _Element) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        for kind in ("informationRequirement", "knowledgeRequirement"):
            for requirement in self.source.children(element, kind):
                for reference in self.source.children(
                    requirement, "requiredInput", "requiredDecision", "requiredKnowledge"
                ):
                    one = self.required(reference)
                    if one is not None:
                        found.append(one)
        return tuple(found)

    def required(self, reference: _Element) -> Requirement | None:
        """The element that an `href` names, in this model or in one that it imports."""
        href = reference.get("href", "")
        namespace, _, own_id = href.rpartition("#")
        home = reference.getroottree().getroot().get("namespace", "")
        key = self.merged.key_of(namespace or home, own_id, anywhere=not namespace)
        if key is not None:
            return Requirement(key)
        for name, one in self.imported.items():
            if one.model.namespace == namespace and (namespace, own_id) in one.keys:
                return Requirement(one.keys[namespace, own_id], name)
        if namespace and namespace != home:
            what = f"{href} lies in a model that is not imported; import it or take this out"
        else:
            what = f"there is no element {href} in the file"
        self.source.report(reference, what)
        return None

    def _names(self, requires: tuple[Requirement, ...]) -> Names:
        return Names(
            tuple(one.model or self.name_of(self.merged.elements[one.key]) for one in requires)
        )

    def _logic(self, element: _Element, requires: tuple[Requirement, ...]) -> Boxed:
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
        keys: dict[str, list[Requirement]] = {}
        for kind in ("outputDecision", "inputData", "inputDecision", "encapsulatedDecision"):
            references = [self.required(one) for one in self.source.children(element, kind)]
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
                self.source.report(
                    self.merged.elements[key], f"{names}: decisions go round in a circle"
                )
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
    """The ids of what a decision needs in its own model."""
    requires = element.requires if isinstance(element, Decision) else ()
    return tuple(one.key for one in requires if not one.model)


_SPOKEN: Mapping[str, str] = {
    "decision": "decision",
    "inputData": "input",
    "businessKnowledgeModel": "function",
    "decisionService": "service",
}
