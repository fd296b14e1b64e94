"""Find out how a table is cut into columns, and whether its first row names them."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

from lamplighter.history.describing.times import time_form
from lamplighter.history.describing.words import columns_vocabulary
from lamplighter.history.layout import FileForm
from lamplighter.history.records import LONGEST_RECORD_LINES, cut_line

DELIMITERS = (",", "\t", ";", "|")
MOST_LINES = 300
MOST_SKIPPED = 20
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")


def form_of_lines(lines: Sequence[str]) -> FileForm:
    """Return how delimited text is written, from its first lines.

    The delimiter is the one that cuts most lines into the same number of columns; of several, the
    one that gives more columns. Lines before the table, such as a title, are narrower than it.

    >>> form_of_lines(["All calls", "id;time", "1;2026-05-01 12:00", "2;2026-05-01 13:00"])
    FileForm(delimiter=';', header=True, skip=1, sheet='')
    """
    tables = {delimiter: _cut(lines[:MOST_LINES], delimiter) for delimiter in DELIMITERS}

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for _, row in tables[delimiter] if any(row))
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            return 0.0, 1
        width = max(wide, key=lambda width: (wide[width], width))
        return round(wide[width] / widths.total(), 1), width

    delimiter = max(DELIMITERS, key=evenness)
    table = tables[delimiter]
    row, header = start_of_table([cells for _, cells in table])
    return FileForm(delimiter=delimiter, skip=table[row][0] if row else 0, header=header)


def _cut(lines: Sequence[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the rows of some lines, each with the number of lines before it.

    Where a quote seems to be left open, every line is taken for a row.
    """
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter)
    rows, before = [], 0
    try:
        for row in reader:
            if reader.line_num - before > LONGEST_RECORD_LINES:
                break
            rows.append((before, row))
            before = reader.line_num
        else:
            return rows
    except csv.Error:
        pass
    return [(number, cut_line(line, delimiter)) for number, line in enumerate(lines)]


def start_of_table(rows: Sequence[Sequence[str | None]]) -> tuple[int, bool]:
    """Return how many rows stand before the table, and whether its first row names the columns."""
    widths = [sum(1 for cell in row if cell and cell.strip()) for row in rows]
    common = sorted(width for width in widths if width)
    if not common:
        return 0, True
    # Half of the cells of a row may be empty, but no title fills so many.
    enough = max(2, common[len(common) // 2] // 2)
    skip = next((n for n, width in enumerate(widths[:MOST_SKIPPED]) if width >= enough), 0)
    while skip and not any(widths[:skip]):  # empty lines are no title
        skip = 0
    rest = [row for row, width in zip(rows[skip + 1 :], widths[skip + 1 :], strict=True) if width]
    return skip, names_columns(rows[skip], rest)


def names_columns(first: Sequence[str | None], rest: Sequence[Sequence[str | None]]) -> bool:
    """Tell whether a row names the columns of the rows below it.

    A name is no number and no time where the column below is one, and does not come again in it.
    """
    if not rest:
        return True
    vocabulary = columns_vocabulary()
    votes = 0.0
    for position, name in enumerate(first):
        cells = [row[position] or "" for row in rest if position < len(row)]
        filled = [cell.strip() for cell in cells if cell.strip()]
        text = (name or "").strip()
        if not text or not filled:
            continue
        if sum(_is_typed(cell) for cell in filled[:50]) >= 0.8 * len(filled[:50]):
            votes += -1 if _is_typed(text) else 1
        elif text in filled:
            votes -= 0.5
        elif vocabulary.meanings(text):
            votes += 0.25
    return votes > 0 or (votes == 0 and len(rest) < 3)


def _is_typed(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None or time_form([(text, 1)]) is not None
