"""Cut lines into records: fast where every line is one record, carefully where one is not."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lamplighter.history.layout import FileForm
from lamplighter.history.source import MARKS, Lines

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_RECORD_LINES = 50
EXAMPLE_LINES = 5
PIECE_LINES = 256


class Reason(StrEnum):
    """Why a row of a call file is set aside."""

    EMPTY_LINE = "empty_line"
    TOO_FEW_COLUMNS = "too_few_columns"
    TOO_MANY_COLUMNS = "too_many_columns"
    QUOTE_LEFT_OPEN = "quote_left_open"
    RECORD_UNREADABLE = "record_unreadable"
    HEADER_AGAIN = "header_again"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    DATE_WITHOUT_TIME = "date_without_time"
    TIME_IN_THE_FUTURE = "time_in_the_future"
    SAME_ROW_AGAIN = "same_row_again"
    SAME_CALL_AGAIN = "same_call_again"


@dataclass(slots=True)
class Tally:
    """Counts the rows that are set aside, and keeps the first lines of each reason."""

    rows: dict[Reason, int] = field(default_factory=dict)
    lines: dict[Reason, list[int]] = field(default_factory=dict)

    def add(self, reason: Reason, line: int) -> None:
        self.add_many(reason, 1, [line])

    def add_many(self, reason: Reason, rows: int, first_lines: Sequence[int]) -> None:
        self.rows[reason] = self.rows.get(reason, 0) + rows
        kept = self.lines.setdefault(reason, [])
        kept.extend(first_lines[: EXAMPLE_LINES - len(kept)])

    def all_rows(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and where the first record starts."""

    names: tuple[str, ...]
    rest: Lines


def take_header(chunks: Iterator[Lines], form: FileForm) -> Header | None:
    """Return the column names of a file, or None when the file has no text at all.

    Columns of a file without a header are numbered; it has as many as most of its first lines.
    """
    chunks = _without_first(chunks, form.skip)
    if not form.header:
        return _numbered(chunks, form.delimiter)
    for chunk in chunks:
        position = 0
        for line in range(chunk.first, chunk.first + chunk.count):
            end = chunk.data.index(b"\n", position) + 1
            text = chunk.data[position:end].decode().lstrip(MARKS).strip()
            position = end
            if text:
                names, _ = _fields(text, form.delimiter)
                done = line - chunk.first + 1
                rest = Lines(chunk.data[position:], line + 1, chunk.count - done)
                return Header(tuple(name.lstrip(MARKS).strip() for name in names), rest)
    return None


def _without_first(chunks: Iterator[Lines], lines: int) -> Iterator[Lines]:
    for chunk in chunks:
        start = 0
        skipped = min(lines, chunk.count)
        for _ in range(skipped):
            start = chunk.data.index(b"\n", start) + 1
        lines -= skipped
        yield Lines(chunk.data[start:], chunk.first + skipped, chunk.count - skipped)


def _numbered(chunks: Iterator[Lines], delimiter: str) -> Header | None:
    for chunk in chunks:
        lines = chunk.data.split(b"\n", PIECE_LINES)[:PIECE_LINES]
        texts = [line.decode() for line in lines if line.strip()]
        if texts:
            widths = Counter(len(_fields(text, delimiter)[0]) for text in texts)
            width = widths.most_common(1)[0][0]
            return Header(numbered_columns(width), chunk)
    return None


def cut_line(line: str, delimiter: str) -> list[str]:
    """Return the fields of a line, without the marks that may stand at its start.

    >>> cut_line('1;"a;b"', ";")
    ['1', 'a;b']
    """
    return _fields(line.lstrip(MARKS), delimiter)[0]


def numbered_columns(width: int) -> tuple[str, ...]:
    """Return the names of columns that have none.

    >>> numbered_columns(2)
    ('column 1', 'column 2')
    """
    return tuple(f"column {number}" for number in range(1, width + 1))


def cut_records(
    chunks: Iterable[Lines],
    width: int,
    wanted: Sequence[int],
    tally: Tally,
    delimiter: str = ",",
) -> "Iterator[pa.Table]":
    """Yield tables of records with the wanted columns, as text, in batches.

    A table has a column `f3` for column 3 of the file, `line` for the number of the first line
    of the record, and `raw` for its text. What is no record goes to the tally; nothing is lost.
    """
    import pyarrow as pa

    carried = Lines(b"", 1, 0)
    for chunk in chunks:
        if not carried.count and (table := _cut_fast(chunk, width, wanted, delimiter)) is not None:
            yield table
            continue
        tables = []
        for piece in _small_pieces(chunk):  # a bad line then slows down its piece only
            table = None if carried.count else _cut_fast(piece, width, wanted, delimiter)
            if table is None:
                cut = _CarefulCut(
                    _joined(carried, piece), width, tally, delimiter, more_to_come=True
                )
                table, carried = cut.table(wanted), cut.untaken()
            tables.append(table)
        if tables:
            yield pa.concat_tables(tables)
    if carried.count:
        yield _CarefulCut(carried, width, tally, delimiter, more_to_come=False).table(wanted)


