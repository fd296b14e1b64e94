"""Sheets of a workbook: XLSX, XLS, XLSB and ODS."""

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.errors import HistoryError
from lamplighter.history.formats.scattered import scattered
from lamplighter.history.formats.texts import as_text, text_table
from lamplighter.history.layout import FileForm
from lamplighter.history.records import Reason, Tally, numbered_columns
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import pyarrow as pa
    from python_calamine import CalamineSheet

BATCH_ROWS = 20_000
SAMPLE_SHEET_BYTES = 16 << 20
BYTES_A_ROW = 200  # of the sample, so that as many rows are taken as of other formats


class Workbook:
    """One sheet of a workbook."""

    ragged = False
    in_mercator = False
    notes: tuple[str, ...] = ()
    recoded = 0
    undecodable = 0
    cut_short = False
    kind = "workbook"

    def __init__(
        self, path: Path, form: FileForm, progress: Progress | None = None, name: str = ""
    ) -> None:
        self.path = path
        self.form = form
        self.progress = progress
        self.file_name = name or path.name
        self._sheet, self.sheet_name = self._open(path)
        rows = islice(self._sheet.iter_rows(), form.skip, None)
        first = next(rows, None)
        if first is None:
            raise HistoryError(
                f"{self.file_name} has no rows in its sheet {self.sheet_name!r}: name another "
                "sheet in the layout, or check that it is the right file."
            )
        self.names = (
            tuple((as_text(cell) or "").strip() for cell in first)
            if form.header
            else numbered_columns(len(first))
        )

    def tables(self, wanted: Sequence[int], tally: Tally) -> "Iterator[pa.Table]":
        """Yield all rows in batches; `line` is the number of the row in the sheet."""
        yield from self._tables(self._sheet, wanted, tally)

    def sample(self, most_bytes: int, tally: Tally) -> "tuple[pa.Table, bool]":
        """Return the first rows of the sheet."""
        import pyarrow as pa

        wanted = range(len(self.names))
        most_rows = most_bytes // BYTES_A_ROW
        tables, rows = [], 0
        for table in self._tables(self._sheet, wanted, tally):
            tables.append(table)
            rows += table.num_rows
            if rows >= most_rows:
                return pa.concat_tables(tables), False
        return pa.concat_tables(tables), True

    def first_rows(self, rows: int) -> list[list[str | None]]:
        """Return the first rows as texts, to see where the table starts."""
        return [[as_text(cell) for cell in row] for row in islice(self._sheet.iter_rows(), rows)]

    def _open(self, path: Path) -> "tuple[CalamineSheet, str]":
        from python_calamine import CalamineError, CalamineWorkbook

        if scattered(path):
            raise HistoryError(
                f"{self.file_name} has cells far apart in a sheet that is nearly empty: delete the "
                "rows and columns beyond the calls, or save the sheet as CSV."
            )
        try:
            book = CalamineWorkbook.from_path(str(path))
            self.sheets = len(book.sheet_names)
            name = self.form.sheet or self._fullest(book.sheet_names, book)
            if name not in book.sheet_names:
                sheets = ", ".join(book.sheet_names)
                raise HistoryError(
                    f"{self.file_name} has no sheet {name!r}: write one of {sheets} in the layout."
                )
            return book.get_sheet_by_name(name), name
        except CalamineError as error:
            raise HistoryError(
                f"{self.file_name} is a workbook that cannot be opened ({error}): "
                "open it in a spreadsheet program and save it as CSV."
            ) from error

    def _fullest(self, names: Sequence[str], book: Any) -> str:
        """The first sheet, or of several the one with the most rows."""
        if len(names) == 1:
            return names[0]
        return max(names, key=lambda name: book.get_sheet_by_name(name).total_height)

    def _tables(
        self, sheet: "CalamineSheet", wanted: Sequence[int], tally: Tally
    ) -> "Iterator[pa.Table]":
        start = (sheet.start or (0, 0))[0] + 1
        skipped = self.form.skip + self.form.header
        total = sheet.height
        records: list[dict[str, str | None]] = []
        numbers: list[int] = []
        raws: list[str] = []
        keys = [f"f{position}" for position in range(len(self.names))]
        for number, row in enumerate(islice(sheet.iter_rows(), skipped, None), start=skipped):
            texts = [as_text(cell) for cell in row]
            if not any(texts):
                tally.add(Reason.EMPTY_LINE, start + number)
                continue
            records.append(dict(zip(keys, texts, strict=False)))
            numbers.append(start + number)
            raws.append("\x1f".join(text or "" for text in texts))
            if len(records) >= BATCH_ROWS:
                if self.progress:
                    self.progress(number, total)
                yield text_table(records, keys, wanted, numbers, raws)
                records, numbers, raws = [], [], []
        yield text_table(records, keys, wanted, numbers, raws)


def shortened(path: Path, target: Path) -> bool:
    """Write a copy of an XLSX whose sheets hold their first rows only; return whether any was cut.

    A sheet is one long text in a ZIP file, and opening it whole takes longer than a sample may.
    """
    cut = False
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(target, "w") as copy:
        for part in book.infolist():
            with book.open(part) as source, copy.open(part.filename, "w") as place:
                is_sheet = part.filename.startswith("xl/worksheets/sheet")
                if is_sheet and part.file_size > SAMPLE_SHEET_BYTES:
                    text = source.read(SAMPLE_SHEET_BYTES)
                    end = text.rfind(b"</row>") + len(b"</row>")
                    place.write(text[:end] + b"</sheetData></worksheet>")
                    cut = True
                else:
                    shutil.copyfileobj(source, place)
    return cut
