"""Points on two axes: what more teams cost, and what they reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from lamplighter.pictures.svg import Frame, drawn, path, rule, text, ticks, wide


@dataclass(frozen=True, slots=True)
class Spot:
    """One plan: where it lies, what it says, whether it is on the frontier, chosen, good enough."""

    across: float
    up: float
    says: str
    on_frontier: bool = False
    chosen: bool = False
    meets: bool = False


def points(
    frame: Frame,
    spots: Sequence[Spot],
    *,
    across: str,
    up: str,
    show: Callable[[float], str],
    target: float | None = None,
    target_says: str = "",
) -> str:
    """Plans by what they cost and the share they reach; the frontier is a line through the best.

    A plan that meets the target is a filled square, another an open ring; the chosen one is named.
    """
    stops = ticks(max((spot.across for spot in spots), default=1.0), 5 if frame.width > 500 else 3)
    left, right, top = 44.0, frame.width - 24.0, 34.0
    bottom = top + 290.0

    def x(value: float) -> float:
        return left + (right - left) * value / (stops[-1] or 1)

    def y(share: float) -> float:
        return bottom - (bottom - top) * share

    body = [text(0, 14, up, "soft")]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(rule(left, y(share), right, y(share), "grid"))
        body.append(text(left - 6, y(share) + 4, f"{share:.0%}", "soft", anchor="end"))
    for stop in stops:
        anchor = "end" if stop == stops[-1] else "middle"
        body.append(text(x(stop), bottom + 18, show(stop), "soft", anchor=anchor))
    body.append(rule(left, bottom, right, bottom, "axis"))
    if target is not None:
        body.append(rule(left, y(target), right, y(target), "mark"))
        body.append(text(left + 6, y(target) - 6, target_says, "soft"))
    frontier = sorted((spot.across, spot.up) for spot in spots if spot.on_frontier)
    if len(frontier) > 1:
        body.append(path([(x(a), y(b)) for a, b in frontier], "curve line-1"))
    for spot in spots:
        at, level = x(spot.across), y(spot.up)
        style = "dot disc" if spot.on_frontier else "dot faint"
        if spot.meets:
            body.append(
                f'<rect x="{at - 5:.1f}" y="{level - 5:.1f}" width="10" height="10" '
                f'class="{style}"><title>{escape(spot.says)}</title></rect>'
            )
        else:
            body.append(
                f'<circle cx="{at:.1f}" cy="{level:.1f}" r="4.5" class="{style} ring">'
                f"<title>{escape(spot.says)}</title></circle>"
            )
        if spot.chosen:
            body.append(f'<circle cx="{at:.1f}" cy="{level:.1f}" r="11" class="chosen"/>')
            # Below and to the right of a rising curve there is room.
            edge = frame.width - wide(spot.says) * 1.1
            body.append(text(min(at + 16, edge), level + 34, spot.says, "figure halo"))
    body.append(text(right, bottom + 38, across, "soft", anchor="end"))
    return drawn(frame, bottom + 46, *body)
