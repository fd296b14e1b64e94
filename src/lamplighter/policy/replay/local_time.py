"""The local hour, weekday and month of times in UTC, fast for many of them."""

from __future__ import annotations

from datetime import UTC, datetime
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
_MICROSECONDS = _QUARTER * 1_000_000


_DAY = 24 * 4


class Clock:
    """Knows from when on the zone had which difference from UTC, as far as calls have gone."""

    def __init__(self, time_zone: str) -> None:
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise HistoryError(
                f"the time zone {time_zone} of the history is not known here: read the city's file "
                "again with a zone such as America/Chicago."
            ) from None
        self._known: dict[int, int] = {}

    def local(self, times: pa.Array) -> tuple[Codes, Codes, Codes]:
        """The hour (0–23), the day of the week (0 is Monday) and the month (1–12)."""
        import pyarrow as pa

        from lamplighter.policy.replay import kernels

        stamps = times.cast(pa.timestamp("us", "UTC")).cast("int64")
        moments = stamps.to_numpy(zero_copy_only=False)
        found = np.empty((3, len(moments)), np.uint8)
        if len(moments):
            first, last = int(moments.min()) // _MICROSECONDS, int(moments.max()) // _MICROSECONDS
            kernels.told_by_time(moments, _MICROSECONDS, first, self._table(first, last), found)
        return found[0], found[1], found[2]

    def _table(self, first: int, last: int) -> Codes:
        """Hour, day of the week and month of each quarter of an hour from the first to the last."""
        local = self._differences(first, last) + np.arange(first, last + 1)
        days = local // _DAY
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        # The first of January 1970, from which days are counted, was a Thursday.
        return np.stack([local // 4 % 24, (days + 3) % 7, months]).astype(np.uint8)

    def _differences(self, first: int, last: int) -> Codes:
        """How many quarters of an hour the zone is ahead of UTC in each of these quarters."""
        found = np.empty(last + 1 - first, np.int64)
        for day in range(first // _DAY, last // _DAY + 1):
            start, stop = day * _DAY, (day + 1) * _DAY
            at_start, at_stop = self._difference(start), self._difference(stop)
            quarters = [at_start] * _DAY
            if at_start != at_stop:
                quarters = [self._difference(quarter) for quarter in range(start, stop)]
            low, high = max(start, first), min(stop, last + 1)
            found[low - first : high - first] = quarters[low - start : high - start]
        return found

    def _difference(self, quarter: int) -> int:
        known = self._known.get(quarter)
        if known is None:
            moment = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(self._zone)
            offset = moment.utcoffset()
            assert offset is not None
            known = self._known[quarter] = round(offset.total_seconds()) // _QUARTER
        return known
