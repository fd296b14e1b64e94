"""Plans to begin with: what Erlang's formulas ask for, placed, and made smaller and larger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.simulator.durations import mean_minutes
from lamplighter.rehearsal.staffing.evaluating import Setting
from lamplighter.rehearsal.staffing.places import Reach, best_places, in_turn, reach_of
from lamplighter.rehearsal.staffing.slots import Numbers
from lamplighter.rehearsal.staffing.starting import Need, busy_of, cover_need, need_of
from lamplighter.rehearsal.teams import Shift

FEWEST_OF_PLENTY = 4


@dataclass(frozen=True, slots=True)
class Pattern:
    """The slots of one kind and shift, which differ only by their base.

    kind: its place among the kinds that are staffed
    number: how many units Erlang's formula asks for; in_time: minutes of travel that are in time
    order: where to place one unit after the other
    """

    kind: int
    slots: tuple[int, ...]
    number: int
    plenty: int
    reach: Reach
    in_time: float
    busy: float
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is searched: the patterns of the kinds, and what each kind needs by the hour.

    fixed: units in slots that are not searched
    """

    fixed: Numbers
    patterns: tuple[Pattern, ...]
    needs: tuple[Need, ...]

    def only(self, kinds: Sequence[int], rest: Numbers) -> Beginning:
        """Search these kinds alone, with as many units of the others as `rest` has."""
        patterns = tuple(one for one in self.patterns if one.kind in kinds)
        searched = {slot for one in patterns for slot in one.slots}
        fixed = tuple(0 if slot in searched else number for slot, number in enumerate(rest))
        return replace(self, patterns=patterns, fixed=fixed)

    def staffed(self, plan: Numbers) -> tuple[int, ...]:
        """The slots that are searched and have units in a plan."""
        return tuple(slot for one in self.patterns for slot in one.slots if plan[slot])

    def times(self, plan: Numbers, factor: float) -> Numbers:
        """A plan with its numbers times a factor, where they are searched."""
        changed = list(plan)
        for slot in self.staffed(plan):
            changed[slot] = round(plan[slot] * factor)
        return tuple(changed)

    def scaled(self, factor: float) -> Numbers:
        """The plan that Erlang's formula asks for, times a factor."""
        return self._placed([round(factor * one.number) for one in self.patterns])

    def plenty(self) -> Numbers:
        """So many units in every shift that more would hardly matter."""
        return self._placed([one.plenty for one in self.patterns])

    def additions(self, plan: Numbers, each: int) -> tuple[int, ...]:
        """Slots in which one unit more promises most: a few of each pattern."""
        found: list[int] = []
        for one in self.patterns:
            already = [plan[slot] for slot in one.slots]
            found += best_places(one.reach, one.in_time, one.busy, already, each)
        return tuple(found)

    def _placed(self, numbers: Sequence[int]) -> Numbers:
        counts: Counter[int] = Counter()
        for pattern, number in zip(self.patterns, numbers, strict=True):
            counts.update(pattern.order[:number])
        return tuple(fixed + counts[slot] for slot, fixed in enumerate(self.fixed))


def begin(
    setting: Setting, hourly: Mapping[str, npt.NDArray[np.float64]] | None = None
) -> Beginning:
    """Ask Erlang's formula for each hour and kind, cover it with shifts, choose their places.

    hourly: calls per hour of each kind, by hour of week; None: as they were counted
    """
    calls, teams, slots, target = setting.calls, setting.teams, setting.slots, setting.target
    needs: list[Need] = []
    patterns: list[Pattern] = []
    for place, (kind, counted) in enumerate(zip(setting.kinds, setting.counted, strict=True)):
        grouped: dict[Shift, list[int]] = {}
        for number, slot in enumerate(slots):
            if slot.units.kind == kind:
                grouped.setdefault(slot.shift, []).append(number)
        shifts = list(grouped)
        reaches = [reach_of(calls, counted, slots, grouped[one], teams.travel) for one in shifts]
        way = _way(calls, counted, reaches, mean_minutes(teams.travel.unknown_minutes))
        rates = None if hourly is None else hourly[kind]
        need = need_of(calls, counted, teams.kinds[kind], way, target, rates)
        numbers = cover_need(need, shifts)
        plenty = max(4 * max(numbers, default=0), FEWEST_OF_PLENTY)
        busy = busy_of(need, dict(zip(shifts, numbers, strict=True)))
        in_time = max(target.minutes - mean_minutes(teams.kinds[kind].to_leave.usual), 1.0)
        for shift, number, reach in zip(shifts, numbers, reaches, strict=True):
            chosen = tuple(grouped[shift])
            order = in_turn(reach, in_time, busy, plenty)
            patterns.append(Pattern(place, chosen, number, plenty, reach, in_time, busy, order))
        needs.append(need)
    return Beginning((0,) * len(slots), tuple(patterns), tuple(needs))


def _way(
    calls: Calls, counted: npt.NDArray[np.intp], reaches: Sequence[Reach], not_told: float
) -> float:
    """Mean minutes of travel: half as far again as from the nearest base, which may be empty."""
    told = ~np.isnan(calls.latitude[counted])
    known = [mean for one in reaches if not np.isnan(mean := one.mean_nearest())]
    if not known or not told.any():
        return not_told
    share = float(told.mean())
    return share * 1.5 * float(np.mean(known)) + (1 - share) * not_told
