"""Columns as compiled loops read them: as they are, or laid side by side as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
WORD = 64  # bits


def table(layout: np.dtype[Any], **columns: Any) -> Array:
    """Records with these columns; a column that is not given is 0."""
    made = np.zeros(len(next(iter(columns.values()))), layout)
    for name, values in columns.items():
        made[name] = values
    return made


def column(values: Array, kind: npt.DTypeLike) -> Array:
    """A column of one type that cannot be written to; a copy only where it is of another."""
    seen = np.ascontiguousarray(values, kind).view()
    # A column that was read from a file may be so; a function is compiled for one or the other.
    seen.flags.writeable = False
    return seen


def words_for(units: int) -> int:
    """How many words hold so many units, one at least."""
    return max(1, -(-units // WORD))


def words_of(members: Sequence[int], words: int) -> npt.NDArray[np.uint64]:
    """The words of a set of units.

    >>> words_of([0, 3, 64], 2).tolist()
    [9, 1]
    """
    chosen = np.zeros(words * WORD, np.bool_)
    chosen[list(members)] = True
    return np.packbits(chosen, bitorder="little").view("<u8").astype(np.uint64)
