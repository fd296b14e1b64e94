"""How many units of each kind a history's calls ask for, by Erlang's formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.demand import fit_rates
from lamplighter.rehearsal.staffing.beginning import begin
from lamplighter.rehearsal.staffing.evaluating import Setting
from lamplighter.rehearsal.staffing.slots import slots_of, staffed_kinds
from lamplighter.rehearsal.staffing.target import Places, Target, counted_calls
from lamplighter.rehearsal.teams import Kind, Shift, Teams

USUAL = Target()
FIGURES = 3  # of a rate: each other rate asks the formula once more


@dataclass(frozen=True, slots=True)
class Size:
    """What the calls for one kind ask for.

    calls: in the history, and how many are `a_day`
    service: minutes that each keeps a unit, the way included
    minutes: within which the target wants them met
    numbers: units, by the name of the units and their shift
    """

    kind: Kind
    calls: int
    a_day: float
    service: float
    minutes: float
    numbers: Mapping[tuple[str, Shift], int]

    @property
    def most(self) -> int:
        """Units on duty in the largest shift."""
        shifts = {shift for _, shift in self.numbers}
        return max(
            sum(number for (_, its), number in self.numbers.items() if its == shift)
            for shift in shifts
        )


def sizes_of(calls: Calls, teams: Teams) -> tuple[Size, ...]:
    """The units of every kind that are asked for by its calls, at least one of each kind.

    1. How often calls come, by hour of the week, is smoothed as for drawn calls (`fit_rates`): what
       three weeks see of one hour is mostly chance.
    2. Erlang's formula with patience asks for units hour by hour, and shifts cover their busiest
       hour, as a search for a staffing begins. The bases share the units of a shift evenly.
    3. Of the minutes that the policy gives the calls of a kind the median is the target.
    """
    counted = {
        name: counted_calls(calls, frozenset(teams.kinds[name].answers), USUAL)
        for name in staffed_kinds(teams, None)
    }
    hourly = _hourly(calls, counted)
    return tuple(
        _size(calls, teams, teams.kinds[name], its, hourly[name]) for name, its in counted.items()
    )


def _hourly(calls: Calls, counted: Mapping[str, Places]) -> dict[str, npt.NDArray[np.float64]]:
    """Calls per hour of each kind, by hour of week."""
    kind = np.full(len(calls), NOT_TOLD, np.int16)
    for place, its in enumerate(counted.values()):
        kind[its] = place
    fitted = fit_rates(replace(calls, nature=kind, natures=tuple(counted)))
    rates = fitted.rates.per_hour
    digits = FIGURES - 1 - np.floor(np.log10(np.maximum(rates, 1e-9)))
    rounded = np.round(rates * 10**digits) / 10**digits
    return {name: rounded[place] for place, name in enumerate(counted)}


def _size(
    calls: Calls, teams: Teams, kind: Kind, its: Places, hourly: npt.NDArray[np.float64]
) -> Size:
    slots = slots_of(teams, (kind.name,), None)
    keys = [(slot.units.name, slot.shift) for slot in slots]
    numbers, service, minutes = dict.fromkeys(keys, 0), 0.0, _minutes(calls, its)
    if len(its):
        target = replace(USUAL, minutes=minutes)
        setting = Setting(calls, teams, (kind.name,), slots, (its,), target, seed=1)
        beginning = begin(setting, {kind.name: hourly})
        service = beginning.needs[0].service
        for pattern in beginning.patterns:
            dealt = _dealt(pattern.number, len(pattern.slots))
            for slot, number in zip(pattern.slots, dealt, strict=True):
                numbers[keys[slot]] = number
    if not any(numbers.values()):
        numbers[keys[0]] = 1
    return Size(kind, len(its), len(its) / calls.days, service, minutes, numbers)


def _dealt(units: int, bases: int) -> list[int]:
    """Units dealt to bases in turn: each has as many calls around it as the others."""
    return [(units + bases - 1 - place) // bases for place in range(bases)]


def _minutes(calls: Calls, its: Places) -> float:
    """Within which the policy wants most of these calls met; where it says nothing, as usual."""
    given = calls.target[its]
    given = given[given > 0]  # what is not told is not above 0 either
    return float(np.median(given)) if len(given) else USUAL.minutes