def _small_pieces(chunk: Lines) -> Iterator[Lines]:
    start = 0
    for line in range(0, chunk.count, PIECE_LINES):
        count = min(PIECE_LINES, chunk.count - line)
        end = start
        for _ in range(count):
            end = chunk.data.index(b"\n", end) + 1
        yield Lines(chunk.data[start:end], chunk.first + line, count)
        start = end


def _joined(carried: Lines, piece: Lines) -> Lines:
    if not carried.count:
        return piece
    return Lines(carried.data + piece.data, carried.first, carried.count + piece.count)


def _cut_fast(chunk: Lines, width: int, wanted: Sequence[int], delimiter: str) -> "pa.Table | None":
    """Cut a chunk with Arrow; return None unless every line came out as one record."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    if chunk.count == 0:
        return None
    names = [f"f{column}" for column in range(width)]
    columns = [names[column] for column in wanted]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(chunk.data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(chunk.data) + 1, column_names=names
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                include_columns=columns,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != chunk.count:
        return None
    ends = np.flatnonzero(np.frombuffer(chunk.data, dtype=np.uint8) == ord("\n")) + 1
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    raw = pa.StringArray.from_buffers(
        chunk.count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(chunk.data)
    )
    lines = pa.array(np.arange(chunk.first, chunk.first + chunk.count, dtype=np.int64))
    return table.append_column("line", lines).append_column("raw", raw)


class _CarefulCut:
    """Cuts lines into records one by one.

    A quote that is left open may mean a record of several lines, or a slip. It is taken as a
    record if a later line closes it cleanly and the columns then fit; else only the one line is
    set aside.
    """

    def __init__(
        self, lines: Lines, width: int, tally: Tally, delimiter: str, *, more_to_come: bool
    ) -> None:
        self.texts = lines.data.decode().split("\n")[:-1]
        self.first = lines.first
        self.width = width
        self.tally = tally
        self.delimiter = delimiter
        self.more_to_come = more_to_come
        self.records: list[list[str]] = []
        self.lines: list[int] = []
        self.raw: list[str] = []
        self.taken = 0
        while self.taken < len(self.texts):
            step = self._cut_one(self.taken)
            if step == 0:
                break
            self.taken += step

    def untaken(self) -> Lines:
        """Return the lines at the end whose record may go on in lines still to come."""
        texts = self.texts[self.taken :]
        data = "".join(text + "\n" for text in texts).encode()
        return Lines(data, self.first + self.taken, len(texts))

    def table(self, wanted: Sequence[int]) -> "pa.Table":
        import pyarrow as pa

        columns = {
            f"f{column}": pa.array([record[column] for record in self.records], pa.string())
            for column in wanted
        }
        columns["line"] = pa.array(self.lines, pa.int64())
        columns["raw"] = pa.array(self.raw, pa.string())
        return pa.table(columns)

    def _cut_one(self, start: int) -> int:
        """Deal with the record that starts here; return its lines, or 0 when more are needed."""
        text = self.texts[start]
        if not text.strip():
            self.tally.add(Reason.EMPTY_LINE, self.first + start)
            return 1
        record, is_open = _fields(text, self.delimiter)
        if not is_open:
            self._keep_or_set_aside(record, text, start)
            return 1
        last = self._line_that_closes(start)
        if last is None:
            self.tally.add(Reason.QUOTE_LEFT_OPEN, self.first + start)
            return 1
        if last == len(self.texts):
            return 0
        text = "\n".join(self.texts[start : last + 1])
        record, is_open = _fields(text, self.delimiter, strict=True)
        if is_open or len(record) != self.width:
            self.tally.add(Reason.QUOTE_LEFT_OPEN, self.first + start)
            return 1
        self._keep_or_set_aside(record, text, start)
        return last + 1 - start

    def _line_that_closes(self, start: int) -> int | None:
        """Return the next line with an odd number of quotes; len(texts) if it may still come."""
        furthest = start + LONGEST_RECORD_LINES
        for line in range(start + 1, min(furthest, len(self.texts))):
            if self.texts[line].count('"') % 2:
                return line
        return len(self.texts) if self.more_to_come and furthest >= len(self.texts) else None

    def _keep_or_set_aside(self, record: list[str], text: str, start: int) -> None:
        line = self.first + start
        if not any(record[self.width :]):
            del record[self.width :]
        if len(record) < self.width:
            self.tally.add(Reason.TOO_FEW_COLUMNS, line)
        elif len(record) > self.width:
            self.tally.add(Reason.TOO_MANY_COLUMNS, line)
        else:
            self.records.append(record)
            self.lines.append(line)
            self.raw.append(text + "\n")


def _fields(text: str, delimiter: str, *, strict: bool = False) -> tuple[list[str], bool]:
    """Return the fields of a record, and whether a quote in it is left open.

    Strictly, a closing quote ends its field; a quote that opens in a later row does not.
    """
    lines = [line + "\n" for line in text.split("\n")]
    # The reader takes the empty line at the end only when it needs more to close a quote.
    reader = csv.reader([*lines, "\n"], delimiter=delimiter, strict=strict)
    try:
        record = next(reader)
    except csv.Error:  # not strictly a record, or a field of more than 128 KB
        return [], False
    return record, reader.line_num != len(lines)
