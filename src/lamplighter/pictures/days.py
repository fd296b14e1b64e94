"""Lines over time, with bands for what is uncertain and with gaps that are seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lamplighter.pictures.svg import Frame, box, drawn, fitted, path, rule, text, ticks


@dataclass(frozen=True, slots=True)
class Line:
    """A value for each place on the level axis, None where there is none; `low` and `high`: a band.

    `style` is line-1, line-2 … and gives the colour and the dashes.
    """

    name: str
    values: Sequence[float | None]
    style: str = "line-1"
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the level axis where nothing is known, and what it says."""

    start: float
    end: float
    says: str


def lines(
    frame: Frame,
    across: Sequence[float],
    shown: Sequence[Line],
    *,
    named: Sequence[tuple[float, str]],
    gaps: Sequence[Gap] = (),
    show: Callable[[float], str] = lambda value: f"{value:,.0f}",
) -> str:
    """Lines from nought up over the places `across`; `named` are the places with a name below.

    A line breaks where a value is None; a value between two of those is a dot. A gap is hatched.
    """
    every = [v for one in shown for vs in (one.values, one.high) for v in vs if v is not None]
    stops = ticks(max(every, default=1.0), 4)
    legend = 20.0 * len(shown) if len(shown) > 1 else 0.0
    top = legend + 18.0
    bottom = top + (230.0 if frame.width > 500 else 190.0)
    first, last = min(across, default=0.0), max(across, default=1.0)
    if first == last:
        first, last = first - 0.5, last + 0.5

    def x(place: float) -> float:
        return frame.width * (place - first) / (last - first)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / stops[-1]

    body = []
    for place, one in enumerate(shown if legend else ()):
        level = 12.0 + 20.0 * place
        body.append(rule(0, level - 4, 28, level - 4, f"curve {one.style}"))
        body.append(text(36, level, fitted(one.name, frame.width - 36, 1)[0]))
    for gap in gaps:
        start, end = x(gap.start), x(gap.end)
        body.append(box(start, top, end - start, bottom - top, "few", gap.says))
    for stop in stops:
        body.append(rule(0, y(stop), frame.width, y(stop), "axis" if stop == 0 else "grid"))
    for one in shown:
        for run in _runs(across, one.low, one.high) if one.low and one.high else ():
            edge = [(x(at), y(high)) for at, _, high in run]
            back = [(x(at), y(low)) for at, low, _ in reversed(run)]
            body.append(path([*edge, *back], f"around {one.style}", closed=True))
    for one in shown:
        for run in _runs(across, one.values, one.values):
            points = [(x(at), y(value)) for at, value, _ in run]
            if len(points) > 1:
                body.append(path(points, f"curve {one.style}"))
            else:
                ((a, b),) = points
                body.append(
                    f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5" class="alone {one.style}"/>'
                )
    for stop in stops[1:]:
        body.append(text(0, y(stop) - 5, show(stop), "soft halo"))
    for at, name in named:
        anchor = "start" if x(at) < 24 else "end" if x(at) > frame.width - 24 else "middle"
        body.append(rule(x(at), bottom, x(at), bottom + 5, "axis"))
        body.append(text(x(at), bottom + 19, name, "soft", anchor=anchor))
    return drawn(frame, bottom + 26, *body)


def _runs(
    across: Sequence[float], low: Sequence[float | None], high: Sequence[float | None]
) -> list[list[tuple[float, float, float]]]:
    """The stretches without a None."""
    runs: list[list[tuple[float, float, float]]] = [[]]
    for place, least, most in zip(across, low, high, strict=True):
        if least is None or most is None:
            runs.append([])
        else:
            runs[-1].append((place, least, most))
    return [run for run in runs if run]
