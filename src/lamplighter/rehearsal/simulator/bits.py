"""Sets of units as bits, 64 to a word: who is free, and who is in a role."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import extending, types

from lamplighter.rehearsal.simulator.compiled import part
from lamplighter.rehearsal.simulator.tables import WORD

_ONE, _LAST = np.uint64(1), np.uint64(WORD - 1)


@part  # type: ignore[untyped-decorator]
def put_in(words: Any, unit: int) -> None:
    """A unit is in the set."""
    words[unit >> 6] |= _ONE << (np.uint64(unit) & _LAST)


@part  # type: ignore[untyped-decorator]
def take_out(words: Any, unit: int) -> None:
    """A unit is not in the set."""
    words[unit >> 6] &= ~(_ONE << (np.uint64(unit) & _LAST))


@part  # type: ignore[untyped-decorator]
def without_lowest(word: Any) -> Any:
    """A word that is not empty, without its lowest unit."""
    return word & (word - _ONE)


def _lowest(_typing: Any, word: Any) -> Any:
    def count(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        empty_is_undefined = types.boolean
        return builder.cttz(values[0], _context.get_constant(empty_is_undefined, True))

    return types.int64(word), count


_numba: Any = extending
# Compiled: the place of the lowest unit in a word that is not empty.
lowest: Any = _numba.intrinsic(_lowest)
