"""Finds the models that a DMN file imports: in its own folder, by their namespace."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lamplighter.policy.dmn.xml import NAMESPACES, Source, parse_definitions, refuse
from lamplighter.policy.errors import PolicyError

if TYPE_CHECKING:
    from lxml.etree import _Element

    from lamplighter.policy.dmn.items import Types
    from lamplighter.policy.dmn.model import Model

# More files than a folder of models has; the rest of a larger folder is not looked at.
MAX_FILES = 500
# Each may import the next, and is then read within the reading of the one before.
MAX_MODELS = 100
# The namespace of a model stands at its beginning.
_BEGINNING = 65_536
_ENDINGS = (".dmn", ".xml")


@dataclass(frozen=True)
class Imported:
    """A model that another imports, with its types and the names that stand behind its own."""

    model: Model
    types: Types
    keys: dict[tuple[str, str], str]
    members: frozenset[str]


@dataclass
class Library:
    """The DMN files of one folder. Nothing outside of it is opened, and no link followed."""

    folder: Path
    read: dict[str, Imported] = field(default_factory=dict)
    _parsed: dict[str, tuple[_Element, Source] | None] = field(default_factory=dict)
    _beginnings: list[tuple[Path, bytes]] | None = None

    def find(self, namespace: str) -> tuple[_Element, Source] | None:
        """The definitions of the model with that namespace, None where there is no such file."""
        if namespace not in self._parsed:
            if len(self._parsed) == MAX_MODELS:
                message = f"the model and those that it imports name more than {MAX_MODELS} others"
                raise refuse(f"{message}; take some of them out", str(self.folder))
            self._parsed[namespace] = self._search(namespace)
        return self._parsed[namespace]

    def _search(self, namespace: str) -> tuple[_Element, Source] | None:
        if not namespace:
            return None
        written = escape(namespace, {'"': "&quot;"}).encode()
        for path, beginning in self._files():
            if written not in beginning:
                continue
            try:
                found = parse_definitions(path)
            except PolicyError:
                # It is not the file that is looked for, or the import says that it is missing.
                continue
            if found[0].get("namespace") == namespace:
                return found
        return None

    def _files(self) -> list[tuple[Path, bytes]]:
        if self._beginnings is None:
            self._beginnings = []
            # What may not be read is not the file that is looked for.
            with suppress(OSError):
                named = (path for path in self.folder.iterdir() if path.suffix in _ENDINGS)
                for path in sorted(named)[:MAX_FILES]:
                    with suppress(OSError):
                        if path.is_file() and not path.is_symlink():
                            with path.open("rb") as file:
                                self._beginnings.append((path, file.read(_BEGINNING)))
        return self._beginnings


def is_dmn(import_type: str) -> bool:
    """Whether what is imported says that it is a DMN model; in some files it says nothing."""
    return not import_type or import_type in NAMESPACES or "/DMN/" in import_type
