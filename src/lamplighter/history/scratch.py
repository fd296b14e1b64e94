"""A folder for work in progress beside an output file, which never outlives its reader for long."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

SUFFIX = ".reading"


@contextmanager
def scratch_beside(output: Path) -> Iterator[Path]:
    """Give a folder on the same disk as the output, and take it away at the end.

    A process that is killed cannot clean up, so each reader also removes the folders of readers
    of the same output that are gone: those whose lock nobody holds.
    """
    prefix = f".{output.name}."
    for leftover in output.parent.glob(f"{escape(prefix)}*{SUFFIX}"):
        _remove_unless_locked(leftover)
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=SUFFIX, dir=output.parent))
    try:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unless_locked(folder: Path) -> None:
    try:
        with (folder / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # somebody is at work in it, or has just begun
        return
