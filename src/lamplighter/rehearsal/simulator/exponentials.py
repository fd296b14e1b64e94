"""Exponential draws by plain arithmetic, so that a processor makes several at a time.

No library is asked for the logarithm, so that all machines draw the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.compiled import compiled
from lamplighter.rehearsal.simulator.order import bits_of, number_of

_LN_2 = 0.6931471805599453
_HALVES = np.int64(52)  # where the power of two begins in a number
_ROOT = np.float64(0.5**0.5).view(np.int64)


@compiled  # type: ignore[untyped-decorator]
def exponential_at(share: float) -> Any:
    """What a share of all draws with a mean of 1 does not exceed: the logarithm of 1 / (1 - share).

    1 - share is a power of two times m, between the roots of 1/2 and 2; the logarithm of m is
    2 artanh((m - 1) / (m + 1)), of which ten terms leave less than a double can tell.
    """
    bits = bits_of(1.0 - share)
    power = (bits - _ROOT) >> _HALVES
    m = number_of(bits - (power << _HALVES))
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    rest = z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))
    rest = z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + rest))))
    rest = z * (1 / 3 + z * (1 / 5 + rest))
    return float(-power) * _LN_2 - (s + s) * (1.0 + rest)
