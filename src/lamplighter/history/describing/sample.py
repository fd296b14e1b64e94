"""Take a sample of a call file as a table of texts, from its start and from all over it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.describing.dialect import MOST_LINES, form_of_lines, start_of_table
from lamplighter.history.errors import HistoryError
from lamplighter.history.formats import CallRecords, open_records
from lamplighter.history.formats.kinds import Kind, kind_of
from lamplighter.history.formats.workbook import Workbook, shortened
from lamplighter.history.layout import FileForm
from lamplighter.history.quality.words import REASONS
from lamplighter.history.records import Tally
from lamplighter.history.source import CallFile
from lamplighter.history.unpacked import Packing

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE_BYTES = 8 << 20
LONGEST_WHOLE_WORKBOOK = 4 << 20  # packed; a longer one is cut before it is opened
# The widest files of cities have some hundred columns.
MOST_COLUMNS, LONGEST_NAMES = 1_000, 50_000
OTHER_ENCODINGS = ("cp1252",)
SUFFIXES = {
    Kind.TEXT: (".csv", ".tsv", ".txt", ".tab", ".psv", ".dat"),
    Kind.JSON: (".json", ".geojson", ".jsonl", ".ndjson"),
    Kind.WORKBOOK: (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"),
    Kind.PARQUET: (".parquet", ".pq"),
}
PACKED_SUFFIXES = {Packing.GZIP: ".gz", Packing.ZSTD: ".zst"}


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of a file as texts, in columns f0, f1 and so on with these names.

    `whole` tells that these are all the rows. `remarks` are sentences about the file as a whole.
    """

    kind: str
    form: FileForm
    names: tuple[str, ...]
    table: "pa.Table"
    whole: bool
    in_mercator: bool
    remarks: tuple[str, ...]


def take_sample(path: Path, scratch: Path) -> Sample:
    """Return a sample of a file of any format; `scratch` is a folder for what must be unpacked.

    Raises HistoryError where the file is nothing that calls are read from, or has no rows.
    """
    kind, packing = kind_of(path)
    place, cut = path, False
    if kind is Kind.WORKBOOK and path.stat().st_size > LONGEST_WHOLE_WORKBOOK:
        cut = packing is Packing.NONE and shortened(path, scratch / "shortened.xlsx")
        place = scratch / "shortened.xlsx" if cut else path
    form = _form_of_text(path) if kind is Kind.TEXT else FileForm()
    records = open_records(place, form, OTHER_ENCODINGS, scratch)
    if isinstance(records, Workbook):
        skip, header = start_of_table(records.first_rows(MOST_LINES))
        sheet = records.sheet_name if records.sheets > 1 else ""
        form = replace(form, skip=skip, header=header, sheet=sheet)
        if form != FileForm():
            records = open_records(place, form, OTHER_ENCODINGS, scratch)
    _check_width(path, records)
    tally = Tally()
    table, whole = records.sample(SAMPLE_BYTES, tally)
    # Records that name their own fields may name others than the first ones did.
    _check_width(path, records)
    if not table.num_rows:
        raise HistoryError(f"{path.name} has no rows of calls: check that it is the right file.")
    whole = whole and not cut
    remarks = (
        *_about_name(path, kind, packing),
        *records.notes,
        *_about_rows(records, tally, table.num_rows),
    )
    return Sample(records.kind, form, records.names, table, whole, records.in_mercator, remarks)


def _check_width(path: Path, records: CallRecords) -> None:
    if len(records.names) > MOST_COLUMNS or sum(map(len, records.names)) > LONGEST_NAMES:
        raise HistoryError(
            f"{path.name} has {len(records.names):,} columns, or names of columns as long as a "
            "book: export the calls with fewer."
        )


def _form_of_text(path: Path) -> FileForm:
    lines: list[str] = []
    for chunk in CallFile(path, OTHER_ENCODINGS).lines():
        lines += [line.decode() for line in chunk.data.split(b"\n", MOST_LINES)[:MOST_LINES]]
        break
    return form_of_lines(lines)


def _about_name(path: Path, kind: Kind, packing: Packing) -> tuple[str, ...]:
    """Say where the name of the file promises something else; it is read all the same."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    remarks = []
    packed = PACKED_SUFFIXES.get(packing)
    if packed and packed not in suffixes:
        remarks.append(f"The file is compressed ({packing}), which its name does not say.")
    plain = next((suffix for suffix in reversed(suffixes) if suffix not in (".gz", ".zst")), "")
    promised = next((other for other, names in SUFFIXES.items() if plain in names), kind)
    if promised is not kind:
        remarks.append(f"The file is {kind}, though its name ends in {plain}; it is read as it is.")
    return tuple(remarks)


def _about_rows(records: CallRecords, tally: Tally, rows: int) -> tuple[str, ...]:
    remarks = []
    for reason, count in tally.rows.items():
        remarks.append(
            f"Rows of the sample that cannot be read ({REASONS['en'][reason]}): {count:,}."
        )
    if records.recoded:
        remarks.append(
            f"Lines of the sample that are not UTF-8 and were read as {OTHER_ENCODINGS[0]}: "
            f"{records.recoded:,}."
        )
    if records.undecodable:
        remarks.append(f"Lines with characters that nothing can read: {records.undecodable:,}.")
    if records.cut_short:
        remarks.append("The file ends in the middle: download it again to have all calls.")
    return tuple(remarks)
