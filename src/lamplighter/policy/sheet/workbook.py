"""The sheet of an XLSX workbook that holds a policy, as the rows that a CSV of it would have."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from lzma import LZMAError
from zipfile import ZipFile

from lamplighter.file_kinds import BROKEN_ZIP, OLD_OFFICE, ZIP
from lamplighter.policy.errors import PolicyError
from lamplighter.policy.foreign import refuse_foreign
from lamplighter.policy.sentences import Said, say
from lamplighter.policy.sheet.cells import Row, SheetProblem
from lamplighter.policy.sheet.guard import unguarded
from lamplighter.policy.sheet.xlsx import BOOK, Sheet, TooLarge, Workbook

# How the container of a file that a password locks names what is in it.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BEGINS = re.compile(r"\[\s*policy\s*\]")
_MOST_NAMED = 5
# Whatever the parts of a file raise that somebody damaged, or made to do damage.
_DAMAGED = (
    *BROKEN_ZIP,
    *(zlib.error, LZMAError, EOFError, OSError, RuntimeError, LookupError),
    SyntaxError,  # of XML
)


def workbook_rows(content: bytes, file: str) -> tuple[str, list[Row]]:
    """The name of the sheet that begins with `[policy]`, and its rows that are not empty.

    A workbook of one sheet is taken as it is, to be told what it lacks. Raises `PolicyError`: one
    sentence where there is no such sheet, and all cells that cannot be taken as they are.
    """
    sheets = _opened(content, file)
    begun = [sheet for sheet in sheets if any(map(_BEGINS.fullmatch, _first_column(sheet)))]
    if len(begun) > 1:
        raise _refused(say("sheet.several", names=_named([one.name for one in begun])), file)
    if not begun and len(sheets) != 1:
        raise _refused(say("sheet.none", names=_named([one.name for one in sheets])), file)
    sheet = (begun or sheets)[0]
    name = _short(sheet.name)
    found = [
        SheetProblem.of(said, file, sheet=name, row=row, column=column + 1)
        for row, column, said in sheet.faults
    ]
    if sheet.merged:
        said = say("sheet.merged", ranges=_named(sheet.merged))
        found.insert(0, SheetProblem.of(said, file, sheet=name))
    if found:
        raise PolicyError(found)
    return name, list(_rows(sheet))


def _opened(content: bytes, file: str) -> list[Sheet]:
    if content.startswith(OLD_OFFICE) and _LOCKED in content:
        raise _refused(say("workbook.locked"), file)
    if not content.startswith(ZIP):
        refuse_foreign(content, file)
        raise _refused(say("workbook.other"), file)
    try:
        with ZipFile(BytesIO(content)) as archive:
            if BOOK in archive.namelist():
                return Workbook(archive).sheets()
    except TooLarge:
        raise _refused(say("workbook.large"), file) from None
    except _DAMAGED:
        raise _refused(say("workbook.damaged"), file) from None
    refuse_foreign(content, file)
    raise _refused(say("workbook.other"), file)


def _refused(said: Said, file: str) -> PolicyError:
    return PolicyError([SheetProblem.of(said, file)])


def _first_column(sheet: Sheet) -> Iterator[str]:
    return (cells.get(0, "").strip() for cells in sheet.rows.values())


def _rows(sheet: Sheet) -> Iterator[Row]:
    for number, cells in sorted(sheet.rows.items()):
        row = Row(number, tuple(unguarded(cells.get(at, "")) for at in range(max(cells) + 1)))
        if not row.is_empty:
            yield row


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _MOST_NAMED else ""
    return ", ".join(_short(name) for name in names[:_MOST_NAMED]) + more


def _short(name: str) -> str:
    """A name as it stands in a sentence: no program lets it be longer or have other signs."""
    return "".join(sign for sign in name[:31] if sign.isprintable())
