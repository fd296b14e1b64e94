"""How the parts of the event loop are compiled, and how the whole is kept on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numba

# They take no memory of their own (`_nrt`): without the counting of references to every array of
# a plan they are 12 times faster. What numba compiles is dynamic.
_njit: Any = numba.njit
_OPTIONS: Any = {"nogil": True, "_nrt": False, "error_model": "numpy"}
compiled: Any = _njit(**_OPTIONS)
# A part of the event loop, which only other parts call.
part: Any = _njit(**_OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)
# A part that is put into those that call it, because it is short or has one caller in a busy city.
inlined: Any = _njit(**_OPTIONS, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
# The whole, kept on disk once compiled.
whole: Any = _njit(**_OPTIONS, cache=True)


def state_of_the_source() -> int:
    """A number that changes with the text of any file that is compiled.

    What numba keeps on disk it takes for old only where the file of the function itself changed,
    not where one did whose functions it calls.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256((here.parent / "outcome.py").read_bytes())
    for path in sorted(here.glob("*.py")):
        digest.update(path.read_bytes())
    return int.from_bytes(digest.digest()[:7], "big")
