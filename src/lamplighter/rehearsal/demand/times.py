"""When calls came in on local clocks: minutes since a local midnight, and the hour of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.local_time import Clock, microseconds

if TYPE_CHECKING:
    import pyarrow as pa

_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class LocalTimes:
    """From the local midnight before the first call to the one after the last.

    A day is 24 hours here; where clocks change in between, `days` is no whole number.
    """

    start: datetime
    days: float
    minute: npt.NDArray[np.float64]
    hour_of_week: npt.NDArray[np.int16]

    @classmethod
    def of(cls, times: pa.Array, time_zone: str) -> LocalTimes:
        """The local times of at least one call. Raises `HistoryError` for an unknown zone."""
        stamps = microseconds(times)
        zone = ZoneInfo(time_zone)
        start = midnight(_moment(int(stamps.min())), zone)
        # A call at midnight itself is one of the day that begins.
        end = midnight(_moment(int(stamps.max())), zone, 1)
        first = int(start.timestamp()) * 1_000_000
        return cls(
            start,
            (end - start) / timedelta(days=1),
            (stamps - first) / _MINUTE,
            Clock(time_zone).hours_of_week(stamps).astype(np.int16),
        )


def midnight(moment: datetime, zone: ZoneInfo, later: int = 0) -> datetime:
    """The local midnight at or before a moment, or so many days later, in UTC.

    >>> midnight(datetime(2026, 11, 25, 3, tzinfo=UTC), ZoneInfo("America/Chicago")).hour
    6
    """
    day = moment.astimezone(zone).date() + timedelta(days=later)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _moment(stamp: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=stamp)
