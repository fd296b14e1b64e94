"""How many units queueing theory asks for, hour by hour, and the shifts that provide them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.queueing import servers_for
from lamplighter.rehearsal.simulator.durations import mean_minutes
from lamplighter.rehearsal.staffing.slots import cover_of
from lamplighter.rehearsal.staffing.target import Target
from lamplighter.rehearsal.teams import Kind, Shift, Step

MOST_SHARE = 0.99
SHORTEST_WAIT = 0.5  # minutes that are left for waiting, however long the way is


@dataclass(frozen=True, slots=True)
class Need:
    """What Erlang's formula asks for one kind.

    service: mean minutes that a call keeps a unit, the way included
    calls: per hour, by hour of week; units: needed, by hour of week
    """

    kind: str
    service: float
    calls: tuple[float, ...]
    units: tuple[int, ...]


def need_of(
    calls: Calls,
    counted: npt.NDArray[np.intp],
    kind: Kind,
    way: float,
    target: Target,
    hourly: npt.NDArray[np.float64] | None = None,
) -> Need:
    """The units that each hour of week would need if it went on for ever (Erlang A by the hour).

    way: mean minutes of travel. What is left of the target's minutes after leaving and the way may
    be spent waiting. A call that is handed on after a time counts as impatient with that mean.
    hourly: calls per hour, by hour of week; None: as they were counted
    """
    natures = np.bincount(calls.nature[counted] + 1, minlength=len(calls.natures) + 1)
    names = ["", *calls.natures]

    def mean(step: Step) -> float:
        if not natures.sum():
            return mean_minutes(step.usual)
        each = [mean_minutes(step.by_nature.get(name, step.usual)) for name in names]
        return float(natures @ each / natures.sum())

    leave = mean(kind.to_leave)
    service = leave + way + mean(kind.on_scene) + mean(kind.write_up)
    service += kind.transport_share.usual * mean(kind.transport)
    waits = max(target.minutes - leave - way, SHORTEST_WAIT)
    patience = kind.waits_at_most
    if kind.patience is not None:
        patience = min(patience, mean_minutes(kind.patience))
    if hourly is None:
        weeks = max(calls.days / 7, 1 / 7)
        hourly = np.bincount(calls.hour_of_week[counted], minlength=HOURS_OF_WEEK) / weeks
    asked: dict[float, int] = {}
    for rate in set(hourly.tolist()):
        asked[rate] = servers_for(
            rate,
            service / 60,
            within=waits / 60,
            share=min(target.share, MOST_SHARE),
            patience=patience / 60 if isfinite(patience) and patience > 0 else inf,
        )
    return Need(
        kind.name,
        service,
        tuple(float(rate) for rate in hourly),
        tuple(asked[rate] for rate in hourly.tolist()),
    )


def cover_need(need: Need, shifts: Sequence[Shift]) -> tuple[int, ...]:
    """How many of each shift cover the need, where any shift does, with few unit-hours.

    The shift that fills most of what is missing, for its length, is added until nothing is; then
    each that has become needless is taken away.
    """
    cover = np.array([cover_of(shift) for shift in shifts]).reshape(len(shifts), HOURS_OF_WEEK)
    length = np.maximum(cover.sum(axis=1), 1e-9)
    wanted = np.where(cover.max(axis=0, initial=0.0) > 0, need.units, 0).astype(np.float64)
    numbers = np.zeros(len(shifts), np.int64)

    def missing(there: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        # An hour that a shift covers in part counts as covered: the shift is on duty in it.
        left: npt.NDArray[np.float64] = np.maximum(wanted - there @ np.ceil(cover), 0.0)
        return left

    while (lacking := missing(numbers)).any():
        fills = np.minimum(lacking, 1.0) @ np.ceil(cover).T
        numbers[int(np.argmax(fills / length))] += 1
    for shift in np.argsort(-length, kind="stable"):
        while numbers[shift] > 0:
            numbers[shift] -= 1
            if missing(numbers).any():
                numbers[shift] += 1
                break
    return tuple(int(number) for number in numbers)


def busy_of(need: Need, numbers: Mapping[Shift, int]) -> float:
    """The share of their time that so many units would be busy, for choosing places."""
    hours = sum(number * sum(cover_of(shift)) for shift, number in numbers.items())
    load = sum(need.calls) * need.service / 60
    return float(min(max(load / hours, 0.05), 0.95)) if hours else 0.5
