"""XLSX files as spreadsheet programs write them, no larger than they must be."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from xml.sax.saxutils import escape, quoteattr

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>'
)
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
# The formats of cells by their place: none, date with time, date, time, hours counted, percent.
FORMATS = (0, 22, 14, 20, 164, 9)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="[h]:mm:ss"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in FORMATS)
    + "</cellXfs></styleSheet>"
)


@dataclass(frozen=True)
class Raw:
    """A cell by what its file says: attributes besides the place, and what stands within."""

    attributes: str
    within: str


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    merged: Mapping[str, Sequence[str]] | None = None,
    shared: bool = True,
) -> bytes:
    """A workbook of these sheets; texts are kept once for all cells, or in each (`shared`)."""
    texts: dict[str, int] | None = {} if shared else None
    parts = {"[Content_Types].xml": TYPES, "xl/styles.xml": STYLES}
    parts["_rels/.rels"] = relations(("officeDocument", "xl/workbook.xml"))
    for number, (name, table) in enumerate(sheets.items(), start=1):
        ranges = (merged or {}).get(name, ())
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet(table, ranges, texts)
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(
        *(("worksheet", f"worksheets/sheet{number}.xml") for number, _ in enumerate(sheets, 1)),
        ("styles", "styles.xml"),
        *([("sharedStrings", "/xl/sharedStrings.xml")] if shared else []),
    )
    if texts is not None:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    return packed(parts)


def packed(parts: Mapping[str, str]) -> bytes:
    """The parts as one file; it is the same whenever it is made."""
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(info, DECLARED + content.removeprefix(DECLARED))
    return place.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """What a part refers to: of what kind, and where it lies."""
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def sheet(
    table: Sequence[Sequence[object]], merged: Sequence[str], texts: dict[str, int] | None
) -> str:
    """A sheet of a workbook."""
    lines = []
    for number, row in enumerate(table, start=1):
        cells = "".join(cell(value, f"{letters(n)}{number}", texts) for n, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>'
        + (f"<mergeCells>{ranges}</mergeCells>" if ranges else "")
        + "</worksheet>"
    )


def cell(value: object, place: str, texts: dict[str, int] | None) -> str:
    """A cell as a program writes what somebody typed into it."""
    if isinstance(value, Raw):
        return f'<c r="{place}" {value.attributes}>{value.within}</c>'
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    days = counted(value)
    if days is not None:
        return f'<c r="{place}" s="{days[0]}"><v>{days[1]!r}</v></c>'
    if texts is None:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
    return f'<c r="{place}" t="s"><v>{texts.setdefault(str(value), len(texts))}</v></c>'


def counted(value: object) -> tuple[int, float] | None:
    """The place of the format of a moment, and its days as sheets count them."""
    day = timedelta(days=1)
    if isinstance(value, datetime):
        return 1, (value.replace(tzinfo=UTC) - FIRST_DAY) / day
    if isinstance(value, date):
        return 2, (value - FIRST_DAY.date()) / day
    if isinstance(value, time):
        return 3, timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / day
    return (4, value / day) if isinstance(value, timedelta) else None


def table_of(sheet: str) -> list[list[object]]:
    """The cells of a CSV as a spreadsheet program keeps them: numbers, days, TRUE."""
    return [[kept(cell) for cell in row] for row in csv.reader(io.StringIO(sheet, newline=""))]


def kept(cell: str) -> object:
    """What a program makes of a text that somebody types into a cell."""
    if cell in ("true", "false"):
        return cell == "true"
    if re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return float(cell)
    if re.fullmatch(r"'\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell[1:])
    return cell


def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
