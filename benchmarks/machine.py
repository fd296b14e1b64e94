"""What the figures were measured on."""

from __future__ import annotations

import gc
import os
import platform
from pathlib import Path


def set_apart() -> None:
    """Set what was laid out apart from what the collector of garbage looks through, as a city."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def machine() -> str:
    """Processor, cores and Python, in one line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = models[0].partition(":")[2].strip() if models else cpu
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}"
