"""How the columns of a sample hang together: what one tells of another."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamplighter.history.staging_sql import clock_of

if TYPE_CHECKING:
    import duckdb


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


def lies_together(
    database: "duckdb.DuckDBPyConnection", area: int, latitude: int, longitude: int
) -> float:
    """Return how much of where the calls are is told by an area: 1 all of it, 0 nothing.

    This is the share of the variance of both coordinates that lies between areas, near the middle
    of the city, so that calls in the wrong ocean do not count.
    """
    (share,) = database.execute(f"""
WITH numbers AS (
    SELECT trim(f{area}) AS area, try_cast(f{latitude} AS DOUBLE) AS lat,
        try_cast(f{longitude} AS DOUBLE) AS lon
    FROM sample WHERE trim(f{area}) <> ''
), middle AS (
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


def quietest_hour(
    database: "duckdb.DuckDBPyConnection", text: str, formats: Sequence[str], time_zone: str
) -> tuple[float, int]:
    """Return the middle of the four hours with the fewest calls, and how many calls have a clock.

    Calls sleep when people do. `text` is the SQL of the column as text.
    """
    import numpy as np

    at = clock_of(text, formats, time_zone)
    rows = database.execute(f"""
SELECT hour(at) AS hour, count(*) FROM (SELECT {at} AS at FROM sample)
WHERE at IS NOT NULL GROUP BY 1""").fetchall()
    calls = np.zeros(24)
    for hour, count in rows:
        calls[hour] = count
    sums = np.convolve(np.concatenate([calls, calls[:3]]), np.ones(4), "valid")
    return float((int(np.argmin(sums)) + 2) % 24), int(calls.sum())
