"""Give each call the area of a city's polygons that its coordinates lie in."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.staging_sql import quoted

if TYPE_CHECKING:
    import duckdb

    from lamplighter.history.areas import Areas

BATCH_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """How many calls are inside an area, outside all of them, or without good coordinates.

    `notes` are what was mended or overlaps in the file of areas, one sentence each.
    """

    areas: int
    inside: int
    outside: int
    nowhere: int
    notes: tuple[str, ...]


def view_finished(
    database: "duckdb.DuckDBPyConnection", areas: "Areas | None", scratch: Path
) -> Placed | None:
    """Make the view `finished`: the linked rows, with the area of the polygons if there are any.

    The city's own area then stands in `area_as_written`.
    """
    if areas is None:
        database.execute(
            "CREATE TEMP VIEW finished AS SELECT *, NULL::VARCHAR AS area_as_written FROM linked"
        )
        return None
    import pyarrow as pa
    import pyarrow.parquet as parquet

    database.register("area_names", pa.table({"name": pa.array(areas.names, pa.string())}))
    database.execute("""
CREATE TEMP TABLE names AS SELECT row_number() OVER () - 1 AS index, name FROM area_names""")
    database.unregister("area_names")
    database.execute("CREATE TEMP TABLE places (line BIGINT, index SMALLINT)")
    where = scratch / "where.parquet"
    database.execute(f"""
COPY (SELECT line, latitude, longitude FROM kept WHERE coordinates = 'good')
TO {quoted(str(where))} (FORMAT parquet)""")
    for batch in parquet.ParquetFile(where).iter_batches(BATCH_ROWS):
        line, latitude, longitude = (column.to_numpy() for column in batch.columns)
        found = pa.table({"line": line, "index": areas.of(latitude, longitude)})
        database.register("found", found)
        database.execute("INSERT INTO places FROM found")
        database.unregister("found")
    database.execute("""
CREATE TEMP VIEW finished AS
SELECT linked.* REPLACE (names.name AS area), linked.area AS area_as_written
FROM linked LEFT JOIN places USING (line) LEFT JOIN names ON names.index = places.index""")
    (counted,) = database.execute("""
SELECT count(*) FILTER (index >= 0), count(*) FILTER (index = -1),
    (SELECT count(*) FROM kept) - count(*) FROM places""").fetchall()
    inside, outside, nowhere = counted
    return Placed(len(areas), inside, outside, nowhere, areas.notes)
