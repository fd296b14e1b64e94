"""The team file that stands in the form where nobody has written one yet."""

import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from lamplighter.city.policies.histories import file_of
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.history import open_history
from lamplighter.rehearsal.example.bases import EXAMPLE, example_unsized
from lamplighter.rehearsal.teams_file.writing import shipped_text

# Seconds that somebody waits for an example; the first work after an installation compiles.
MOST_WAITED = 20.0
# More calls move no base, and would keep the process that serves the pages.
MOST_CALLS = 200_000
_ONE_AT_A_TIME = Lock()


def example_teams(history: ImportedHistory | None, policy: str | None) -> str:
    """An example to be changed to the city's own teams, for these calls under a policy's text.

    Where its numbers cannot be worked out, or not soon enough, it has bases where the calls are,
    and says that its numbers are those of another city. Raises HistoryError where the history's
    file cannot be read.
    """
    if history is None:
        return shipped_text(EXAMPLE)
    path = file_of(history.sha256)
    try:
        return _sized(path, policy)
    except (OSError, subprocess.SubprocessError):
        pass  # what is wrong with the calls or the policy is told when they are run
    return example_unsized(open_history(path).sampled(MOST_CALLS))


@lru_cache(maxsize=16)
def _sized(path: Path, policy: str | None) -> str:
    """As `lamplighter teams` writes it, in a process that takes its compiled loops with it.

    Raises TimeoutError at once while another one is made: the threads that serve pages wait for
    no more than one.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise TimeoutError
    try:
        return _made(path, policy)
    finally:
        _ONE_AT_A_TIME.release()


def _made(path: Path, policy: str | None) -> str:
    with TemporaryDirectory() as folder:
        rules, written = Path(folder, "policy.yaml"), Path(folder, "teams.yaml")
        if policy is not None:
            rules.write_text(policy, encoding="utf-8")
        command = ["teams", str(path), *([str(rules)] if policy is not None else [])]
        subprocess.run(
            [sys.executable, "-m", "lamplighter", *command, "-o", str(written)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=MOST_WAITED,
            check=True,
        )
        return written.read_text(encoding="utf-8")
