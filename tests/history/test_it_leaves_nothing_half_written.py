"""Whatever stops a reading, the output is whole or not there, and no scratch stays for long."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lamplighter.history import HistoryError, read_history
from tests.history.conftest import GOOD, NOW, TOWN, Town, file_of

# Runs the command, which stops itself with the given signal after the named step.
COMMAND = """
import os, sys
from lamplighter.history import reading
from lamplighter.history.command import app

number, name = int(sys.argv.pop()), sys.argv.pop()
step = getattr(reading, name)

def stop_after_it(*arguments):
    step(*arguments)
    os.kill(os.getpid(), number)

setattr(reading, name, stop_after_it)
app()
"""


STEPS = ["_copy_part", "write_kept"]  # rows are staged; the history is written


def read_and_stop(town: Town, number: signal.Signals, step: str) -> int:
    """Read a file in another process, which is stopped after a step."""
    source = town.folder / "calls.csv"
    source.write_text(file_of(GOOD))
    layout = town.folder / "town.yaml"
    layout.write_text(TOWN)
    arguments = ["read", str(source), "--layout", str(layout), "-o", str(town.output)]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments, step, str(int(number))],
        check=False,
        timeout=120,
    )
    return done.returncode


@pytest.mark.fault
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_the_middle_leaves_no_output_and_the_next_reading_cleans_up(
    town: Town, step: str
) -> None:
    assert read_and_stop(town, signal.SIGKILL, step) == -signal.SIGKILL
    assert not town.output.exists()
    assert any(name.endswith(".reading") for name in town.files)  # nobody was left to clean up

    town.reads(file_of(GOOD))

    assert town.files == {"calls.csv", "town.yaml", "calls.parquet"}


@pytest.mark.fault
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_the_middle_leaves_the_history_that_was_there(town: Town, step: str) -> None:
    town.reads(file_of(GOOD))
    before = town.output.read_bytes()

    assert read_and_stop(town, signal.SIGKILL, step) == -signal.SIGKILL

    assert town.output.read_bytes() == before


@pytest.mark.fault
@pytest.mark.parametrize("step", STEPS)
def test_a_polite_stop_cleans_up_at_once(town: Town, step: str) -> None:
    assert read_and_stop(town, signal.SIGTERM, step) == 128 + signal.SIGTERM

    assert town.files == {"calls.csv", "town.yaml"}


def test_an_error_in_the_middle_cleans_up(town: Town) -> None:
    source = town.folder / "calls.csv"
    source.write_text(file_of(GOOD))

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_history(source, town.layout, town.output, now=NOW, progress=fail)

    assert town.files == {"calls.csv"}


def test_a_full_disk_is_told_in_a_sentence_and_leaves_what_was_there(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.reads(file_of(GOOD))

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(HistoryError, match=r"nothing was written .*No space left"):
        town.reads(file_of(GOOD, GOOD))

    assert town.files == {"calls.csv", "calls.parquet"}
    assert len(town.calls) == 1


def test_a_reading_leaves_the_scratch_of_another_that_is_at_work(town: Town) -> None:
    source = town.folder / "calls.csv"
    source.write_text(file_of(GOOD))

    def meanwhile(done: int, total: int) -> None:
        read_history(source, town.layout, town.output, now=NOW)

    report = read_history(source, town.layout, town.output, now=NOW, progress=meanwhile)

    assert report.rows_kept == 1
    assert town.files == {"calls.csv", "calls.parquet"}


def test_no_other_file_of_a_like_name_is_touched(town: Town) -> None:
    other = Path(town.folder / ".other.parquet.x.reading")
    other.mkdir()
    (other / "lock").touch()

    town.reads(file_of(GOOD))

    assert other.exists()
