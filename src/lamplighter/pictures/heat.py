"""A heat map: one field a row and column, the darker (or in the dark, the lighter) the more."""

from collections.abc import Callable, Sequence

from lamplighter.pictures.legend import HEIGHT, steps_legend
from lamplighter.pictures.scales import even_edges, plain, step_of
from lamplighter.pictures.svg import WIDTH, box, hatch, picture, text

LEFT, ROW, GAP = 48.0, 24.0, 2.0


def heat_map(
    values: Sequence[Sequence[float | None]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    name: str,
    title: str,
    about: str,
    every: int = 3,
    form: Callable[[float], str] = plain,
    edge_form: Callable[[float], str] | None = None,
    none: str = "not known",
) -> str:
    """Return fields for `values[row][column]`; every third column is named, None is hatched.

    `form` is how a number is told, `edge_form` how on the legend, where room is short.
    """
    known = [value for row in values for value in row if value is not None]
    edges = even_edges(known)
    width = (WIDTH - LEFT) / max(len(columns), 1)
    parts = [hatch(name)]
    for y, (label, row) in enumerate(zip(rows, values, strict=True)):
        parts.append(text(0, y * ROW + 17, label))
        for x, (column, value) in enumerate(zip(columns, row, strict=True)):
            place = (LEFT + x * width, y * ROW, width - GAP, ROW - GAP)
            if value is None:
                parts.append(
                    f'<rect x="{place[0]:.1f}" y="{place[1]:.1f}" width="{place[2]:.1f}" '
                    f'height="{place[3]:.1f}" fill="url(#{name}-hatch)"/>'
                )
                continue
            told = f"{label} {column}: {form(value)}"
            parts.append(box(*place, f"step-{step_of(value, edges)}", told=told, round_=2))
    below = len(rows) * ROW
    for x in range(0, len(columns), every):
        parts.append(text(LEFT + x * width, below + 15, columns[x], css="soft"))
    has_none = any(value is None for row in values for value in row)
    parts += steps_legend(
        below + 30, edges, edge_form or form, name=name, none=none if has_none else ""
    )
    return picture(name, title, about, below + 30 + HEIGHT, parts)
