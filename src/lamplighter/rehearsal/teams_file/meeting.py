"""A team file meets a policy and the areas of a city: what does not fit is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lamplighter.policy.domains import format_value
from lamplighter.policy.errors import did_you_mean, sentence
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.tally import main_output
from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import Point, Teams
from lamplighter.rehearsal.teams_file.errors import TeamsError

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas

FARTHEST_KM = 500.0  # further than any unit would drive: the base is of another city
_KM_IN_DEGREE = 111.2


def area_middles(calls: Calls, areas: Areas | None = None) -> Mapping[str, Point]:
    """The middle of each area, in degrees: of its polygon, else of the calls that came from it.

    An area without a place has nan.
    """
    if areas is not None:
        return {
            name: (float(latitude), float(longitude))
            for name, (latitude, longitude) in zip(areas.names, areas.centers, strict=True)
        }
    return {name: _middle(calls, place) for place, name in enumerate(calls.areas)}


def _middle(calls: Calls, area: int) -> Point:
    inside = (calls.area == area) & ~np.isnan(calls.latitude) & ~np.isnan(calls.longitude)
    if not inside.any():
        return (float("nan"), float("nan"))
    return (
        float(np.median(calls.latitude[inside])),
        float(np.median(calls.longitude[inside])),
    )


def settled(teams: Teams, middles: Mapping[str, Point]) -> Teams:
    """The teams of a city with these areas: bases that are areas become their middles.

    Raises `TeamsError` where units go to, or stand in, an area that does not exist, or the matrix
    of travel has one, or a base is so far from every area that it is of another city.
    """
    problems = [*_strange_areas(teams, middles), *_far_bases(teams, middles)]
    where = _line(teams, "travel.matrix")
    for area in teams.travel.areas:
        if area not in middles:
            hint = did_you_mean(area, tuple(middles))
            problems.append(f"{where}: the matrix has {area}, which is no area; {sentence(hint)}")
    if problems:
        raise TeamsError(tuple(problems))
    units = tuple(
        unit if unit.base_area is None else replace(unit, base=middles[unit.base_area])
        for unit in teams.units
    )
    return replace(teams, units=units)


def _strange_areas(teams: Teams, middles: Mapping[str, Point]) -> Iterator[str]:
    for unit in teams.units:
        where = _line(teams, f"units.{unit.name}.areas")
        for area in sorted(unit.areas or ()):
            if area not in middles:
                hint = did_you_mean(area, tuple(middles))
                yield f"{where}: {unit.name} goes to {area}, which is no area; {sentence(hint)}"
        where = _line(teams, f"units.{unit.name}.base")
        if unit.base_area is None:
            continue
        if unit.base_area not in middles:
            hint = did_you_mean(unit.base_area, tuple(middles))
            what = f"the base of {unit.name} is {unit.base_area}"
            yield f"{where}: {what}, which is no area; {sentence(hint)}"
        elif np.isnan(middles[unit.base_area][0]):
            yield (
                f"{where}: the base of {unit.name} is {unit.base_area}, of which no place is "
                "known; write its latitude and longitude."
            )


def _far_bases(teams: Teams, middles: Mapping[str, Point]) -> Iterator[str]:
    known = np.array([point for point in middles.values() if not np.isnan(point[0])])
    if not len(known):
        return
    far = {}
    for unit in teams.units:
        if unit.base is None:
            continue
        latitude, longitude = unit.base
        north = known[:, 0] - latitude
        east = (known[:, 1] - longitude) * np.cos(np.radians(latitude))
        nearest = float(np.hypot(north, east).min()) * _KM_IN_DEGREE
        if nearest > FARTHEST_KM:
            far[unit.name] = nearest
    if not far:
        return
    first, *others = far
    where = _line(teams, f"units.{first}.base")
    what = f"the base of {first} is {far[first]:,.0f} km from the nearest of these areas"
    more = f", as are those of {len(others)} more units" if others else ""
    yield (
        f"{where}: {what}{more}; write places in this city, or the names of areas, into a copy of "
        "the file."
    )


def warnings_of(teams: Teams, policy: Policy) -> tuple[str, ...]:
    """What of a team file the policy has no use for, and what it says that no kind answers."""
    main = main_output(policy)
    said, backups = _said(policy, main), _said(policy, "backup")
    found = []
    for name, kind in teams.kinds.items():
        where = _line(teams, f"kinds.{name}.answers")
        for answer in kind.answers:
            if answer not in said:
                hint = did_you_mean(answer, said)
                found.append(
                    f"{where}: {name} answers {answer}, which no rule gives; {sentence(hint)}"
                )
    for backup in teams.second_unit:
        if backup not in backups:
            where = _line(teams, f"second_unit.{backup}")
            hint = did_you_mean(backup, backups)
            found.append(f"{where}: no rule gives the backup {backup}; {sentence(hint)}")
    answered = {answer for kind in teams.kinds.values() for answer in kind.answers}
    alone = [word for word in said if word not in answered]
    if alone:
        found.append(
            f"{_line(teams, 'kinds')}: no kind answers {', '.join(alone)}, which {policy.name} "
            "gives; these calls are not rehearsed."
        )
    return tuple(found)


def _said(policy: Policy, name: str) -> tuple[str, ...]:
    """The values of an output that some rule gives."""
    rules = [rule for table in policy.tables for rule in table.rules if name in rule.then]
    return tuple(dict.fromkeys(format_value(rule.then[name]) for rule in rules))


def _line(teams: Teams, name: str) -> str:
    where = str(teams.path) if teams.path else teams.name
    return f"{where}, line {teams.lines[name]}" if name in teams.lines else where
