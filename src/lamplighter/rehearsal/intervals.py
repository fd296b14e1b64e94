"""Means over replications and their 95 % intervals."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.outcome import Interval

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
