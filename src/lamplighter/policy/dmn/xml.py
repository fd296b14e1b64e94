"""Parses the XML of a DMN file safely: no DOCTYPE, entities or network, bounded size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.foreign import refuse_foreign

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MAX_BYTES = 20_000_000
_MAX_DEPTH = 150
_MAX_ELEMENTS = 500_000
_MAX_TEXT = 1_000_000
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def refuse(message: str, file: str, line: int = 0) -> PolicyError:
    return PolicyError([Problem(message, file, line, 0)])


def read_bytes(path: Path) -> bytes:
    """The content of a file; what is too large is not read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse(
                f"the file has more than {MAX_BYTES // 1_000_000} MB, more than any model needs",
                str(path),
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise refuse("there is no such file; check the path", str(path)) from None
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}); check the path"
        raise refuse(message, str(path)) from None


def _decoded(content: bytes, file: str) -> str:
    """The text of the file without its XML declaration, in the encoding that it declares."""
    encoding = "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif not content.startswith(b"\xef\xbb\xbf"):
        declared = _DECLARED.match(content)
        encoding = declared[1].decode().lower() if declared else "utf-8"
        encoding = {"utf8": "utf-8", "ascii": "us-ascii", "latin1": "iso-8859-1"}.get(
            encoding, encoding
        )
    if encoding not in _ENCODINGS:
        raise refuse(f"the encoding {encoding} is not read; save the file as UTF-8", file, 1)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"this line is not {encoding.upper()}; save the file as UTF-8"
        raise refuse(message, file, line) from None
    text = text.removeprefix("\ufeff")
    # The lines stay where they are.
    return re.sub(r"^<\?xml.*?\?>", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)


def parse(content: bytes, file: str) -> _Element:
    """The root element of an XML text; a `PolicyError` of one sentence where it is not safe."""
    from lxml import etree

    text = _decoded(content, file)
    if not text.strip():
        raise refuse("the file is empty; it holds no model", file)
    place = 0
    while match := _PROLOG.match(text, place):
        place = match.end()
    if text[place : place + 9].upper() == "<!DOCTYPE":
        line = text.count("\n", 0, place) + 1
        raise refuse("the file has a DOCTYPE, which a model never needs; remove it", file, line)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        what = str(error.msg or "it cannot be read").rpartition(", line ")[0] or str(error.msg)
        line = error.lineno or 0
        if "depth" in what.lower():
            raise refuse(
                f"the file is nested more than {_MAX_DEPTH} levels deep", file, line
            ) from None
        if "huge" in what.lower() or "too long" in what.lower():
            raise refuse("a text or an attribute is far too long", file, line) from None
        message = f"this is not whole XML ({what}); save or send the file again"
        raise refuse(message, file, line) from None
    _check(root, file)
    return root


def _check(root: _Element, file: str) -> None:
    depths = {root: 1}
    for count, element in enumerate(root.iter()):
        line = line_of(element)
        if count > _MAX_ELEMENTS:
            raise refuse(f"the file has more than {_MAX_ELEMENTS} elements", file)
        if not isinstance(element.tag, str):
            raise refuse(
                "the file uses an entity, which is not read; write the text out", file, line
            )
        parent = element.getparent()
        depth = 1 if parent is None else depths[parent] + 1
        depths[element] = depth
        if depth > _MAX_DEPTH:
            raise refuse(f"the file is nested more than {_MAX_DEPTH} levels deep", file, line)
        longest = max([len(element.text or ""), *(len(value) for value in element.attrib.values())])
        if longest > _MAX_TEXT:
            raise refuse("a text or an attribute is far too long", file, line)


def line_of(element: _Element) -> int:
    """The line that an element begins in; 0 where it is not known."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def local(element: _Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


@dataclass
class Source:
    """The file that is being read, and the problems that were found in it."""

    file: str
    namespace: str
    version: str
    problems: list[Problem] = field(default_factory=list)
    # The files of the models whose definitions were put into this one, by their root.
    merged: dict[_Element, str] = field(default_factory=dict)

    def report(self, element: _Element, message: str, within: str = "") -> None:
        """Notes a problem at an element; `within` names the decision or the like around it."""
        place = f"in {within}, " if within else ""
        file = self.merged.get(element.getroottree().getroot(), self.file)
        self.problems.append(
            Problem(f"{place}<{local(element)}>: {message}", file, line_of(element), 0)
        )

    def children(self, element: _Element, *names: str) -> Iterator[_Element]:
        """The children in DMN's namespace, all of them or those with one of the names."""
        dmn = namespace(element)
        for child in element:
            if namespace(child) == dmn and (not names or local(child) in names):
                yield child

    def child(self, element: _Element, *names: str) -> _Element | None:
        return next(self.children(element, *names), None)

    def text(self, element: _Element | None) -> str:
        """The text of the `text` element inside, or of the element itself."""
        if element is None:
            return ""
        inner = self.child(element, "text")
        return ((element if inner is None else inner).text or "").strip()


def parse_definitions(path: str | Path) -> tuple[_Element, Source]:
    """The `definitions` of a DMN file of version 1.1 to 1.5."""
    path = Path(path)
    content = read_bytes(path)
    refuse_foreign(content, str(path))
    root = parse(content, str(path))
    # Some exporters declare DMN's namespace and then leave its prefix out.
    version = next((NAMESPACES[one] for one in _namespaces(root) if one in NAMESPACES), None)
    if local(root) != "definitions" or version is None:
        known = ", ".join(dict.fromkeys(NAMESPACES.values()))
        message = f"<{local(root)}> is not the definitions of DMN {known}; export the model as one"
        raise refuse(message, str(path), line_of(root))
    return root, Source(str(path), namespace(root), version)


def _namespaces(root: _Element) -> list[str]:
    return [namespace(root), *(one for one in root.nsmap.values() if one)]
