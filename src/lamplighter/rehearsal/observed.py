"""What is read from the runs themselves: who was reached by when, who waited, who was on duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.intervals import interval_of
from lamplighter.rehearsal.outcome import Interval, Run, Status
from lamplighter.rehearsal.teams import Kind, Teams

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Reached:
    """The share of the teams' calls to which one of them was sent, and came, within minutes."""

    minutes: tuple[float, ...]
    sent: tuple[Interval, ...]
    arrived: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A mean week, by local hour of week, 0 being Monday from midnight to one.

    calls: in the whole period, not a mean; hours: how often the period has that hour
    waiting: calls that wait for somebody to be sent, at a random moment of that hour
    on_duty, busy: units by kind, at a random moment of that hour
    """

    hours: tuple[int, ...]
    calls: tuple[int, ...]
    team_calls: tuple[int, ...]
    waiting: tuple[float, ...]
    on_duty: Mapping[str, tuple[float, ...]]
    busy: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Measures:
    """One number a replication; those of two scenarios with the same seed belong in pairs.

    Shares are of the calls that are the teams' to answer, minutes of those to which anybody came:
    the team, or who took over from it.
    """

    calls_a_week: tuple[float, ...]
    served: tuple[float, ...]
    taken_over: tuple[float, ...]
    nobody: tuple[float, ...]
    median_minutes: tuple[float, ...]
    p90_minutes: tuple[float, ...]
    served_a_week: tuple[float, ...]


def interval(values: Sequence[float]) -> Interval:
    """The mean of replications with its 95 % interval by Student's t; nan are left out.

    >>> interval([1.0, 3.0, float("nan")]).mean
    2.0
    """
    return interval_of(np.array(values, dtype=np.float64))


def difference(after: Sequence[float], before: Sequence[float]) -> Interval:
    """After less before, pair by pair: what chance gave to both falls out."""
    return interval([a - b for a, b in zip(after, before, strict=True)])


def team_kinds(teams: Teams) -> tuple[Kind, ...]:
    """The kinds that a rehearsal is about: those whose units are counted, and carry no arms.

    A team file of armed kinds only is about these.
    """
    counted = [kind for kind in teams.kinds.values() if not kind.unlimited]
    return tuple([kind for kind in counted if not kind.armed] or counted)


def teams_own(calls: Calls, teams: Teams) -> Array:
    """A mask of the calls that are for `team_kinds` to answer."""
    answers = {answer for kind in team_kinds(teams) for answer in kind.answers}
    theirs = np.array([name in answers for name in calls.responders], dtype=bool)
    return theirs[calls.responder] if len(theirs) else np.zeros(len(calls), bool)


def only(run: Run, chosen: Array) -> Run:
    """A run as the chosen calls saw it; what units did stays that of all calls."""
    names = ("status", "reason", "kind", "unit", "dispatched", "arrived", "cleared", "backup")
    return replace(run, **{name: getattr(run, name)[chosen] for name in names})


def reached(calls: Calls, runs: Sequence[Run], most: float = 120.0) -> Reached:
    """By when a team was sent and there, of all `calls`, whether one came or not.

    The minutes go on until 95 of 100 arrivals are in, at most to `most`.
    """
    waited = [_waited(calls, run) for run in runs]
    arrivals = np.concatenate([arrived for _, arrived in waited]) if waited else np.zeros(0)
    arrivals = arrivals[~np.isnan(arrivals)]
    end = float(np.quantile(arrivals, 0.97)) if len(arrivals) else most
    grid = np.linspace(0, min(max(end, 10.0), most), 61)
    return Reached(
        tuple(float(at) for at in grid),
        _shares([sent for sent, _ in waited], grid),
        _shares([arrived for _, arrived in waited], grid),
    )


def _waited(calls: Calls, run: Run) -> tuple[Array, Array]:
    served = run.status == Status.SERVED
    sent = np.where(served, run.dispatched - calls.minute, np.nan)
    arrived = np.where(served, run.arrived - calls.minute, np.nan)
    return sent, arrived


def _shares(waits: Sequence[Array], grid: Array) -> tuple[Interval, ...]:
    curves = []
    for wait in waits:
        known = np.sort(wait[~np.isnan(wait)])
        curves.append(np.searchsorted(known, grid, side="right") / max(len(wait), 1))
    return tuple(interval([float(curve[at]) for curve in curves]) for at in range(len(grid)))


def week(calls: Calls, own: Array, runs: Sequence[Run]) -> Week:
    """A mean week of the calls that a mask says are the teams' own, and of all units."""
    hours = _hours_of_week(calls)
    often = np.bincount(hours, minlength=HOURS_OF_WEEK)
    waiting = np.zeros(HOURS_OF_WEEK)
    for run in runs:
        minutes = _waiting(calls.minute[own], run.dispatched[own], len(hours))
        waiting += np.bincount(hours, weights=minutes, minlength=HOURS_OF_WEEK)
    many = max(len(runs), 1)
    kinds = tuple(dict.fromkeys(runs[0].unit_kinds)) if runs else ()

    def units(name: str, kind: str) -> tuple[float, ...]:
        total = np.zeros(HOURS_OF_WEEK)
        for run in runs:
            chosen = np.array([one == kind for one in run.unit_kinds], dtype=bool)
            total += getattr(run, name)[chosen].sum(axis=0)
        return _tuple(total / many / np.maximum(often, 1) / 60)

    return Week(
        hours=tuple(int(one) for one in often),
        calls=_counted(calls.hour_of_week),
        team_calls=_counted(calls.hour_of_week[own]),
        waiting=_tuple(waiting / many / np.maximum(often, 1) / 60),
        on_duty={kind: units("on_duty", kind) for kind in kinds},
        busy={kind: units("busy", kind) for kind in kinds},
    )


