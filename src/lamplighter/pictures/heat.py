"""A grid of cells, the darker the more: hours and weekdays, units and hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from lamplighter.pictures.svg import Frame, box, drawn, lines_of, round_step, text, wide

SHADES = 6


def heat(
    frame: Frame,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    show: Callable[[float], str],
    most: float | None = None,
    empty: str,
    hidden: str = "",
    across: str = "",
    unit: str = "",
) -> str:
    """A cell for each row and column; `values[row][column]`, nan: none, None: not told.

    At most six shades, of round numbers; the legend says with which each begins, and of what
    `unit`. A cell that is not told is hatched, one without anything is left open. `empty` and
    `hidden` say so in words.
    """
    narrow = frame.width < 500
    widest = max((wide(row) for row in rows), default=0) + 14
    label = min(widest, 190.0 if not narrow else 112.0)
    size = (frame.width - label) / max(len(columns), 1)
    # Where names do not fit into one line, rows are as tall as two.
    tall = min(max(size, 18.0 if widest <= label else 30.0), 30.0)
    told = [v for line in values for v in line if v is not None and v == v]
    top = most if most is not None else max(told, default=0.0)
    step = round_step(top / SHADES)
    shades = min(max(ceil(top / step - 1e-9), 1), SHADES)
    head = 18.0
    body = []
    every = max(1, -(-int(wide("00") + 8) // max(int(size), 1)))
    for place, column in enumerate(columns):
        if place % every == 0:
            body.append(text(label + size * (place + 0.5), 12, column, "soft", anchor="middle"))
    for r, row in enumerate(rows):
        y = head + tall * r
        body.append(lines_of(label - 8, y + tall / 2, row, label - 8, anchor="end"))
        for c, column in enumerate(columns):
            value = values[r][c]
            style, says = _shade(value, step, shades), hidden
            if value is not None:
                says = empty if value != value else show(value)
            body.append(
                box(
                    label + size * c + 0.75,
                    y + 0.75,
                    size - 1.5,
                    tall - 1.5,
                    style,
                    f"{row}, {column}: {says}",
                    round_=2,
                )
            )
    below = head + tall * len(rows) + 8
    if across:
        body.append(text(frame.width, below + 10, across, "soft", anchor="end"))
        below += 18
    key = [(f"shade-{_tone(n, shades)}", show(step * n)) for n in range(shades)]
    x = label if not narrow else 0.0
    cell = min(64.0, (frame.width - x) / SHADES)
    for place, (style, words) in enumerate(key):
        more = "+" if place == shades - 1 and top > step * shades else ""
        body.append(box(x + cell * place, below, cell - 2, 10, style))
        body.append(text(x + cell * place, below + 24, f"{words}{more}", "soft"))
    extra = below + 40
    if unit:
        body.append(text(x, extra, unit, "soft"))
        extra += 18
    flat = [value for line in values for value in line]
    if hidden and any(value is None for value in flat):
        body.append(box(x, extra - 4, 16, 11, "cell hatched few"))
        body.append(text(x + 22, extra + 5, hidden, "soft"))
        extra += 18
    if any(value is not None and value != value for value in flat):
        body.append(box(x, extra - 4, 16, 11, "cell open"))
        body.append(text(x + 22, extra + 5, empty, "soft"))
        extra += 18
    return drawn(frame, extra, *body)


def _shade(value: float | None, step: float, shades: int) -> str:
    if value is None:
        return "cell hatched few"
    if value != value:
        return "cell open"
    return f"cell shade-{_tone(min(int(value / step + 1e-9), shades - 1), shades)}"


def _tone(place: int, shades: int) -> int:
    """Few shades take tones that are far apart; the last is always the darkest."""
    return SHADES - round((shades - 1 - place) * (SHADES - 1) / max(shades - 1, 1))
