"""Join the rows of one call: one call came first, was reached first, and was done last."""

# ruff: noqa: S608 - nothing enters the SQL but our own names

from typing import TYPE_CHECKING

from lamplighter.history.layout import Layout
from lamplighter.history.settling import JOINED

if TYPE_CHECKING:
    import duckdb

# Of these the first that is told, in the order of the file.
FIRST_TOLD = ("priority", "place", "area", "disposition", "incident")


def view_settled(database: "duckdb.DuckDBPyConnection", layout: Layout) -> int:
    """Make the view `settled`: the staged rows, the first row of a call with what all rows tell.

    Returns how many rows were joined to an earlier one.
    """
    if not layout.joins_rows:
        database.execute("CREATE TEMP VIEW settled AS FROM staged")
        return 0
    told = ", ".join(f"arg_min({name}, line) AS {name}" for name in FIRST_TOLD)
    taken = ", ".join(
        f"coalesce(j.{name}, s.{name}) AS {name}"
        for name in (*FIRST_TOLD, "time", "dispatched_at", "arrived_at", "cleared_at", "unit")
    )
    database.execute(f"""
CREATE TEMP TABLE joined AS
WITH several AS (
    SELECT DISTINCT id FROM staged SEMI JOIN (FROM repeats WHERE reason = '{JOINED}') USING (line)
), parts AS (
    FROM (FROM staged WHERE reason IS NULL) SEMI JOIN several USING (id)
), units AS (
    SELECT id, string_agg(unit, '; ' ORDER BY sent, first) AS unit FROM (
        SELECT id, unit, min(dispatched_at) AS sent, min(line) AS first
        FROM parts WHERE unit IS NOT NULL GROUP BY id, unit
    ) GROUP BY id
), calls AS (
    SELECT id, min(line) AS line, min(time) AS time, min(dispatched_at) AS dispatched_at,
        min(arrived_at) AS arrived_at, max(cleared_at) AS cleared_at, {told},
        arg_min({{'at': coordinates, 'lat': latitude, 'lon': longitude}}, line)
            FILTER (coordinates = 'good') AS good,
        arg_min({{'code': code, 'suffix': suffix, 'source': source_code,
            'words': nature_as_written}}, line)
            FILTER (code <> '') AS coded
    FROM parts GROUP BY id
)
FROM calls LEFT JOIN units USING (id)""")
    database.execute(f"""
CREATE TEMP VIEW settled AS
SELECT s.* REPLACE ({taken},
    coalesce(j.coded.code, s.code) AS code, coalesce(j.coded.suffix, s.suffix) AS suffix,
    coalesce(j.coded.source, s.source_code) AS source_code,
    coalesce(j.coded.words, s.nature_as_written) AS nature_as_written,
    coalesce(j.good.at, s.coordinates) AS coordinates,
    coalesce(j.good.lat, s.latitude) AS latitude, coalesce(j.good.lon, s.longitude) AS longitude)
FROM staged s LEFT JOIN joined j USING (line)""")
    (counted,) = database.execute(
        f"SELECT count(*) FROM repeats WHERE reason = '{JOINED}'"
    ).fetchall()
    return int(counted[0])
