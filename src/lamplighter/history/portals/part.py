"""A fetched table in the making: rows on disk, and a note of how far they go."""

import fcntl
import gzip
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from lamplighter.history.portals.portal import PortalError, Row

GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True)
class State:
    """How far a table is fetched: its address, the rows read, and the bytes that hold them."""

    address: str
    rows: int = 0
    size: int = 0
    columns: tuple[str, ...] = ()


class Part:
    """The part file of an output: one gzip member a page, so that a page is there or is not."""

    def __init__(self, output: Path, address: str) -> None:
        self.output = output
        self.path = output.with_name(f"{output.name}.part")
        self.state = State(address)
        self._note = output.with_name(f"{output.name}.part.json")
        self._file: BinaryIO | None = None

    def __enter__(self) -> "Part":
        self._file = self.path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise PortalError(
                f"{self.output.name} is being fetched by another process: wait for it, or write "
                "elsewhere."
            ) from error
        self.state = self._read_state(self.state.address)
        self._file.truncate(self.state.size)  # what follows was half written
        return self

    def __exit__(self, *_: object) -> None:
        if not self.state.rows:
            self.path.unlink(missing_ok=True)
        if self._file:
            self._file.close()

    def add(self, rows: Sequence[Row]) -> None:
        """Keep a page: first its rows, then the note that they are there."""
        assert self._file is not None
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self._file.write(gzip.compress(lines.encode(), GZIP_LEVEL))
        self._file.flush()
        os.fsync(self._file.fileno())
        columns = dict.fromkeys(self.state.columns)
        for row in rows:
            columns.update(dict.fromkeys(row))
        self.state = replace(
            self.state,
            rows=self.state.rows + len(rows),
            size=self._file.tell(),
            columns=tuple(columns),
        )
        unfinished = self._note.with_name(f"{self._note.name}.new")
        unfinished.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
        os.replace(unfinished, self._note)

    def finish(self) -> None:
        """Write the output, every row with every column, and take the part away."""
        whole = self.output.with_name(f"{self.output.name}.part.whole")
        if self.output.name.endswith(".gz"):
            with gzip.open(whole, "wt", GZIP_LEVEL, encoding="utf-8") as file:
                file.writelines(self._lines())
        else:
            with whole.open("w", encoding="utf-8") as file:
                file.writelines(self._lines())
        os.replace(whole, self.output)
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _lines(self) -> Iterator[str]:
        every = dict.fromkeys(self.state.columns)
        with gzip.open(self.path, "rt", encoding="utf-8") as file:
            for line in file if self.state.rows else ():
                yield json.dumps(every | json.loads(line), ensure_ascii=False) + "\n"

    def _read_state(self, address: str) -> State:
        try:
            noted: Mapping[str, Any] = json.loads(self._note.read_text(encoding="utf-8"))
            state = State(**{**noted, "columns": tuple(noted["columns"])})
        except FileNotFoundError:
            return State(address)
        except (ValueError, KeyError, TypeError) as error:
            raise PortalError(
                f"{self._note.name} is damaged: remove it and {self.path.name} to start afresh."
            ) from error
        if state.address != address:
            raise PortalError(
                f"{self.path.name} holds a part of another table: remove it and {self._note.name}, "
                "or write to another file."
            )
        return state if self.path.stat().st_size >= state.size else State(address)
