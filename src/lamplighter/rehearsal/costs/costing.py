"""Cost per hour, response and year against minutes saved, from stated assumptions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import inf, isfinite

from lamplighter.rehearsal.costs.names import COST_NAMES, Measure
from lamplighter.rehearsal.costs.results import Bar, Costs, KindCosts, Result, Saves, Saving
from lamplighter.rehearsal.outcome import Interval, Summary
from lamplighter.rehearsal.teams import Assumed, Shift, Teams

DAYS_OF_YEAR = 365.0
MINUTES_OF_WEEK = 7 * 24 * 60
NOTHING = Interval(0.0, 0.0, 0.0)


class CostsError(ValueError):
    """An assumption that cannot be."""


@dataclass(frozen=True, slots=True)
class _Quantities:
    """What the rehearsal says of one kind, per year."""

    kind: str
    hours: float
    vehicles: int
    responses: Interval


@dataclass
class _Numbers:
    """The assumptions, one of which may be moved; notes what was used and what was missing."""

    stated: Mapping[str, Assumed]
    used: dict[str, Assumed] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def of(self, name: str, kind: str | None = None) -> float | None:
        own = f"{name}.{kind}"
        found = self.stated.get(own) or self.stated.get(name)
        if found is None:
            self.missing.append(name)
            return None
        self.used[own if own in self.stated else name] = found
        return found.value


def cost_of(summary: Summary, teams: Teams) -> Costs:
    """What the units of a rehearsal cost, and what they save others, per year.

    Charged are the units that are neither police (`armed`) nor unlimited. A unit-hour is people
    times wage times one plus benefits, times hours paid per hour on duty; with the vehicles of the
    year (as many as units are on duty at one time) and overhead on top. Saved are the police hours
    that the summary frees, and ambulance minutes and emergency visits as stated shares of
    responses.
    What is not stated in `teams.costs` is taken from `COST_NAMES` where that has a usual value;
    where it has none, what needs it is None and `missing` names it: nothing is taken for zero.
    Intervals are those of the simulation alone; the tornado shows what the assumptions add.
    CostsError: a number is out of its range, or two kinds of money are mixed.
    """
    stated = _stated(teams)
    kinds = _quantities(summary, teams)
    freed = scaled(summary.police_hours_freed, DAYS_OF_YEAR / summary.days)
    numbers = _Numbers(stated)
    found = _compute(numbers, kinds, freed, teams)
    of = Result.COST_PER_YEAR if found.net_per_year is None else Result.NET_PER_YEAR
    if all(saving.per_year is None for saving in found.savings):
        of = Result.COST_PER_YEAR

    def result(changed: Mapping[str, Assumed]) -> float | None:
        there = _compute(_Numbers(changed), kinds, freed, teams)
        if of is Result.COST_PER_YEAR:
            return there.per_year
        return None if there.net_per_year is None else there.net_per_year.mean

    return replace(
        found,
        currency=currency_of(teams),
        assumptions=tuple(numbers.used.values()),
        taken=tuple(name for name in numbers.used if name not in teams.costs),
        tornado_of=of,
        tornado=_tornado(numbers.used, stated, result),
        unused=tuple(name for name in teams.costs if not _known(name, teams)),
    )


def scaled(interval: Interval, factor: float) -> Interval:
    """An interval times a number that is not negative."""
    return Interval(interval.mean * factor, interval.low * factor, interval.high * factor)


def vehicles_of(teams: Teams, kind: str) -> int:
    """The most units of a kind that are on duty at one time, in any minute of the week."""
    changes: dict[int, int] = {0: 0}
    for units in teams.units:
        for shift in units.shifts if units.kind == kind else ():
            for begins, ends in _minutes_of(shift):
                for minute, number in ((begins, shift.number), (ends, -shift.number)):
                    changes[minute % MINUTES_OF_WEEK] = (
                        changes.get(minute % MINUTES_OF_WEEK, 0) + number
                    )
                if ends >= MINUTES_OF_WEEK:  # on duty when the week begins
                    changes[0] += shift.number
    most = now = 0
    for minute in sorted(changes):
        now += changes[minute]
        most = max(most, now)
    return most


def hours_of_week(shifts: Collection[Shift]) -> float:
    """Unit-hours on duty in a week."""
    return sum(
        shift.number * sum(ends - begins for begins, ends in _minutes_of(shift)) / 60
        for shift in shifts
    )


def cost_per_year(teams: Teams, kinds: Collection[str]) -> float | None:
    """What the units of these kinds cost a year by their shifts; None: too little is stated.

    CostsError: as `cost_of`.
    """
    numbers = _Numbers(_stated(teams))
    amounts = []
    for kind in kinds:
        hours = sum(hours_of_week(units.shifts) for units in teams.units if units.kind == kind)
        there = _Quantities(kind, hours * DAYS_OF_YEAR / 7, vehicles_of(teams, kind), NOTHING)
        amounts.append(_kind_costs(numbers, there, teams).per_year)
    return None if None in amounts else sum(one for one in amounts if one is not None)


@cache
def _minutes_of(shift: Shift) -> tuple[tuple[int, int], ...]:
    begins = shift.begins.hour * 60 + shift.begins.minute
    ends = shift.ends.hour * 60 + shift.ends.minute + (24 * 60 if shift.next_day else 0)
    return tuple((day * 24 * 60 + begins, day * 24 * 60 + ends) for day in shift.days)


def _quantities(summary: Summary, teams: Teams) -> tuple[_Quantities, ...]:
    whole, year = summary.whole, DAYS_OF_YEAR / summary.days
    found = []
    for name, kind in teams.kinds.items():
        if kind.unlimited or kind.armed:
            continue
        hours = sum(unit.on_duty_hours for unit in summary.units if unit.kind == name) * year
        share = whole.by_kind.get(name, NOTHING)
        found.append(
            _Quantities(name, hours, vehicles_of(teams, name), scaled(share, whole.calls * year))
        )
    return tuple(found)


def _compute(
    numbers: _Numbers, kinds: tuple[_Quantities, ...], freed: Interval, teams: Teams
) -> Costs:
    costed = tuple(_kind_costs(numbers, one, teams) for one in kinds)
    hours = sum(one.hours_per_year for one in costed)
    responses = Interval(
        sum(one.responses_per_year.mean for one in costed),
        sum(one.responses_per_year.low for one in costed),
        sum(one.responses_per_year.high for one in costed),
    )
    amounts = [one.per_year for one in costed if one.per_year is not None]
    per_year = sum(amounts) if costed and len(amounts) == len(costed) else None
    savings = (
        _police(numbers, freed),
        _ambulance(numbers, responses),
        _emergency_department(numbers, responses),
    )
    net = None
    if per_year is not None:
        saved = [saving.per_year for saving in savings if saving.per_year is not None]
        net = Interval(
            per_year - sum(one.mean for one in saved),
            per_year - sum(one.high for one in saved),
            per_year - sum(one.low for one in saved),
        )
    return Costs(
        currency="",
        kinds=costed,
        hours_per_year=hours,
        responses_per_year=responses,
        per_hour=None if per_year is None or hours == 0 else per_year / hours,
        per_response=_per(per_year, responses),
        per_year=per_year,
        savings=savings,
        net_per_year=net,
        left_out=tuple(saving.of for saving in savings if saving.per_year is None),
        missing=tuple(dict.fromkeys(numbers.missing)),
        assumptions=(),
        taken=(),
        tornado_of=Result.COST_PER_YEAR,
        tornado=(),
        unused=(),
    )


def _kind_costs(numbers: _Numbers, one: _Quantities, teams: Teams) -> KindCosts:
    before = len(numbers.missing)
    wage = numbers.of("wage_per_hour", one.kind)
    people = numbers.of("people_per_unit", one.kind)
    benefits = numbers.of("benefits_share", one.kind)
    paid = numbers.of("hours_paid_per_hour", one.kind)
    vehicle = numbers.of("vehicle_per_year", one.kind)
    overhead = numbers.of("overhead_share", one.kind)
    per_year = None
    if (
        wage is not None
        and people is not None
        and benefits is not None
        and paid is not None
        and vehicle is not None
        and overhead is not None
    ):
        wages = one.hours * people * wage * (1 + benefits) * paid
        per_year = (wages + one.vehicles * vehicle) * (1 + overhead)
    return KindCosts(
        kind=one.kind,
        label=teams.kinds[one.kind].label,
        hours_per_year=one.hours,
        vehicles=one.vehicles,
        responses_per_year=one.responses,
        per_hour=None if per_year is None or one.hours == 0 else per_year / one.hours,
        per_response=_per(per_year, one.responses),
        per_year=per_year,
        missing=tuple(numbers.missing[before:]),
    )


def _police(numbers: _Numbers, freed: Interval) -> Saving:
    before = len(numbers.missing)
    officers, hour = numbers.of("officers_per_call"), numbers.of("police_cost_per_hour")
    hours = None if officers is None else scaled(freed, officers)
    return Saving(
        Saves.POLICE,
        None if hours is None else scaled(hours, 60),
        None if hours is None or hour is None else scaled(hours, hour),
        tuple(numbers.missing[before:]),
    )


def _ambulance(numbers: _Numbers, responses: Interval) -> Saving:
    before = len(numbers.missing)
    share, minutes = numbers.of("ambulance_share"), numbers.of("ambulance_minutes")
    hour = numbers.of("ambulance_cost_per_hour")
    spent = None if share is None or minutes is None else scaled(responses, share * minutes)
    money = None if spent is None or hour is None else scaled(spent, hour / 60)
    return Saving(Saves.AMBULANCE, spent, money, tuple(numbers.missing[before:]))


def _emergency_department(numbers: _Numbers, responses: Interval) -> Saving:
    before = len(numbers.missing)
    share, minutes = numbers.of("emergency_visit_share"), numbers.of("emergency_visit_minutes")
    visit = numbers.of("emergency_visit_cost")
    spent = None if share is None or minutes is None else scaled(responses, share * minutes)
    money = None if share is None or visit is None else scaled(responses, share * visit)
    return Saving(Saves.EMERGENCY_DEPARTMENT, spent, money, tuple(numbers.missing[before:]))


def _per(amount: float | None, responses: Interval) -> Interval | None:
    """What a response costs; where there may be none, there is no end to it."""
    if amount is None or responses.mean <= 0:
        return None
    highest = inf if responses.low <= 0 else amount / responses.low
    return Interval(amount / responses.mean, amount / responses.high, highest)


def _tornado(
    used: Mapping[str, Assumed],
    stated: Mapping[str, Assumed],
    result: Callable[[Mapping[str, Assumed]], float | None],
) -> tuple[Bar, ...]:
    bars = []
    for name, one in used.items():
        low = result({**stated, name: replace(one, value=one.low)})
        high = result({**stated, name: replace(one, value=one.high)})
        if low is not None and high is not None and low != high:
            bars.append(Bar(name, one, low, high))
    return tuple(sorted(bars, key=lambda bar: (-bar.width, bar.name)))


def _stated(teams: Teams) -> dict[str, Assumed]:
    _check(teams.costs)
    return {
        **{name: one.usual for name, one in COST_NAMES.items() if one.usual is not None},
        **{name: one for name, one in teams.costs.items() if _known(name, teams)},
    }


def _known(name: str, teams: Teams) -> bool:
    base, _, kind = name.partition(".")
    known = COST_NAMES.get(base)
    return known is not None and (not kind or (known.by_kind and kind in teams.kinds))


def _check(costs: Mapping[str, Assumed]) -> None:
    for name, one in costs.items():
        if not (isfinite(one.low) and isfinite(one.high) and one.low <= one.value <= one.high):
            raise CostsError(
                f"costs: {name} is {one.value:g} with a range from {one.low:g} to {one.high:g}: "
                "the value must lie in the range"
            )
        known = COST_NAMES.get(name.partition(".")[0])
        most = 1.0 if known is not None and known.measure is Measure.SHARE else float("inf")
        if one.low < 0 or one.high > most:
            raise CostsError(
                f"costs: {name} ranges from {one.low:g} to {one.high:g}: it must be "
                + ("0 or more" if most > 1 else "from 0 to 1")
            )


def currency_of(teams: Teams) -> str:
    """The currency in which a team file states money; "" if it states none.

    CostsError: it states money in several.
    """
    found: dict[str, str] = {}
    for name, one in teams.costs.items():
        if _known(name, teams) and COST_NAMES[name.partition(".")[0]].measure is Measure.MONEY:
            found.setdefault(one.unit.partition("/")[0].strip(), name)
    if len(found) > 1:
        (first, its), (second, other) = list(found.items())[:2]
        raise CostsError(
            f"costs: {its} is in {first} and {other} in {second}: state all money in one currency"
        )
    return next(iter(found), "")
