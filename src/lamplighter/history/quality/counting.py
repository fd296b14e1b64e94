"""Count the calls of a history for its quality page."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.opened import open_history
from lamplighter.history.quality.quality import (
    LEVELS,
    DayCount,
    NatureCount,
    Percentiles,
    Quality,
)
from lamplighter.history.report import Report
from lamplighter.history.staging_sql import quoted

if TYPE_CHECKING:
    import duckdb

    from lamplighter.history.areas import Areas

STEPS = {
    "dispatch": ("time", "dispatched_at"),
    "arrival": ("time", "arrived_at"),
    "travel": ("dispatched_at", "arrived_at"),
    "scene": ("arrived_at", "cleared_at"),
}


def quality_of(history: Path, report: Report, areas: "Areas | None" = None) -> Quality:
    """Return what the page of a history shows; `areas` are those that it was read with.

    Raises HistoryError when the file is no history.
    """
    import duckdb

    time_zone = open_history(history).info.time_zone
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET enable_progress_bar = false")
        database.execute(f"""
CREATE TEMP VIEW calls AS SELECT *, timezone({quoted(time_zone)}, time) AS local
FROM read_parquet({quoted(str(history))})""")
        return Quality(
            report=report,
            time_zone=time_zone,
            by_hour=_by_hour(database),
            days=_days(database),
            natures=_natures(database),
            times=tuple(
                found for step in STEPS if (found := _percentiles(database, step)) is not None
            ),
            areas=areas,
            area_calls=_area_calls(database, areas) if areas else (),
        )


def _by_hour(database: "duckdb.DuckDBPyConnection") -> tuple[tuple[int, ...], ...]:
    counts = [[0] * 24 for _ in range(7)]
    for weekday, hour, calls in _rows(
        database,
        """SELECT isodow(local) - 1, hour(local), count(*) FROM calls
        WHERE started_by <> 'officer' GROUP BY ALL""",
    ):
        counts[weekday][hour] = calls
    return tuple(map(tuple, counts))


def _days(database: "duckdb.DuckDBPyConnection") -> tuple[DayCount, ...]:
    counted = ", ".join(
        f"count(*) FILTER (started_by = '{who}')" for who in ("public", "officer", "unknown")
    )
    return tuple(
        DayCount(*row)
        for row in _rows(
            database, f"SELECT local::DATE, {counted} FROM calls GROUP BY 1 ORDER BY 1"
        )
    )


def _natures(database: "duckdb.DuckDBPyConnection") -> tuple[NatureCount, ...]:
    return tuple(
        NatureCount(*row)
        for row in _rows(
            database,
            """SELECT nature, count(*) FROM calls WHERE started_by <> 'officer'
            GROUP BY 1 ORDER BY 2 DESC, 1""",
        )
    )


def _percentiles(database: "duckdb.DuckDBPyConnection", step: str) -> Percentiles | None:
    start, end = STEPS[step]
    levels = ", ".join(str(level / 100) for level in LEVELS)
    minutes = f"(epoch_us({end}) - epoch_us({start})) / 6e7"
    ((told, backwards, quantiles),) = _rows(
        database,
        f"""SELECT count(*) FILTER (minutes >= 0), count(*) FILTER (minutes < 0),
            quantile_cont(minutes, [{levels}]) FILTER (minutes >= 0)
        FROM (SELECT {minutes} AS minutes FROM calls WHERE started_by <> 'officer')""",
    )
    return Percentiles(step, told, backwards, tuple(quantiles)) if told else None


def _area_calls(database: "duckdb.DuckDBPyConnection", areas: "Areas") -> tuple[int, ...]:
    counts = dict(
        _rows(
            database,
            """SELECT area, count(*) FROM calls
            WHERE started_by <> 'officer' AND area IS NOT NULL GROUP BY 1""",
        )
    )
    return tuple(counts.get(name, 0) for name in areas.names)


def _rows(database: "duckdb.DuckDBPyConnection", query: str) -> list[Any]:
    return database.execute(query).fetchall()
