"""The cells of an XLSX file, read as a stream that ends where it is too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from typing import TYPE_CHECKING, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lamplighter.policy.sentences import Said, say
from lamplighter.policy.sheet.typed import Shape, shape_of, typed

if TYPE_CHECKING:
    from lxml.etree import _Element

BOOK = "xl/workbook.xml"
# Far above any policy: what a CSV of all sheets would hold, and the XML that it is told in.
_MOST_SIGNS = 5_000_000
_MOST_UNPACKED = 50_000_000
_MOST_STEPS = 1_000_000
_READ_AT_ONCE = 1 << 16
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)
# Of each element its name, and whether it begins; text and children are there when it ends.
_Step: TypeAlias = "tuple[bool, str, _Element]"


class TooLarge(Exception):
    """More than a policy ever is."""


@dataclass
class Sheet:
    """A sheet: what its cells say by row, counted from 1, and column, counted from 0."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    faults: list[tuple[int, int, Said]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class Workbook:
    """A workbook in an open archive; what is malformed raises whatever it meets."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.signs = _MOST_SIGNS
        self.steps = _MOST_STEPS
        self.unpacked = _MOST_UNPACKED
        self.strings: list[str] = []
        self.shapes: list[Shape] = []
        self.since_1904 = False

    def sheets(self) -> list[Sheet]:
        """All sheets of the workbook, in its order."""
        parts: dict[str, str] = {}
        for begins, name, element in self._steps("xl/_rels/workbook.xml.rels"):
            if begins and name == "Relationship":
                place = normpath(join("xl", element.get("Target", ""))).lstrip("/")
                parts[element.get("Id", "")] = place
                kind = element.get("Type", "").rpartition("/")[2]
                if kind == "sharedStrings":
                    self.strings = self._strings(place)
                elif kind == "styles":
                    self.shapes = self._shapes(place)
        named = []
        for begins, name, element in self._steps(BOOK):
            if begins and name == "workbookPr":
                self.since_1904 = element.get("date1904") in ("1", "true")
            elif begins and name == "sheet":
                # Beside `sheetId` there is an `id` in one of two namespaces.
                said = {str(key).rpartition("}")[2]: str(value) for key, value in element.items()}
                named.append((said["name"], parts[said["id"]]))
        return [self._sheet(name, part) for name, part in named]

    def _steps(self, part: str) -> Iterator[_Step]:
        from lxml import etree

        content = self._content(part)
        if b"<!DOCTYPE" in content:
            raise ValueError("no spreadsheet program writes a DOCTYPE")
        steps = etree.iterparse(
            BytesIO(content),
            events=("start", "end"),
            # In no other encoding could a DOCTYPE hide.
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        for event, element in steps:
            self.steps -= 1
            if self.steps < 0:
                raise TooLarge
            yield event == "start", _local(element), element
            if event == "end":
                _drop(element)

    def _content(self, part: str) -> bytes:
        """A part of the archive; what it unpacks to is counted, since a file may say anything."""
        # Other methods unpack all at once, however little is asked for.
        if self.archive.getinfo(part).compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ValueError("no spreadsheet program packs so")
        pieces: list[bytes] = []
        with self.archive.open(part) as source:
            while piece := source.read(_READ_AT_ONCE):
                self.unpacked -= len(piece)
                if self.unpacked < 0:
                    raise TooLarge
                pieces.append(piece)
        return b"".join(pieces)

    def _strings(self, part: str) -> list[str]:
        found: list[str] = []
        pieces: list[str] = []
        for begins, name, element in self._steps(part):
            if not begins and name == "t":
                pieces += _piece(element)
            elif not begins and name == "si":
                found.append(_unescaped("".join(pieces)))
                pieces = []
        return found

    def _shapes(self, part: str) -> list[Shape]:
        """The shape of each cell format, by its place."""
        codes: dict[int, str] = {}
        shapes: list[Shape] = []
        within = False
        for begins, name, element in self._steps(part):
            if name == "cellXfs":
                within = begins
            elif begins and name == "numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif begins and name == "xf" and within:
                number = int(element.get("numFmtId", 0))
                shapes.append(shape_of(number, codes.get(number)))
        return shapes

    def _sheet(self, name: str, part: str) -> Sheet:
        sheet = Sheet(name)
        row, column, value, pieces, formula = 0, -1, "", [""], False
        for begins, what, element in self._steps(part):
            if begins:
                if what == "row":
                    row, column = int(element.get("r", row + 1)), -1
                elif what == "c":
                    value, pieces, formula = "", [], False
            elif what == "v":
                value = element.text or ""
            elif what == "t":
                pieces += _piece(element)
            elif what == "f":
                formula = True
            elif what == "mergeCell":
                sheet.merged.append(element.get("ref", ""))
            elif what == "c":
                row, column = _place(element.get("r"), row, column + 1)
                try:
                    text = self._text(element, value, "".join(pieces), formula)
                except _Fault as fault:
                    sheet.faults.append((row, column, fault.said))
                    continue
                if text:
                    self._count(len(text))
                    sheet.rows.setdefault(row, {})[column] = text
        for cells in sheet.rows.values():
            self._count(max(cells))
        return sheet

    def _count(self, signs: int) -> None:
        self.signs -= signs + 1
        if self.signs < 0:
            raise TooLarge

    def _text(self, cell: _Element, value: str, inline: str, formula: bool) -> str:
        """What a cell says; nothing where it has a format only."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _unescaped(inline)
        if kind == "str":
            return _unescaped(value)
        if not value:
            if formula:
                raise _Fault(say("sheet.formula"))
            return ""
        if kind == "s":
            return self.strings[int(value)]
        if kind == "b":
            return "true" if value in ("1", "true") else "false"
        if kind == "e":
            raise _Fault(say("sheet.fault", error=value[:20]))
        if kind == "d":
            return value.removesuffix("T00:00:00")
        style = int(cell.get("s", 0))
        shape: Shape = self.shapes[style] if style < len(self.shapes) else "number"
        try:
            return typed(value, shape, since_1904=self.since_1904)
        except ValueError:
            raise _Fault(say("sheet.no-value", value=value[:20])) from None


class _Fault(Exception):
    """A cell whose value is not to be had."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self.said = said


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _drop(element: _Element) -> None:
    """Let go of what has been read, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _piece(text: _Element) -> list[str]:
    """The text of a `t`; how it is spoken, which East Asian sheets add, is not part of it."""
    parent = text.getparent()
    spoken = parent is not None and _local(parent) == "rPh"
    return [] if spoken else [text.text or ""]


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold stand as `_x000D_` in it."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """Row and column of `B7`; the next ones where a cell does not say."""
    if reference is not None:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise ValueError(f"{reference} is no cell")
        row, column = int(found[2]), -1
        for letter in found[1]:
            column = 26 * (column + 1) + ord(letter) - ord("A")
    if not (1 <= row <= _LAST_ROW and column < _LAST_COLUMN):
        raise ValueError("no sheet has such a cell")
    return row, column
