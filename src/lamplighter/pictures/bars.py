"""Bars that lie, each with its words above it, so that they can be read on a phone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lamplighter.pictures.scales import plain
from lamplighter.pictures.svg import WIDTH, box, hatch, picture, shortened, text

ROW, BAR, MOST_CHARACTERS = 38.0, 12.0, 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    value: how long it is; with `most` the least that it can be
    most: how long it can be at most; the part beyond `value` is hatched
    shown: the number in words, else `value` (and `most`) by the picture's format
    tone: 1 to 6, which colour
    """

    label: str
    value: float
    most: float | None = None
    shown: str = ""
    tone: int = 1


def bars(
    entries: Sequence[Bar],
    *,
    name: str,
    title: str,
    about: str,
    top: float | None = None,
    form: Callable[[float], str] = plain,
) -> str:
    """Return bars from 0 to `top` (else the longest), in the order given."""
    longest = top if top is not None else max((_end(entry) for entry in entries), default=1.0)
    longest = longest or 1.0
    parts = [hatch(name)]
    for index, entry in enumerate(entries):
        y = index * ROW
        shown = entry.shown or _shown(entry, form)
        told = f"{entry.label}: {shown}"
        parts.append(text(0, y + 15, shortened(entry.label, MOST_CHARACTERS)))
        parts.append(text(WIDTH, y + 15, shown, css="strong", anchor="end"))
        parts.append(box(0, y + 21, WIDTH, BAR, "track", round_=3))
        if entry.most is not None:
            whole = WIDTH * min(entry.most / longest, 1)
            parts.append(
                f'<rect class="edge" x="0" y="{y + 21}" width="{max(whole, 0):.1f}" '
                f'height="{BAR}" rx="3" fill="url(#{name}-hatch)"/>'
            )
        length = WIDTH * min(entry.value / longest, 1)
        parts.append(box(0, y + 21, length, BAR, f"tone-{entry.tone}", told=told, round_=3))
    return picture(name, title, about, max(len(entries), 1) * ROW, parts)


def _end(entry: Bar) -> float:
    return entry.value if entry.most is None else max(entry.value, entry.most)


def _shown(entry: Bar, form: Callable[[float], str]) -> str:
    if entry.most is None or entry.most == entry.value:
        return form(entry.value)
    return f"{form(entry.value)} – {form(entry.most)}"
