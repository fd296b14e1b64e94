"""Bars: shares in a row, how far an assumption moves a result, and two scenarios side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from lamplighter.pictures.svg import (
    Frame,
    box,
    drawn,
    fitted,
    lines_of,
    round_step,
    rule,
    text,
    ticks,
    whisker,
    wide,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar; `style` is a tone and perhaps `hatched`."""

    size: float
    style: str
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its pieces from the left, what stands at its end, its interval if any."""

    name: str
    pieces: Sequence[Piece]
    note: str
    low: float | None = None
    high: float | None = None
    mark: float | None = None


def bars(
    frame: Frame,
    rows: Sequence[Bar],
    *,
    most: float | None = None,
    show: Callable[[float], str] = lambda value: f"{value * 100:.3g}%",
    legend: Sequence[tuple[str, str]] = (),
    head: str = "",
) -> str:
    """Level bars, a row each; `legend` names the styles of the pieces, `head` the notes.

    A row may have an interval (a line with ends) and a mark (a short upright line).
    """
    narrow = frame.width < 500
    label = 0.0 if narrow else min(230.0, frame.width * 0.32)
    notes = max((wide(row.note) * 1.05 for row in rows), default=0.0) + 14
    left, right = label + (0.0 if narrow else 10.0), frame.width - notes
    reach = max((sum(p.size for p in row.pieces) for row in rows), default=0.0)
    reach = max(reach, *(row.high or 0.0 for row in rows), 0.0) if rows else 1.0
    stops = ticks(most if most is not None else reach, 4)
    end = most if most is not None else stops[-1]

    def x(value: float) -> float:
        return left + (right - left) * min(value, end) / (end or 1)

    body, top = legends(legend, frame.width)
    if head:
        top += 16
        body.append(text(frame.width, top - 6, head, "soft", anchor="end"))
    names = [fitted(row.name, frame.width if narrow else label) for row in rows]
    steps = [34.0 + 14 * len(name) if narrow else 34.0 for name in names]
    starts = [top + sum(steps[:place]) for place in range(len(rows))]
    bottom = top + sum(steps)
    free = 0.0
    for stop in stops:
        if stop <= end * 1.0001:
            # On a phone names stand above the bars, and no line may cross them.
            over = [start + 6 + 14 * len(n) for start, n in zip(starts, names, strict=True)]
            for at in over if narrow else [top]:
                body.append(rule(x(stop), at, x(stop), at + 18 if narrow else bottom, "grid"))
            first = narrow and stop == 0
            name_of_stop = show(stop)
            begins = x(stop) if first else x(stop) - wide(name_of_stop) / 2
            # A name that would lie on the one before is left out.
            if first or begins >= free:
                anchor = "start" if first else "middle"
                body.append(text(x(stop), bottom + 15, name_of_stop, "soft", anchor=anchor))
                free = begins + wide(name_of_stop) + 6
    for row, name, y in zip(rows, names, starts, strict=True):
        if narrow:
            body.append(lines_of(0, y + 5 + 7 * len(name), row.name, frame.width))
            y += 6 + 14 * len(name)
        else:
            body.append(lines_of(label, y + 14, row.name, label, anchor="end"))
            y += 5
        at = 0.0
        for piece in row.pieces:
            body.append(
                box(x(at), y, x(at + piece.size) - x(at), 18, f"piece {piece.style}", piece.says)
            )
            at += piece.size
        if row.mark is not None:
            body.append(rule(x(row.mark), y - (0 if narrow else 4), x(row.mark), y + 22, "marker"))
        if row.low is not None and row.high is not None:
            body.append(whisker(x(row.low), x(row.high), y + 9))
        body.append(text(frame.width, y + 14, row.note, "figure", anchor="end"))
    if not narrow:
        body.append(rule(left, top, left, bottom, "axis"))
    return drawn(frame, bottom + 24, *body)


def legends(named: Sequence[tuple[str, str]], width: float) -> tuple[list[str], float]:
    """A row of samples with their names, and the height below it."""
    body, x, y = [], 0.0, 4.0
    for style, name in named:
        need = 24 + wide(name) + 18
        if x and x + need > width:
            x, y = 0.0, y + 20
        body.append(box(x, y, 16, 12, f"piece {style}"))
        body.append(text(x + 22, y + 10.5, name, "soft"))
        x += need
    return body, (y + 26 if named else 4.0)


@dataclass(frozen=True, slots=True)
class Swing:
    """How far a result goes when one assumption goes to its low and its high end."""

    name: str
    low: float
    high: float
    says_low: str
    says_high: str


def tornado(
    frame: Frame,
    rows: Sequence[Swing],
    middle: float,
    show: Callable[[float], str],
    axis: Callable[[float], str],
) -> str:
    """Bars around the result as it stands, the widest first; the ends say what was assumed."""
    narrow = frame.width < 500
    label = 0.0 if narrow else 230.0
    left, right = label + (6.0 if narrow else 66.0), frame.width - (6.0 if narrow else 66.0)
    low = min([middle, *(min(r.low, r.high) for r in rows)])
    high = max([middle, *(max(r.low, r.high) for r in rows)])
    reach = (high - low) or 1.0

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / reach

    top = 24.0
    names = [fitted(row.name, frame.width if narrow else label - 4, 3) for row in rows]
    steps = [48.0 + 14 * len(name) if narrow else 38.0 if len(name) < 3 else 52.0 for name in names]
    starts = [top + sum(steps[:place]) for place in range(len(rows))]
    bottom = top + sum(steps)
    body = [
        text(min(max(x(middle), 40), frame.width - 40), 13, show(middle), "figure", anchor="middle")
    ]
    for row, name, start in zip(rows, names, starts, strict=True):
        y = start + 6
        if narrow:
            body.append(lines_of(0, y - 1 + 7 * len(name), row.name, frame.width, most=3))
            y += 4 + 14 * len(name)
        else:
            body.append(lines_of(0, y + 10, row.name, label - 4, most=3))
        ends = [
            (row.low, row.says_low, "tone-low"),
            (row.high, row.says_high, "tone-high hatched"),
        ]
        # The smaller result stands on the left, whichever end of the assumption it comes from.
        for side, (value, says, style) in enumerate(sorted(ends, key=lambda end: end[0])):
            a, b = sorted((x(value), x(middle)))
            body.append(box(a, y, b - a, 20, f"piece {style}", f"{says}: {show(value)}"))
            anchor = "start" if side else "end"
            if narrow:
                at, anchor = (frame.width, "end") if side else (0.0, "start")
                body.append(text(at, y + 34, f"{says}: {show(value)}", "soft", anchor=anchor))
            else:
                at = b + 5 if side else a - 5
                body.append(text(at, y + 14, says, "soft halo", anchor=anchor))
        body.append(rule(x(middle), y - (0 if narrow else 3), x(middle), y + 23, "marker"))
    if narrow:
        return drawn(frame, bottom + 6, *body)
    step = round_step(reach / 6)
    for place in range(ceil(low / step), floor(high / step) + 1):
        at = x(place * step)
        body.insert(0, rule(at, top, at, bottom, "grid"))
        body.append(text(at, bottom + 14, axis(place * step), "soft", anchor="middle"))
    return drawn(frame, bottom + 22, *body)


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure of two scenarios: before and after, as numbers and as they are shown."""

    name: str
    before: float
    after: float
    says_before: str
    says_after: str
    difference: str
    most: float


