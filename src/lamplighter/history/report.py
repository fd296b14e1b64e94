"""What reading a call file found: the quality report, as a value."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lamplighter.history.incidents import Linked
from lamplighter.history.placing import Placed
from lamplighter.history.records import Reason


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that were not kept for one reason; `lines` are the first few, by line of the file."""

    reason: Reason
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A nature as the city wrote it that is none of ours, among rows not started by officers.

    `because` is the layout's reason, or None when the layout does not list the code.
    """

    nature_as_written: str
    rows: int
    because: str | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """How many of some rows have a nature of ours."""

    rows: int
    mapped: int

    @property
    def share(self) -> float | None:
        """Share of the rows that have a nature of ours; None of no rows."""
        return self.mapped / self.rows if self.rows else None


@dataclass(frozen=True, slots=True)
class Coordinates:
    """What the coordinates of the kept rows were like; only good ones were kept."""

    good: int
    missing: int
    out_of_bounds: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Report:
    """The quality of one call file, as read with one layout.

    Every row after the header is kept, joined to a row of the same call, or set aside:
    `rows_read == rows_kept + rows_joined + sum(entry.rows for entry in set_aside)`. Three shares
    are given: of all rows; of those that the public started, among which a code that the layout
    does not list counts too, so that leaving codes out makes no share look better; and of those
    not known to be officers' own. `linked` and `placed` are None where nobody asked for them.
    """

    file: str
    output: str
    layout: str
    layout_hash: str
    city: str
    rows_read: int
    rows_kept: int
    set_aside: tuple[SetAside, ...]
    all_rows: Mapped
    by_public: Mapped
    not_by_officers: Mapped
    rows_by_public: int
    rows_by_officers: int
    rows_by_unknown: int
    information_or_other: int
    unmapped: tuple[Unmapped, ...]
    coordinates: Coordinates
    first: datetime | None
    last: datetime | None
    ids_made: int
    bad_times: int
    lines_recoded: int
    lines_undecodable: int
    cut_short: bool
    rows_joined: int = 0
    linked: Linked | None = None
    placed: Placed | None = None

    def rows_set_aside(self, *reasons: Reason) -> int:
        """Return how many rows were set aside, for these reasons or for any."""
        return sum(e.rows for e in self.set_aside if not reasons or e.reason in reasons)

    @property
    def duplicates(self) -> int:
        """Rows that repeat a call that is already kept."""
        return self.rows_set_aside(Reason.SAME_ROW_AGAIN, Reason.SAME_CALL_AGAIN)

    @property
    def share_by_officers(self) -> float | None:
        """Share of the kept rows that officers started."""
        return self.rows_by_officers / self.rows_kept if self.rows_kept else None

    def to_dict(self) -> dict[str, Any]:
        """Return the report ready for JSON, shares and sums included."""
        content = asdict(self)
        for name in ("all_rows", "by_public", "not_by_officers"):
            content[name]["share"] = getattr(self, name).share
        for name in ("first", "last"):
            moment = getattr(self, name)
            content[name] = moment.isoformat() if moment else None
        return content | {
            "rows_set_aside": self.rows_set_aside(),
            "duplicates": self.duplicates,
            "share_by_officers": self.share_by_officers,
        }
