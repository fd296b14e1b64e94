"""What a quality page shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from lamplighter.history.areas import Areas
from lamplighter.history.report import Report

# The shares of calls that were quicker, by which a time is described.
LEVELS = (10, 25, 50, 75, 90, 95)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The calls of one local day, by who started them."""

    day: date
    public: int
    officers: int
    unknown: int

    @property
    def calls(self) -> int:
        """All calls of the day."""
        return self.public + self.officers + self.unknown


@dataclass(frozen=True, slots=True)
class NatureCount:
    """How many calls, of all but officers' own, were of a nature; None is none of ours."""

    nature: str | None
    calls: int


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The minutes from one step of a call to another, at each of `LEVELS`.

    told: calls that tell both times, one after the other
    backwards: calls whose second time is before the first; they are left out
    """

    step: str
    told: int
    backwards: int
    minutes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """The report of a history with what its calls are like.

    by_hour: calls by local weekday (Monday first) and hour, of all but officers' own
    days: every local day that has a call
    area_calls: calls of each area, of all but officers' own, in the order of `areas`
    """

    report: Report
    time_zone: str
    by_hour: tuple[tuple[int, ...], ...]
    days: tuple[DayCount, ...]
    natures: tuple[NatureCount, ...]
    times: tuple[Percentiles, ...]
    areas: Areas | None = None
    area_calls: tuple[int, ...] = ()

    @property
    def empty_days(self) -> tuple[tuple[date, date], ...]:
        """Stretches of days without a call between the first and the last, ends included."""
        return _stretches([count.day for count in self.days])


def _stretches(days: Sequence[date]) -> tuple[tuple[date, date], ...]:
    one = timedelta(days=1)
    return tuple(
        (before + one, after - one) for before, after in pairwise(days) if after - before > one
    )
