"""How the loops of the simulator are compiled."""

from __future__ import annotations

from typing import Any

import numba

# They take no memory of their own (`_nrt`): without the counting of references to every array of
# a plan they are 12 times faster. What numba compiles is dynamic.
_njit: Any = numba.njit
compiled: Any = _njit(nogil=True, _nrt=False)
# A part of the event loop, which only other parts call.
part: Any = _njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
