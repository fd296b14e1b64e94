"""The loop that finds for each call the first call of its incident; it waits until it is used."""

import math
from typing import Any

import numba
import numpy as np


@numba.njit(cache=True)
def link(
    time: Any,
    latitude: Any,
    longitude: Any,
    place: Any,
    nature: Any,
    belongs: Any,
    start: int,
    microseconds: int,
    degrees: float,
) -> None:
    """Write into `belongs`, from `start` on, the index of the incident's first call, or -1.

    Calls are in order of time. A call that belongs to another is no first call.
    """
    for call in range(start, len(time)):
        squeeze = math.cos(math.radians(latitude[call]))
        for first in range(call - 1, -1, -1):
            if time[call] - time[first] > microseconds:
                break
            if belongs[first] >= 0:
                continue
            if nature[call] != nature[first] and nature[call] != 0 and nature[first] != 0:
                continue
            north = latitude[call] - latitude[first]
            east = (longitude[call] - longitude[first]) * squeeze
            distance = north * north + east * east
            if np.isnan(distance):
                near = place[call] != 0 and place[call] == place[first]
            else:
                near = distance <= degrees * degrees
            if near:
                belongs[call] = first
