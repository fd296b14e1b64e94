"""Intervals from data that were drawn again."""

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.outcome import Interval


def over_draws(value: float, draws: npt.NDArray[np.float64]) -> Interval:
    """A value, and the middle 95 % of what it was when its data were drawn again (percentiles).

    >>> over_draws(0.5, np.array([0.4, 0.6]))
    Interval(mean=0.5, low=0.405, high=0.595)
    """
    if len(draws) == 0:
        return Interval(value, value, value)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(value, float(low), float(high))
