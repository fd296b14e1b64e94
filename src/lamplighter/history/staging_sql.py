"""The SQL that types a city's text columns, and says which rows cannot be used."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from collections.abc import Mapping, Sequence
from datetime import datetime

from lamplighter.history.layout import FIELDS, NUMBER_FIELDS, TIME_FIELDS, Layout, as_key
from lamplighter.history.records import Reason
from lamplighter.history.time_forms import (
    DAYS_IN_EXCEL,
    LOCAL_MILLISECONDS,
    MILLISECONDS,
    NUMBER_FORMS,
    SECONDS,
    is_in_utc,
)

SPHERE_METERS = 6_378_137
_NUMBER = r"(-?[0-9]+\.?[0-9]*)"
DATE_ONLY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y")


def column_positions(layout: Layout, header: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Return for each of our fields the positions of the columns it is made of.

    Of two columns with the same name the first is meant; what no record has is left out.
    """
    positions: dict[str, int] = {}
    for position, name in enumerate(header):
        positions.setdefault(as_key(name), position)
    return {
        field: tuple(positions[as_key(name)] for name in names if as_key(name) in positions)
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
    SELECT *, {times}, {_degrees(layout)} FROM texts
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
    {"coalesce(source, '')" if layout.looks_at_source() else "''"} AS source_code,
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


def clock_of(field: str, formats: Sequence[str], time_zone: str) -> str:
    """Return the SQL of a text as a clock on the wall of the time zone, where a format fits."""
    local = [form for form in formats if not is_in_utc(form) and form not in NUMBER_FORMS]
    padded = [form for form in local if form.endswith(" %H%M")]
    whole = [form for form in local if form not in padded]
    clocks = [f"try_strptime({field}, {_formats(whole)})"] if whole else []
    if padded:
        clocks.append(f"try_strptime({_with_zeros(field)}, {_formats(padded)})")
    if LOCAL_MILLISECONDS in formats:
        clocks.append(f"timezone('UTC', {_since_1970(field, 1000)})")
    if DAYS_IN_EXCEL in formats:
        clocks.append(_excel_days(field))
    if exact := _exact(field, formats):
        clocks.append(f"timezone({quoted(time_zone)}, {exact})")
    return _first_of(clocks)


def _clock_and_day(layout: Layout, field: str) -> str:
    clock = clock_of(field, layout.time_formats, layout.time_zone)
    day = f"coalesce({clock}, try_strptime({field}, {_formats(DATE_ONLY_FORMATS)}))::DATE"
    return f"{clock} AS {field}_clock, {day} AS {field}_day"


def _exact(field: str, formats: Sequence[str]) -> str:
    """The instant of a text that says its own offset; empty where no format does."""
    return _first_of([_exact_in(field, form) for form in formats if is_in_utc(form)])


def _exact_in(field: str, form: str) -> str:
    if form in (SECONDS, MILLISECONDS):
        return _since_1970(field, 1000 if form == MILLISECONDS else 1)
    parsed = f"try_strptime({field}, {quoted(form)})"
    return parsed if "%z" in form else f"timezone('UTC', {parsed})"


def _with_zeros(field: str) -> str:
    """A clock of four figures at the end, which a workbook may have cut to 5 for 0005."""
    clock = f"regexp_extract({field}, ' ([0-9]{{1,4}})$', 1)"
    day = f"regexp_replace({field}, ' [0-9]{{1,4}}$', ' ')"
    return f"CASE WHEN {clock} = '' THEN {field} ELSE {day} || lpad({clock}, 4, '0') END"


def _since_1970(field: str, per_second: int) -> str:
    """An instant; what is no number, or far outside the calendar, is none."""
    seconds = f"try_cast({field} AS DOUBLE) / {per_second}"
    return f"CASE WHEN {seconds} BETWEEN -6e10 AND 2.5e11 THEN to_timestamp({seconds}) END"


def _excel_days(field: str) -> str:
    """Excel counts days from the last but one of 1899; its clock is good to the second.

    The day and the part of it that is over may stand in two columns, joined by a space.
    """
    whole = f"try_cast(split_part({field}, ' ', 1) AS DOUBLE)"
    part = f"try_cast(split_part({field}, ' ', 2) AS DOUBLE)"
    days = f"CASE WHEN contains({field}, ' ') THEN {whole} + {part} ELSE {whole} END"
    return f"""CASE WHEN ({days}) BETWEEN 0 AND 200000
        THEN TIMESTAMP '1899-12-30' + to_seconds(round(({days}) * 86400)::BIGINT) END"""


def _first_of(expressions: Sequence[str]) -> str:
    if len(expressions) < 2:
        return "".join(expressions)
    return f"coalesce({', '.join(expressions)})"


def _instant(layout: Layout, field: str, now: datetime) -> str:
    """The local time as an instant; of an hour that comes twice in autumn, the second is meant.

    A day before 1901 means never, whatever the layout says. That a call came in in the future is
    a reason to set it aside; of the other times, such an instant is not taken over.
    """
    days = ", ".join(f"DATE '{day.isoformat()}'" for day in layout.never)
    is_one_of_them = f" OR {field}_day IN ({days})" if days else ""
    is_never = f"coalesce({field}_day < DATE '1901-01-01'{is_one_of_them}, false)"
    instant = f"timezone({quoted(layout.time_zone)}, {field}_clock)"
    if exact := _exact(field, layout.time_formats):
        instant = f"coalesce({exact}, {instant})"
    usable = "" if field == "time" else f"AND {instant} <= {_instant_of(now)}"
    return f"""{is_never} AS {field}_never,
        CASE WHEN NOT {is_never} {usable} THEN {instant} END AS {field}_at"""


def _instant_of(moment: datetime) -> str:
    return f"TIMESTAMPTZ {quoted(moment.isoformat())}"


def degrees_of(sql: Mapping[str, str]) -> tuple[str, str]:
    """Return the SQL of latitude and longitude as numbers, from the SQL of our fields as texts.

    They come from latitude and longitude, from a point, or from x and y. A point is "POINT
    (longitude latitude)", or has "(latitude, longitude)" at its end. The meters of x and y are
    those of Web Mercator (EPSG:3857), a sphere of 6,378,137 m, as web maps use them.
    """
    latitudes, longitudes = [], []
    if "latitude" in sql:
        # Degrees have no thousands, so a comma in them is a decimal one.
        latitudes.append(f"try_cast(replace({sql['latitude']}, ',', '.') AS DOUBLE)")
        longitudes.append(f"try_cast(replace({sql['longitude']}, ',', '.') AS DOUBLE)")
    if "point" in sql:
        well_known = rf"(?i)POINT *\( *{_NUMBER} +{_NUMBER} *\)"
        pair = rf"\( *{_NUMBER} *, *{_NUMBER} *\)"
        for numbers, groups in ((latitudes, (2, 1)), (longitudes, (1, 2))):
            for pattern, group in zip((well_known, pair), groups, strict=True):
                found = f"regexp_extract({sql['point']}, {quoted(pattern)}, {group})"
                numbers.append(f"try_cast(nullif({found}, '') AS DOUBLE)")
    if "x" in sql:
        angle = f"2 * atan(exp(try_cast({sql['y']} AS DOUBLE) / {SPHERE_METERS}))"
        latitudes.append(f"degrees({angle} - pi() / 2)")
        longitudes.append(f"degrees(try_cast({sql['x']} AS DOUBLE) / {SPHERE_METERS})")
    return _first_of(latitudes) or "NULL::DOUBLE", _first_of(longitudes) or "NULL::DOUBLE"


def _degrees(layout: Layout) -> str:
    given = [field for field in NUMBER_FIELDS if field in layout.columns]
    latitude, longitude = degrees_of({field: field for field in given})
    nowhere = " AND ".join(f"{field} IS NULL" for field in given) or "true"
    return f"{latitude} AS lat, {longitude} AS lon, {nowhere} AS nowhere"


def _coordinates(layout: Layout) -> str:
    bounds = layout.bounds
    south, north, west, east = (
        (bounds.south, bounds.north, bounds.west, bounds.east) if bounds else (-90, 90, -180, 180)
    )
    return f"""CASE WHEN nowhere THEN 'missing'
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
    """Years of two figures come first, since %Y reads 21 as a year of the Romans."""
    in_order = sorted(formats, key=lambda form: "%y" not in form)
    return "[" + ", ".join(quoted(form) for form in in_order) + "]"
