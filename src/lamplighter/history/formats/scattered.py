"""Sheets whose few cells lie far apart: to read one, room is made for all cells between them."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path

from lamplighter.file_kinds import BROKEN_ZIP

# So many cells are read wherever they lie: some 600 MB.
MOST_CELLS = 20_000_000
_READ_AT_ONCE = 4 << 20
# What a ZIP file ends in that is damaged, locked, or packed in another way.
_DAMAGED = (*BROKEN_ZIP, zlib.error, LZMAError, EOFError, OSError, RuntimeError)
_WIDE = re.compile(rb"""\br\s*=\s*["'][A-Z]{2}""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")


def scattered(path: Path) -> bool:
    """Whether a sheet of an XLSX has far fewer cells than there is room between its outermost ones.

    A cell takes several bytes of the sheet's text, so a sheet with more places than bytes is
    nearly empty. Sheets that end at column Z are small at any length, and looked at no further.
    """
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as book:
            return any(
                _places(book, part) > max(MOST_CELLS, part.file_size)
                for part in book.infolist()
                if part.filename.startswith("xl/worksheets/")
                if any(_WIDE.search(text) for text in _texts(book, part))
            )
    except _DAMAGED:
        return False  # whoever reads the cells says what is wrong


def _places(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many cells there are from the first one of a sheet to the outermost column and row."""
    columns = rows = 0
    for text in _texts(book, part):
        for letters, row in _PLACE.findall(text):
            columns = max(columns, _number(letters))
            rows = max(rows, int(row))
    return columns * rows


def _texts(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The text of a sheet in pieces; each begins with the end of the one before."""
    before = b""
    with book.open(part) as source:
        while text := source.read(_READ_AT_ONCE):
            yield before + text
            before = (before + text)[-40:]


def _number(letters: bytes) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
