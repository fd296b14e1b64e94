"""What a file is by what stands in it, where somebody takes it for another."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

_FIRST_BYTES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"SQLite format 3", "an SQLite database"),
    (b"ARROW1", "an Arrow file"),
)
_PARTS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
)
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, ValueError)
ZipFault: TypeAlias = Literal["ends in the middle", "is damaged", "is of a later version"]
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK_PARTS = {"xl/workbook.xml", "xl/workbook.bin"}


def kind_of(start: bytes) -> str | None:
    """What a file that starts so is, where that is neither text nor what calls are read from.

    >>> kind_of(b"%PDF-1.7")
    'a PDF'
    """
    return next((what for magic, what in _FIRST_BYTES if start.startswith(magic)), None)


def document_of(parts: Collection[str]) -> str | None:
    """What a ZIP archive with these parts is for whoever wrote it, where it is a document."""
    return next((what for part, what in _PARTS if part in parts), None)


def not_text(content: bytes) -> str | None:
    """What a whole file is that is no text; None where it may be one.

    >>> not_text(b"policy: small")
    """
    if content.startswith(ZIP):
        return _packed(content)
    if content.startswith(OLD_OFFICE):
        return "a file of an older Office program"
    more = ((b"PAR1", "a Parquet file"), (b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "Zstandard"))
    return kind_of(content) or next((what for one, what in more if content.startswith(one)), None)


def _packed(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = set(archive.namelist())
    except BROKEN_ZIP as error:
        return f"a ZIP archive that {wrong_with_zip(BytesIO(content), error)}"
    if parts & _WORKBOOK_PARTS:
        return "a workbook"
    if "content.xml" in parts:
        return "an OpenDocument file"
    return document_of(parts) or "a ZIP archive"


def wrong_with_zip(file: Path | BytesIO, error: Exception) -> ZipFault:
    """What is wrong with a ZIP archive that could not be opened for this error.

    >>> wrong_with_zip(BytesIO(b"PK\\x03\\x04"), zipfile.BadZipFile())
    'ends in the middle'
    """
    if isinstance(error, NotImplementedError):
        return "is of a later version"
    return "is damaged" if zipfile.is_zipfile(file) else "ends in the middle"


def kept_from(
    path: Path,
    own: str = "",
    is_own: Callable[[Path], bool] = lambda _path: False,
    *,
    force: bool = False,
) -> str | None:
    """Why a file may not be written there, in one sentence; None where it may.

    One of the same kind, as `is_own` tells, may be made anew; any other file is somebody's, and is
    replaced only with `force`. `own` is what the kind is called; without it none is known by sight.
    """
    if not path.exists() or path.is_dir():
        return None  # a folder is told by whoever writes
    if not path.is_file():
        return f"{path} is a device, not a file: give another name."
    if force or is_own(path):
        return None
    what = f" and is not {own}" if own else ""
    return f"{path} is already there{what}: give another name, or add --force."


def is_marked(path: Path, mark: str) -> bool:
    """Whether a file is Parquet that has this mark in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        return mark.encode() in (parquet.read_schema(path).metadata or {})
    except (pa.ArrowInvalid, OSError):
        return False
