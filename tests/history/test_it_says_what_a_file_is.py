"""What is no table of calls is refused in one sentence that says what to do."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from lamplighter.history import HistoryError, read_history
from lamplighter.history.describing import describe_file
from lamplighter.history.formats import kinds
from tests.history.conftest import NOW, Town
from tests.history.invented import calls, text, xlsx
from tests.history.shapes import RADIO, SHEET, parquet, sheet, stream_zstd
from tests.support.workbooks import packed, workbook

SOME = calls(60)
PAGE = b"<!DOCTYPE html>\n<html><head><title>Please sign in</title></head></html>"


def archive(*names: str) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as file:
        for name in names:
            file.writestr(name, "id,time\n")
    return place.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("calls.csv", b"", "calls.csv is empty: download it again."),
        ("calls.csv.gz", gzip.compress(b""), "calls.csv.gz has nothing in it: download it again."),
        ("calls.csv", b"\n \n", "calls.csv has no text in it: check that it is the right file."),
        ("calls.csv", b"id,time\n", "calls.csv has no rows of calls: check that it is the right"),
        (
            "calls.xlsx",
            PAGE,
            "calls.xlsx is a web page, perhaps an error message or a page to sign",
        ),
        ("calls.csv", b"<?xml version='1.0'?><calls/>", "calls.csv is XML, not a table of calls: "),
        (
            "calls.csv",
            archive("a.csv", "b.csv"),
            "calls.csv is a ZIP archive of 2 files: unpack it and give the file with the calls.",
        ),
        ("calls.csv", b"\x89PNG\r\n\x1a\n", "calls.csv is an image, not a table of calls: ask for"),
        (
            "calls.docx",
            archive("word/document.xml"),
            "calls.docx is a Word document, not a table of calls: ask for the table itself",
        ),
        ("calls.pdf", b"%PDF-1.7", "calls.pdf is a PDF, not a table of calls: ask for the table"),
        ("calls.csv", b"BZh91AY", "calls.csv is bzip2, not a table of calls: unpack it and give"),
        ("calls.db", b"SQLite format 3\0", "calls.db is an SQLite database, not a table of calls"),
        ("calls.dat", bytes(range(8)) * 9 + b"\0" * 90, "calls.dat is neither text nor a format"),
        ("calls.json", b'{"error": {"code": 498}}', "calls.json is JSON without a list of records"),
        ("calls.json", b"[]", "calls.json is JSON without a list of records in it"),
        ("calls.json", b'{"data": nope}', "calls.json starts like JSON and is none"),
        ("calls.json", b'{"a": nope}', "calls.json starts like JSON and is none"),
        ("calls.json", b"[" * 200_000, "calls.json is JSON without a list of records in it"),
        (
            "calls.xlsx",
            sheet(SOME).replace(b"PK\x01\x02", b"PK\x01\x09"),
            "calls.xlsx is a workbook or ZIP archive that is damaged: download it again.",
        ),
        ("calls.xlsx", sheet(SOME)[:900], "calls.xlsx is a workbook or ZIP archive that ends in"),
        ("calls.xlsx", xlsx([]), "calls.xlsx has no rows in its sheet 'Calls': name another sheet"),
        (
            "calls.parquet",
            parquet(SHEET, SOME)[:900],
            "calls.parquet is a Parquet file that cannot be opened, perhaps cut short: download it",
        ),
    ],
    ids=lambda value: value[:28] if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_what_to_do(
    town: Town, name: str, content: bytes, sentence: str
) -> None:
    path = town.folder / name
    path.write_bytes(content)

    with pytest.raises(HistoryError) as described:
        describe_file(path)

    assert str(described.value).startswith(sentence)
    assert "\n" not in str(described.value)
    if "no rows of calls" not in sentence:  # reading finds no rows in it, and says so
        with pytest.raises(HistoryError) as read:
            read_history(path, town.layout, town.folder / "history", now=NOW)
        assert str(read.value) == str(described.value)


def test_places_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"There is no file .*none.csv: check the path."):
        describe_file(tmp_path / "none.csv")
    (tmp_path / "calls.csv").write_bytes(text(RADIO, SOME))
    with pytest.raises(HistoryError, match="no time zone 'Denver': write one like America/Chicago"):
        describe_file(tmp_path / "calls.csv", time_zone="Denver")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "calls.csv",
            gzip.compress(text(RADIO, SOME)),
            "The file is compressed (gzip), which its name does not say.",
        ),
        (
            "calls.csv",
            stream_zstd(text(RADIO, SOME)),
            "The file is compressed (zstd), which its name does not say.",
        ),
        (
            "calls.csv",
            sheet(SOME),
            "The file is a workbook, though its name ends in .csv; it is read as it is.",
        ),
        (
            "calls.xlsx",
            text(RADIO, SOME),
            "The file is text, though its name ends in .xlsx; it is read as it is.",
        ),
        (
            "calls.csv.gz",
            gzip.compress(text(RADIO, SOME))[:-40],
            "The file ends in the middle: download it again to have all calls.",
        ),
        (
            "calls.csv",
            text(RADIO, SOME).replace(b"MAIN ST", "PEÑA ST".encode("cp1252")),
            "Lines of the sample that are not UTF-8 and were read as cp1252: ",
        ),
    ],
    ids=("gzip", "zstd", "workbook", "text", "cut short", "cp1252"),
)
def test_what_can_be_read_all_the_same_is_read_with_a_remark(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    proposal = describe_file(path)

    assert any(sentence in remark for remark in proposal.not_understood)
    assert proposal.column("time")


def test_a_service_that_cut_its_answer_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "calls.json"
    features = [
        {"attributes": {"CALL_TYPE": "FIGHT", "CREATED": 1_767_225_600_000 + n}} for n in range(9)
    ]
    path.write_text(json.dumps({"exceededTransferLimit": True, "features": features}))

    remarks = describe_file(path).not_understood

    assert "The service cut its answer short: the city has more calls than these." in remarks


def test_a_workbook_that_unpacks_to_more_than_any_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MOST_UNPACKED", 10_000)
    (tmp_path / "calls.xlsx").write_bytes(archive(*(f"xl/{n}.xml" for n in range(1_300))))

    with pytest.raises(HistoryError, match="which is no workbook to be opened: save it as CSV"):
        describe_file(tmp_path / "calls.xlsx")


def test_cells_far_apart_are_no_reason_to_fill_the_memory(tmp_path: Path) -> None:
    far = workbook({"Calls": [["code", "time"], ["FIGHT", "2026-01-01"]]}, shared=False)
    (tmp_path / "calls.xlsx").write_bytes(moved(far, "B2", "XFD1048576"))

    with pytest.raises(HistoryError, match="has cells far apart in a sheet that is nearly empty"):
        describe_file(tmp_path / "calls.xlsx")

    wide = workbook({"Calls": [[f"column {n}" for n in range(60)], ["FIGHT"]]}, shared=False)
    (tmp_path / "calls.xlsx").write_bytes(wide)
    assert describe_file(tmp_path / "calls.xlsx").whole


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, "damaged", "locked"])
def test_a_workbook_that_cannot_be_unpacked_is_told(tmp_path: Path, method: int | str) -> None:
    book = xlsx([["code", "time"], *([f"FIGHT {n}", "2026-01-01"] for n in range(500))])
    if isinstance(method, int):
        place = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book)) as file, zipfile.ZipFile(place, "w", method) as copy:
            for name in file.namelist():
                copy.writestr(name, file.read(name))
        book = place.getvalue()
    else:
        at = book.index(b"xl/worksheets/sheet1.xml")
        begins = at - 30  # of the part: what it says of itself, then its name, then what it holds
        changed = bytearray(book)
        if method == "damaged":
            changed[at + 60 : at + 64] = b"\0\0\0\0"
        else:
            central = book.rindex(b"xl/worksheets/sheet1.xml") - 46
            changed[begins + 6] |= 1
            changed[central + 8] |= 1
        book = bytes(changed)
    (tmp_path / "calls.xlsx").write_bytes(book)
    with pytest.raises(HistoryError, match=r"calls\.xlsx is a workbook"):
        describe_file(tmp_path / "calls.xlsx")


def moved(book: bytes, cell: str, to: str) -> bytes:
    """The same workbook with a cell at another place."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    return packed(parts | {name: parts[name].replace(f'r="{cell}"', f'r="{to}"')})
