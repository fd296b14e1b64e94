"""For whom it is better or worse: groups of people in all scenarios, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.rehearsal.runs.headlines import interval_of
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import Say

from .areas import change_between
from .difference import difference_in_words
from .sides import Side


@dataclass(frozen=True)
class GroupCell:
    """A group in one scenario: its figure with its interval, its gap to everyone, how it differs
    from the first."""

    value: str
    interval: str
    gap: str
    change: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class GroupRow:
    """One group of people in all scenarios."""

    name: str
    cells: tuple[GroupCell, ...]


@dataclass(frozen=True)
class GroupTable:
    """The share served, or the minutes, of all groups; `everyone` is their last row."""

    key: str
    title: str
    rows: tuple[GroupRow, ...]


def compare_groups(
    sides: Sequence[Side], language: str, *, can_differ: bool
) -> tuple[GroupTable, ...]:
    """Tables of what each group meets; nothing where the scenarios do not count the same groups."""
    counted = [_groups(side) for side in sides]
    shared = [name for name in counted[0] if all(name in one for one in counted[1:])]
    if not any(name for name in shared):
        return ()
    say = Say("es" if language == "es" else "en")
    return (
        _table("served", _("Reached by the teams"), shared, counted, say, True, can_differ),
        _table("minutes", _("Minutes to arrival"), shared, counted, say, False, can_differ),
    )


def _groups(side: Side) -> dict[str, Mapping[str, Any]]:
    """The groups of a scenario by name; everyone is under the empty one, and last."""
    found = side.result.get("fairness")
    if not found:
        return {}
    groups = {group["name"]: group for group in found["groups"]}
    return {**groups, "": found["everyone"]} if found["everyone"] else groups


def _table(
    name: str,
    title: str,
    shared: Sequence[str],
    counted: Sequence[Mapping[str, Mapping[str, Any]]],
    say: Say,
    more_is_better: bool,
    can_differ: bool,
) -> GroupTable:
    kind = "share" if name == "served" else "minutes"
    rows = []
    for group in shared:
        first = _interval(counted[0][group][name])
        cells = []
        for place, side in enumerate(counted):
            value = _interval(side[group][name])
            gap = _interval(side[group][f"{name}_gap"]) if group else None
            change = change_between(first, value) if place and can_differ else None
            told = (
                None
                if change is None
                else difference_in_words(change, kind, say, more_is_better=more_is_better)
            )
            cells.append(
                GroupCell(
                    "–" if value is None else getattr(say, kind)(value.mean),
                    "" if value is None else say.within(value, kind),
                    "" if gap is None else say.change(gap, kind),
                    "" if told is None else told.says,
                    "" if told is None else told.verdict,
                )
            )
        rows.append(GroupRow(group or _("Everyone"), tuple(cells)))
    return GroupTable(name, title, tuple(rows))


def _interval(said: Mapping[str, Any] | None) -> Interval | None:
    if said is None:
        return None
    found = interval_of(said)
    return found if found.mean == found.mean else None
