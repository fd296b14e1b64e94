"""Works on many calls in blocks, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# Calls a thread works on at a time: what is known of them fits the second cache of a core.
_BLOCK = 1 << 15


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_blocks(rows: int, work: Callable[[int, int], None], block: int = _BLOCK) -> None:
    """Run `work(start, stop)` over all rows, on all cores."""
    starts = iter(range(0, rows, block))

    def on_one_core() -> None:
        # Threads take blocks from one iterator: a future for each block would cost too much.
        for start in starts:
            work(start, min(start + block, rows))

    if rows <= block or cores() == 1:
        on_one_core()
        return
    # This thread is one of those that work.
    with ThreadPoolExecutor(cores() - 1) as pool:
        others = [pool.submit(on_one_core) for _ in range(cores() - 1)]
        on_one_core()
        for one in others:
            one.result()
