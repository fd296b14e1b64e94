"""How often calls come in, by hour of the week, nature and area, and calls drawn from that.

The model is a Poisson process whose rate changes from hour to hour of the local week. Three weeks
of calls see each hour of the week three times, so its rate is not taken from that hour alone:

1. The week of all calls is smoothed: each hour gets half of itself and a quarter of each of its
   neighbors, on a circle.
2. The week of a nature leans on the week of all calls as if it had `LEAN` calls more that came in
   as all calls do. A nature of thousands keeps its own shape, a rare one takes the common shape.
3. The share of an area is that of the calls of the nature that were there. Within a nature the
   areas share one week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.demand.times import midnight

LEAN = 200.0
_QUARTER = 15.0
_PER_DAY = 96


@dataclass(frozen=True, slots=True)
class RateModel:
    """Rates that were fitted to calls.

    per_hour: float64 [nature, 168], calls an hour; the last row is of calls without a nature
    share: float64 [nature, area], which of them are where; the last column is outside all areas
    fitted_to: the calls; drawn calls take place and needs from one of the same nature
    """

    per_hour: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]
    fitted_to: Calls

    def rate(self, nature: int, area: int, hour_of_week: int) -> float:
        """Calls an hour of a nature in an area (places in `natures`, `areas`)."""
        return float(self.per_hour[nature, hour_of_week] * self.share[nature, area])

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
        hours = _hours_of_week(start, days, zone)
        minutes = np.minimum(days * 1440 - _QUARTER * np.arange(len(hours)), _QUARTER)
        # The numbers of all quarters and natures at once, nature by nature.
        counts = generator.poisson(self.per_hour[:, hours] * minutes / 60)
        nature = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
        quarter = np.concatenate([np.repeat(np.arange(len(hours)), row) for row in counts])
        minute = _QUARTER * quarter + minutes[quarter] * generator.random(len(quarter))
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

    def _donors(
        self, nature: npt.NDArray[np.int64], generator: np.random.Generator
    ) -> npt.NDArray[np.int64]:
        """For each drawn call a call of the same nature, any of them as likely as the others."""
        own = _row_of(self.fitted_to.nature, len(self.per_hour))
        order = np.argsort(own, kind="stable")
        counts = np.bincount(own, minlength=len(self.per_hour))
        firsts = np.concatenate(([0], np.cumsum(counts)))[:-1]
        chosen = (generator.random(len(nature)) * counts[nature]).astype(np.int64)
        found: npt.NDArray[np.int64] = order[firsts[nature] + chosen]
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
    zone = ZoneInfo(calls.time_zone)
    quarters = _hours_of_week(calls.start, calls.days, zone)
    seen = np.bincount(quarters, minlength=HOURS_OF_WEEK) / 4.0
    week = _week(counts.sum(axis=0), seen)
    # Calls expected at each hour in the period, were all natures alike.
    alike = week * seen
    alike /= alike.sum() or 1.0
    totals = counts.sum(axis=1, keepdims=True)
    leaning = np.divide(
        _smoothed(counts, seen) * seen + LEAN * alike,
        seen,
        out=np.zeros_like(counts),
        where=seen > 0,
    )
    shape = np.where(seen > 0, leaning, (totals + LEAN) * week / max((week * seen).sum(), 1e-300))
    # The number of calls of each nature in the period stays what it was.
    expected = (shape * seen).sum(axis=1, keepdims=True)
    per_hour = np.divide(shape * totals, expected, out=np.zeros_like(shape), where=expected > 0)
    share = np.zeros((natures, areas))
    np.add.at(share, (nature, _row_of(calls.area, areas)), 1.0)
    share = np.divide(share, totals, out=np.zeros_like(share), where=totals > 0)
    return RateModel(per_hour, share, calls)


def _week(
    counts: npt.NDArray[np.float64], seen: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Calls an hour at each hour of the week."""
    by_day = counts.reshape(7, 24).sum(axis=0), seen.reshape(7, 24).sum(axis=0)
    of_day = np.tile(np.divide(*by_day, out=np.zeros(24), where=by_day[1] > 0), 7)
    return np.where(seen > 0, _smoothed(counts, seen), of_day)


def _smoothed(
    counts: npt.NDArray[np.float64], seen: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Rates of hours that lean on their neighbors, as far as these were seen."""
    calls = np.zeros_like(counts)
    hours = np.zeros_like(seen)
    for step, weight in ((-1, 0.25), (0, 0.5), (1, 0.25)):
        calls += weight * np.roll(counts, step, axis=-1)
        hours += weight * np.roll(seen, step)
    return np.divide(calls, hours, out=np.zeros_like(calls), where=hours > 0)


def _row_of(codes: npt.NDArray[np.int16], rows: int) -> npt.NDArray[np.int64]:
    """Places, the last for what is not told."""
    return np.where(codes < 0, rows - 1, codes).astype(np.int64)


def _hours_of_week(start: datetime, days: float, zone: ZoneInfo) -> npt.NDArray[np.int64]:
    """The local hour of the week of each quarter of an hour of a period."""
    quarters = int(np.ceil(days * _PER_DAY - 1e-9))
    found = np.empty(quarters, np.int64)
    for place in range(quarters):
        moment = (start + timedelta(minutes=_QUARTER * place)).astimezone(UTC).astimezone(zone)
        found[place] = moment.weekday() * 24 + moment.hour
    return found
