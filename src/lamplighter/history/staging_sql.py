"""The SQL that types a city's text columns, and says which rows cannot be used."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from collections.abc import Mapping, Sequence
from datetime import datetime

from lamplighter.history.layout import FIELDS, TIME_FIELDS, Layout, as_key
from lamplighter.history.records import Reason

DATE_ONLY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y")


def column_positions(layout: Layout, header: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Return for each of our fields the positions of the columns it is made of.

    Of two columns with the same name the first is meant.
    """
    positions: dict[str, int] = {}
    for position, name in enumerate(header):
        positions.setdefault(as_key(name), position)
    return {
        field: tuple(positions[as_key(name)] for name in names)
        for field, names in layout.columns.items()
    }


def staging_query(layout: Layout, header: Sequence[str], now: datetime) -> str:
    """Return the query that types the rows of the table `records`.

    Every row comes out, with `reason` where it must be set aside. What is there but cannot be
    used is told apart from what is missing, in `coordinates` and `bad_times`.
    """
    at = column_positions(layout, header)
    texts = ", ".join(f'{_text(at.get(field, ()))} AS "{field}"' for field in FIELDS)
    times = ", ".join(_clock_and_day(layout, field) for field in TIME_FIELDS)
    instants = ", ".join(_instant(layout, field, now) for field in TIME_FIELDS)
    bad_times = " + ".join(
        f"({field} IS NOT NULL AND {field}_at IS NULL AND NOT {field}_never)::INTEGER"
        for field in TIME_FIELDS
        if field != "time"
    )
    return f"""
WITH texts AS (
    SELECT line, hash(raw) AS row_hash, {_is_header(at["time"], header)} AS is_header, {texts}
    FROM records
), clocks AS (
    SELECT *, {times},
        try_cast(latitude AS DOUBLE) AS lat, try_cast(longitude AS DOUBLE) AS lon
    FROM texts
), instants AS (
    SELECT *, {instants}, {_coordinates(layout)} AS coordinates FROM clocks
)
SELECT line, row_hash,
    coalesce(id, 'line-' || line) AS id, id IS NULL AS id_is_made, incident,
    time_at AS time,
    nullif(concat_ws(' ', nature, "nature suffix", "nature words"), '') AS nature_as_written,
    coalesce(nature, '') AS code,
    coalesce("nature suffix", '') AS suffix,
    {"coalesce(disposition, '')" if layout.looks_at_disposition() else "''"} AS disposition_code,
    priority, place,
    CASE WHEN coordinates = 'good' THEN lat END AS latitude,
    CASE WHEN coordinates = 'good' THEN lon END AS longitude,
    coordinates, area, dispatched_at, arrived_at, cleared_at,
    nullif(concat_ws(' ', disposition, "disposition words"), '') AS disposition,
    unit,
    {bad_times} AS bad_times,
    {_reason(now)} AS reason
FROM instants
"""


def quoted(text: str) -> str:
    """Return a text as an SQL literal.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _text(columns: Sequence[int]) -> str:
    parts = [f"nullif(trim(f{column}), '')" for column in columns]
    if not parts:
        return "NULL::VARCHAR"
    return parts[0] if len(parts) == 1 else f"nullif(concat_ws(' ', {', '.join(parts)}), '')"


def _is_header(time_columns: Sequence[int], header: Sequence[str]) -> str:
    """A header stands in the middle of a file when several files were joined."""
    return " AND ".join(f"trim(f{column}) = {quoted(header[column])}" for column in time_columns)


def _clock_and_day(layout: Layout, field: str) -> str:
    clock = f"try_strptime({field}, {_formats(layout.time_formats)})"
    day = f"coalesce({clock}, try_strptime({field}, {_formats(DATE_ONLY_FORMATS)}))::DATE"
    return f"{clock} AS {field}_clock, {day} AS {field}_day"


def _instant(layout: Layout, field: str, now: datetime) -> str:
    """The local time as an instant; of an hour that comes twice in autumn, the second is meant.

    A day before 1901 means never, whatever the layout says. That a call came in in the future is
    a reason to set it aside; of the other times, such an instant is not taken over.
    """
    days = ", ".join(f"DATE '{day.isoformat()}'" for day in layout.never)
    is_one_of_them = f" OR {field}_day IN ({days})" if days else ""
    is_never = f"coalesce({field}_day < DATE '1901-01-01'{is_one_of_them}, false)"
    instant = f"timezone({quoted(layout.time_zone)}, {field}_clock)"
    usable = "" if field == "time" else f"AND {instant} <= {_instant_of(now)}"
    return f"""{is_never} AS {field}_never,
        CASE WHEN NOT {is_never} {usable} THEN {instant} END AS {field}_at"""


def _instant_of(moment: datetime) -> str:
    return f"TIMESTAMPTZ {quoted(moment.isoformat())}"


def _coordinates(layout: Layout) -> str:
    bounds = layout.bounds
    south, north, west, east = (
        (bounds.south, bounds.north, bounds.west, bounds.east) if bounds else (-90, 90, -180, 180)
    )
    return f"""CASE WHEN latitude IS NULL AND longitude IS NULL THEN 'missing'
            WHEN lat IS NULL OR lon IS NULL THEN 'unreadable'
            WHEN lat BETWEEN {south} AND {north} AND lon BETWEEN {west} AND {east} THEN 'good'
            ELSE 'out_of_bounds' END"""


def _reason(now: datetime) -> str:
    return f"""CASE WHEN is_header THEN '{Reason.HEADER_AGAIN}'
        WHEN time IS NULL OR time_never THEN '{Reason.TIME_MISSING}'
        WHEN time_clock IS NULL AND time_day IS NOT NULL THEN '{Reason.DATE_WITHOUT_TIME}'
        WHEN time_at IS NULL THEN '{Reason.TIME_UNREADABLE}'
        WHEN time_at > {_instant_of(now)} THEN '{Reason.TIME_IN_THE_FUTURE}'
        END"""


def _formats(formats: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(form) for form in formats) + "]"
