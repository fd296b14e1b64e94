"""Local hours of times in UTC, as arithmetic that every SQL engine does alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_HOUR = 3600
_DAY = 24 * _HOUR
# The first of January 1970, from which seconds are counted, was a Thursday.
_FIRST_HOUR = 72


@dataclass(frozen=True, slots=True)
class Difference:
    """From a moment on (seconds of the epoch) clocks are so many seconds ahead of UTC."""

    since: int
    seconds: int


def differences(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[Difference, ...]:
    """How clocks differ from UTC from the first moment to the last, each change to the second.

    >>> [d.seconds // 3600 for d in differences(ZoneInfo("America/Chicago"),
    ...  datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))]
    [-6, -5, -6]
    """
    moment = int(first.timestamp())
    found = [Difference(moment, _ahead(zone, moment))]
    while moment < last.timestamp():
        following = moment + _DAY
        if _ahead(zone, following) != found[-1].seconds:
            low, high = moment, following
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (
                    (middle, high) if _ahead(zone, middle) == found[-1].seconds else (low, middle)
                )
            found.append(Difference(high, _ahead(zone, high)))
        moment = following
    return tuple(found)


def _ahead(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return int((offset or timedelta()).total_seconds())


def local_seconds(seconds: Any, known: tuple[Difference, ...]) -> Any:
    """What local clocks show, in seconds, as an Ibis expression of seconds of the epoch."""
    import ibis

    ahead: Any = ibis.literal(known[0].seconds)
    for change in known[1:]:
        ahead = (seconds >= change.since).ifelse(change.seconds, ahead)
    return seconds + ahead


def hour_of_week(local: Any) -> Any:
    """The hour of the week of local seconds, 0 on Monday from midnight to one."""
    return ((local // _HOUR + _FIRST_HOUR) % 168).cast("int32")
