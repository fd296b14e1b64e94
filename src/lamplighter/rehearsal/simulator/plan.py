"""Teams and calls as arrays: all that the event loop reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.simulator.checks import check_calls, check_teams
from lamplighter.rehearsal.simulator.classes import Classes
from lamplighter.rehearsal.simulator.durations import LAWS, DrawTables
from lamplighter.rehearsal.simulator.duty import DAY, Unit, Window, hours_of_week, units_of
from lamplighter.rehearsal.simulator.places import places_of
from lamplighter.rehearsal.simulator.roster import turns_of, windows_of
from lamplighter.rehearsal.simulator.tables import column, table
from lamplighter.rehearsal.teams import Kind, Law, Share, Teams

Array = npt.NDArray[Any]

STEPS = ("to_arrive", "to_leave", "on_scene", "write_up", "transport", "backup_on_scene")
SHARES = ("transport_share", "backup_share", "stands_down_share")
KIND = np.dtype(
    [
        ("waits_at_most", "f8"),
        ("patience", "i8"),
        ("unlimited", "i8"),
    ]
)
# What a kind does at calls of one nature: numbers in `Plan.draws`, and shares of calls.
HABIT = np.dtype([*((name, "i8") for name in STEPS), *((name, "f8") for name in SHARES)])
DRAW = np.dtype([("law", "i8"), ("first", "i8"), ("value", "f8")])  # the first of its values
POINT = np.dtype([("value", "f8"), ("at", "f8")])
UNIT = np.dtype(
    [
        ("base_x", "f8"),
        ("base_y", "f8"),
        ("base_area", "i8"),
        ("roams", "i8"),
        ("first_window", "i8"),
        ("first_turn", "i8"),
        ("first_class", "i8"),
        ("end_class", "i8"),
    ]
)


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
    minutes_a_km: Array  # for each hour since the start
    matrix: Array  # minutes from area to area
    km_east: float  # of a radian of longitude
    row_of_area: Array  # in the matrix, by area after none
    class_of: Array  # by code
    ranks_of: Array  # by priority less `LOWEST`; 1 is the most urgent
    minute: Array  # of calls, as are the next six
    latitude: Array
    longitude: Array
    area: Array
    nature: Array
    priority: Array
    code: Array  # what it needs
    draws: Array
    points: Array
    exponential_steps: Array  # places in `STEPS`, where a kind has that law
    habits: Array  # [kind, nature after none]
    kinds: Array
    classes: Array
    backup_class: Array  # [class, kind that asks]
    roles: Array  # [class, role]
    members: Array  # [class, role, word]: units as bits
    units: Array
    unit_classes: Array  # those of the first unit, then those of the next
    windows: Array
    turns: Array  # what shifts bring, in order, and last what never comes


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
    all_kinds = tuple(teams.kinds.values())
    units = units_of(calls, teams)
    places = places_of(calls, teams, [unit.units for unit in units])
    tables = DrawTables()
    habits = np.array([_habits(kind, calls.natures, tables) for kind in all_kinds], HABIT)
    unknown = tables.number(teams.travel.unknown_minutes, "travel, unknown_minutes")
    patience = [
        -1 if kind.patience is None else tables.number(kind.patience, f"{kind.name}, patience")
        for kind in all_kinds
    ]
    made = Classes(calls, teams, units)
    unit_classes = made.by_unit()
    hours = hours_of_week(calls)
    speed = np.array(teams.travel.speed_km_h, float)
    lists = list({id(unit.windows): unit.windows for unit in units}.values())
    roster = {id(windows): place for place, windows in enumerate(lists)}
    rosters = [roster[id(unit.windows)] for unit in units]
    windows, first_window = windows_of(lists)
    turns, first_turn = turns_of(windows, first_window)
    police = [place for place, kind in enumerate(all_kinds) if kind.armed]
    police.sort(key=lambda place: not all_kinds[place].unlimited)
    class_ends = np.cumsum([len(classes) for classes in unit_classes], dtype=np.int64)
    plan = Plan(
        horizon=calls.days * DAY,
        ranks=int(made.priorities.sum()) + 1,
        police=police[0] if police else -1,
        unknown_minutes=unknown,
        hours=hours,
        minutes_a_km=(60 * teams.travel.street_factor / speed)[hours % 24],
        matrix=places.matrix,
        km_east=places.km_east,
        row_of_area=places.row_of_area,
        class_of=made.of_code,
        ranks_of=np.cumsum(made.priorities),
        minute=column(calls.minute, np.float64),
        latitude=column(calls.latitude, np.float64),
        longitude=column(calls.longitude, np.float64),
        area=column(calls.area, np.int16),
        nature=column(calls.nature, np.int16),
        priority=column(calls.priority, np.int8),
        code=made.codes,
        draws=table(
            DRAW,
            law=tables.laws,
            first=tables.firsts,
            value=[tables.values[one] for one in tables.firsts],
        ),
        points=table(POINT, value=tables.values, at=tables.at),
        exponential_steps=np.array(
            [
                place
                for place, step in enumerate(STEPS)
                if Law.EXPONENTIAL in {LAWS[tables.laws[one]] for one in habits[step].flat}
            ],
            np.int64,
        ),
        habits=habits,
        kinds=table(
            KIND,
            waits_at_most=[kind.waits_at_most for kind in all_kinds],
            patience=patience,
            unlimited=[kind.unlimited for kind in all_kinds],
        ),
        classes=made.records(),
        backup_class=made.backups(),
        roles=made.roles(),
        members=made.members(),
        units=table(
            UNIT,
            base_x=places.base_x,
            base_y=places.base_y,
            base_area=places.base_area,
            roams=[unit.units.roams for unit in units],
            first_window=first_window[rosters],
            first_turn=first_turn[rosters],
            first_class=class_ends - [len(classes) for classes in unit_classes],
            end_class=class_ends,
        ),
        unit_classes=np.array([one for classes in unit_classes for one in classes], np.int64),
        windows=windows,
        turns=turns,
    )
    return Scenario(
        plan,
        kinds,
        tuple(unit.name for unit in units),
        tuple(unit.units.kind for unit in units),
        _on_duty(units, hours),
    )


def _habits(kind: Kind, natures: Sequence[str], tables: DrawTables) -> Array:
    """`HABIT` for calls without a nature, and then for each."""
    row = np.empty(len(natures) + 1, HABIT)
    for name in STEPS:
        row[name] = tables.row(getattr(kind, name), natures, f"{kind.name}, {name}")
    for name in SHARES:
        share: Share = getattr(kind, name)
        row[name] = [share.usual, *(share.by_nature.get(one, share.usual) for one in natures)]
    return row


def _on_duty(units: Sequence[Unit], hours: Array) -> Array:
    """Minutes on duty by unit and local hour of week, as the shifts have it."""
    known: dict[int, Array] = {}
    for unit in units:
        if id(unit.windows) not in known:
            known[id(unit.windows)] = _minutes(unit.windows, hours)
    return np.array([known[id(unit.windows)] for unit in units]).reshape(-1, HOURS_OF_WEEK)


def _minutes(windows: Sequence[Window], hours: Array) -> Array:
    spans = np.array([(window.begins, window.ends) for window in windows])
    before = np.cumsum(spans[:, 1] - spans[:, 0])
    # Minutes on duty up to a moment rise within a window and rest between two.
    up_to = np.stack([np.concatenate(([0.0], before[:-1])), before], axis=1)
    each = np.diff(np.interp(np.arange(len(hours) + 1) * 60.0, spans.ravel(), up_to.ravel()))
    return np.bincount(hours, each, minlength=HOURS_OF_WEEK)