def pairs(frame: Frame, rows: Sequence[Pair], before: str, after: str) -> str:
    """Each measure on a line of its own: a ring for the one, a disc for the other, what differs."""
    narrow = frame.width < 500
    label = 0.0 if narrow else 210.0
    notes = 0.0 if narrow else max((wide(row.difference) for row in rows), default=0.0) * 1.1 + 12
    left, right = label + 14, frame.width - notes - 14
    step = 88.0 if narrow else 50.0
    body = [
        '<circle cx="8" cy="10" r="5.5" class="dot ring"/>',
        text(22, 14, before, "soft"),
        '<circle cx="8" cy="30" r="5.5" class="dot disc"/>',
        text(22, 34, after, "soft"),
    ]
    top = 50.0
    for place, row in enumerate(rows):
        y = top + step * place + 18
        if narrow:
            body.append(lines_of(0, y - 8, row.name, frame.width, most=1))
            body.append(text(0, y + 13, row.difference, "figure"))
            y += 42
        else:
            body.append(lines_of(0, y, row.name, label))
            body.append(text(frame.width, y + 4, row.difference, "figure", anchor="end"))
        scale = (right - left) / (row.most or 1)
        xb, xa = left + row.before * scale, left + row.after * scale
        body.append(rule(left, y, right, y, "grid"))
        body.append(rule(xb, y, xa, y, "change"))
        body.append(f'<circle cx="{xb:.1f}" cy="{y:.1f}" r="5.5" class="dot ring"/>')
        body.append(f'<circle cx="{xa:.1f}" cy="{y:.1f}" r="5.5" class="dot disc"/>')
        # The two numbers stand outwards of their marks, so that they never meet.
        first, second = ("end", "start") if xb <= xa else ("start", "end")
        near = abs(xa - xb) < 1
        apart = 4 if abs(xa - xb) < 12 else 0
        for at, says, anchor, lift in (
            (xb, row.says_before, first, -9),
            (xa, row.says_after, second, -9 if not near else 19),
        ):
            room = wide(says) * 1.1 + 2
            at += apart if anchor == "start" else -apart
            spot = min(
                max(at, room if anchor == "end" else 0),
                right + 14 - (room if anchor == "start" else 0),
            )
            body.append(text(spot, y + lift, says, "soft", anchor=anchor))
    return drawn(frame, top + step * len(rows) + 8, *body)
