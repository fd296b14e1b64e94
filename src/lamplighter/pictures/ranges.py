"""Ranges: from a low to a high number with a mark between, such as percentiles of a wait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lamplighter.pictures.scales import plain, ticks
from lamplighter.pictures.svg import WIDTH, box, line, picture, shortened, text

ROW, BAR, MOST_CHARACTERS = 40.0, 10.0, 34


@dataclass(frozen=True, slots=True)
class Range:
    """One range: a thin part from `low` to `high`, a thick one between the quarters, a mark."""

    label: str
    low: float
    middle: float
    high: float
    quarters: tuple[float, float] | None = None
    shown: str = ""
    tone: int = 1


def ranges(
    entries: Sequence[Range],
    *,
    name: str,
    title: str,
    about: str,
    top: float | None = None,
    form: Callable[[float], str] = plain,
) -> str:
    """Return ranges on one scale from 0 to `top` (else the highest), in the order given."""
    marks = ticks(top if top is not None else max((e.high for e in entries), default=1.0))
    end = marks[-1]

    def at(value: float) -> float:
        return min(value, end) / end * WIDTH

    base = len(entries) * ROW
    parts = [line(at(mark), 0, at(mark), base, "grid") for mark in marks]
    for index, entry in enumerate(entries):
        y = index * ROW
        middle = y + 28
        shown = entry.shown or form(entry.middle)
        told = f"{entry.label}: {form(entry.low)} – {form(entry.middle)} – {form(entry.high)}"
        parts.append(text(0, y + 15, shortened(entry.label, MOST_CHARACTERS), css="halo"))
        parts.append(text(WIDTH, y + 15, shown, css="strong halo", anchor="end"))
        parts.append(line(at(entry.low), middle, at(entry.high), middle, f"span tone-{entry.tone}"))
        if entry.quarters:
            first, third = at(entry.quarters[0]), at(entry.quarters[1])
            parts.append(
                box(first, middle - BAR / 2, third - first, BAR, f"soft-fill tone-{entry.tone}")
            )
        parts.append(
            box(at(entry.middle) - 2, middle - 8, 4, 16, f"tone-{entry.tone}", told=told, round_=1)
        )
    parts.append(line(0, base + 2, WIDTH, base + 2, "axis"))
    for mark in marks:
        anchor = "start" if mark == 0 else "end" if mark == end else "middle"
        parts.append(text(at(mark), base + 20, form(mark), css="soft", anchor=anchor))
    return picture(name, title, about, base + 26, parts)
