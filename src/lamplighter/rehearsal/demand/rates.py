"""How often calls come in, by hour of the week, nature and area, and calls drawn from that.

The model is a Poisson process whose rate changes from hour to hour of the local week. Three weeks
of calls see each hour of the week three times, so its rate is not taken from that hour alone:

1. The week of all calls is smoothed: each hour gets half of itself and a quarter of each of its
   neighbors, on a circle.
2. The day of a nature is what its calls say of the 24 hours, and `LEAN_OF_DAY` calls more that
   come in as all calls do.
3. The week of a nature is what its calls say of the 168 hours, and `LEAN_OF_WEEK` calls more that
   come in as all calls do over the week and as the nature does over the day. A nature of many
   thousand calls keeps its own week, a rare one takes the common week.
4. The share of an area is that of the calls of the nature that were there. Within a nature the
   areas share one week.

Hours in which a file has a hole, with no call at all where twenty are expected, count as not seen.
The two numbers of calls are those that best foretold each of three weeks of Milwaukee from the two
others (log likelihood; docs/decisions/0015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.demand.times import midnight

LEAN_OF_DAY = 50.0
LEAN_OF_WEEK = 2000.0
# In a Poisson process, twenty expected calls all stay away in 2 of 1,000,000,000 stretches.
_MOST_MISSED = 20.0
_HOURS = 24
QUARTER = 15.0  # minutes
_PER_DAY = 96

Rates: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HourlyRates:
    """How often calls come in.

    per_hour: float64 [nature, 168], calls an hour; the last row is of calls without a nature
    share: float64 [nature, area], which of them are where; the last column is outside all areas
    holes: stretches, in minutes since the start of the calls, in which the history has none
    """

    natures: tuple[str, ...]
    areas: tuple[str, ...]
    per_hour: Rates
    share: Rates
    holes: tuple[tuple[float, float], ...]

    def rate(self, nature: int, area: int, hour_of_week: int) -> float:
        """Calls an hour of a nature in an area (places in `natures`, `areas`)."""
        return float(self.per_hour[nature, hour_of_week] * self.share[nature, area])


@dataclass(frozen=True, slots=True)
class RateModel:
    """Rates, and the calls they were fitted to, of which drawn calls take place and needs."""

    rates: HourlyRates
    fitted_to: Calls

    def draw(self, days: float, seed: int, start: datetime) -> Calls:
        """Draw the calls of a period, which begins at the local midnight at or before `start`.

        Each takes its place, its area and what it needs from a call of the same nature that the
        model was fitted to. The same arguments give the same calls, to the last bit.
        """
        if start.tzinfo is None:
            raise ValueError("the start of a period needs a time zone: give it as UTC.")
        if not days > 0:
            raise ValueError(f"a period of {days} days has no calls: give more than 0 days.")
        calls = self.fitted_to
        zone = ZoneInfo(calls.time_zone)
        start = midnight(start, zone)
        generator = np.random.Generator(np.random.PCG64(seed))
        hours = hours_of_quarters(start, days, zone)
        minutes = np.minimum(days * 1440 - QUARTER * np.arange(len(hours)), QUARTER)
        # The numbers of all quarters and natures at once, nature by nature.
        counts = generator.poisson(self.rates.per_hour[:, hours] * minutes / 60)
        nature = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
        quarter = np.concatenate([np.repeat(np.arange(len(hours)), row) for row in counts])
        minute = QUARTER * quarter + minutes[quarter] * generator.random(len(quarter))
        donor = self._donors(nature, generator)
        order = np.argsort(minute, kind="stable")
        found = calls.only(donor[order])
        return Calls(
            start=start,
            days=days,
            time_zone=calls.time_zone,
            minute=minute[order],
            hour_of_week=hours[quarter[order]].astype(np.int16),
            nature=found.nature,
            area=found.area,
            latitude=found.latitude,
            longitude=found.longitude,
            responder=found.responder,
            priority=found.priority,
            target=found.target,
            backup=found.backup,
            natures=calls.natures,
            areas=calls.areas,
            responders=calls.responders,
            backups=calls.backups,
        )

    def _donors(self, nature: Numbers, generator: np.random.Generator) -> Numbers:
        """For each drawn call a call of the same nature, any of them as likely as the others."""
        own = _row_of(self.fitted_to.nature, len(self.rates.per_hour))
        order = np.argsort(own, kind="stable")
        counts = np.bincount(own, minlength=len(self.rates.per_hour))
        firsts = np.concatenate(([0], np.cumsum(counts)))[:-1]
        chosen = (generator.random(len(nature)) * counts[nature]).astype(np.int64)
        found: Numbers = order[firsts[nature] + chosen]
        return found


def fit_rates(calls: Calls) -> RateModel:
    """Fit the rates of calls, by hour of the week, nature and area; see the module for how.

    A history of less than a week leaves hours of the week unseen: these take the rate of the same
    hour on the days that were seen.
    """
    natures, areas = len(calls.natures) + 1, len(calls.areas) + 1
    nature = _row_of(calls.nature, natures)
    counts = np.zeros((natures, HOURS_OF_WEEK))
    np.add.at(counts, (nature, calls.hour_of_week), 1.0)
    by_area = np.zeros((natures, areas))
    np.add.at(by_area, (nature, _row_of(calls.area, areas)), 1.0)
    hours = hours_of_quarters(calls.start, calls.days, ZoneInfo(calls.time_zone))
    met = np.unique((calls.minute // QUARTER).astype(np.int64))
    return RateModel(rates_of(calls.natures, calls.areas, counts, by_area, hours, met), calls)


def rates_of(
    natures: tuple[str, ...],
    areas: tuple[str, ...],
    counts: Rates,
    by_area: Rates,
    hours: Numbers,
    met: Numbers,
) -> HourlyRates:
    """The rates that counts of calls tell, `counts` [nature, 168] and `by_area` [nature, area].

    `hours` has the hour of the week of each quarter of an hour of the period, `met` the quarters
    that have a call.
    """
    holes = _holes(counts.sum(axis=0), hours, met)
    watched = np.ones(len(hours), bool)
    for begin, end in holes:
        watched[begin:end] = False
    seen = np.bincount(hours[watched], minlength=HOURS_OF_WEEK) * QUARTER / 60
    usual = _usual(counts, seen)
    totals = counts.sum(axis=1, keepdims=True)
    # Calls in all seen hours of the week: those of the nature, and those that it leans on.
    leaning = _smoothed(counts, seen) + LEAN_OF_WEEK * usual
    shape = np.where(seen > 0, leaning, (totals + LEAN_OF_WEEK) * usual)
    # The number of calls of each nature in the period stays what it was.
    per_hour = _divided(shape * totals, (shape * seen).sum(axis=1, keepdims=True))
    stretches = tuple((QUARTER * begin, QUARTER * end) for begin, end in holes)
    return HourlyRates(natures, areas, per_hour, _divided(by_area, totals), stretches)


def _holes(counts: Rates, hours: Numbers, met: Numbers) -> list[tuple[int, int]]:
    """Stretches of quarters of an hour without any call where many are expected."""
    watched = np.bincount(hours, minlength=HOURS_OF_WEEK)
    expected = np.concatenate(([0.0], np.cumsum(_divided(counts, watched.astype(float))[hours])))
    begins, ends = np.concatenate(([0], met + 1)), np.concatenate((met, [len(hours)]))
    long = expected[np.maximum(ends, begins)] - expected[begins] > _MOST_MISSED
    return list(zip(begins[long].tolist(), ends[long].tolist(), strict=True))


def _usual(counts: Rates, seen: Rates) -> Rates:
    """The rates of each nature if it had one call, came in over the week as all calls do and over
    the day as its own calls do."""
    everybody = counts.sum(axis=0)
    seen_of_day = seen.reshape(-1, _HOURS).sum(axis=0)
    day = _smoothed(everybody.reshape(-1, _HOURS).sum(axis=0), seen_of_day)
    week = np.where(seen > 0, _smoothed(everybody, seen), np.tile(day, 7))
    own = _smoothed(counts.reshape(len(counts), -1, _HOURS).sum(axis=1), seen_of_day)
    common = _divided(day, (day * seen_of_day).sum())
    factor = _divided(own + LEAN_OF_DAY * common, common)
    usual = week * np.tile(factor, 7)
    return _divided(usual, (usual * seen).sum(axis=1, keepdims=True))


def _smoothed(counts: Rates, seen: Rates) -> Rates:
    """Calls an hour, where each hour leans on its neighbors as far as these were seen."""
    calls, hours = np.zeros_like(counts), np.zeros_like(seen)
    for step, weight in ((-1, 0.25), (0, 0.5), (1, 0.25)):
        calls += weight * np.roll(counts, step, axis=-1)
        hours += weight * np.roll(seen, step)
    return _divided(calls, hours)


def _divided(these: Rates, by: Rates) -> Rates:
    """The quotient, and nothing where there is nothing to divide by."""
    by = np.broadcast_to(by, these.shape)
    return np.divide(these, by, out=np.zeros_like(these), where=by > 0)


def _row_of(codes: npt.NDArray[np.int16], rows: int) -> Numbers:
    """Places, the last for what is not told."""
    return np.where(codes < 0, rows - 1, codes).astype(np.int64)


def hours_of_quarters(start: datetime, days: float, zone: ZoneInfo) -> Numbers:
    """The local hour of the week of each quarter of an hour of a period."""
    quarters = int(np.ceil(days * _PER_DAY - 1e-9))
    found = np.empty(quarters, np.int64)
    for place in range(quarters):
        moment = (start + timedelta(minutes=QUARTER * place)).astimezone(UTC).astimezone(zone)
        found[place] = moment.weekday() * _HOURS + moment.hour
    return found
