"""What became of the calls in one run of a rehearsal, and of many runs in sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.plain import plain


class Status(IntEnum):
    """What became of a call."""

    SERVED = 0  # by the kind that was to answer
    TAKEN_OVER = 1  # by another kind, for the reason that is given
    WITHDRAWN = 2  # the caller gave up
    UNSERVED = 3  # nobody came
    NOT_REHEARSED = 4  # who is to answer is no kind of the team file


class Reason(IntEnum):
    """Why the kind that was to answer did not."""

    NONE = 0
    OUTSIDE_HOURS = 1  # no unit of the kind was on duty until the call was taken over or given up
    OUTSIDE_AREA = 2  # no unit of the kind goes there
    NO_UNIT_FREE = 3  # all were busy longer than the call could wait
    NO_SKILL = 4  # no unit of the kind has what the nature needs
    POLICE_FIRST = 5  # police were there first, and the unarmed team stood down
    STILL_WAITING = 6  # when the period ended


@dataclass(frozen=True, slots=True)
class Run:
    """One replication. Arrays have an entry a call; minutes since the start, nan: never.

    status: int8, `Status`; reason: int8, `Reason`
    kind: int16, index into `kinds`, who came; -1: nobody
    unit: int32, index into `unit_names`; -1: nobody, or one of an unlimited kind
    dispatched, arrived, cleared: float64; cleared is when the unit is free again
    backup: bool, a second unit was asked for on scene
    busy, on_duty: float64 [unit, 168], minutes by local hour of week
    """

    seed: int
    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int16]
    unit: npt.NDArray[np.int32]
    dispatched: npt.NDArray[np.float64]
    arrived: npt.NDArray[np.float64]
    cleared: npt.NDArray[np.float64]
    backup: npt.NDArray[np.bool_]
    busy: npt.NDArray[np.float64]
    on_duty: npt.NDArray[np.float64]
    kinds: tuple[str, ...]
    unit_names: tuple[str, ...]
    unit_kinds: tuple[str, ...]
    events: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over replications with its 95 % interval; one replication has no interval."""

    mean: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Waits:
    """Minutes that calls waited.

    within_target: the share of those with a stated target, of which there are `with_target`
    """

    calls: Interval
    mean: Interval
    p50: Interval
    p80: Interval
    p90: Interval
    p95: Interval
    within_target: Interval | None = None
    with_target: Interval | None = None


class Dimension(StrEnum):
    """How a summary groups calls."""

    RESPONDER = "responder"
    NATURE = "nature"
    HOUR = "hour"
    WEEKDAY = "weekday"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Group:
    """Calls with something in common. Shares are of `calls` (all but NOT_REHEARSED).

    served: the kind that was to answer came; by_kind: who came, whoever was to
    unserved: for each reason the share of calls that another kind took over or nobody served
    to_dispatch, to_arrival: of the calls to which somebody came
    """

    label: str
    calls: float
    served: Interval
    taken_over: Interval
    nobody: Interval
    by_kind: Mapping[str, Interval]
    unserved: Mapping[str, Interval]
    to_dispatch: Waits
    to_arrival: Waits


@dataclass(frozen=True, slots=True)
class UnitUse:
    """How busy a unit was: share of its minutes on duty, in all and by local hour of day."""

    name: str
    kind: str
    on_duty_hours: float
    calls: Interval
    busy: Interval
    by_hour: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All runs of one scenario in sum. `police_hours_freed` are over the period."""

    days: float
    replications: int
    seed: int
    not_rehearsed: int
    whole: Group
    by: Mapping[Dimension, tuple[Group, ...]]
    units: tuple[UnitUse, ...]
    police_hours_freed: Interval

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; nan becomes None."""
        return dict(plain(self))
