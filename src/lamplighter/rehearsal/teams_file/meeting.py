"""A team file meets a policy and the areas of a city: what does not fit is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lamplighter.policy.domains import format_value
from lamplighter.policy.errors import Problem
from lamplighter.policy.model import Policy, Words
from lamplighter.policy.replay.tally import main_output
from lamplighter.policy.sentences import Said, nearest
from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import Point, Teams
from lamplighter.rehearsal.teams_file.errors import TeamsError
from lamplighter.rehearsal.teams_file.sentences import say

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


def settled(teams: Teams, middles: Mapping[str, Point], calls: Calls | None = None) -> Teams:
    """The teams of a city with these areas: bases that are areas become their middles.

    Raises `TeamsError` where units go to, or stand in, an area that does not exist, or the matrix
    of travel has one, or a base is so far from every area that it is of another city; where no
    area has a place, so far from the calls.
    """
    known = [point for point in middles.values() if not np.isnan(point[0])]
    problems = [*_strange_areas(teams, middles)]
    if known:
        problems += _far_bases(teams, known)
    elif calls is not None and not np.isnan(calls.latitude).all():
        middle = float(np.nanmedian(calls.latitude)), float(np.nanmedian(calls.longitude))
        problems += _far_bases(teams, [middle], from_calls=True)
    for area in teams.travel.areas:
        if area not in middles:
            said = say("area.no-matrix", area=area, hint=nearest(area, tuple(middles)))
            problems.append(_at(teams, "travel.matrix", said))
    if problems:
        raise TeamsError(problems)
    units = tuple(
        unit if unit.base_area is None else replace(unit, base=middles[unit.base_area])
        for unit in teams.units
    )
    return replace(teams, units=units)


def _strange_areas(teams: Teams, middles: Mapping[str, Point]) -> Iterator[Problem]:
    for unit in teams.units:
        for area in sorted(unit.areas or ()):
            if area not in middles:
                hint = nearest(area, tuple(middles))
                said = say("area.no-unit", name=unit.name, area=area, hint=hint)
                yield _at(teams, f"units.{unit.name}.areas", said)
        if unit.base_area is None:
            continue
        if unit.base_area not in middles:
            hint = nearest(unit.base_area, tuple(middles))
            said = say("area.no-base", name=unit.name, area=unit.base_area, hint=hint)
            yield _at(teams, f"units.{unit.name}.base", said)
        elif np.isnan(middles[unit.base_area][0]):
            said = say("area.no-place", name=unit.name, area=unit.base_area)
            yield _at(teams, f"units.{unit.name}.base", said)


def _far_bases(
    teams: Teams, places: Sequence[Point], *, from_calls: bool = False
) -> Iterator[Problem]:
    known = np.array(places)
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
    more = say("base.far-more", number=len(others)) if len(others) > 1 else say("base.far-one-more")
    more = more if others else say("nothing")
    km = f"{far[first]:,.0f}"
    said = (
        say("base.far-from-calls", name=first, km=km, more=more)
        if from_calls
        else say("base.far", name=first, km=km, more=more)
    )
    yield _at(teams, f"units.{first}.base", said)


def warnings_of(teams: Teams, policy: Policy) -> tuple[Words, ...]:
    """What of a team file the policy has no use for, and what it says that no kind answers."""
    main = main_output(policy)
    said, backups = said_by(policy, main), said_by(policy, "backup")
    found = []
    for name, kind in teams.kinds.items():
        for answer in kind.answers:
            if answer not in said:
                unsaid = say("answer.unsaid", name=name, answer=answer, hint=nearest(answer, said))
                found.append(_at(teams, f"kinds.{name}.answers", unsaid))
    for backup in teams.second_unit:
        if backup not in backups:
            unsaid = say("backup.unsaid", backup=backup, hint=nearest(backup, backups))
            found.append(_at(teams, f"second_unit.{backup}", unsaid))
    answered = {answer for kind in teams.kinds.values() for answer in kind.answers}
    alone = [word for word in said if word not in answered]
    if alone:
        left = say("answers.alone", answers=", ".join(alone), policy=policy.name)
        found.append(_at(teams, "kinds", left))
    return tuple(Words(str(one), one.in_language("es")) for one in found)


def said_by(policy: Policy, name: str) -> tuple[str, ...]:
    """The values of an output that some rule gives."""
    rules = [rule for table in policy.tables for rule in table.rules if name in rule.then]
    return tuple(dict.fromkeys(format_value(rule.then[name]) for rule in rules))


def _at(teams: Teams, name: str, said: Said) -> Problem:
    """Something that is wrong where the team file says this, such as `units.STAR.base`."""
    where = str(teams.path) if teams.path else teams.name
    return Problem(str(said), where, teams.lines.get(name, 0), 0, said=said)
