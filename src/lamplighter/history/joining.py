"""Join the rows of one call: one call came first, was reached first, and was done last."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.settling import JOINED
from lamplighter.history.staging_sql import quoted

if TYPE_CHECKING:
    import duckdb

# Of these the first that is told, in the order of the file.
FIRST_TOLD = ("priority", "place", "area", "disposition", "incident")
ROWS_AT_A_TIME = 100_000


def view_settled(database: "duckdb.DuckDBPyConnection", scratch: Path) -> int:
    """Make the view `settled`: the staged rows, the first row of a call with what all rows tell.

    Returns how many rows were joined to an earlier one. Calls are joined some at a time, by the
    hash of their id, so that memory stays bounded.
    """
    (counted,) = database.execute(
        f"SELECT count(*) FROM repeats WHERE reason = '{JOINED}'"
    ).fetchall()
    rows = int(counted[0])
    if not rows:
        database.execute("CREATE TEMP VIEW settled AS FROM staged")
        return 0
    folder = scratch / "joined"
    folder.mkdir()
    shares = 1 + rows // ROWS_AT_A_TIME
    for share in range(shares):
        part = quoted(str(folder / f"{share}.parquet"))
        query = _joined(f"hash(id) % {shares} = {share}")
        database.execute(f"COPY ({query}) TO {part} (FORMAT parquet)")
    joined = f"read_parquet({quoted(str(folder / '*.parquet'))})"
    database.execute(f"""
CREATE TEMP VIEW settled AS
FROM staged ANTI JOIN (SELECT line FROM {joined}) USING (line) UNION ALL BY NAME FROM {joined}""")
    return rows


def _joined(is_chosen: str) -> str:
    """Return the query of the calls that have several rows, each as one row."""
    told = ", ".join(f"arg_min({name}, line) AS {name}" for name in FIRST_TOLD)
    taken = ", ".join(
        f"coalesce(j.{name}, s.{name}) AS {name}"
        for name in (*FIRST_TOLD, "time", "dispatched_at", "arrived_at", "cleared_at", "unit")
    )
    return f"""
WITH good AS (
    FROM staged WHERE reason IS NULL AND {is_chosen}
), several AS (
    SELECT DISTINCT id FROM good SEMI JOIN (FROM repeats WHERE reason = '{JOINED}') USING (line)
), parts AS (
    FROM good SEMI JOIN several USING (id)
), units AS (
    SELECT id, string_agg(unit, '; ' ORDER BY sent, first) AS unit FROM (
        SELECT id, unit, min(dispatched_at) AS sent, min(line) AS first
        FROM parts WHERE unit IS NOT NULL GROUP BY id, unit
    ) GROUP BY id
), calls AS (
    SELECT id, min(line) AS line, min(time) AS time, min(dispatched_at) AS dispatched_at,
        min(arrived_at) AS arrived_at, max(cleared_at) AS cleared_at, {told},
        arg_min({{'at': coordinates, 'lat': latitude, 'lon': longitude}}, line)
            FILTER (coordinates = 'good') AS placed,
        arg_min({{'code': code, 'suffix': suffix, 'source': source_code,
            'words': nature_as_written}}, line)
            FILTER (code <> '') AS coded
    FROM parts GROUP BY id
)
SELECT s.* REPLACE ({taken},
    coalesce(j.coded.code, s.code) AS code, coalesce(j.coded.suffix, s.suffix) AS suffix,
    coalesce(j.coded.source, s.source_code) AS source_code,
    coalesce(j.coded.words, s.nature_as_written) AS nature_as_written,
    coalesce(j.placed.at, s.coordinates) AS coordinates,
    coalesce(j.placed.lat, s.latitude) AS latitude,
    coalesce(j.placed.lon, s.longitude) AS longitude)
FROM good s JOIN (FROM calls LEFT JOIN units USING (id)) j USING (line)"""
