"""The local hour, weekday and month of times in UTC, fast for many of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from lamplighter.history import HistoryError

if TYPE_CHECKING:
    import pyarrow as pa

Codes: TypeAlias = npt.NDArray[Any]

# Every zone in use differs from UTC by whole quarters of an hour.
_QUARTER = 15 * 60
_DAY = 24 * 4
_START = datetime(1970, 1, 1, tzinfo=UTC)
# Of a longer time only the quarters in which there are calls are looked up.
_LONGEST = 200 * 366 * _DAY


def microseconds(times: pa.Array) -> Codes:
    """Times as microseconds since 1970, in UTC.

    Raises `HistoryError` where one is missing, and where they are no times.
    """
    import pyarrow as pa

    if not pa.types.is_timestamp(times.type) and not pa.types.is_null(times.type):
        raise HistoryError(
            f"the times of the history are of type {times.type}, not times: read the city's file "
            "again."
        )
    if times.null_count:
        raise HistoryError("a call of the history has no time: read the city's file again.")
    numbers = times.cast(pa.timestamp("us", "UTC")).cast("int64")
    found: Codes = numbers.to_numpy(zero_copy_only=False)
    return found


class Clock:
    """Knows from when on the zone had which difference from UTC, as far as calls have gone."""

    def __init__(self, time_zone: str) -> None:
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise HistoryError(
                f"the time zone {time_zone} of the history is not known here: read the city's file "
                "again with a zone such as America/Chicago."
            ) from None
        self._known: dict[int, int] = {}

    def hours_of_week(self, times: Codes) -> Codes:
        """The hour of the week of each time, from 0 to 167; Monday begins with 0."""
        return self._told(times, _hour_of_week)

    def months(self, times: Codes) -> Codes:
        """The month of each time, from 1 to 12."""
        return self._told(times, _month)

    def _told(self, times: Codes, tell: Callable[[Codes], Codes]) -> Codes:
        """What is told of the local quarter of an hour of each time, counted from 1970."""
        from lamplighter.policy.replay import kernels

        if not len(times):
            return np.empty(0, np.uint8)
        first, last = (int(one) // (_QUARTER * 1_000_000) for one in (times.min(), times.max()))
        if last - first > _LONGEST:
            quarters, places = np.unique(times // (_QUARTER * 1_000_000), return_inverse=True)
            ahead = [self._difference(quarter) for quarter in quarters.tolist()]
            return tell(quarters + ahead).astype(np.uint8)[places]
        found = np.empty(len(times), np.uint8)
        local = self._differences(first, last) + np.arange(first, last + 1)
        kernels.told_by_quarter(times, first, tell(local).astype(np.uint8), found)
        return found

    def _differences(self, first: int, last: int) -> Codes:
        """How many quarters of an hour the zone is ahead of UTC in each of these quarters."""
        found = np.empty(last + 1 - first, np.int64)
        for day in range(first // _DAY, last // _DAY + 1):
            start, stop = day * _DAY, (day + 1) * _DAY
            at_start, at_stop = self._difference(start), self._difference(stop)
            low, high = max(start, first), min(stop, last + 1)
            found[low - first : high - first] = (
                at_start
                if at_start == at_stop
                else [self._difference(quarter) for quarter in range(low, high)]
            )
        return found

    def _difference(self, quarter: int) -> int:
        known = self._known.get(quarter)
        if known is None:
            try:
                moment = _START + timedelta(seconds=quarter * _QUARTER)
                offset = moment.astimezone(self._zone).utcoffset()
            except OverflowError:
                raise HistoryError(
                    "a call of the history has a time outside of the years 1 to 9999: read the "
                    "city's file again."
                ) from None
            assert offset is not None
            known = self._known[quarter] = round(offset.total_seconds()) // _QUARTER
        return known


def _hour_of_week(quarters: Codes) -> Codes:
    # The first of January 1970, from which they are counted, was a Thursday.
    return (quarters // 4 + 3 * 24) % (7 * 24)


def _month(quarters: Codes) -> Codes:
    days = (quarters // _DAY).astype("datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64) % 12 + 1
