"""Ranges with a mark between their ends, such as the percentiles of a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lamplighter.pictures.svg import Frame, box, drawn, lines_of, rule, text, ticks, whisker


@dataclass(frozen=True, slots=True)
class Range:
    """A thin line from `low` to `high`, a bar from `first` to `third`, a mark at the `middle`."""

    name: str
    low: float
    first: float
    middle: float
    third: float
    high: float
    note: str
    style: str = "tone-team"


def ranges(frame: Frame, rows: Sequence[Range], *, show: Callable[[float], str]) -> str:
    """A row for each range on one scale from nought; its name and note stand above it."""
    stops = ticks(max((row.high for row in rows), default=1.0), 5 if frame.width > 500 else 3)
    bottom = 44.0 * len(rows) + 4

    def x(value: float) -> float:
        return frame.width * value / stops[-1]

    body = [rule(x(stop), 0, x(stop), bottom, "grid") for stop in stops]
    for place, row in enumerate(rows):
        y = 44.0 * place
        says = f"{row.name}: {show(row.low)} – {show(row.middle)} – {show(row.high)}"
        body.append(lines_of(0, y + 10, row.name, frame.width * 0.7, "halo", most=1))
        body.append(text(frame.width, y + 14, row.note, "figure halo", anchor="end"))
        body.append(whisker(x(row.low), x(row.high), y + 29))
        body.append(
            box(x(row.first), y + 22, x(row.third) - x(row.first), 14, f"piece {row.style}", says)
        )
        body.append(rule(x(row.middle), y + 19, x(row.middle), y + 39, "marker"))
    body.append(rule(0, bottom, frame.width, bottom, "axis"))
    for stop in stops:
        anchor = "start" if stop == 0 else "end" if stop == stops[-1] else "middle"
        body.append(text(x(stop), bottom + 16, show(stop), "soft", anchor=anchor))
    return drawn(frame, bottom + 22, *body)
