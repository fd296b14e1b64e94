"""Where a number of units is to be found: each shift at each base, and what numbers cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lamplighter.rehearsal.calls import HOURS_OF_WEEK
from lamplighter.rehearsal.costs.costing import cost_per_year, hours_of_week
from lamplighter.rehearsal.staffing.target import StaffingError
from lamplighter.rehearsal.teams import Point, Shift, Teams, Units

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """A place where units could be based."""

    name: str
    place: Point


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift of units at one base; how many is what is searched.

    units: as the team file has them, with no shifts; shift: with the number 1
    """

    units: Units
    shift: Shift
    base: str | None = None

    @property
    def pattern(self) -> tuple[str, Shift]:
        """Slots of one pattern differ only by where units are."""
        return self.units.kind, self.shift


def staffed_kinds(teams: Teams, kinds: Collection[str] | None) -> tuple[str, ...]:
    """The kinds to staff: those asked for, or all that have units and are not police.

    StaffingError: there is no such kind, or none.
    """
    having = {units.kind for units in teams.units}
    if kinds is None:
        found = tuple(
            name for name, kind in teams.kinds.items() if name in having and not kind.armed
        )
        if not found:
            raise StaffingError("the teams have no units to staff: give a kind units with shifts")
        return found
    for name in kinds:
        if name not in having:
            known = ", ".join(sorted(having)) or "none"
            raise StaffingError(f"there are no units of kind {name!r} to staff; there are: {known}")
    return tuple(dict.fromkeys(kinds))


def slots_of(
    teams: Teams, kinds: Collection[str], bases: Sequence[Base] | None
) -> tuple[Slot, ...]:
    """Every shift of the units of these kinds: where the file has them, or at each of `bases`."""
    found: dict[Slot, None] = {}
    names = [base.name for base in bases or ()]
    if bases is not None and (not names or len(set(names)) < len(names)):
        raise StaffingError("the bases to choose from must have names, each once, at least one")
    for units in teams.units:
        if units.kind not in kinds:
            continue
        for shift in units.shifts:
            one = replace(shift, number=1)
            if bases is None:
                found[Slot(replace(units, shifts=()), one)] = None
            else:
                for base in bases:
                    there = replace(
                        units, name=units.kind, shifts=(), base=base.place, base_area=None
                    )
                    found[Slot(there, one, base.name)] = None
    return tuple(found)


def numbers_of(teams: Teams, slots: Sequence[Slot]) -> Numbers | None:
    """How many the team file has in each slot; None where bases were chosen by somebody else."""
    if any(slot.base is not None for slot in slots):
        return None
    counts = dict.fromkeys(slots, 0)
    for units in teams.units:
        for shift in units.shifts:
            slot = Slot(replace(units, shifts=()), replace(shift, number=1))
            if slot in counts:
                counts[slot] += shift.number
    return tuple(counts.values())


def teams_with(
    teams: Teams, kinds: Collection[str], slots: Sequence[Slot], numbers: Numbers
) -> Teams:
    """The teams with these numbers; units of which there is none are left out."""
    units = [one for one in teams.units if one.kind not in kinds]
    shifts: dict[tuple[Units, str | None], list[Shift]] = {}
    for slot, number in zip(slots, numbers, strict=True):
        if number:
            shifts.setdefault((slot.units, slot.base), []).append(
                replace(slot.shift, number=number)
            )
    for number, ((one, base), its) in enumerate(shifts.items(), start=1):
        name = one.name if base is None else f"{one.name} {number}, {base}"
        units.append(replace(one, name=name, shifts=tuple(its)))
    return replace(teams, units=tuple(units), content_hash="", path=None)


def unit_hours(slots: Sequence[Slot], numbers: Numbers) -> float:
    """Unit-hours on duty in a week."""
    return sum(
        number * hours_of_week((slot.shift,)) for slot, number in zip(slots, numbers, strict=True)
    )


def money_per_year(
    teams: Teams, kinds: Collection[str], slots: Sequence[Slot], numbers: Numbers
) -> float | None:
    """What the staffed kinds cost a year; None where the team file states too little."""
    return cost_per_year(teams_with(teams, kinds, slots, numbers), kinds)


def cover_of(shift: Shift) -> tuple[float, ...]:
    """The part of each hour of week that a shift covers."""
    minutes = [0.0] * HOURS_OF_WEEK
    begins = shift.begins.hour * 60 + shift.begins.minute
    ends = shift.ends.hour * 60 + shift.ends.minute + (1440 if shift.next_day else 0)
    for day in shift.days:
        for hour in range(begins // 60, -(-ends // 60)):
            part = min(ends, (hour + 1) * 60) - max(begins, hour * 60)
            minutes[(day * 24 + hour) % HOURS_OF_WEEK] += part
    return tuple(part / 60 for part in minutes)


def sparse(numbers: Numbers) -> Mapping[int, int]:
    """The numbers that are not 0, by slot."""
    return {slot: number for slot, number in enumerate(numbers) if number}
