"""A layout: how one city writes its call file, and what its codes mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TEXT_FIELDS = ("id", "place", "area", "priority", "unit", "incident")
TIME_FIELDS = ("time", "dispatched", "arrived", "cleared")
CODE_FIELDS = (
    "nature",
    "nature suffix",
    "nature words",
    "disposition",
    "disposition words",
    "source",
)
NUMBER_FIELDS = ("latitude", "longitude", "x", "y", "point")
FIELDS = (*TEXT_FIELDS, *TIME_FIELDS, *CODE_FIELDS, *NUMBER_FIELDS)
REQUIRED_FIELDS = ("time", "nature")


class StartedBy(StrEnum):
    """Who started a call: somebody asking for help, an officer, or nobody can tell."""

    PUBLIC = "public"
    OFFICER = "officer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IncidentRule:
    """Calls that are taken for one incident: so near to its first call, so soon after it."""

    within_meters: float
    within_minutes: float


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file does not say about itself: how its text is cut, and where its calls begin.

    Without a header the columns are called `column 1`, `column 2` and so on. `skip` lines or rows
    come before the header or the first call. `sheet` is that of a workbook, the first if empty.
    """

    delimiter: str = ","
    header: bool = True
    skip: int = 0
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The box, in degrees, outside which a coordinate of this city must be wrong."""

    south: float
    north: float
    west: float
    east: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of its middle."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


@dataclass(frozen=True, slots=True)
class NatureRule:
    """What a city's codes mean; a condition that is None holds for everything."""

    codes: frozenset[str] | None
    suffixes: frozenset[str] | None
    dispositions: frozenset[str] | None
    sources: frozenset[str] | None
    nature: str | None
    started_by: StartedBy
    because: str

    def holds(self, code: str, suffix: str, disposition: str, source: str) -> bool:
        """Tell whether every condition of the rule is met."""
        return (
            (self.codes is None or code in self.codes)
            and (self.suffixes is None or suffix in self.suffixes)
            and (self.dispositions is None or disposition in self.dispositions)
            and (self.sources is None or source in self.sources)
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """How one city writes its call file.

    `columns` gives for each of our fields the columns it is made of; `content_hash` changes
    with the meaning of the layout, not with its comments or spacing. Rows with the id of a call
    that is kept are set aside, unless `joins_rows`. `incidents` links calls where no column does.
    """

    name: str
    city: str
    about: str
    time_zone: str
    columns: Mapping[str, tuple[str, ...]]
    time_formats: tuple[str, ...]
    other_encodings: tuple[str, ...]
    never: tuple[date, ...]
    bounds: Bounds | None
    rules: tuple[NatureRule, ...]
    content_hash: str
    file: FileForm = FileForm()
    joins_rows: bool = False
    incidents: IncidentRule | None = None

    def rule_for(
        self, code: str, suffix: str = "", disposition: str = "", source: str = ""
    ) -> NatureRule | None:
        """Return the first rule that holds for a code as the city wrote it, or None."""
        key = (as_key(code), as_key(suffix), as_key(disposition), as_key(source))
        return next((rule for rule in self.rules if rule.holds(*key)), None)

    def looks_at_disposition(self) -> bool:
        """Tell whether any rule needs the disposition to know what a call was about."""
        return any(rule.dispositions is not None for rule in self.rules)

    def looks_at_source(self) -> bool:
        """Tell whether any rule needs to know how a call came."""
        return any(rule.sources is not None for rule in self.rules)

    def missing_from(self, header: Iterable[str]) -> tuple[str, ...]:
        """Return the columns that the layout needs and the header does not have."""
        present = {as_key(name) for name in header}
        wanted = dict.fromkeys(name for names in self.columns.values() for name in names)
        return tuple(name for name in wanted if as_key(name) not in present)


def as_key(text: str) -> str:
    """Return a code or column name as it is compared: one space between words, upper case.

    >>> as_key("  Trbl  w/Subj ")
    'TRBL W/SUBJ'
    """
    return " ".join(text.split()).upper()
