"""Small histories, written as the reader of call files writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from lamplighter.history import COLUMNS, HistoryInfo
from lamplighter.history.shape import metadata_of

TIMES = ("time", "dispatched_at", "arrived_at", "cleared_at")


@dataclass(frozen=True)
class Call:
    id: str
    time: datetime
    nature: str | None
    area: str | None = None
    started_by: str = "public"
    words: str | None = None


def write_history(
    path: Path,
    calls: Sequence[Call],
    *,
    city: str = "Anytown",
    time_zone: str = "America/Chicago",
    more: Mapping[str, pa.Array] | None = None,
) -> Path:
    """A history of these calls, with `more` columns that are not in the shape."""
    known = {
        "id": [call.id for call in calls],
        "time": [call.time for call in calls],
        "nature": [call.nature for call in calls],
        "nature_as_written": [call.words for call in calls],
        "area": [call.area for call in calls],
        "started_by": [call.started_by for call in calls],
    }
    columns = {}
    for name in COLUMNS:
        kind = pa.timestamp("us", "UTC") if name in TIMES else pa.string()
        kind = pa.float64() if name in ("latitude", "longitude") else kind
        columns[name] = pa.array(known.get(name, [None] * len(calls)), kind)
    info = HistoryInfo(1, city, time_zone, "example", "0")
    table = pa.table({**columns, **(more or {})}).replace_schema_metadata(metadata_of(info))
    parquet.write_table(table, path)
    return path
