"""Means with their 95 % intervals, over replications and over draws."""

from math import sqrt

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.outcome import Interval

Floats = npt.NDArray[np.float64]

# Student's t at 97.5 %, for 1, 2, 3, … degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2).
T_975 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
Z_975 = 1.959964


def t_975(freedom: int) -> float:
    """Student's t at 97.5 %; above 30 degrees of freedom by Cornish and Fisher's expansion.

    >>> t_975(9), round(t_975(60), 3)
    (2.262, 2.0)
    """
    if freedom <= len(T_975):
        return T_975[freedom - 1]
    z = Z_975
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def over_replications(values: Floats) -> Interval:
    """The mean of some replications, of which each had its own luck; one has no interval.

    >>> interval = over_replications(np.array([1.0, 2.0, 3.0]))
    >>> round(interval.low, 3), interval.mean, round(interval.high, 3)
    (-0.484, 2.0, 4.484)
    """
    mean = float(values.mean())
    if len(values) < 2:
        return Interval(mean, mean, mean)
    half = t_975(len(values) - 1) * float(values.std(ddof=1)) / sqrt(len(values))
    return Interval(mean, mean - half, mean + half)


def over_draws(value: float, draws: Floats) -> Interval:
    """A value, and the middle 95 % of what it was when its data were drawn again (percentiles)."""
    if len(draws) == 0:
        return Interval(value, value, value)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(value, float(low), float(high))
