"""The parts of a DMN model, with those of the models that it imports without a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lamplighter.policy.dmn.imports import Library, is_dmn
from lamplighter.policy.dmn.xml import Source, local
from lamplighter.policy.feel.lexer import normal_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECIDING = ("decision", "inputData", "businessKnowledgeModel", "decisionService")
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


@dataclass
class Merged:
    """The elements, types and imports of a model.

    An import without a name puts the parts of the other model, and of those that it imports so,
    behind the model's own. What has a name that is taken is left out, and the part that has the
    name stands for it (DMN 1.5, 6.3.3).
    """

    source: Source
    library: Library | None
    elements: dict[str, _Element] = field(default_factory=dict)
    # The key of an element by the namespace of its model and its id there.
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    types: list[_Element] = field(default_factory=list)
    imports: dict[str, _Element] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _roots: dict[str, _Element] = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: _Element, source: Source, library: Library | None) -> Merged:
        merged = cls(source, library)
        merged._add(definitions)
        return merged

    def key_of(self, namespace: str, own_id: str, *, anywhere: bool) -> str | None:
        """The element with that id in one of the models; `anywhere` in the first that has it."""
        for one in (namespace, *(self._roots if anywhere else ())):
            if (one, own_id) in self.keys:
                return self.keys[one, own_id]
        return None

    def find(
        self, name: str, element: _Element, library: Library
    ) -> tuple[_Element, Source] | None:
        """The definitions that an `import` names."""
        wanted = element.get("namespace", "")
        if not is_dmn(element.get("importType", "")):
            self.source.report(element, f"{name} is not a DMN model; only those are imported")
            return None
        found = library.find(wanted)
        if found is None:
            which = f"with the namespace {wanted}" if wanted else "that it means"
            self.source.report(
                element, f"the model imports {name}; put the DMN file {which} beside it"
            )
        return found

    def member_names(self) -> set[str]:
        """Names of entries and columns anywhere: what stands behind a dot may have spaces."""
        found = set()
        for root in self._roots.values():
            tag = str(root.tag).rpartition("definitions")[0]
            for variable in root.iterfind(f".//{tag}contextEntry/{tag}variable"):
                found.add(normal_name(variable.get("name", "")))
            for kind in ("column", "output"):
                for element in root.iterfind(f".//{tag}{kind}"):
                    found.add(normal_name(element.get("name", "")))
        return found

    def _add(self, root: _Element) -> None:
        namespace = root.get("namespace", "")
        self._roots[namespace] = root
        types = {normal_name(one.get("name", "")) for one in self.types}
        unnamed: list[_Element] = []
        for child in self.source.children(root):
            kind = local(child)
            name = normal_name(child.get("name", ""))
            if kind == "import" and self.library is None:
                what = name or child.get("namespace") or "another file"
                self.source.report(
                    child, f"the model imports {what}; put its definitions into this file"
                )
            elif kind == "import" and name:
                self.imports.setdefault(name, child)
            elif kind == "import":
                unnamed.append(child)
            elif kind in _DECIDING:
                self._element(namespace, kind, name, child)
            elif kind == "itemDefinition":
                if name not in types:
                    self.types.append(child)
            elif kind not in _SILENT:
                self.source.report(child, "this part of a model is not read")
        for child in unnamed:
            self._merge(child)

    def _element(self, namespace: str, kind: str, name: str, child: _Element) -> None:
        own_id = child.get("id") or f"{kind} {name}"
        first = len(self._roots) == 1
        if name in self._names and not first:
            self.keys[namespace, own_id] = self._names[name]
            return
        key = own_id if own_id not in self.elements or first else f"{namespace}#{own_id}"
        self.elements[key] = child
        self.keys[namespace, own_id] = key
        self._names.setdefault(name, key)

    def _merge(self, child: _Element) -> None:
        """Adds what an import without a name brings, but for a model that is there already."""
        assert self.library is not None
        wanted = child.get("namespace", "")
        if wanted in self._roots:
            return
        found = self.find(wanted or "a model", child, self.library)
        if found is not None:
            root, other = found
            self.source.merged[root] = other.file
            self._add(root)
