"""What a search for a staffing found: its plans as they are kept, and as a team file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.drawn import draw
from lamplighter.city.rehearsal.teams.files import in_language
from lamplighter.rehearsal.plain import plain
from lamplighter.rehearsal.report.parts.staff import frontier
from lamplighter.rehearsal.report.say import LANGUAGES, Say
from lamplighter.rehearsal.staffing import Base, Plan, Staffed, Staffing
from lamplighter.rehearsal.teams import Shift, Teams, Units
from lamplighter.rehearsal.teams_file.writing import (
    ShiftRow,
    UnitRow,
    rows_of,
    with_name,
    with_staffing,
    with_units,
)


@dataclass(frozen=True)
class Found:
    """The plans of a search and its pictures, ready to be kept."""

    result: dict[str, Any]
    sections: dict[str, Any]
    scenarios: int

    @classmethod
    def of(cls, staffing: Staffing) -> "Found":
        """What is kept of a staffing: the plans of the frontier, where it began, the one found."""
        plans = _plans(staffing)
        result = {
            "plans": [_kept(plan) for plan in plans],
            "best": None if staffing.best is None else plans.index(staffing.best),
            "ended": staffing.ended,
            "kinds": staffing.kinds,
            "out_of_reach": staffing.out_of_reach,
            "calls": staffing.calls,
            "tried": staffing.plans,
            "scenarios": staffing.scenarios,
            "known": staffing.known,
            "says": staffing.says,
        }
        picture = frontier(staffing)
        sections = {code: asdict(draw(picture, Say(code))) for code, _ in LANGUAGES}
        return cls(dict(plain(result)), sections, staffing.scenarios)


def _plans(staffing: Staffing) -> list[Plan]:
    """The plans of the frontier with the one found and those that it began with, cheapest first."""
    plans = list(staffing.frontier)
    for one in (staffing.start, staffing.most, staffing.best):
        if one is not None and one not in plans:
            plans.append(one)
    with_money = all(plan.money is not None for plan in plans)
    plans.sort(key=lambda plan: (plan.money if with_money else plan.unit_hours, plan.within.mean))
    return plans


def _kept(plan: Plan) -> dict[str, Any]:
    return {
        "hours": plan.unit_hours,
        "money": plan.money,
        "within": plan.within,
        "fall_back": plan.fall_back,
        "busy": plan.busy,
        "meets": plan.meets,
        "staffed": [_staffed(one) for one in plan.staffed],
    }


def _staffed(one: Staffed) -> dict[str, Any]:
    return {
        "units": one.units,
        "kind": one.kind,
        "number": one.number,
        "base": one.base,
        "days": sorted(one.shift.days),
        "begins": one.shift.begins,
        "ends": one.shift.ends,
        "next_day": one.shift.next_day,
        "break_minutes": one.shift.break_minutes,
        "break_after": one.shift.break_after,
    }


def shift_of(said: Mapping[str, Any]) -> Shift:
    """A shift as it was kept, with the number 1."""
    return Shift(
        frozenset(said["days"]),
        time.fromisoformat(said["begins"]),
        time.fromisoformat(said["ends"]),
        said["next_day"],
        1,
        said["break_minutes"],
        said["break_after"],
    )


def check_bases(teams: Teams) -> None:
    """Raise Refusal where not every unit could be at every base of a team file."""
    if any(unit.skills or unit.areas is not None for unit in teams.units):
        raise Refusal(
            "units-differ",
            _(
                "Some units have skills or areas of their own, so not every unit can be at every "
                "base: search each where it is."
            ),
            field="bases",
        )
    if all(unit.base is None and unit.base_area is None for unit in teams.units):
        raise Refusal(
            "no-bases",
            _("The team file has no bases to choose from: give its units bases."),
            field="bases",
        )


def bases_of(teams: Teams, based: Teams) -> tuple[Base, ...]:
    """The bases of a team file, each once: areas by their name, points by that of their units.

    `based` are the same teams with the middles of areas for their names.
    """
    found: dict[Any, Base] = {}
    for unit, there in zip(teams.units, based.units, strict=True):
        if there.base is not None:
            found.setdefault(there.base, Base(unit.base_area or unit.name, there.base))
    return tuple(found.values())


def teams_of_plan(
    written: str, teams: Teams, result: Mapping[str, Any], number: int, name: str
) -> str:
    """The team file of a scenario with the units of one plan, under a name of its own."""
    plan = result["plans"][number]
    staffed = [one for one in plan["staffed"] if one["number"]]
    if any(one["base"] is not None for one in staffed):
        text = with_units(written, _based(teams, staffed, result["kinds"]))
    else:
        numbers = {(one["units"], shift_of(one)): one["number"] for one in staffed}
        named = {name for name, _shift in numbers}
        # Units of these kinds that the plan does not use get none.
        for unit in teams.units:
            if unit.kind in result["kinds"] and unit.name not in named:
                numbers.update({(unit.name, replace(s, number=1)): 0 for s in unit.shifts})
        text = with_staffing(written, numbers)
    return with_name(text, name)


def _based(
    teams: Teams, staffed: Sequence[Mapping[str, Any]], kinds: Sequence[str]
) -> list[UnitRow]:
    """Units at the bases that were chosen for them, in the place of those of their kinds."""
    rows = [row for row in rows_of(teams) if row.kind not in kinds]
    places = {unit.base_area or unit.name: unit for unit in teams.units}
    roams = {unit.kind: unit.roams for unit in teams.units}
    shifts: dict[tuple[str, str], list[ShiftRow]] = {}
    for one in staffed:
        shift = shift_of(one)
        shifts.setdefault((one["kind"], one["base"]), []).append(
            ShiftRow(
                shift.days,
                shift.begins,
                shift.ends,
                shift.next_day,
                one["number"],
                break_minutes=shift.break_minutes,
                break_after=shift.break_after,
            )
        )
    for (kind, base), its in shifts.items():
        label = in_language(teams.kinds[kind].label, "en", kind)
        where = _where(places[base])
        rows.append(UnitRow(f"{label}, {base}", kind, where, roams[kind], tuple(its)))
    return rows


def _where(unit: Units) -> str | tuple[float, float] | None:
    return unit.base_area if unit.base is None else unit.base
