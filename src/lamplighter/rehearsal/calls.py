"""The calls that a rehearsal meets: columns of equal length, in order of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

NOT_TOLD = -1
HOURS_OF_WEEK = 168


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls for help, each with who is to answer it, one array entry a call, in order of time.

    `start` is the local midnight, in UTC, at or before the first call, and `days` the length of
    the period from then on; every time is in minutes since `start`. A place that is not told is
    nan, a number that is not told is `NOT_TOLD`.

    minute: float64, when the call came in
    hour_of_week: int16, local, 0 is Monday from midnight to one
    nature, area: int16, index into `natures`, `areas`
    latitude, longitude: float64, degrees
    responder: int16, index into `responders`, who is to answer
    priority: int8, 1 is the most urgent
    target: float32, minutes within which somebody should be there; nan: none stated
    backup: int16, index into `backups`: what is said of a second unit; NOT_TOLD: nothing
    """

    start: datetime
    days: float
    time_zone: str
    minute: npt.NDArray[np.float64]
    hour_of_week: npt.NDArray[np.int16]
    nature: npt.NDArray[np.int16]
    area: npt.NDArray[np.int16]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    responder: npt.NDArray[np.int16]
    priority: npt.NDArray[np.int8]
    target: npt.NDArray[np.float32]
    backup: npt.NDArray[np.int16]
    natures: tuple[str, ...]
    areas: tuple[str, ...]
    responders: tuple[str, ...]
    backups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.minute)

    def only(self, chosen: npt.NDArray[Any] | Sequence[int]) -> "Calls":
        """The calls that a mask or a list of places chooses, over the same period."""
        columns = {
            name: getattr(self, name)[chosen]
            for name in (
                "minute",
                "hour_of_week",
                "nature",
                "area",
                "latitude",
                "longitude",
                "responder",
                "priority",
                "target",
                "backup",
            )
        }
        rest = ("start", "days", "time_zone", "natures", "areas", "responders", "backups")
        return Calls(**columns, **{name: getattr(self, name) for name in rest})
