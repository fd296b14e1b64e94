"""Tell what a file is by what stands in it, whatever its name says."""

import zipfile
from enum import StrEnum
from pathlib import Path

from lamplighter import file_kinds
from lamplighter.history.errors import HistoryError
from lamplighter.history.unpacked import Packing, Unpacked

START_BYTES = 1 << 16
# A sheet is full at a million rows; with thirty columns that is some two gigabytes of text.
MOST_UNPACKED = 4_000_000_000
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Kind(StrEnum):
    """What kinds of files are read."""

    TEXT = "text"
    JSON = "JSON"
    WORKBOOK = "a workbook"
    PARQUET = "Parquet"


# What to do with a file that is no table of calls; with archives, to unpack them.
REMEDIES = {
    "a PDF": "ask for the table itself, as CSV or XLSX",
    "an image": "ask for the table itself, as CSV or XLSX",
    "a Word document": "ask for the table itself, as CSV or XLSX",
    "a PowerPoint presentation": "ask for the table itself, as CSV or XLSX",
    "an SQLite database": "export its table of calls as CSV",
    "an Arrow file": "save it as Parquet",
}


def kind_of(path: Path) -> tuple[Kind, Packing]:
    """Return what a file is, and how it is compressed.

    Raises HistoryError, with what to do, where it is nothing that calls are read from.
    """
    unpacked = Unpacked(path)
    start = b""
    for piece in unpacked.pieces():
        start += piece
        if len(start) >= START_BYTES:
            break
    if not start:
        if not path.stat().st_size:
            raise HistoryError(f"{path.name} is empty: download it again.")
        raise HistoryError(f"{path.name} has nothing in it: download it again.")
    other = file_kinds.kind_of(start)
    if other is not None:
        raise _refused(path, other)
    if start.startswith(b"PAR1"):
        return Kind.PARQUET, unpacked.packing
    if start.startswith(file_kinds.OLD_OFFICE):
        return Kind.WORKBOOK, unpacked.packing
    if start.startswith(file_kinds.ZIP):
        return _zip(path, unpacked.packing), unpacked.packing
    return _text(path, start), unpacked.packing


def _refused(path: Path, what: str) -> HistoryError:
    remedy = REMEDIES.get(what, "unpack it and give the file in it")
    return HistoryError(f"{path.name} is {what}, not a table of calls: {remedy}.")


def _zip(path: Path, packing: Packing) -> Kind:
    if packing is not Packing.NONE:
        return Kind.WORKBOOK
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            size = sum(part.file_size for part in archive.infolist())
    except file_kinds.BROKEN_ZIP as error:
        raise _broken(path, file_kinds.wrong_with_zip(path, error)) from error
    if size > MOST_UNPACKED:
        raise HistoryError(
            f"{path.name} unpacks to {size / 1e9:,.0f} GB, which is no workbook to be opened: save "
            "it as CSV."
        )
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return Kind.WORKBOOK
    document = file_kinds.document_of(names)
    if document is not None:
        raise _refused(path, document)
    raise HistoryError(
        f"{path.name} is a ZIP archive of {len(names)} files: unpack it and give the file with "
        "the calls."
    )


def _broken(path: Path, fault: file_kinds.ZipFault) -> HistoryError:
    if fault == "ends in the middle":
        return HistoryError(
            f"{path.name} is a workbook or ZIP archive that ends in the middle: download it again."
        )
    if fault == "is damaged":
        return HistoryError(
            f"{path.name} is a workbook or ZIP archive that is damaged: download it again."
        )
    return HistoryError(
        f"{path.name} is a workbook or ZIP archive of a later version: save it as CSV."
    )


def _text(path: Path, start: bytes) -> Kind:
    if start.startswith(UTF16_MARKS):
        return Kind.TEXT
    if start.count(b"\0") > len(start) // 5:
        raise HistoryError(
            f"{path.name} is neither text nor a format that is read here: export the calls as CSV."
        )
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"<":
        is_page = b"<html" in text[:2000].lower() or b"<!doctype html" in text[:200].lower()
        what = "a web page, perhaps an error message or a page to sign in" if is_page else "XML"
        remedy = "open it in a browser" if is_page else "export the calls as CSV"
        raise HistoryError(f"{path.name} is {what}, not a table of calls: {remedy}.")
    return Kind.JSON if _is_json(text) else Kind.TEXT


def _is_json(text: bytes) -> bool:
    """Lines of text may start with a bracket, too; JSON goes on with a quote or a bracket."""
    rest = text[1:].lstrip()[:1]
    return (text[:1] == b"{" and rest in (b'"', b"}")) or (
        text[:1] == b"[" and rest in (b"{", b"[", b"]")
    )
