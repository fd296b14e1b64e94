"""Lines over time or over a number, with bands for what is uncertain and gaps that are seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from lamplighter.pictures.scales import plain, ticks
from lamplighter.pictures.svg import WIDTH, hatch, line, number, path, picture, text

PLOT, TOP, LEGEND_ROW = 210.0, 14.0, 24.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value for each place on the x axis, None where there is none.

    low, high: the band around it, if there is one
    tone: 1 to 6, which colour, dash and marker
    """

    label: str
    values: Sequence[float | None]
    low: Sequence[float | None] | None = None
    high: Sequence[float | None] | None = None
    tone: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the x axis where nothing is known."""

    start: float
    end: float
    label: str


def lines(
    x: Sequence[float],
    entries: Sequence[Line],
    *,
    x_ticks: Sequence[tuple[float, str]],
    name: str,
    title: str,
    about: str,
    gaps: Sequence[Gap] = (),
    form: Callable[[float], str] = plain,
    top: float | None = None,
) -> str:
    """Return lines over the places `x`, from 0 up; the names stand above where there are several.

    A line breaks where a value is None; a value between two of those is a dot.
    """
    legend = len(entries) * LEGEND_ROW if len(entries) > 1 else 0.0
    heights = [v for e in entries for vs in (e.values, e.high or ()) for v in vs if v is not None]
    marks = ticks(top if top is not None else max(heights, default=1.0))
    left, right = (min(x, default=0.0), max(x, default=1.0))
    left, right = (left - 0.5, right + 0.5) if left == right else (left, right)
    base = legend + TOP + PLOT

    def at_x(value: float) -> float:
        return (value - left) / (right - left) * WIDTH

    def at_y(value: float) -> float:
        return base - min(value, marks[-1]) / marks[-1] * PLOT

    parts = [hatch(name)]
    for index, entry in enumerate(entries if legend else ()):
        y = index * LEGEND_ROW + 12
        parts.append(line(0, y, 34, y, f"line tone-{entry.tone}"))
        parts.append(text(44, y + 5, entry.label))
    for gap in gaps:
        start, end = at_x(gap.start), at_x(gap.end)
        parts.append(
            f'<rect x="{number(start)}" y="{number(base - PLOT)}" width="{number(end - start)}" '
            f'height="{number(PLOT)}" fill="url(#{name}-hatch)">'
            f"<title>{escape(gap.label)}</title></rect>"
        )
    for mark in marks:
        parts.append(line(0, at_y(mark), WIDTH, at_y(mark), "axis" if mark == 0 else "grid"))
    for entry in entries:
        for run in _bands(x, entry):
            ahead = [f"{number(at_x(a))},{number(at_y(high))}" for a, _, high in run]
            back = [f"{number(at_x(a))},{number(at_y(low))}" for a, low, _ in reversed(run)]
            parts.append(path(f"M{'L'.join(ahead + back)}Z", f"band tone-{entry.tone}"))
        for points in _runs(x, entry.values):
            if len(points) == 1:
                a, b = points[0]
                parts.append(
                    f'<circle class="dot tone-{entry.tone}" cx="{number(at_x(a))}" '
                    f'cy="{number(at_y(b))}" r="2.5"/>'
                )
                continue
            corners = "L".join(f"{number(at_x(a))},{number(at_y(b))}" for a, b in points)
            parts.append(f'<path class="line tone-{entry.tone}" d="M{corners}"/>')
    for mark in marks[1:]:  # over the lines, so that they can be read
        parts.append(text(0, at_y(mark) - 4, form(mark), css="soft halo"))
    for value, label in x_ticks:
        where = at_x(value)
        anchor = "start" if where < 24 else "end" if where > WIDTH - 24 else "middle"
        parts.append(line(where, base, where, base + 5, "axis"))
        parts.append(text(where, base + 21, label, css="soft", anchor=anchor))
    return picture(name, title, about, base + 28, parts)


def _runs(x: Sequence[float], values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Return the stretches without a None."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in zip(x, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _bands(x: Sequence[float], entry: Line) -> list[list[tuple[float, float, float]]]:
    if entry.low is None or entry.high is None:
        return []
    runs: list[list[tuple[float, float, float]]] = [[]]
    for place, low, high in zip(x, entry.low, entry.high, strict=True):
        if low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((place, low, high))
    return [run for run in runs if len(run) > 1]
