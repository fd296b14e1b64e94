"""The file in which a search keeps what it has simulated, so that a killed one can go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lamplighter.rehearsal.staffing.slots import Numbers, sparse
from lamplighter.rehearsal.staffing.target import Score, StaffingError, Tally

Run = tuple[Numbers, int]  # a plan, and the number of a replication


class Kept:
    """Scores in a file of JSON lines, the first of which says of which search they are.

    A score is written as soon as it is known. A last line without its end was being written when
    the search was killed: it is cut off. StaffingError: the file is of another search, or no such
    file at all.
    """

    def __init__(self, file: Path, key: str, slots: int) -> None:
        self.scores: dict[Run, Score] = {}
        try:
            self._file = file.open("a+", encoding="utf-8", newline="\n")
        except OSError as error:
            raise StaffingError(
                f"{file} cannot be written ({error.strerror}): name another file to go on from"
            ) from error
        try:
            self._read(file, key, slots)
        except BaseException:
            self._file.close()
            raise

    def _read(self, file: Path, key: str, slots: int) -> None:
        self._file.seek(0)
        try:
            text = self._file.read()
        except UnicodeDecodeError as error:
            raise StaffingError(_unreadable(file, 1)) from error
        whole = text[: text.rfind("\n") + 1]
        lines = whole.splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                found = json.loads(line)
                if number > 1:
                    self.scores[_plan(found, slots)] = _score(found)
                    continue
                its = found["staffing"]
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise StaffingError(_unreadable(file, number)) from error
            if its != key:
                raise StaffingError(
                    f"{file}: this is of another search (other calls, teams, minutes or seed): "
                    "name another file, or take this one away"
                )
        if not lines and text:
            raise StaffingError(_unreadable(file, 1))
        self._file.truncate(len(whole.encode()))
        if not lines:
            self._write({"staffing": key})

    def keep(self, run: Run, score: Score) -> None:
        """Write the score of one run."""
        plan, replication = run
        kinds = [(one.calls, one.served, one.within) for one in score.kinds]
        told = {"plan": sparse(plan), "replication": replication}
        self._write({**told, "kinds": kinds, "busy": score.busy})

    def close(self) -> None:
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def _plan(line: dict[str, Any], slots: int) -> Run:
    plan = [0] * slots
    for slot, units in line["plan"].items():
        plan[int(slot)] = int(units)
    return tuple(plan), int(line["replication"])


def _score(line: dict[str, Any]) -> Score:
    kinds = [[int(count) for count in counts] for counts in line["kinds"]]
    return Score(tuple(Tally(*counts) for counts in kinds), float(line["busy"]))


def _unreadable(file: Path, number: int) -> str:
    return (
        f"{file}, line {number}: this is no line of a search for a staffing: "
        "name another file, or take this one away"
    )
