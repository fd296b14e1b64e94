"""Curves with the band in which they would lie again: how many had waited how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lamplighter.pictures.svg import Frame, drawn, fitted, path, rule, text, ticks, wide


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve through `points`, (x, low, middle, high) each; `style` is line-1, line-2 …"""

    name: str
    points: Sequence[tuple[float, float, float, float]]
    style: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A level line across the picture, with what it says."""

    at: float
    says: str


def curves(
    frame: Frame,
    shown: Sequence[Curve],
    *,
    across: str,
    up: str,
    most: float,
    marks: Sequence[Mark] = (),
    unit: str = "%",
) -> str:
    """Curves over a level axis to `most`; the upright one is a share from 0 to 1.

    Each curve's name stands at its end or in the legend above, beside a piece of its line: solid,
    dashed or dotted, so that the colour is not needed.
    """
    stops = ticks(most, 6 if frame.width > 500 else 4)
    left, right, top = 44.0, frame.width - 14.0, 26.0 + 18.0 * len(shown)
    bottom = top + (300.0 if frame.width > 500 else 250.0)
    end = stops[-1]

    def x(value: float) -> float:
        return left + (right - left) * min(value, end) / end

    def y(share: float) -> float:
        return bottom - (bottom - top) * share

    body = [text(0, 12, up, "soft")]
    for place, one in enumerate(shown):
        level = 30.0 + 18.0 * place
        body += [rule(left, level - 4, left + 28, level - 4, f"curve {one.style}")]
        body += [text(left + 36, level, fitted(one.name, right - left - 36, 1)[0])]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(rule(left, y(share), right, y(share), "grid"))
        body.append(text(left - 6, y(share) + 4, f"{share:.0%}", "soft", anchor="end"))
    for stop in stops:
        body.append(rule(x(stop), bottom, x(stop), bottom + 5, "axis"))
        body.append(text(x(stop), bottom + 18, f"{stop:g}", "soft", anchor="middle"))
    body.append(rule(left, bottom, right, bottom, "axis"))
    for mark in marks:
        body.append(rule(left, y(mark.at), right, y(mark.at), "mark"))
        body.append(text(right, y(mark.at) - 5, mark.says, "soft", anchor="end"))
    for one in shown:
        points = [point for point in one.points if point[0] <= end]
        if not points:
            continue
        upper = [(x(at), y(high)) for at, _, _, high in points]
        lower = [(x(at), y(low)) for at, low, _, _ in reversed(points)]
        body.append(path([*upper, *lower], f"around {one.style}", closed=True))
    for one in shown:
        points = [point for point in one.points if point[0] <= end]
        if points:
            body.append(path([(x(at), y(mid)) for at, _, mid, _ in points], f"curve {one.style}"))
    body.append(
        text(right - max(0.0, wide(across) - right), bottom + 38, across, "soft", anchor="end")
    )
    return drawn(frame, bottom + 46, *body)
