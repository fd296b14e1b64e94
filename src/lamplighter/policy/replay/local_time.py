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


class Clock:
    """Looks up the local time once for each quarter of an hour in which there was a call."""

    def __init__(self, time_zone: str) -> None:
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise HistoryError(
                f"the time zone {time_zone} of the history is not known here: read the city's file "
                "again with a zone such as America/Chicago."
            ) from None

    def local(self, times: pa.Array) -> tuple[Codes, Codes, Codes]:
        """The hour (0–23), the day of the week (0 is Monday) and the month (1–12)."""
        import pyarrow as pa

        stamps = times.cast(pa.timestamp("us", "UTC")).cast("int64")
        quarters = stamps.to_numpy(zero_copy_only=False) // _MICROSECONDS
        if not len(quarters):
            none = np.zeros(0, np.uint8)
            return none, none, none
        first = int(quarters.min())
        offsets = quarters - first
        seen = np.flatnonzero(np.bincount(offsets))
        found = np.zeros((3, int(offsets.max()) + 1), np.uint8)
        for offset in seen.tolist():
            moment = datetime.fromtimestamp((first + offset) * _QUARTER, UTC).astimezone(self._zone)
            found[:, offset] = moment.hour, moment.weekday(), moment.month
        return found[0][offsets], found[1][offsets], found[2][offsets]
