"""Shifts as tables: the windows of units, and what these bring, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.simulator.duty import Window
from lamplighter.rehearsal.simulator.tables import table

Array = npt.NDArray[Any]

# At the same minute things happen in this order, and all of them before a call comes in.
UNIT_FREE, SHIFT_BEGINS, BREAK_OVER, BREAK_DUE, SHIFT_ENDS, ASKS, DUE = range(7)
# After the windows of a unit one follows that never begins.
WINDOW = np.dtype([("begins", "f8"), ("ends", "f8"), ("break_at", "f8"), ("break_minutes", "f8")])
TURN = np.dtype([("time", "f8"), ("what", "i8")])
_NEVER = Window(np.inf, np.inf, np.inf, 0.0)


def windows_of(rosters: Sequence[Sequence[Window]]) -> tuple[Array, Array]:
    """`WINDOW` of all rosters, each closed by one that never begins, and where each starts."""
    windows = [window for roster in rosters for window in (*roster, _NEVER)]
    names = WINDOW.names
    assert names is not None
    columns = {name: [getattr(window, name) for window in windows] for name in names}
    return table(WINDOW, **columns), _starts([len(roster) + 1 for roster in rosters])


def turns_of(windows: Array, first: Array) -> tuple[Array, Array]:
    """`TURN` of all rosters, each closed by one that never comes, and where each starts."""
    roster = np.searchsorted(first, np.arange(len(windows)), side="right") - 1
    due = windows["break_at"] < windows["ends"]
    time = np.concatenate([windows["begins"], windows["break_at"][due], windows["ends"]])
    what = np.repeat([SHIFT_BEGINS, BREAK_DUE, SHIFT_ENDS], [len(windows), due.sum(), len(windows)])
    of = np.concatenate([roster, roster[due], roster])
    order = np.lexsort((what, time, of))
    turns = table(TURN, time=time[order], what=what[order])
    return turns, _starts(np.bincount(of, minlength=len(first)))


def _starts(lengths: Sequence[int] | Array) -> Array:
    ends = np.cumsum(lengths, dtype=np.int64)
    return ends - np.asarray(lengths, np.int64)
