"""Measures who is served, by area and by the people who live there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.fairness import limits
from lamplighter.rehearsal.fairness.draws import over_draws
from lamplighter.rehearsal.fairness.results import (
    AreaServed,
    Fairness,
    Gap,
    GroupServed,
    IntervalsFrom,
)
from lamplighter.rehearsal.intervals import interval_of
from lamplighter.rehearsal.outcome import Interval, Run, Status

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas

Floats = npt.NDArray[np.float64]
FEW_CALLS = 30
DRAWS = 1000
DAY = 1440.0
DAYS_OF_YEAR = 365.0
CALLS, SERVED, ARRIVED, MINUTES = range(4)  # what is counted of each area


class FairnessError(ValueError):
    """What is asked for cannot be measured."""


def fairness_of(
    calls: Calls,
    runs: Sequence[Run],
    areas: Areas,
    groups: Mapping[str, str],
    *,
    everyone: str | None = None,
    chosen: npt.NDArray[np.bool_] | None = None,
    few_below: int = FEW_CALLS,
    seed: int = 1,
    draws: int = DRAWS,
) -> Fairness:
    """Served share and response time of each area, and of each group of people over the areas.

    groups: for each group the column of `areas.properties` that counts its people
    everyone: the column that counts all people; None: the groups together are everyone
    chosen: the calls that count, such as those that are the teams' to answer; None: all
    A group's figure is the mean of the areas' figures, weighted by its people: what a random member
    meets where they live, if an area serves all its people alike (an ecological figure). An area
    without a figure does not count; `counted` says for how much of a group there is one.
    Intervals (95 %) are over the runs; of one run, over days of calls drawn again `draws` times
    (percentile bootstrap: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
    Gaps are taken run by run, or draw by draw. FairnessError: no run, or no such column.
    """
    _check(calls, runs, areas, groups, everyone)
    place = _places(calls, areas)
    counts = np.ones(len(calls), bool) if chosen is None else np.asarray(chosen, bool)
    counts &= np.logical_or.reduce([run.status != Status.NOT_REHEARSED for run in runs])
    if len(runs) > 1:
        tables = np.stack([_table(calls, run, place, counts, len(areas)) for run in runs])
        measured = _Measured(tables.mean(axis=0), tables, over=_over_runs)
        origin = IntervalsFrom.REPLICATIONS
    else:
        by_day = _by_day(calls, runs[0], place, counts, len(areas))
        whole = by_day.sum(axis=0)
        measured = _Measured(whole, _drawn(by_day, seed, draws), over=over_draws)
        origin = IntervalsFrom.DAYS
    columns = {name: _people(areas, column) for name, column in groups.items()}
    total = _people(areas, everyone) if everyone else _sum(columns, len(areas))
    found = tuple(
        _group(measured, name, groups[name], people, total) for name, people in columns.items()
    )
    p90 = _p90(calls, runs, place, counts, len(areas))
    inside = counts & (place >= 0)
    return Fairness(
        areas=_areas(calls, measured, areas, total if groups or everyone else None, p90, few_below),
        groups=found,
        everyone=_group(measured, "everyone", everyone or "", total, total)
        if total.sum() > 0
        else None,
        widest_served=_widest(measured, columns, SERVED),
        widest_minutes=_widest(measured, columns, MINUTES),
        calls=float(counts.sum()),
        outside=float(counts.sum() - inside.sum()),
        few_below=few_below,
        intervals=origin,
        limits=(
            limits.ECOLOGICAL,
            limits.CALLS_ONLY,
            limits.RESIDENTS,
            limits.SAME_HELP,
            limits.REPLICATIONS if origin is IntervalsFrom.REPLICATIONS else limits.DAYS,
            limits.FEW,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """Counts of areas [area, 4], and the same of each run or draw [many, area, 4]."""

    whole: Floats
    many: Floats
    over: Callable[[float, Floats], Interval]

    def of_areas(self, what: int) -> tuple[Interval | None, ...]:
        value, values = _rate(self.whole, what), _rate(self.many, what)
        return tuple(
            None if np.isnan(value[area]) else self._interval(value[area], values[:, area])
            for area in range(len(value))
        )

    def of_people(self, what: int, people: Floats) -> tuple[float, Floats] | None:
        """A group's figure, and that of each run or draw."""
        value = _weighted(_rate(self.whole, what), people)
        return (
            None if np.isnan(value) else (float(value), _weighted(_rate(self.many, what), people))
        )

    def interval(self, figure: tuple[float, Floats] | None) -> Interval | None:
        return None if figure is None else self._interval(*figure)

    def _interval(self, value: float, values: Floats) -> Interval:
        return self.over(float(value), values[~np.isnan(values)])


def _over_runs(value: float, values: Floats) -> Interval:
    return interval_of(values) if len(values) else Interval(value, value, value)


def _rate(counts: Floats, what: int) -> Floats:
    """Share served, or minutes to arrival, of each area; nan where there is nothing to count."""
    below = counts[..., CALLS if what == SERVED else ARRIVED]
    rates: Floats = np.divide(
        counts[..., what], below, out=np.full(below.shape, np.nan), where=below > 0
    )
    return rates


def _weighted(rates: Floats, people: Floats) -> Floats:
    known = ~np.isnan(rates)
    weights = np.where(known, people, 0.0)
    whole = weights.sum(axis=-1)
    added = (np.where(known, rates, 0.0) * weights).sum(axis=-1)
    mean: Floats = np.divide(added, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return mean


def _group(
    measured: _Measured, name: str, column: str, people: Floats, total: Floats
) -> GroupServed:
    figures: list[Interval | None] = []
    gaps: list[Interval | None] = []
    for what in (SERVED, MINUTES):
        own, all_people = measured.of_people(what, people), measured.of_people(what, total)
        figures.append(measured.interval(own))
        gaps.append(measured.interval(_less(own, all_people)))
    known = ~np.isnan(_rate(measured.whole, SERVED))
    whole = float(people.sum())
    return GroupServed(
        name=name,
        column=column,
        people=whole,
        counted=float(people[known].sum()) / whole if whole > 0 else 0.0,
        served=figures[0],
        minutes=figures[1],
        served_gap=gaps[0],
        minutes_gap=gaps[1],
    )


def _less(
    one: tuple[float, Floats] | None, other: tuple[float, Floats] | None
) -> tuple[float, Floats] | None:
    return None if one is None or other is None else (one[0] - other[0], one[1] - other[1])


def _widest(measured: _Measured, columns: Mapping[str, Floats], what: int) -> Gap | None:
    """The groups with the largest and the smallest figure."""
    figures = {name: measured.of_people(what, people) for name, people in columns.items()}
    known = {name: figure for name, figure in figures.items() if figure is not None}
    if len(known) < 2:
        return None
    first = max(known, key=lambda name: known[name][0])
    second = min(known, key=lambda name: known[name][0])
    gap = measured.interval(_less(known[first], known[second]))
    return None if gap is None or first == second else Gap(first, second, gap)


def _areas(
    calls: Calls,
    measured: _Measured,
    areas: Areas,
    people: Floats | None,
    p90: Floats,
    few_below: int,
) -> tuple[AreaServed, ...]:
    served, minutes = measured.of_areas(SERVED), measured.of_areas(MINUTES)
    counts = measured.whole[:, CALLS]
    ranked = [
        (one.mean, area)
        for area, one in enumerate(served)
        if one is not None and counts[area] >= few_below
    ]
    ranks = {area: rank for rank, (_, area) in enumerate(sorted(ranked), start=1)}
    found = []
    for area, name in enumerate(areas.names):
        living = None if people is None else float(people[area])
        yearly = float(counts[area]) * DAYS_OF_YEAR / calls.days
        found.append(
            AreaServed(
                name=name,
                calls=float(counts[area]),
                people=living,
                per_thousand=1000 * yearly / living if living else None,
                served=served[area],
                minutes=minutes[area],
                p90=None if np.isnan(p90[area]) else float(p90[area]),
                few=bool(counts[area] < few_below),
                rank=ranks.get(area),
            )
        )
    return tuple(found)


def _places(calls: Calls, areas: Areas) -> npt.NDArray[np.int64]:
    """The index of each call's area in `areas`; -1: none of them."""
    known = {name: index for index, name in enumerate(areas.names)}
    # The last entry is for calls without an area, which have -1.
    numbers = np.array([*(known.get(name, -1) for name in calls.areas), -1], np.int64)
    return numbers[calls.area]


def _counted(
    calls: Calls, run: Run, chosen: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, Floats]:
    """What each call adds to CALLS, SERVED, ARRIVED and MINUTES."""
    here = chosen & (run.status != Status.NOT_REHEARSED)
    came = here & ~np.isnan(run.arrived)
    minutes = np.where(came, run.arrived - calls.minute, 0.0)
    served = here & (run.status == Status.SERVED)
    return here.astype(float), served.astype(float), came.astype(float), minutes


def _table(
    calls: Calls,
    run: Run,
    place: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    areas: int,
) -> Floats:
    inside = place >= 0
    columns = _counted(calls, run, chosen)
    return np.stack(
        [np.bincount(place[inside], column[inside], areas) for column in columns], axis=-1
    )


def _by_day(
    calls: Calls,
    run: Run,
    place: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    areas: int,
) -> Floats:
    days = max(int(np.ceil(calls.days)), 1)
    day = np.minimum((calls.minute / DAY).astype(np.int64), days - 1)
    inside = place >= 0
    cell = (day * areas + place)[inside]
    columns = _counted(calls, run, chosen)
    tables = [np.bincount(cell, column[inside], days * areas) for column in columns]
    counted: Floats = np.stack(tables, axis=-1, dtype=np.float64)
    return counted.reshape(days, areas, len(columns))


def _drawn(by_day: Floats, seed: int, draws: int) -> Floats:
    """The counts of as many days, drawn with replacement; none of a single day."""
    days = len(by_day)
    if days < 2:
        return np.empty((0, *by_day.shape[1:]))
    random = np.random.default_rng(seed)
    times = random.multinomial(days, np.full(days, 1 / days), draws).astype(float)
    return np.tensordot(times, by_day, axes=1)


def _p90(
    calls: Calls,
    runs: Sequence[Run],
    place: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    areas: int,
) -> Floats:
    """Minutes to arrival that nine in ten calls of an area do not exceed, over all runs."""
    found = []
    for run in runs:
        came = chosen & (run.status != Status.NOT_REHEARSED) & ~np.isnan(run.arrived) & (place >= 0)
        found.append((place[came], (run.arrived - calls.minute)[came]))
    where = np.concatenate([one for one, _ in found])
    minutes = np.concatenate([one for _, one in found])
    order = np.lexsort((minutes, where))
    minutes, sizes = minutes[order], np.bincount(where, minlength=areas)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return np.array(
        [
            np.quantile(minutes[starts[area] : starts[area + 1]], 0.9) if sizes[area] else np.nan
            for area in range(areas)
        ]
    )


def _people(areas: Areas, column: str) -> Floats:
    people = np.asarray(areas.properties[column], np.float64)
    return np.where(np.isnan(people), 0.0, people)


def _sum(columns: Mapping[str, Floats], areas: int) -> Floats:
    total: Floats = np.sum([*columns.values(), np.zeros(areas)], axis=0)
    return total


def _check(
    calls: Calls, runs: Sequence[Run], areas: Areas, groups: Mapping[str, str], everyone: str | None
) -> None:
    if not runs:
        raise FairnessError("there is no run: simulate at least once")
    if any(len(run.status) != len(calls) for run in runs):
        raise FairnessError(
            f"a run of {len(runs[0].status)} calls is not one of these {len(calls)} calls"
        )
    for name, column in [*groups.items(), ("everyone", everyone)]:
        if column is None:
            continue
        if column not in areas.properties:
            known = ", ".join(sorted(areas.properties)) or "none"
            raise FairnessError(
                f"group {name}: the areas have no column {column!r} of numbers; they have: {known}"
            )
        people = np.asarray(areas.properties[column], np.float64)
        if (people < 0).any():
            area = areas.names[int(np.argmax(people < 0))]
            raise FairnessError(
                f"group {name}: column {column!r} is below 0 in area {area!r}: correct it in the "
                "file of people, or leave it empty"
            )
