"""How an area differs from one scenario to another, and whether chance alone would give that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from lamplighter.city.rehearsal.runs.headlines import interval_of
from lamplighter.rehearsal.outcome import Interval

from .sides import Side


@dataclass(frozen=True)
class AreaFigure:
    """What one scenario says of an area: as part of what it is told, and the figure, if any."""

    part: str
    members: frozenset[str]
    calls: float
    value: Interval | None


def area_figures(side: Side, name: str) -> Mapping[str, AreaFigure]:
    """The figure of every area of a scenario; areas of few calls are told with their neighbors."""
    groups: Mapping[str, Mapping[str, Any]] = {
        group["label"]: group
        for group in side.result["by"].get("area", ())
        if isinstance(group["label"], str)
    }
    found = {}
    for region in side.result.get("regions", ()):
        group = groups.get(region["name"])
        value = None if group is None else interval_of(group[name])
        if value is not None and value.mean != value.mean:
            value = None
        figure = AreaFigure(
            region["name"],
            frozenset(region["members"]),
            0.0 if group is None else float(group["calls"]),
            value,
        )
        found.update(dict.fromkeys(region["members"], figure))
    return found


def change_of(before: AreaFigure | None, after: AreaFigure | None) -> Interval | None:
    """After less before; None where the two do not tell of the same ground.

    The two are taken as if their chance were not shared, so the interval is wider than it need be:
    what it calls certain is certain.
    """
    if before is None or after is None or before.members != after.members:
        return None
    return change_between(before.value, after.value)


def change_between(before: Interval | None, after: Interval | None) -> Interval | None:
    """After less before, as if their chance were not shared."""
    if before is None or after is None:
        return None
    mean = after.mean - before.mean
    around = hypot((before.high - before.low) / 2, (after.high - after.low) / 2)
    return Interval(mean, mean - around, mean + around) if mean == mean else None


def parts_of(figures: Sequence[Mapping[str, AreaFigure]]) -> list[AreaFigure]:
    """The parts of the city that the first scenario tells, those with the most calls first."""
    parts = {figure.part: figure for figure in figures[0].values()}
    return sorted(parts.values(), key=lambda part: (-part.calls, part.part))
