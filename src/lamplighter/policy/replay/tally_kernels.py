"""The compiled loop that sums up bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import ONE, ZERO, compiled, place_of


@compiled  # type: ignore[untyped-decorator]
def bounds(bits: Any, labels: Any, sets: Any, calls: Any, least: Any, most: Any) -> None:
    """most[labels[i], k] += calls[i] for each bit k of bits[sets[i]]; where it is the only bit of
    the set, least too."""
    for i in range(len(sets)):
        row, only, bit = bits[sets[i]], True, -1
        for word in range(len(row)):
            left = row[word]
            while left != ZERO:
                low = left & (~left + ONE)
                left ^= low
                only = bit < 0
                bit = 64 * word + place_of(low)
                most[np.uint64(labels[i]), bit] += calls[i]
        if only and bit >= 0:
            least[np.uint64(labels[i]), bit] += calls[i]