def _hours_of_week(calls: Calls) -> Array:
    """The local hour of week of every hour of the period."""
    zone = ZoneInfo(calls.time_zone)
    local = (
        (calls.start + timedelta(hours=hour)).astimezone(zone)
        for hour in range(max(round(calls.days * 24), 1))
    )
    return np.array([at.weekday() * 24 + at.hour for at in local], dtype=np.int64)


def _waiting(came: Array, sent: Array, hours: int) -> Array:
    """Minutes that calls waited within each hour of the period."""
    known = ~np.isnan(sent)
    edges = np.arange(hours + 1) * 60.0

    def up_to(times: Array) -> Array:
        """The sum of min(time, edge) over all times, at each edge."""
        ordered = np.sort(times)
        sums = np.concatenate(([0.0], np.cumsum(ordered)))
        before = np.searchsorted(ordered, edges, side="right")
        return np.asarray(sums[before] + edges * (len(ordered) - before))

    return np.diff(up_to(sent[known]) - up_to(came[known]))


def _counted(hours: Array) -> tuple[int, ...]:
    return tuple(int(one) for one in np.bincount(hours, minlength=HOURS_OF_WEEK))


def _tuple(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def measures(calls: Calls, runs: Sequence[Run]) -> Measures:
    """Each replication in a few numbers; `calls` and `runs` are those of the teams' own calls."""
    weeks = calls.days / 7
    many = max(len(calls), 1)

    def share(*statuses: Status) -> tuple[float, ...]:
        return tuple(float(np.isin(run.status, statuses).sum()) / many for run in runs)

    def minutes(at: float) -> tuple[float, ...]:
        found = []
        for run in runs:
            arrived = run.arrived - calls.minute
            known = arrived[~np.isnan(arrived)]
            found.append(float(np.quantile(known, at)) if len(known) else float("nan"))
        return tuple(found)

    served = share(Status.SERVED)
    return Measures(
        calls_a_week=tuple(len(calls) / weeks for _ in runs),
        served=served,
        taken_over=share(Status.TAKEN_OVER),
        nobody=share(Status.WITHDRAWN, Status.UNSERVED),
        median_minutes=minutes(0.5),
        p90_minutes=minutes(0.9),
        served_a_week=tuple(one * len(calls) / weeks for one in served),
    )
