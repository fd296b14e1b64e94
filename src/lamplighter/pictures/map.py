"""A map of areas, the darker (or in the dark, the lighter) the more."""

import math
from collections.abc import Callable, Iterable, Sequence

from lamplighter.pictures.legend import HEIGHT, steps_legend
from lamplighter.pictures.scales import even_edges, plain, step_of
from lamplighter.pictures.svg import WIDTH, hatch, number, path, picture

TALLEST = 560.0

# The rings of an area; each a line of longitude and latitude.
Outline = Iterable[Iterable[Sequence[float]]]


def choropleth(
    outlines: Sequence[Outline],
    values: Sequence[float | None],
    *,
    labels: Sequence[str],
    name: str,
    title: str,
    about: str,
    edges: Sequence[float] | None = None,
    form: Callable[[float], str] = plain,
    edge_form: Callable[[float], str] | None = None,
    none: str = "not known",
) -> str:
    """Return a map of the outlines (rings of longitude and latitude), shaded in five steps.

    `edges` are the six edges of the steps, else five of one width from 0. None is hatched.
    `form` is how a number is told, `edge_form` how on the legend, where room is short.
    """
    rings = [
        [[(float(c[0]), float(c[1])) for c in ring] for ring in outline] for outline in outlines
    ]
    corners = [corner for outline in rings for ring in outline for corner in ring]
    if not corners:
        return picture(name, title, about, 1, ())
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, tall = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2) / wide, TALLEST / tall)
    margin = (WIDTH - wide * scale) / 2

    def drawn(ring: list[tuple[float, float]]) -> str:
        places = (
            f"{number(margin + (x - west) * squeeze * scale)},{number(1 + (north - y) * scale)}"
            for x, y in ring
        )
        return f"M{'L'.join(dict.fromkeys(places))}Z"

    steps = edges if edges is not None else even_edges(v for v in values if v is not None)
    parts = [hatch(name)]
    for outline, value, label in zip(rings, values, labels, strict=True):
        shape = "".join(drawn(ring) for ring in outline)
        if value is None:
            parts.append(
                f'<path class="area" fill="url(#{name}-hatch)" fill-rule="evenodd" d="{shape}"/>'
            )
        else:
            css = f"area step-{step_of(value, steps)}"
            parts.append(path(shape, css, told=f"{label}: {form(value)}"))
    bottom = tall * scale + 16
    has_none = any(value is None for value in values)
    parts += steps_legend(
        bottom, steps, edge_form or form, name=name, none=none if has_none else ""
    )
    return picture(name, title, about, bottom + HEIGHT, parts)
