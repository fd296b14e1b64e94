"""One city a home: a lock, and an end for the servers that a killed `city run` left behind."""

import fcntl
import json
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil


class AlreadyRunning(Exception):
    """Another process runs the city of this home."""


@contextmanager
def only_city(home: Path) -> Iterator[None]:
    """Hold the home's lock, which the system lets go of however this process ends.

    Raises AlreadyRunning when another process holds it.
    """
    with (home / "running").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def remember(home: Path, pids: Iterable[int]) -> None:
    """Note the servers of this run; each leads a process group of its own.

    The time of a process's start goes with its number, which the system may give to another one.
    """
    started = {pid: psutil.Process(pid).create_time() for pid in pids}
    (home / "servers.json").write_text(json.dumps(started), encoding="ascii")


def end_leftovers(home: Path) -> int:
    """End the servers of an earlier run that was killed; gives how many there were.

    Only to be called under `only_city`: the servers of a city that runs are no leftovers.
    """
    noted = home / "servers.json"
    try:
        started = json.loads(noted.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0
    ended = 0
    for number, create_time in started.items():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            process = psutil.Process(int(number))
            if process.create_time() == create_time:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)
                ended += 1
    noted.unlink()
    return ended
