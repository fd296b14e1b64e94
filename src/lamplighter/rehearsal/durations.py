"""How long the steps of a response take, drawn from percentiles.

Source of the shipped values: mobile crisis teams of Lane County, 10th to 95th percentile, in
minutes; the ends (0th and 100th) are assumed.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass

PERCENTILES = (0, 10, 25, 50, 75, 90, 95, 100)


@dataclass(frozen=True)
class Durations:
    """Minutes at each of PERCENTILES for each step of a response."""

    request_to_dispatch: tuple[float, ...] = (1, 2, 6, 13, 26, 53, 74, 120)
    dispatch_to_arrival: tuple[float, ...] = (0, 0, 8, 14, 21, 31, 39, 60)
    arrival_to_departure: tuple[float, ...] = (2, 5, 10, 22, 40, 62, 78, 150)


def draw_minutes(values: tuple[float, ...], generator: random.Random) -> float:
    """Draw minutes from percentiles, linear between them.

    >>> draw_minutes((0, 10, 25, 50, 75, 90, 95, 100), random.Random(3)) <= 100
    True
    """
    percentile = generator.uniform(0, 100)
    upper = min(bisect_right(PERCENTILES, percentile), len(PERCENTILES) - 1)
    low, high = PERCENTILES[upper - 1], PERCENTILES[upper]
    share = (percentile - low) / (high - low)
    return values[upper - 1] + share * (values[upper] - values[upper - 1])
