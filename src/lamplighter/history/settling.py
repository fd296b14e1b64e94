"""Settle what only the whole file can tell: rows that repeat a call, and what the codes mean."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and quoted text

from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.layout import Layout
from lamplighter.history.records import EXAMPLE_LINES, Reason, Tally
from lamplighter.history.shape import (
    COLUMNS,
    LATER_COLUMNS,
    SHAPE_VERSION,
    HistoryInfo,
    metadata_of,
)
from lamplighter.history.staging_sql import quoted

if TYPE_CHECKING:
    import duckdb

JOINED = "joined"


def find_repeats(database: "duckdb.DuckDBPyConnection", layout: Layout) -> None:
    """Make the table `repeats` of rows whose call is already kept from an earlier line.

    A call is kept once, from its first good row. A later row with the same id is either the same
    row again or another row of the same call, such as one for a second unit, which is set aside
    or joined, as the layout says.
    """
    other_row = JOINED if layout.joins_rows else Reason.SAME_CALL_AGAIN
    database.execute(f"""
CREATE TEMP TABLE repeats AS
WITH several AS (
    SELECT id FROM staged WHERE reason IS NULL GROUP BY id HAVING count(*) > 1
), numbered AS (
    SELECT line,
        row_number() OVER (PARTITION BY id ORDER BY line) AS row_of_call,
        row_number() OVER (PARTITION BY id, row_hash ORDER BY line) AS time_of_row
    FROM staged SEMI JOIN several USING (id) WHERE reason IS NULL
)
SELECT line, CASE WHEN time_of_row > 1 THEN '{Reason.SAME_ROW_AGAIN}'
    ELSE '{other_row}' END AS reason
FROM numbered WHERE row_of_call > 1""")


def tally_staged(database: "duckdb.DuckDBPyConnection", tally: Tally) -> None:
    """Add to the tally what the staged rows and their repeats were set aside for."""
    for reason, rows, lines in database.execute(f"""
SELECT reason, count(*), list_sort(min(line, {EXAMPLE_LINES}))
FROM (SELECT line, reason FROM staged WHERE reason IS NOT NULL
    UNION ALL SELECT line, reason FROM repeats WHERE reason <> '{JOINED}')
GROUP BY reason""").fetchall():
        tally.add_many(Reason(reason), rows, lines)


def judge_codes(database: "duckdb.DuckDBPyConnection", layout: Layout) -> None:
    """Make the table `judged`: each distinct code of the file with what the layout says of it."""
    import pyarrow as pa

    codes = database.execute(
        "SELECT DISTINCT code, suffix, disposition_code, source_code FROM settled "
        "WHERE reason IS NULL"
    ).fetchall()
    rules = [layout.rule_for(*code) for code in codes]
    judged = pa.table(
        {
            "code": pa.array([code[0] for code in codes], pa.string()),
            "suffix": pa.array([code[1] for code in codes], pa.string()),
            "disposition_code": pa.array([code[2] for code in codes], pa.string()),
            "source_code": pa.array([code[3] for code in codes], pa.string()),
            "nature": pa.array([rule.nature if rule else None for rule in rules], pa.string()),
            "started_by": pa.array(
                [rule.started_by if rule else "unknown" for rule in rules], pa.string()
            ),
            "because": pa.array([rule.because if rule else None for rule in rules], pa.string()),
        }
    )
    database.register("judged_codes", judged)
    database.execute("CREATE TEMP TABLE judged AS SELECT * FROM judged_codes")
    database.unregister("judged_codes")


def view_kept(database: "duckdb.DuckDBPyConnection") -> None:
    """Make the view `kept`: every row that is kept, with its nature and who started it."""
    database.execute("""
CREATE TEMP VIEW kept AS
SELECT * FROM (SELECT * FROM settled WHERE reason IS NULL)
ANTI JOIN repeats USING (line)
JOIN judged USING (code, suffix, disposition_code, source_code)""")


def write_kept(database: "duckdb.DuckDBPyConnection", layout: Layout, path: Path) -> None:
    """Write the kept rows in order of time, with their origin in the metadata."""
    info = HistoryInfo(
        version=SHAPE_VERSION,
        city=layout.city,
        time_zone=layout.time_zone,
        layout=layout.name,
        layout_hash=layout.content_hash,
    )
    metadata = ", ".join(
        f"{quoted(key)}: {quoted(value)}" for key, value in metadata_of(info).items()
    )
    database.execute(f"""
COPY (SELECT {", ".join((*COLUMNS, *LATER_COLUMNS))} FROM finished ORDER BY time, id)
TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})""")
