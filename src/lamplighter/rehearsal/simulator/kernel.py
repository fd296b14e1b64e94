"""The event loop as one compiled function, kept on disk."""

from __future__ import annotations

from typing import Any

from lamplighter.rehearsal.simulator.compiled import state_of_the_source, whole
from lamplighter.rehearsal.simulator.loop import play
from lamplighter.rehearsal.simulator.references import refer


def _made(source: int) -> Any:
    @whole  # type: ignore[untyped-decorator]
    def run(plan: Any, state: Any) -> Any:
        # numba looks for what it kept by the values that a function closes over, as this one.
        return play(refer(plan), refer(state)) if source >= 0 else 0

    return run


run = _made(state_of_the_source())
