"""The one shape that every history has: its columns, what they mean, and its version."""

from dataclasses import MISSING, dataclass, fields
from datetime import datetime

from lamplighter.history.layout import StartedBy

SHAPE_VERSION = 1
METADATA_PREFIX = "lamplighter.history."


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call of a history. Times are UTC; what the city's file does not say is None.

    id: the city's own, unique in a history; `line-17` where the file has none
    time: when the call came in
    nature_as_written: the city's code and words
    nature: a nature of ours, or None
    priority: as the city wrote it
    place: address or crossing, as the city wrote it
    latitude, longitude: degrees, inside the bounds of the layout
    area: beat, district or zone, as the city wrote it
    started_by: the public, an officer, or unknown
    dispatched_at, arrived_at, cleared_at: when a unit was sent, was there, was done
    disposition: how it ended, as the city wrote it
    unit: the unit that was sent, as the city wrote it; of rows that were joined all of them
    incident: what the calls of one incident have in common, where several are known to be one
    area_as_written: the city's own area, where `area` is that of a polygon
    """

    id: str
    time: datetime
    nature_as_written: str | None
    nature: str | None
    priority: str | None
    place: str | None
    latitude: float | None
    longitude: float | None
    area: str | None
    started_by: StartedBy
    dispatched_at: datetime | None
    arrived_at: datetime | None
    cleared_at: datetime | None
    disposition: str | None
    unit: str | None
    incident: str | None = None
    area_as_written: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryInfo:
    """Where a history comes from; it stands in the metadata of the Parquet file."""

    version: int
    city: str
    time_zone: str
    layout: str
    layout_hash: str


# Every history has these; a history that was read before there were more has only these.
COLUMNS = tuple(field.name for field in fields(CallRow) if field.default is MISSING)
LATER_COLUMNS = tuple(field.name for field in fields(CallRow) if field.default is not MISSING)


def metadata_of(info: HistoryInfo) -> dict[str, str]:
    """Return the key-value metadata of the Parquet file."""
    return {METADATA_PREFIX + field.name: str(getattr(info, field.name)) for field in fields(info)}
