"""A picture on the quality page, wide and narrow, with the table of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand at the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that scrolls within itself where the page is narrow; its first column names a row."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]

    def html(self) -> str:
        """Return the table for the page."""
        head = "".join(
            f'<th scope="col"{_side(column)}>{escape(column.name)}</th>' for column in self.columns
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.rows)
        caption = escape(self.caption)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _cells(self, row: Sequence[str]) -> str:
        cells = []
        for place, (column, value) in enumerate(zip(self.columns, row, strict=True)):
            tag, scope = ("td", "") if place else ("th", ' scope="row"')
            cells.append(f"<{tag}{scope}{_side(column)}>{escape(value)}</{tag}>")
        return "".join(cells)


def figure(pictures: Sequence[str], title: str, words: str, table: str, fold: str) -> str:
    """Return a figure for the page: the wide and the narrow picture, words, and a folded table."""
    wide, narrow = pictures
    said = f"<p>{escape(words)}</p>" if words else ""
    read = f'<span class="only-read">: {escape(title)}</span>'
    return (
        f"<figure><figcaption><h2>{escape(title)}</h2>{said}</figcaption>"
        f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
        f"<details><summary>{escape(fold)}{read}</summary>{table}</details></figure>"
    )


def _side(column: Column) -> str:
    return ' class="number"' if column.is_number else ""
