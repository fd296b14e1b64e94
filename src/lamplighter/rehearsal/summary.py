"""What became of the calls over all replications: shares, waits and busy units, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.intervals import interval_of
from lamplighter.rehearsal.outcome import (
    Dimension,
    Group,
    Interval,
    Reason,
    Run,
    Status,
    Summary,
    UnitUse,
    Waits,
)
from lamplighter.rehearsal.police import police_minutes_freed
from lamplighter.rehearsal.teams import Teams

Array = npt.NDArray[Any]

PERCENTILES = (0.5, 0.8, 0.9, 0.95)
MEASURES = ("calls", "mean", "p50", "p80", "p90", "p95", "within_target", "with_target")


def summarise(calls: Calls, teams: Teams, runs: Sequence[Run]) -> Summary:
    """Sum up the replications of one scenario.

    Groups are labelled by the names in `calls`; hours are "0" to "23" and weekdays "0" (Monday)
    to "6", local; what is not told is "". Groups without calls are left out. Waits are in
    minutes from when the call came in; percentiles lie between the calls next to them.
    Raises ValueError without runs.
    """
    if not runs:
        raise ValueError("There is nothing to sum up: run at least one replication.")
    rehearsed = runs[0].status != Status.NOT_REHEARSED
    groupings = [
        _grouping(rehearsed, np.zeros(len(calls), np.int16), ("",)),
        *(_grouping(rehearsed, *_codes(calls, dimension)) for dimension in Dimension),
    ]
    found = [_count(calls, run, rehearsed, groupings) for run in runs]
    whole, *by = (
        _groups(one, counted, runs[0].kinds)
        for one, counted in zip(groupings, zip(*found, strict=True), strict=True)
    )
    freed = np.array([police_minutes_freed(calls, teams, run).sum() / 60 for run in runs])
    return Summary(
        days=calls.days,
        replications=len(runs),
        seed=runs[0].seed,
        not_rehearsed=int((~rehearsed).sum()),
        whole=whole[0] if whole else _nothing(runs),
        by=dict(zip(Dimension, by, strict=True)),
        units=_units(runs),
        police_hours_freed=interval_of(freed),
    )


def _codes(calls: Calls, dimension: Dimension) -> tuple[Array, tuple[str, ...]]:
    match dimension:
        case Dimension.RESPONDER:
            return calls.responder, calls.responders
        case Dimension.NATURE:
            return calls.nature, calls.natures
        case Dimension.AREA:
            return calls.area, calls.areas
        case Dimension.HOUR:
            return calls.hour_of_week % 24, tuple(str(hour) for hour in range(24))
        case Dimension.WEEKDAY:
            return calls.hour_of_week // 24, tuple(str(day) for day in range(7))


@dataclass(frozen=True)
class _Grouping:
    """For each call the number of its group, and for each group its label and its calls."""

    group: Array
    labels: tuple[str, ...]
    sizes: Array


@dataclass(frozen=True)
class _Counted:
    """For each group (first axis): shares and waits. Of many replications they are stacked."""

    status: Array  # [group, status]
    kind: Array  # [group, kind], and last nobody
    reason: Array  # [group, reason]
    to_dispatch: Array  # [group, measure]
    to_arrival: Array


def _grouping(rehearsed: Array, codes: Array, labels: tuple[str, ...]) -> _Grouping:
    labels = (*labels, "")
    group = np.where(codes == NOT_TOLD, len(labels) - 1, codes).astype(np.int16)
    return _Grouping(group, labels, np.bincount(group[rehearsed], minlength=len(labels)))


def _groups(one: _Grouping, found: Sequence[_Counted], kinds: tuple[str, ...]) -> tuple[Group, ...]:
    counted = _Counted(
        *(np.stack([getattr(run, name) for run in found]) for name in _Counted.__annotations__)
    )
    return tuple(
        _group(one.labels[place], int(one.sizes[place]), counted, place, kinds)
        for place in np.flatnonzero(one.sizes).tolist()
    )


def _count(
    calls: Calls, run: Run, rehearsed: Array, groupings: Sequence[_Grouping]
) -> list[_Counted]:
    """What is counted of one run, in each grouping. Its waits are put in order once for all."""
    kinds = len(run.kinds)
    status, reason = run.status[rehearsed], run.reason[rehearsed]
    kind = np.where(run.kind < 0, kinds, run.kind)[rehearsed]
    came = np.flatnonzero(~np.isnan(run.dispatched))
    to_dispatch = run.dispatched[came] - calls.minute[came]
    to_arrival = run.arrived[came] - calls.minute[came]
    orders = np.argsort(to_dispatch), np.argsort(to_arrival)
    target = calls.target[came]
    found = []
    for one in groupings:
        groups, here, its = len(one.labels), one.group[rehearsed].astype(np.int64), one.group[came]

        def table(values: Array, width: int, here: Array = here, groups: int = groups) -> Array:
            return np.bincount(here * width + values, minlength=groups * width).reshape(
                groups, width
            )

        found.append(
            _Counted(
                status=table(status, len(Status)),
                kind=table(kind, kinds + 1),
                reason=table(reason, len(Reason)),
                to_dispatch=_waits(to_dispatch, orders[0], its, groups, None),
                to_arrival=_waits(to_arrival, orders[1], its, groups, target),
            )
        )
    return found


def _waits(minutes: Array, order: Array, group: Array, groups: int, target: Array | None) -> Array:
    """Count, mean, percentiles, share within the target and how many have one, for each group.

    `order` is that of the minutes.
    """
    found = np.full((groups, len(MEASURES)), np.nan)
    count = np.bincount(group, minlength=groups)
    found[:, 0] = count
    some = count > 0
    total = np.bincount(group, minutes, minlength=groups)
    found[some, 1] = total[some] / count[some]
    # Stable, so that minutes stay in order within each group.
    rising = minutes[order[np.argsort(group[order], kind="stable")]]
    starts = np.cumsum(count) - count
    for place, share in enumerate(PERCENTILES, 2):
        position = share * (count[some] - 1)
        below = np.floor(position).astype(np.int64)
        above = np.minimum(below + 1, count[some] - 1)
        low, high = rising[starts[some] + below], rising[starts[some] + above]
        found[some, place] = low + (position - below) * (high - low)
    if target is not None:
        stated = ~np.isnan(target)
        of = np.bincount(group[stated], minlength=groups)
        kept = np.bincount(group[stated], minutes[stated] <= target[stated], minlength=groups)
        found[of > 0, 6] = kept[of > 0] / of[of > 0]
        found[:, 7] = of
    return found


def _group(label: str, size: int, counted: _Counted, place: int, kinds: tuple[str, ...]) -> Group:
    def share(table: Array, column: int) -> Interval:
        return interval_of(table[:, place, column] / size)

    nobody = counted.status[:, place, [Status.WITHDRAWN, Status.UNSERVED]].sum(axis=1)
    return Group(
        label=label,
        calls=float(size),
        served=share(counted.status, Status.SERVED),
        taken_over=share(counted.status, Status.TAKEN_OVER),
        nobody=interval_of(nobody / size),
        by_kind={
            name: share(counted.kind, number)
            for number, name in enumerate(kinds)
            if counted.kind[:, place, number].any()
        },
        unserved={
            reason.name.lower(): share(counted.reason, reason)
            for reason in Reason
            if reason is not Reason.NONE and counted.reason[:, place, reason].any()
        },
        to_dispatch=_interval_of_waits(counted.to_dispatch[:, place]),
        to_arrival=_interval_of_waits(counted.to_arrival[:, place]),
    )


def _interval_of_waits(measured: Array) -> Waits:
    found = {name: interval_of(measured[:, place]) for place, name in enumerate(MEASURES)}
    within, stated = found.pop("within_target"), found.pop("with_target")
    if np.isnan(within.mean):
        return Waits(**found)
    return Waits(**found, within_target=within, with_target=stated)


def _nothing(runs: Sequence[Run]) -> Group:
    none = interval_of(np.array([]))
    waits = Waits(none, none, none, none, none, none)
    empty: Mapping[str, Interval] = {}
    return Group("", 0.0, none, none, none, empty, empty, waits, waits)


def _units(runs: Sequence[Run]) -> tuple[UnitUse, ...]:
    """Shares of minutes on duty, overtime among them."""
    first = runs[0]
    count = len(first.unit_names)
    calls = np.stack([np.bincount(run.unit[run.unit >= 0], minlength=count) for run in runs])
    busy = np.stack([run.busy for run in runs])
    on_duty = np.stack([run.on_duty for run in runs])
    by_hour = _share(_by_hour(busy).mean(axis=0), _by_hour(on_duty).mean(axis=0))
    whole = _share(busy.sum(axis=2), on_duty.sum(axis=2))
    return tuple(
        UnitUse(
            name=name,
            kind=first.unit_kinds[place],
            on_duty_hours=float(on_duty[:, place].sum() / 60 / len(runs)),
            calls=interval_of(calls[:, place].astype(float)),
            busy=interval_of(whole[:, place]),
            by_hour=tuple(by_hour[place].tolist()),
        )
        for place, name in enumerate(first.unit_names)
    )


def _by_hour(minutes: Array) -> Array:
    runs, units, _hours = minutes.shape
    by_day: Array = minutes.reshape(runs, units, 7, 24)
    found: Array = by_day.sum(axis=2)
    return found


def _share(part: Array, whole: Array) -> Array:
    """nan where there is no whole: a unit that is not on duty in an hour."""
    found: Array = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return found
