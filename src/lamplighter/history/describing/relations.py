"""How the columns of a sample hang together: what one tells of another."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from lamplighter.history.staging_sql import DATE_ONLY_FORMATS, clock_of

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray


def told_by(database: "duckdb.DuckDBPyConnection", code: int, words: int) -> float:
    """Return the share of rows whose words are the commonest ones of their code.

    Rows without words are left out.
    """
    (share,) = database.execute(f"""
WITH pairs AS (
    SELECT trim(f{code}) AS code, trim(f{words}) AS words, count(*) AS rows
    FROM sample WHERE trim(f{words}) <> '' AND trim(f{code}) <> '' GROUP BY ALL
), codes AS (SELECT code, max(rows) AS most, sum(rows) AS rows FROM pairs GROUP BY code)
SELECT coalesce(sum(most) / sum(rows), 0) FROM codes""").fetchone() or (0.0,)
    return float(share)


def told_by_itself(database: "duckdb.DuckDBPyConnection", code: int, words: int) -> float:
    """Return the share of rows whose words are the code itself, written once more."""
    (share,) = database.execute(f"""
SELECT coalesce(avg((lower(trim(f{code})) = lower(trim(f{words})))::INTEGER), 0)
FROM sample WHERE trim(f{words}) <> ''""").fetchone() or (0.0,)
    return float(share)


def lies_together(database: "duckdb.DuckDBPyConnection", area: int) -> float:
    """Return how much of where the calls are is told by an area: 1 all of it, 0 nothing.

    This is the share of the variance of both coordinates that lies between areas, near the middle
    of the city, so that calls in the wrong ocean do not count.
    """
    (share,) = database.execute(f"""
WITH numbers AS (SELECT trim(f{area}) AS area, lat, lon FROM sample WHERE trim(f{area}) <> ''),
middle AS (
    SELECT quantile_cont(lat, [0.02, 0.98]) AS lats, quantile_cont(lon, [0.02, 0.98]) AS lons
    FROM numbers
), near AS (
    SELECT area, lat, lon FROM numbers, middle
    WHERE lat BETWEEN lats[1] AND lats[2] AND lon BETWEEN lons[1] AND lons[2]
), areas AS (
    SELECT count(*) AS rows, var_pop(lat) AS lat, var_pop(lon) AS lon FROM near GROUP BY area
), whole AS (SELECT var_pop(lat) AS lat, var_pop(lon) AS lon FROM near)
SELECT 1 - (sum(rows * areas.lat) / any_value(whole.lat) + sum(rows * areas.lon)
    / any_value(whole.lon)) / 2 / sum(rows)
FROM areas, whole WHERE whole.lat > 0 AND whole.lon > 0""").fetchone() or (None,)
    return float(share) if share is not None else 0.0


def shares_later(
    database: "duckdb.DuckDBPyConnection",
    columns: Sequence[int],
    formats: Sequence[str],
) -> dict[tuple[int, int], float]:
    """Return for each two columns of times the share of rows where the second is not earlier."""
    pairs = [(one, other) for one in columns for other in columns if one != other]
    clocks = ", ".join(
        f"{clock_of(f'trim(f{column})', formats, 'UTC')} AS t{column}" for column in columns
    )
    averages = ", ".join(f"avg((t{other} >= t{one})::INTEGER)" for one, other in pairs)
    if not pairs:
        return {}
    row = database.execute(f"""
WITH clocks AS (SELECT {clocks} FROM sample) SELECT {averages} FROM clocks""").fetchone()
    return {pair: float(share or 0) for pair, share in zip(pairs, row or (), strict=True)}


def calls_by_hour(
    database: "duckdb.DuckDBPyConnection", text: str, formats: Sequence[str], time_zone: str
) -> "NDArray[np.float64]":
    """Return how many calls of the sample came in each hour of the day.

    `text` is the SQL of the column as text; times that say their offset are put on the clock of
    the time zone.
    """
    import numpy as np

    clock = clock_of(text, formats, time_zone)
    rows = database.execute(f"""
SELECT hour(moment), count(*) FROM (SELECT {clock} AS moment FROM sample)
WHERE moment IS NOT NULL GROUP BY 1""").fetchall()
    calls = np.zeros(24)
    for hour, count in rows:
        calls[hour] = count
    return calls


def rare_days(
    database: "duckdb.DuckDBPyConnection", columns: Sequence[int], formats: Sequence[str]
) -> list[date]:
    """Return days long before or after any call that stand in columns of times again and again."""
    found: set[date] = set()
    for column in columns:
        clock = clock_of(f"trim(f{column})", [*formats, *DATE_ONLY_FORMATS], "UTC")
        rows = database.execute(f"""
SELECT day FROM (SELECT ({clock})::DATE AS day FROM sample)
WHERE day < DATE '1980-01-01' OR day > DATE '2100-01-01'
GROUP BY day HAVING count(*) > 2 ORDER BY count(*) DESC LIMIT 3""").fetchall()
        found |= {day for (day,) in rows}
    return sorted(found)


def rows_of_an_id(database: "duckdb.DuckDBPyConnection", column: int) -> tuple[int, int]:
    """Return how many ids the sample has, and how many of them stand in several rows."""
    found = database.execute(f"""
SELECT count(*), count(*) FILTER (rows > 1)
FROM (SELECT count(*) AS rows FROM sample WHERE trim(f{column}) <> '' GROUP BY trim(f{column}))
""").fetchone() or (0, 0)
    return int(found[0]), int(found[1])


def calls_in_rows_of_units(
    database: "duckdb.DuckDBPyConnection", column: int, time: int, steps: Sequence[int]
) -> int:
    """Return how many ids have several rows that tell of one moment, and of several units or steps.

    `steps` are the columns of units and of what happened later.
    """
    if not steps:
        return 0
    differ = " OR ".join(f"count(DISTINCT trim(f{step})) > 1" for step in steps)
    found = database.execute(f"""
SELECT count(*) FROM (
    SELECT 1 FROM sample WHERE trim(f{column}) <> '' GROUP BY trim(f{column})
    HAVING count(DISTINCT trim(f{time})) = 1 AND ({differ})
)""").fetchone() or (0,)
    return int(found[0])
