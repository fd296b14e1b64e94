"""Maps of areas, the darker the more, without tiles: outlines drawn once, shaded many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians

from lamplighter.pictures.svg import Frame, box, drawn, fitted, number, steps, text

Ring = Sequence[tuple[float, float]]  # longitude, latitude in degrees
SHADES = 5
_WIDTH = 480.0


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outlines of areas as drawings: the path of each, where its mark stands, and the height."""

    key: str
    names: tuple[str, ...]
    paths: tuple[str, ...]
    marks: tuple[tuple[float, float], ...]
    height: float

    def definitions(self) -> str:
        """The shapes, to be put once into a page that uses them in its maps."""
        return "".join(
            f'<path id="{self.key}-{place}" d="{shape}"/>' for place, shape in enumerate(self.paths)
        )


def outlines(key: str, names: Sequence[str], rings: Sequence[Sequence[Ring]]) -> Outlines:
    """Lay areas out for a page, north up; degrees become units so that circles stay round.

    Points closer than half a unit to the one before are left out: they could not be seen.
    """
    every = [point for area in rings for ring in area for point in ring]
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    narrow = cos(radians((south + north) / 2))
    scale = (_WIDTH - 8) / max((east - west) * narrow, (north - south) * 0.7, 1e-9)
    shift = (_WIDTH - (east - west) * narrow * scale) / 2

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return shift + (point[0] - west) * narrow * scale, 4 + (north - point[1]) * scale

    paths, marks = [], []
    for area in rings:
        placed = [_thinned([place(point) for point in ring]) for ring in area]
        paths.append("".join(_written(ring) for ring in placed if len(ring) > 2))
        marks.append(_middle(max(placed, key=lambda ring: abs(_size(ring)), default=[])))
    return Outlines(key, tuple(names), tuple(paths), tuple(marks), (north - south) * scale + 8)


def choropleth(
    frame: Frame,
    shapes: Outlines,
    values: Sequence[float | None],
    *,
    show: Callable[[float], str],
    hidden: str,
    empty: str,
    together: Sequence[str] = (),
    named: int = 5,
    bounds: Sequence[float] = (),
) -> str:
    """Areas in five shades with about as many in each; nan: none, None: not told.

    `together` names for each area what it is told as part of: areas of one name have one value.
    The `named` highest bear a numeral, which the list below the map explains. `bounds` are the
    upper ends of the shades, where several maps share one scale.
    """
    names = together or shapes.names
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    told = [v for name, v in ((n, values[p]) for n, p in first.items()) if v is not None and v == v]
    bounds = _read_apart(bounds or steps(told, SHADES), show)
    shift = max((frame.width - _WIDTH) / 2, 0.0)
    scale = min(frame.width / _WIDTH, 1.0)
    drawing = []
    for place, value in enumerate(values):
        style, says = "few hatched", hidden
        if value is not None:
            style, says = (
                ("open", empty) if value != value else (_shade(value, bounds), show(value))
            )
        drawing.append(
            f'<use href="#{shapes.key}-{place}" class="area {style}">'
            f"<title>{escape(_called(shapes.names[place], names[place]))}: {escape(says)}</title>"
            "</use>"
        )
    marked = [(v, p) for p in first.values() if (v := values[p]) is not None and v == v]
    order = [place for _, place in sorted(marked, key=lambda pair: (-pair[0], pair[1]))[:named]]
    for rank, place in enumerate(order, 1):
        x, y = shapes.marks[place]
        drawing.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="9" class="numeral"/>'
            + text(x, y + 4, str(rank), "numeral", anchor="middle")
        )
    body = [
        f'<g transform="translate({number(shift)} 0) scale({scale:.4f})">{"".join(drawing)}</g>'
    ]
    y = shapes.height * scale + 14
    cell = frame.width / max(len(bounds), 1)
    for place, most in enumerate(bounds):
        body.append(box(cell * place, y, cell - 3, 12, f"shade-{_number(place, len(bounds))}"))
        body.append(text(cell * place, y + 26, f"≤ {show(most)}", "soft"))
    y += 46
    for style, says, there in (
        ("few hatched", hidden, any(v is None for v in values)),
        ("open", empty, any(v is not None and v != v for v in values)),
    ):
        if there:
            body.append(box(0, y - 10, 16, 12, f"area {style}"))
            body.append(text(22, y, says, "soft"))
            y += 20
    for rank, place in enumerate(order, 1):
        name = fitted(names[place], frame.width - 110, 1)[0]
        body.append(f'<circle cx="9" cy="{number(y + 1)}" r="9" class="numeral"/>')
        body.append(text(9, y + 5, str(rank), "numeral", anchor="middle"))
        body.append(text(26, y + 5, name))
        body.append(text(frame.width, y + 5, show(values[place] or 0.0), "figure", anchor="end"))
        y += 24
    return drawn(frame, y, *body)


def _called(area: str, part_of: str) -> str:
    return area if area == part_of else f"{area} ({part_of})"


def _read_apart(bounds: Sequence[float], show: Callable[[float], str]) -> list[float]:
    """The upper ends of the shades; of those that read alike the last, since one shade has both.

    >>> _read_apart([0.92, 0.929, 0.931, 0.95], "{:.0%}".format)
    [0.92, 0.931, 0.95]
    """
    return list({show(most): most for most in bounds}.values())


def _shade(value: float, bounds: Sequence[float]) -> str:
    place = next((p for p, bound in enumerate(bounds) if value <= bound), len(bounds) - 1)
    return f"shade-{_number(place, len(bounds))}"


def _number(place: int, classes: int) -> int:
    """Few classes take shades that are far apart; the last is always the darkest."""
    return 6 - round((classes - 1 - place) * (SHADES / max(classes, 1)))


def _thinned(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for x, y in ring:
        if not kept or abs(kept[-1][0] - x) + abs(kept[-1][1] - y) >= 0.5:
            kept.append((x, y))
    return kept


def _written(ring: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z"


def _size(ring: Sequence[tuple[float, float]]) -> float:
    turned = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turned) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity."""
    size = _size(ring)
    if not ring or not size:
        return ring[0] if ring else (0.0, 0.0)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * size), y / (6 * size)
