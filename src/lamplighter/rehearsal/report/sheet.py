"""The table behind a picture: shown beneath it, and written as CSV and Parquet."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Literal, TypeAlias

from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import FEW, Say

Value: TypeAlias = str | int | float | Words | None
Kind = Literal[
    "text", "count", "rate", "share", "points", "minutes", "minutes more", "money", "number"
]

WHOLE_FROM = 1_000  # larger numbers are shown without parts of one
# Hours of a shift, and minutes with their unit, stay on one line.
_HELD = re.compile(r"\d\d:\d\d–\d\d:\d\d;?|\d+ min\b")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, what it is called on the page, what its values are.

    `as_written`: values are somebody's own words, in English whatever the language of the page.
    """

    key: str
    label: Words
    kind: Kind = "text"
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a table; None is what is not told because too few calls stand behind it."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = field(default=())

    def write(self, folder: Path) -> None:
        """Write KEY.csv (UTF-8) and KEY.parquet. Shares are from 0 to 1, words in English."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        names, rows = self._names(), self._plain_rows()
        with (folder / f"{self.key}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([[_short(value) for value in row] for row in rows])
        columns = {
            column.key: pa.array(
                [None if row[place] is None else _typed(row[place], column.kind) for row in rows],
                pa.string() if column.kind == "text" else pa.float64(),
            )
            for place, column in enumerate(self.columns)
        }
        parquet.write_table(pa.table(columns), folder / f"{self.key}.parquet")

    def records(self) -> list[dict[str, str | int | float | None]]:
        """The rows as in the files, each by the names of its columns."""
        names = self._names()
        return [dict(zip(names, map(_short, row), strict=True)) for row in self._plain_rows()]

    def _names(self) -> list[str]:
        return [column.key for column in self.columns]

    def _plain_rows(self) -> list[list[str | int | float | None]]:
        return [[_plain(value) for value in row] for row in self.rows]

    def html(self, say: Say) -> str:
        """The table for the page; the first column names the row."""
        head = "".join(
            f'<th scope="col"{_figure(column.kind)}>{escape(say.of(column.label))}</th>'
            for column in self.columns
        )
        body = "".join(f"<tr>{self._row(row, say)}</tr>" for row in self.rows)
        return (
            f'<div class="table-scroll" tabindex="0" role="region" '
            f'aria-label="{escape(say.of(self.title))}"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _row(self, row: Sequence[Value], say: Say) -> str:
        cells = []
        for place, (value, column) in enumerate(zip(row, self.columns, strict=True)):
            shown = _broken_well(escape(_shown(value, column.kind, say)))
            if place == 0:
                cells.append(f'<th scope="row">{shown}</th>')
            else:
                written = column.as_written and isinstance(value, str)
                english = ' lang="en"' if written else ""
                cells.append(f"<td{_figure(column.kind)}{english}>{shown}</td>")
        return "".join(cells)


def _broken_well(text: str) -> str:
    """Lines of a narrow column end where a reader would end them, also within a path."""
    return _HELD.sub(r'<span class="held">\g<0></span>', text.replace("/", "/<wbr>"))


def _figure(kind: Kind) -> str:
    return "" if kind == "text" else ' class="figure"'


def _shown(value: Value, kind: Kind, say: Say) -> str:
    if value is None:
        return say.of(FEW)
    if isinstance(value, str | Words):
        return say.of(value)
    if kind == "number":
        return f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:,.4g}"
    if kind == "text":
        return str(value)
    if kind in ("points", "minutes more"):
        alone = Interval(value, value, value)
        return say.change(alone, "share" if kind == "points" else "minutes")
    return str(getattr(say, kind)(value))


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, Words):
        return value.en
    if isinstance(value, float) and value != value:
        return None
    return value


def _short(value: str | int | float | None) -> str | int | float | None:
    return round(value, 6) if isinstance(value, float) else value


def _typed(value: str | int | float | None, kind: Kind) -> str | float:
    return str(value) if kind == "text" else float(value or 0)
