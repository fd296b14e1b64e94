"""A town that writes call files, good and bad, and reads them with its own layout."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.history import CallRow, Layout, Report, open_history, parse_layout, read_history

NOW = datetime(2026, 6, 1, tzinfo=UTC)

TOWN = """
layout: town
city: A town
time zone: America/Chicago
columns:
  id: id
  time: time
  place: place
  latitude: lat
  longitude: lon
  nature: nature
  dispatched: sent
time formats: ["%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"]
other encodings: [cp1252]
never: [1900-01-01]
bounds: {south: 42.9, north: 43.2, west: -88.1, east: -87.8}
natures:
  - codes: [WELFARE]
    nature: welfare_check
    because: Check on somebody.
  - codes: [STOP]
    started by: officer
    because: Officers stop cars by themselves.
  - codes: [ODD]
    started by: unknown
    because: Nobody knows what it means.
"""

HEADER = "id,time,place,lat,lon,nature,sent"
GOOD = "1,2026-05-01 12:00:00,1 Main St,43.0,-87.9,WELFARE,2026-05-01 12:05:00"


@dataclass(frozen=True)
class Town:
    """A folder with the town's layout; files that are read there become histories."""

    folder: Path
    layout: Layout

    def reads(self, content: str | bytes, layout: Layout | None = None) -> Report:
        """Read a call file with this content."""
        source = self.folder / "calls.csv"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_history(source, layout or self.layout, self.output, now=NOW)

    @property
    def output(self) -> Path:
        return self.folder / "calls.parquet"

    @property
    def calls(self) -> list[CallRow]:
        """The calls of the history that was read last."""
        return list(open_history(self.output))

    @property
    def files(self) -> set[str]:
        """The names of all files in the folder, hidden ones included."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, parse_layout(TOWN))


@pytest.fixture
def row() -> Callable[..., str]:
    """Make a row of the town's file, good but for what the test says."""

    def make(**changes: str) -> str:
        values = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | changes
        return ",".join(values.values())

    return make


def file_of(*rows: str, end: str = "\n") -> str:
    """Return a call file of the town with a header and these rows."""
    return "".join(line + end for line in (HEADER, *rows))
