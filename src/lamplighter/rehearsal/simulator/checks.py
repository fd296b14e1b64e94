"""What teams and calls must be before anything is simulated, each said in one sentence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.simulator.durations import LONGEST
from lamplighter.rehearsal.simulator.errors import SimulationError
from lamplighter.rehearsal.teams import Kind, Share, Teams

MOST_MINUTES_A_KM = 1e6


def check_calls(calls: Calls) -> None:
    """Raises SimulationError where calls are out of order or outside their period."""
    if not calls.days > 0:
        raise SimulationError(f"The calls span {calls.days:g} days: give a period to simulate.")
    minute = calls.minute
    if len(minute) == 0:
        return
    # What is in order between two numbers that are finite is finite, and nan is in no order.
    ends = np.isfinite(minute[[0, -1]]).all()
    if not ends or not (minute[1:] >= minute[:-1]).all():
        raise SimulationError("The calls are not in order of time: sort them by `minute`.")
    if minute[0] < 0 or minute[-1] >= calls.days * 1440:
        raise SimulationError(
            f"The calls lie between the minutes {minute[0]:g} and {minute[-1]:g}, but the period "
            f"is from 0 to {calls.days * 1440:g}: leave out those outside of it."
        )


def check_teams(teams: Teams) -> None:
    """Raises SimulationError where kinds do not fit together, and shares are none."""
    if not teams.kinds:
        raise SimulationError("The teams have no kind of responder: name at least one.")
    answered: dict[str, str] = {}
    named = set(teams.second_unit.values())
    for kind in teams.kinds.values():
        named |= {kind.together_with or "", kind.takes_over or "", kind.backup_kind or ""}
        for answer in kind.answers:
            if answer in answered:
                raise SimulationError(
                    f"{answered[answer]!r} and {kind.name!r} both answer {answer!r}: "
                    "let one of them."
                )
            answered[answer] = kind.name
    for value, name in teams.second_unit.items():
        _must_be(teams, name, f"`second_unit` for {value!r}")
    for kind in teams.kinds.values():
        _check_kind(teams, kind, reached=bool(kind.answers) or kind.name in named)
    for units in teams.units:
        _must_be(teams, units.kind, f"the units {units.name!r}")
        if teams.kinds[units.kind].unlimited:
            raise SimulationError(
                f"The units {units.name!r} are of {units.kind!r}, of which there is always one: "
                "take away the units, or `unlimited`."
            )
    _check_travel(teams)


def _check_kind(teams: Teams, kind: Kind, *, reached: bool) -> None:
    if not reached:
        raise SimulationError(
            f"{kind.name!r} answers nothing, and no other kind names it: say what it answers."
        )
    for field in ("together_with", "takes_over", "backup_kind"):
        if (name := getattr(kind, field)) is not None:
            _must_be(teams, name, f"`{field}` of {kind.name!r}")
    if not kind.waits_at_most >= 0:
        raise SimulationError(f"`waits_at_most` of {kind.name!r} cannot be negative.")
    for field in ("transport_share", "backup_share", "stands_down_share"):
        share: Share = getattr(kind, field)
        if not all(0 <= one <= 1 for one in (share.usual, *share.by_nature.values())):
            raise SimulationError(f"`{field}` of {kind.name!r} must lie from 0 to 1.")
        asked = any((share.usual, *share.by_nature.values()))
        if asked and field == "backup_share" and kind.backup_kind is None:
            raise SimulationError(f"{kind.name!r} asks for backup, but names no `backup_kind`.")
        if asked and field == "stands_down_share" and kind.armed:
            raise SimulationError(f"{kind.name!r} is armed, and so never stands down for police.")
    seen, now = [kind.name], kind.takes_over
    while now is not None and now in teams.kinds:
        if now in seen:
            raise SimulationError(
                f"{' and '.join(map(repr, seen))} take over from each other without end: "
                "let one of them keep its calls."
            )
        seen.append(now)
        now = teams.kinds[now].takes_over


def _check_travel(teams: Teams) -> None:
    travel = teams.travel
    if len(travel.speed_km_h) != 24 or not all(0 < one < np.inf for one in travel.speed_km_h):
        raise SimulationError("`speed_km_h` needs a speed above 0 for each of the 24 hours.")
    if not 0 <= travel.street_factor < np.inf:
        raise SimulationError("`street_factor` cannot be negative.")
    size = len(travel.areas)
    if len(travel.matrix) != size or any(len(row) != size for row in travel.matrix):
        raise SimulationError(f"The travel matrix needs {size} rows of {size}, as it has areas.")
    if travel.street_factor * 60 / min(travel.speed_km_h) > MOST_MINUTES_A_KM:
        raise SimulationError("A kilometer takes years with this speed and `street_factor`.")
    if any(not 0 <= one <= LONGEST for row in travel.matrix for one in row):
        raise SimulationError("The travel matrix has minutes that are negative or without end.")
    if any(a == b for a, b in pairwise(sorted(travel.areas))):
        raise SimulationError("The travel matrix names an area twice.")


def _must_be(teams: Teams, name: str, where: str) -> None:
    if name not in teams.kinds:
        raise SimulationError(
            f"There is no kind {name!r}, which {where} names: the kinds are "
            f"{', '.join(map(repr, teams.kinds))}."
        )
