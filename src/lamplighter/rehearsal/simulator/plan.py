"""Teams and calls as arrays: all that the event loop reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Reason
from lamplighter.rehearsal.simulator.checks import check_calls, check_teams
from lamplighter.rehearsal.simulator.durations import DrawTables
from lamplighter.rehearsal.simulator.duty import DAY, Unit, hours_of_week, units_of
from lamplighter.rehearsal.simulator.places import Places, places_of
from lamplighter.rehearsal.simulator.tables import table
from lamplighter.rehearsal.teams import Kind, Share, Teams

Array = npt.NDArray[Any]

STEPS = ("to_arrive", "to_leave", "on_scene", "write_up", "transport", "backup_on_scene")
SHARES = ("transport_share", "backup_share", "stands_down_share")
NOBODY, LIMITED, UNLIMITED = range(3)
ROLES = 3  # who leads, who comes along with the kind, who comes along by the policy


CALL = np.dtype(
    [
        ("minute", "f8"),
        ("x", "f8"),
        ("y", "f8"),
        ("kind", "i8"),
        ("nature", "i8"),
        ("rank", "i8"),  # 1 is the most urgent; 0 is kept for teams that ask for backup
        ("second", "i8"),  # the kind that comes along by the policy
        ("place", "i8"),  # which units go there, as a group of places
        ("area", "i8"),  # in the matrix
    ]
)
KIND = np.dtype(
    [
        ("waits_at_most", "f8"),
        ("patience", "i8"),
        ("takes_over", "i8"),
        ("backup_kind", "i8"),
        ("unlimited", "i8"),
        ("armed", "i8"),
    ]
)
DRAW = np.dtype([("law", "i8"), ("first", "i8")])
POINT = np.dtype([("value", "f8"), ("at", "f8")])
# The units of a role are those from `first` to before `end` in `Plan.members`.
ROLE = np.dtype([("kind", "i8"), ("need", "i8"), ("first", "i8"), ("end", "i8")])
UNIT = np.dtype(
    [
        ("base_x", "f8"),
        ("base_y", "f8"),
        ("base_area", "i8"),
        ("roams", "i8"),
        ("first_window", "i8"),
        ("end_window", "i8"),
        ("first_class", "i8"),
        ("end_class", "i8"),
    ]
)
WINDOW = np.dtype([("begins", "f8"), ("ends", "f8"), ("break_at", "f8"), ("break_minutes", "f8")])


class Plan(NamedTuple):
    """What one scenario is made of. Kinds, units and classes are numbered; -1 is none.

    Calls of one class need the same: the same kinds, going to the same places, with the same
    skills. So either the first of a class can be served or none can.
    """

    horizon: float
    ranks: int
    police: int
    unknown_minutes: int
    hours: Array  # local hour of week for each hour since the start
    minutes_a_km: Array  # by hour of day
    matrix: Array  # minutes from area to area
    calls: Array
    draws: Array
    points: Array
    step: Array  # [step, kind, nature]: a number in `draws`
    share: Array  # [share, kind, nature]
    kinds: Array
    need: Array  # which set of skills, by nature
    class_of: Array  # [kind, second kind + 1, place, need]
    backup_class: Array  # [kind, place]
    why_never: Array  # `Reason`, where a class can never be served
    roles: Array  # [class, role]
    members: Array
    units: Array
    classes: Array  # those of the first unit, then those of the next
    windows: Array


@dataclass(frozen=True)
class Scenario:
    """A plan, and what its numbers stand for. `on_duty` is by unit and local hour of week."""

    plan: Plan
    kinds: tuple[str, ...]
    unit_names: tuple[str, ...]
    unit_kinds: tuple[str, ...]
    on_duty: Array


def make_scenario(calls: Calls, teams: Teams) -> Scenario:
    """Make arrays of teams and calls. Raises SimulationError where they make no scenario."""
    check_calls(calls)
    check_teams(teams)
    kinds = tuple(teams.kinds)
    number = {name: place for place, name in enumerate(kinds)}
    all_kinds = tuple(teams.kinds.values())
    units = units_of(calls, teams)
    places = places_of(calls, teams, [unit.units for unit in units])
    tables = DrawTables()
    # -1, no nature, reads the last place of a row.
    step = np.array(
        [
            [
                tables.row(getattr(kind, name), calls.natures, f"{kind.name}, {name}")
                for name in STEPS
            ]
            for kind in all_kinds
        ],
        np.int64,
    ).transpose(1, 0, 2)
    share = np.array(
        [[_share_row(getattr(kind, name), calls.natures) for name in SHARES] for kind in all_kinds]
    ).transpose(1, 0, 2)
    unknown = tables.number(teams.travel.unknown_minutes, "travel, unknown_minutes")
    patience = [
        -1 if kind.patience is None else tables.number(kind.patience, f"{kind.name}, patience")
        for kind in all_kinds
    ]
    ranks, rank = np.unique(calls.priority, return_inverse=True)
    answers = {answer: number[kind.name] for kind in all_kinds for answer in kind.answers}
    seconds = [number.get(teams.second_unit.get(name, ""), -1) for name in calls.backups]
    groups = _groups_of_places(calls, teams, places)
    needs, need = _needs(calls, teams)
    made = _Classes(all_kinds, number, units, groups.areas, needs)
    kind_of_call = _take([answers.get(name, -1) for name in calls.responders], calls.responder)
    second = _take(seconds, calls.backup)
    backup_kind = [number.get(kind.backup_kind or "", -1) for kind in all_kinds]
    class_of, backup_class = made.table(
        kind_of_call, second, groups.of_call, need[calls.nature], backup_kind
    )
    unit_classes = made.by_unit()
    hours = hours_of_week(calls)
    windows = [window for unit in units for window in unit.windows]
    police = [place for place, kind in enumerate(all_kinds) if kind.armed]
    police.sort(key=lambda place: not all_kinds[place].unlimited)
    class_ends = np.cumsum([len(classes) for classes in unit_classes], dtype=np.int64)
    window_ends = np.cumsum([len(unit.windows) for unit in units], dtype=np.int64)
    plan = Plan(
        horizon=calls.days * DAY,
        ranks=len(ranks) + 1,
        police=police[0] if police else -1,
        unknown_minutes=unknown,
        hours=hours,
        minutes_a_km=teams.travel.street_factor * 60 / np.array(teams.travel.speed_km_h, float),
        matrix=places.matrix,
        calls=table(
            CALL,
            minute=calls.minute,
            x=places.x,
            y=places.y,
            kind=kind_of_call,
            nature=calls.nature,
            rank=rank + 1,
            second=second,
            place=groups.of_call,
            area=places.area,
        ),
        draws=table(DRAW, law=tables.laws, first=tables.firsts),
        points=table(POINT, value=tables.values, at=tables.at),
        step=np.ascontiguousarray(step),
        share=np.ascontiguousarray(share),
        kinds=table(
            KIND,
            waits_at_most=[kind.waits_at_most for kind in all_kinds],
            patience=patience,
            takes_over=[number.get(kind.takes_over or "", -1) for kind in all_kinds],
            backup_kind=backup_kind,
            unlimited=[kind.unlimited for kind in all_kinds],
            armed=[kind.armed for kind in all_kinds],
        ),
        need=need,
        class_of=class_of,
        backup_class=backup_class,
        why_never=np.array(made.why_never, np.int64),
        roles=table(
            ROLE, kind=made.kinds, need=made.needs, first=made.starts, end=made.stops
        ).reshape(-1, ROLES),
        members=np.array(made.members, np.int64),
        units=table(
            UNIT,
            base_x=places.base_x,
            base_y=places.base_y,
            base_area=places.base_area,
            roams=[unit.units.roams for unit in units],
            first_window=window_ends - [len(unit.windows) for unit in units],
            end_window=window_ends,
            first_class=class_ends - [len(classes) for classes in unit_classes],
            end_class=class_ends,
        ),
        classes=np.array([one for classes in unit_classes for one in classes], np.int64),
        windows=table(
            WINDOW,
            **{
                name: [getattr(window, name) for window in windows]
                for name in ("begins", "ends", "break_at", "break_minutes")
            },
        ),
    )
    return Scenario(
        plan,
        kinds,
        tuple(unit.name for unit in units),
        tuple(unit.units.kind for unit in units),
        _on_duty(units, hours),
    )


@dataclass(frozen=True)
class _Groups:
    """Areas to which the same units go are one group; the first is that of no area."""

    of_call: Array
    areas: tuple[str | None, ...]  # one of each group


def _groups_of_places(calls: Calls, teams: Teams, places: Places) -> _Groups:
    limits = sorted({units.areas for units in teams.units if units.areas is not None}, key=sorted)
    group_of: dict[tuple[bool, ...], int] = {(False,) * len(limits): 0}
    areas: list[str | None] = [None]
    numbers = []
    for name in calls.areas:
        going = tuple(name in limit for limit in limits)
        if going not in group_of:
            group_of[going] = len(areas)
            areas.append(name)
        numbers.append(group_of[going])
    return _Groups(np.array([*numbers, 0], np.int64)[calls.area], tuple(areas))


def _needs(calls: Calls, teams: Teams) -> tuple[list[frozenset[str]], Array]:
    """The sets of skills that natures need, and which of them each nature needs."""
    wanted = [teams.needs.get(name, frozenset()) for name in calls.natures]
    needs = sorted({frozenset[str](), *wanted}, key=sorted)
    return needs, np.array([needs.index(one) for one in [*wanted, frozenset()]], np.int64)


class _Classes:
    """Numbers the classes of calls that occur, with the units of each of their roles."""

    def __init__(
        self,
        kinds: Sequence[Kind],
        number: dict[str, int],
        units: Sequence[Unit],
        areas: Sequence[str | None],
        needs: Sequence[frozenset[str]],
    ) -> None:
        self._all = kinds
        self._number = number
        self._units = units
        self._areas = areas
        self._skills = needs
        self.why_never: list[int] = []
        self.kinds: list[int] = []
        self.needs: list[int] = []
        self.starts: list[int] = []
        self.stops: list[int] = []
        self.members: list[int] = []

    def table(
        self, kind: Array, second: Array, place: Array, need: Array, backup_kind: Sequence[int]
    ) -> tuple[Array, Array]:
        """The class for each kind, second kind, place and need that can come up; else -1."""
        shape = (len(self._all), len(self._all) + 1, len(self._areas), len(self._skills))
        classes = np.full(shape, -1, np.int64)
        backups = np.full((shape[0], shape[2]), -1, np.int64)
        here = kind >= 0
        flat = np.ravel_multi_index((kind[here], second[here] + 1, place[here], need[here]), shape)
        for one in np.flatnonzero(np.bincount(flat, minlength=1)):
            first, partner, group, skills = (int(i) for i in np.unravel_index(one, shape))
            while first >= 0 and classes[first, partner, group, skills] < 0:
                asked = self._all[first]
                roles = [first, self._number.get(asked.together_with or "", -1), partner - 1]
                if roles[2] == roles[1]:
                    roles[2] = -1
                classes[first, partner, group, skills] = self._add(roles, group, skills)
                helper = backup_kind[first]
                if helper >= 0 and backups[helper, group] < 0:
                    backups[helper, group] = self._add([helper, -1, -1], group, None)
                first = self._number.get(asked.takes_over or "", -1)
        return classes, backups

    def by_unit(self) -> list[list[int]]:
        """For each unit the classes in which it has a role."""
        found: list[set[int]] = [set() for _unit in self._units]
        for role, (start, stop) in enumerate(zip(self.starts, self.stops, strict=True)):
            for unit in self.members[start:stop]:
                found[unit].add(role // ROLES)
        return [sorted(one) for one in found]

    def _add(self, roles: Sequence[int], group: int, skills: int | None) -> int:
        reason = Reason.NONE
        for role, kind in enumerate(roles):
            wanted = self._skills[skills] if skills is not None and role == 0 else frozenset()
            members: list[int] = []
            if kind < 0:
                self.needs.append(NOBODY)
            elif self._all[kind].unlimited:
                self.needs.append(UNLIMITED)
            else:
                self.needs.append(LIMITED)
                members, why = self._who(kind, self._areas[group], wanted)
                reason = reason or why
            self.kinds.append(kind)
            self.starts.append(len(self.members))
            self.members.extend(members)
            self.stops.append(len(self.members))
        self.why_never.append(reason)
        return len(self.why_never) - 1

    def _who(self, kind: int, area: str | None, wanted: frozenset[str]) -> tuple[list[int], Reason]:
        name = self._all[kind].name
        of_kind = [i for i, unit in enumerate(self._units) if unit.units.kind == name]
        going = [
            i
            for i in of_kind
            if (areas := self._units[i].units.areas) is None or (area is not None and area in areas)
        ]
        skilled = [i for i in going if wanted <= self._units[i].units.skills]
        if not of_kind:
            return skilled, Reason.OUTSIDE_HOURS
        if not going:
            return skilled, Reason.OUTSIDE_AREA
        return skilled, Reason.NONE if skilled else Reason.NO_SKILL


def _share_row(share: Share, natures: Sequence[str]) -> list[float]:
    return [*(share.by_nature.get(name, share.usual) for name in natures), share.usual]


def _take(values: Sequence[int], index: Array) -> Array:
    """`values[index]`, -1 where the index is -1."""
    return np.array([*values, -1], np.int64)[index]


def _on_duty(units: Sequence[Unit], hours: Array) -> Array:
    """Minutes on duty by unit and local hour of week, as the shifts have it."""
    found = np.zeros((len(units), 168))
    edges = np.arange(len(hours) + 1) * 60.0
    for place, unit in enumerate(units):
        windows = np.array([(window.begins, window.ends) for window in unit.windows])
        before = np.cumsum(windows[:, 1] - windows[:, 0])
        # Minutes on duty up to a moment rise within a window and rest between two.
        up_to = np.stack([np.concatenate(([0.0], before[:-1])), before], axis=1)
        each = np.diff(np.interp(edges, windows.ravel(), up_to.ravel()))
        found[place] = np.bincount(hours, each, minlength=168)
    return found
