"""Flows from one list to another: bands as wide as what goes from here to there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from lamplighter.pictures.svg import Frame, drawn, fitted, lines_of, number

_GAP = 7.0
_NODE = 12.0


@dataclass(frozen=True, slots=True)
class End:
    """One end of flows: its name, what is said of it in a second line, and its tone."""

    name: str
    note: str = ""
    tone: str = "tone-other"


def flows(
    frame: Frame,
    left: Sequence[End],
    right: Sequence[End],
    sizes: Mapping[tuple[int, int], float],
    says: Mapping[tuple[int, int], str],
) -> str:
    """Bands from `left` to `right`; `sizes[a, b]` is what goes from left[a] to right[b].

    A band takes the tone of the end on the right, whose name stands beside it.
    """
    label = min(190.0, frame.width * (0.31 if frame.width > 500 else 0.36))
    x1, x2 = label + 8, frame.width - label - 8
    out = [sum(size for (a, _), size in sizes.items() if a == one) for one in range(len(left))]
    into = [sum(size for (_, b), size in sizes.items() if b == one) for one in range(len(right))]
    whole = sum(out) or 1.0
    room = label - 16
    # Names of two lines need more room above the next.
    longest = max((len(fitted(end.name, room, 2)) for end in (*left, *right)), default=1)
    least = 30.0 if longest == 1 else 44.0
    bands = max(340.0, least * max(len(left), len(right)) * 0.8)
    tops_left, height_left = _stacked(out, bands / whole, least)
    tops_right, height_right = _stacked(into, bands / whole, least)
    height = max(height_left, height_right) + 8
    scale = bands / whole
    at_left = [top + (height - height_left) / 2 for top in tops_left]
    at_right = [top + (height - height_right) / 2 for top in tops_right]
    used_left, used_right = list(at_left), list(at_right)
    body: list[str] = []
    for a, b in sorted(sizes):
        thick = sizes[a, b] * scale
        if thick <= 0:
            continue
        y1, y2, middle = used_left[a], used_right[b], (x1 + x2) / 2
        used_left[a] += thick
        used_right[b] += thick
        curve = (
            f"M{number(x1)} {y1:.2f}C{number(middle)} {y1:.2f} {number(middle)} {y2:.2f} "
            f"{number(x2)} {y2:.2f}V{y2 + thick:.2f}C{number(middle)} {y2 + thick:.2f} "
            f"{number(middle)} {y1 + thick:.2f} {number(x1)} {y1 + thick:.2f}Z"
        )
        body.append(
            f'<path d="{curve}" class="band {right[b].tone}">'
            f"<title>{escape(says[a, b])}</title></path>"
        )
    for ends, tops, totals, x, anchor, at in (
        (left, at_left, out, x1 - _NODE, "end", label - 12),
        (right, at_right, into, x2, "start", frame.width - label + 12),
    ):
        for end, top, total in zip(ends, tops, totals, strict=True):
            thick = max(total * scale, 1.5)
            body.append(
                f'<rect x="{number(x)}" y="{top:.2f}" width="{_NODE}" height="{thick:.2f}" '
                f'class="node {end.tone if ends is right else ""}"/>'
            )
            middle = top + thick / 2
            note = end.note
            lines = len(fitted(end.name, room, 2))
            up = 7 if note else 0
            body.append(lines_of(at, middle - up, end.name, room, anchor=anchor))
            if note:
                below = middle + 1 + 7 * lines
                body.append(lines_of(at, below, note, label - 8, "soft", anchor=anchor, most=1))
    return drawn(frame, height, *body)


def _stacked(sizes: Sequence[float], scale: float, least: float) -> tuple[list[float], float]:
    """Where each block begins, so that the names of neighbours do not touch; and the height."""
    tops, at, before = [], 12.0, None
    for size in sizes:
        thick = max(size * scale, 1.5)
        if before is not None:
            middles = (before + thick) / 2
            at += before + max(_GAP, least - middles)
        tops.append(at)
        before = thick
    return tops, at + (before or 0.0) + 12.0
