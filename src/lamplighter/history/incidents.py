"""Link the calls of one incident: by a column of the city, or by place, time and nature."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.layout import IncidentRule, Layout
from lamplighter.history.staging_sql import quoted

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt

BATCH_ROWS = 250_000
METERS_PER_DEGREE = 111_195.0  # on a sphere of 6,371 km; good enough for a street corner
# A nature that says nothing fits every other.
SAYS_NOTHING = "information_or_other"


@dataclass(frozen=True, slots=True)
class Linked:
    """Calls that share their incident with another call, and how many incidents these are."""

    calls: int
    incidents: int


def view_linked(
    database: "duckdb.DuckDBPyConnection", layout: Layout, scratch: Path
) -> Linked | None:
    """Make the view `linked`: the kept rows, with `incident` only where several calls share it.

    None where the layout does not tell how incidents are known.
    """
    if layout.incidents is not None:
        _link_by_rule(database, layout.incidents, scratch)
    elif "incident" in layout.columns:
        database.execute("CREATE TEMP TABLE links AS SELECT line, incident FROM kept")
    else:
        database.execute("CREATE TEMP VIEW linked AS FROM kept")
        return None
    database.execute("""
CREATE TEMP TABLE shared AS
SELECT incident FROM links WHERE incident IS NOT NULL GROUP BY incident HAVING count(*) > 1""")
    database.execute("""
CREATE TEMP VIEW linked AS
SELECT kept.* REPLACE (found.incident AS incident) FROM kept
LEFT JOIN (FROM links SEMI JOIN shared USING (incident)) found USING (line)""")
    (counted,) = database.execute(
        "SELECT count(*), count(DISTINCT incident) FROM links SEMI JOIN shared USING (incident)"
    ).fetchall()
    return Linked(*counted)


def _link_by_rule(database: "duckdb.DuckDBPyConnection", rule: IncidentRule, scratch: Path) -> None:
    """Make the table `links` of calls that are no first of their incident, and of those firsts.

    In order of time, a call belongs to the earliest incident whose first call came at most so
    many minutes before, at most so many meters away (or at the same place as written, where one
    of them has no coordinates), with the same nature or one that says nothing. What officers
    start is no part of it.
    """
    import pyarrow as pa

    calls = scratch / "calls.parquet"
    database.execute(f"""
COPY (SELECT line, epoch_us(time) AS time, latitude, longitude,
    CASE WHEN place IS NOT NULL THEN hash(upper(place)) ELSE 0::UBIGINT END AS place,
    CASE WHEN nature <> '{SAYS_NOTHING}' THEN hash(nature) ELSE 0::UBIGINT END AS nature
    FROM kept WHERE started_by <> 'officer' ORDER BY time, id)
TO {quoted(str(calls))} (FORMAT parquet)""")
    database.execute("CREATE TEMP TABLE links (line BIGINT, incident VARCHAR)")
    for lines, firsts in _pairs(calls, rule):
        database.register("pairs", pa.table({"line": lines, "first": firsts}))
        database.execute("""
INSERT INTO links SELECT pairs.line, kept.id FROM pairs JOIN kept ON kept.line = pairs.first""")
        database.unregister("pairs")
    database.execute("""
INSERT INTO links SELECT kept.line, kept.id FROM kept
JOIN (SELECT DISTINCT incident AS first FROM links) ON kept.id = first""")


def _pairs(
    calls: Path, rule: IncidentRule
) -> "Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]":
    """Yield the lines of calls that belong to an earlier one, with the lines of those."""
    import numpy as np
    import pyarrow.parquet as parquet

    microseconds = round(rule.within_minutes * 60e6)
    tail: dict[str, npt.NDArray[Any]] = {}
    for batch in parquet.ParquetFile(calls).iter_batches(BATCH_ROWS):
        new = {
            name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names
        }
        old = len(tail["line"]) if tail else 0
        rows = {
            name: np.concatenate([tail[name], column]) if tail else column
            for name, column in new.items()
        }
        belongs = np.full(len(rows["line"]), -1, dtype=np.int64)
        if tail:
            belongs[:old] = tail["belongs"]
        _linker()(
            rows["time"],
            rows["latitude"],
            rows["longitude"],
            rows["place"],
            rows["nature"],
            belongs,
            old,
            microseconds,
            rule.within_meters / METERS_PER_DEGREE,
        )
        found = old + np.flatnonzero(belongs[old:] >= 0)
        if len(found):
            yield rows["line"][found], rows["line"][belongs[found]]
        start = int(np.searchsorted(rows["time"], rows["time"][-1] - microseconds))
        # Of calls before the tail only firsts could matter, and they are too long ago.
        kept_on = np.where(belongs[start:] >= 0, 0, -1)
        tail = {name: column[start:] for name, column in rows.items()} | {"belongs": kept_on}


@cache
def _linker() -> Any:
    from lamplighter.history.incident_loop import link

    return link
