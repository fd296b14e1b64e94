"""A picture with its heading, its words and the table of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand at the right."""

    label: str
    is_number: bool = False


def figure(
    picture: str, *, heading: str, words: str = "", numbers: str, fold: str, level: int = 3
) -> str:
    """Return a figure: heading, words, picture, and its table folded under the word `fold`.

    `picture` and `numbers` are HTML (see `table`); the rest is text. The heading is an `<h3>`,
    or as `level` says.
    """
    said = f"<p>{escape(words)}</p>" if words else ""
    caption = f"<figcaption><h{level}>{escape(heading)}</h{level}>{said}</figcaption>"
    return (
        f'<figure class="drawn">{caption}{picture}'
        f"<details><summary>{escape(fold)}</summary>{numbers}</details></figure>"
    )


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    first_is_head: bool = True,
) -> str:
    """Return a table that scrolls within itself where the page is narrow."""
    head = "".join(
        f'<th scope="col"{_side(column)}>{escape(column.label)}</th>' for column in columns
    )
    body = "".join(f"<tr>{_cells(columns, row, first_is_head)}</tr>" for row in rows)
    return (
        f'<div class="drawn__scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(columns: Sequence[Column], row: Sequence[str], first_is_head: bool) -> str:
    cells = []
    for index, (column, value) in enumerate(zip(columns, row, strict=True)):
        if index == 0 and first_is_head:
            cells.append(f'<th scope="row"{_side(column)}>{escape(value)}</th>')
        else:
            cells.append(f"<td{_side(column)}>{escape(value)}</td>")
    return "".join(cells)


def _side(column: Column) -> str:
    return ' class="number"' if column.is_number else ""
