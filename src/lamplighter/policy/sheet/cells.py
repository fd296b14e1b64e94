"""The cells of a sheet, whatever program saved it, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.sheet.form import POLICY_FIELDS, column_name
from lamplighter.policy.sheet.guard import unguarded

_SEPARATORS = (",", ";", "\t")
_LONGEST_CELL = 10_000_000
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SMART = str.maketrans("“”„‟″«»", '"' * 7)


class SheetProblem(Problem):
    """One thing that is wrong in a sheet; `line` is the row, `column` counts from 1."""

    __slots__ = ()

    def _numbers(self, spanish: bool) -> list[str]:
        if not self.line:
            return []
        column = column_name(self.column - 1) if self.column else ""
        row = f"{'fila' if spanish else 'row'} {self.line}"
        return [row, f"{'columna' if spanish else 'column'} {column}"] if column else [row]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet: its number, counted from 1, and its cells without guards."""

    number: int
    cells: tuple[str, ...]

    def at(self, place: int) -> str:
        """The cell at a place counted from 0, empty where the row is shorter."""
        return self.cells[place] if place < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)


def decoded(content: bytes, file: str) -> str:
    """The text of a file as spreadsheet programs save it: UTF-8, or UTF-16 with its mark."""
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = "this is not UTF-8; save the sheet as CSV UTF-8"
        raise PolicyError([SheetProblem(message, file, row, 0)]) from None


def rows_of(text: str, file: str) -> list[Row]:
    """All rows that are not empty; the separator is the one by which the sheet makes sense."""
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    skipped = 0
    named = re.fullmatch(r'"?sep=(.)"?\s*', first)
    if named:
        text, skipped = rest, 1
    separators = (named.group(1),) if named else _SEPARATORS
    found = max((_parsed(text, sign, file, skipped) for sign in separators), key=_understood)
    if isinstance(found, PolicyError):
        raise found
    return [row for row in found if not row.is_empty]


def _parsed(text: str, separator: str, file: str, skipped: int) -> list[Row] | PolicyError:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    number = skipped
    try:
        for number, cells in enumerate(reader, skipped + 1):
            rows.append(Row(number, tuple(unguarded(cell) for cell in cells)))
    except csv.Error:
        message = "a quote in this row is never closed, or text follows it; double or remove it"
        return PolicyError([SheetProblem(message, file, number + 1, 0)])
    return rows


def _understood(found: list[Row] | PolicyError) -> int:
    """How much of the sheet makes sense: the wrong separator leaves all in one cell a row."""
    if isinstance(found, PolicyError):
        return 1
    named = sum(row.at(0) in POLICY_FIELDS and row.at(1) != "" for row in found[:40])
    return 2 * named


def straight(test: str) -> str:
    """A test with straight quotes for the curly ones that programs make of them."""
    parts: list[str] = []
    end = 0
    for match in _STRING.finditer(test):
        parts += [test[end : match.start()].translate(_SMART), match.group()]
        end = match.end()
    return "".join([*parts, test[end:].translate(_SMART)])


def stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, last).

    >>> stretches([3, 4, 5, 8])
    [(3, 5), (8, 8)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
