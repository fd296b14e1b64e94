"""A map of what changes from one scenario to another: where it is better, worse, or not certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lamplighter.pictures.maps import Outlines
from lamplighter.pictures.svg import Frame, box, drawn, number, text, wide

_WIDTH = 480.0


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in one area: how it is called, whether for the better, and whether for certain.

    `better` is None where nothing is told, or where chance alone might give such a change.
    `short` stands on the map, `says` where a pointer rests on the area; `strength`, from 0 to 1,
    is how large the change is beside the largest.
    """

    says: str
    better: bool | None = None
    short: str = ""
    strength: float = 1.0
    told: bool = True


def map_of_changes(
    frame: Frame,
    shapes: Outlines,
    changes: Sequence[Change],
    *,
    better: str,
    worse: str,
    open_: str,
    hidden: str,
) -> str:
    """Areas that become better are solid, worse ones hatched, and each says by how much.

    The four words explain the map below it. A number that would lie on another is left out: the
    table has it.
    """
    shift = max((frame.width - _WIDTH) / 2, 0.0)
    scale = min(frame.width / _WIDTH, 1.0)
    areas, numbers = [], []
    placed: list[tuple[float, float, float]] = []
    for place, change in enumerate(changes):
        areas.append(
            f'<use href="#{shapes.key}-{place}" class="area {_style(change)}"{_opacity(change)}>'
            f"<title>{escape(shapes.names[place])}: {escape(change.says)}</title></use>"
        )
        x, y = (at * scale for at in shapes.marks[place])
        room = wide(change.short) / 2
        if change.short and all(
            abs(x - other) > room + half or abs(y - at) > 14 for other, at, half in placed
        ):
            placed.append((x, y, room))
            numbers.append(text(x + shift, y + 4, change.short, "figure halo", anchor="middle"))
    body = [
        f'<g transform="translate({number(shift)} 0) scale({scale:.4f})">{"".join(areas)}</g>',
        *numbers,
    ]
    y = shapes.height * scale + 24
    for style, words, there in (
        (_style(Change("", True)), better, any(one.better is True for one in changes)),
        (_style(Change("", False)), worse, any(one.better is False for one in changes)),
        ("open", open_, any(one.told and one.better is None for one in changes)),
        ("few hatched", hidden, any(not one.told for one in changes)),
    ):
        if there:
            body.append(box(0, y - 10, 16, 12, f"area {style}"))
            body.append(text(22, y, words, "soft"))
            y += 20
    return drawn(frame, y, *body)


def _style(change: Change) -> str:
    if not change.told:
        return "few hatched"
    if change.better is None:
        return "open"
    return "tone-team" if change.better else "tone-high hatched"


def _opacity(change: Change) -> str:
    """Smaller changes are paler, in three steps."""
    if not change.told or change.better is None or change.strength > 2 / 3:
        return ""
    return f' fill-opacity="{0.7 if change.strength > 1 / 3 else 0.45}"'
