"""When each unit is on duty, in minutes since the start, by the clocks of the city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.simulator.errors import SimulationError
from lamplighter.rehearsal.teams import Shift, Teams, Units

DAY = 1440.0


@dataclass(frozen=True, slots=True)
class Window:
    """One shift of one unit; the break is due at `break_at` (inf: none)."""

    begins: float
    ends: float
    break_at: float
    break_minutes: float


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit that can be sent, of the units of a team file, with its windows in order."""

    name: str
    units: Units
    windows: tuple[Window, ...]


def zone_of(calls: Calls) -> ZoneInfo:
    """The time zone of the calls. Raises SimulationError where there is none of that name."""
    try:
        return ZoneInfo(calls.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SimulationError(
            f"There is no time zone {calls.time_zone!r}: name it as in America/Chicago."
        ) from error


def hours_of_week(calls: Calls) -> npt.NDArray[np.int64]:
    """The local hour of week of each hour since the start, over the whole period and one more.

    Clocks that change are followed; an hour that is shown twice counts for the same hour twice.
    """
    zone = zone_of(calls)
    hours = int(np.ceil(calls.days * 24)) + 1
    # Within a day without a change of clocks the offset is that of its first hour.
    starts = [calls.start + timedelta(hours=hour) for hour in range(0, hours + 24, 24)]
    offsets = [_offset(moment, zone) for moment in starts]
    first = calls.start.weekday() * 24 + calls.start.hour + calls.start.minute / 60
    shift = np.empty(hours)
    for day, (moment, offset) in enumerate(zip(starts, offsets, strict=True)):
        here = slice(day * 24, min(day * 24 + 24, hours))
        shift[here] = offset
        if day + 1 < len(offsets) and offsets[day + 1] != offset:
            for hour in range(here.start, here.stop):
                # Half past, because some clocks change by half an hour.
                shift[hour] = _offset(moment + timedelta(hours=hour - here.start, minutes=30), zone)
    local = np.floor(first + np.arange(hours) + shift + 1e-9)
    return (local % HOURS_OF_WEEK).astype(np.int64)


def _offset(moment: datetime, zone: ZoneInfo) -> float:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3600


def units_of(calls: Calls, teams: Teams) -> tuple[Unit, ...]:
    """Every unit with its windows within the period.

    As many units are made as are on duty at once; the shifts of a unit follow each other. Raises
    SimulationError for units that never work and shifts that end before they begin.
    """
    zone = zone_of(calls)
    made: list[Unit] = []
    # Units with the same shifts share their windows.
    known: dict[tuple[Shift, ...], list[tuple[Window, ...]]] = {}
    for units in teams.units:
        if units.shifts not in known:
            known[units.shifts] = _slots(_windows(calls, units, zone))
        slots = known[units.shifts]
        for number, slot in enumerate(slots, 1):
            name = units.name if len(slots) == 1 else f"{units.name} {number}"
            made.append(Unit(name, units, slot))
    return tuple(made)


def _slots(windows: Iterator[Window]) -> list[tuple[Window, ...]]:
    slots: list[list[Window]] = []
    for window in sorted(windows, key=lambda one: (one.begins, one.ends)):
        free = next((slot for slot in slots if slot[-1].ends <= window.begins), None)
        if free is None:
            slots.append([window])
        else:
            free.append(window)
    # Units that are on duty at the same times share their windows.
    made: list[tuple[Window, ...]] = []
    for one in map(tuple, slots):
        made.append(next((other for other in made if other == one), one))
    return made


def _windows(calls: Calls, units: Units, zone: ZoneInfo) -> Iterator[Window]:
    if not any(shift.days for shift in units.shifts):
        raise SimulationError(f"The units {units.name!r} never work: give them a shift with days.")
    horizon = calls.days * DAY
    first = calls.start.astimezone(zone).date() - timedelta(days=1)
    for shift in units.shifts:
        _check(shift, units.name)
        for day in range(int(np.ceil(calls.days)) + 2):
            today = first + timedelta(days=day)
            if today.weekday() not in shift.days:
                continue
            begins = _minute(today, shift.begins, calls.start, zone)
            until = today + timedelta(days=1) if shift.next_day else today
            ends = min(_minute(until, shift.ends, calls.start, zone), horizon)
            if ends <= 0 or begins >= horizon or ends <= begins:
                continue
            due = begins + shift.break_after
            # A break that was due before the period began is over.
            has_break = shift.break_minutes > 0 and due >= 0
            window = Window(
                max(begins, 0.0), ends, due if has_break else np.inf, shift.break_minutes
            )
            for _unit in range(shift.number):
                yield window


def _check(shift: Shift, name: str) -> None:
    if not shift.next_day and shift.ends <= shift.begins:
        raise SimulationError(
            f"A shift of {name!r} ends at {shift.ends:%H:%M}, before it begins at "
            f"{shift.begins:%H:%M}: say that it ends on the next day."
        )
    if shift.number < 0 or shift.break_minutes < 0 or shift.break_after < 0:
        raise SimulationError(f"A shift of {name!r} has a negative number of units or minutes.")


def _minute(day: date, clock: time, start: datetime, zone: ZoneInfo) -> float:
    moment = datetime.combine(day, clock, zone).astimezone(UTC)
    return (moment - start).total_seconds() / 60
