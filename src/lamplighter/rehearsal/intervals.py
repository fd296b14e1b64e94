<<<<<<< HEAD
"""Means with their 95 % intervals, over replications and over draws."""

from math import nan, sqrt
=======
"""Means over replications and their 95 % intervals."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any
>>>>>>> staffing

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.outcome import Interval

<<<<<<< HEAD
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


def interval_of(values: Floats) -> Interval:
    """As `over_replications`, without the replications that do not have the number (nan).

    >>> interval_of(np.array([1.0, 2.0, 3.0, np.nan])).mean
    2.0
    """
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Interval(float(known[0]) if len(known) else nan, nan, nan)
    return over_replications(known)


def over_draws(value: float, draws: Floats) -> Interval:
    """A value, and the middle 95 % of what it was when its data were drawn again (percentiles)."""
    if len(draws) == 0:
        return Interval(value, value, value)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(value, float(low), float(high))
=======
# Student's t at 0.975 for 1 to 30 degrees of freedom, from any table.
_T = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)
_Z = 1.959964


def t_value(freedom: int) -> float:
    """Student's t at 0.975 (Fisher and Cornish 1960 beyond the table; error under 1e-4).

    >>> round(t_value(19), 3), round(t_value(60), 3)
    (2.093, 2.0)
    """
    if freedom <= len(_T):
        return _T[freedom - 1]
    z = _Z
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def interval_of(values: npt.NDArray[Any]) -> Interval:
    """The mean of a number over replications, and where the true mean lies in 95 of 100 cases.

    Replications without the number (nan) are left out; one alone has no interval.

    >>> interval_of(np.array([1.0, 2.0, 3.0])).mean
    2.0
    """
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Interval(nan, nan, nan)
    mean = float(known.mean())
    if len(known) == 1:
        return Interval(mean, nan, nan)
    half = t_value(len(known) - 1) * float(known.std(ddof=1)) / sqrt(len(known))
    return Interval(mean, mean - half, mean + half)
>>>>>>> staffing
