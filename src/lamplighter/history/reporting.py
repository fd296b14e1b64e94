"""Count the kept rows for the quality report."""

# ruff: noqa: S608 - nothing enters the SQL but our own names

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.formats import CallRecords
from lamplighter.history.layout import Layout
from lamplighter.history.records import Reason, Tally
from lamplighter.history.report import Coordinates, Mapped, Report, SetAside, Unmapped

if TYPE_CHECKING:
    import duckdb

TOP_UNMAPPED = 10
LONGEST_NATURE = 60

COUNTS = """
SELECT count(*) AS kept,
    count(nature) AS mapped,
    count(*) FILTER (started_by = 'public' OR because IS NULL) AS asked,
    count(nature) FILTER (started_by = 'public' OR because IS NULL) AS asked_mapped,
    count(*) FILTER (started_by <> 'officer') AS others,
    count(nature) FILTER (started_by <> 'officer') AS others_mapped,
    count(*) FILTER (started_by = 'public') AS public,
    count(*) FILTER (started_by = 'officer') AS officers,
    count(*) FILTER (started_by = 'unknown') AS unknown,
    count(*) FILTER (nature = 'information_or_other') AS other_nature,
    count(*) FILTER (coordinates = 'good') AS good,
    count(*) FILTER (coordinates = 'missing') AS missing,
    count(*) FILTER (coordinates = 'out_of_bounds') AS out_of_bounds,
    count(*) FILTER (coordinates = 'unreadable') AS unreadable,
    count(*) FILTER (id_is_made) AS ids_made,
    coalesce(sum(bad_times), 0)::BIGINT AS bad_times,
    epoch_us(min(time)) AS first,
    epoch_us(max(time)) AS last
FROM kept
"""

UNMAPPED = f"""
SELECT left(nature_as_written, {LONGEST_NATURE}), count(*), any_value(because)
FROM kept WHERE nature IS NULL AND started_by <> 'officer'
GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {TOP_UNMAPPED}
"""


def report_on(
    database: "duckdb.DuckDBPyConnection",
    path: Path,
    records: CallRecords,
    layout: Layout,
    tally: Tally,
    rows_read: int,
    output: Path,
) -> Report:
    """Return the quality report of a file whose rows are settled."""
    counted = database.execute(COUNTS)
    names = [column[0] for column in counted.description or ()]
    values = counted.fetchone() or ()
    count = dict(zip(names, values, strict=True))
    return Report(
        file=path.name,
        output=output.name,
        layout=layout.name,
        layout_hash=layout.content_hash,
        city=layout.city,
        rows_read=rows_read,
        rows_kept=count["kept"],
        set_aside=tuple(
            SetAside(reason, tally.rows[reason], tuple(tally.lines[reason]))
            for reason in Reason
            if reason in tally.rows
        ),
        all_rows=Mapped(count["kept"], count["mapped"]),
        by_public=Mapped(count["asked"], count["asked_mapped"]),
        not_by_officers=Mapped(count["others"], count["others_mapped"]),
        rows_by_public=count["public"],
        rows_by_officers=count["officers"],
        rows_by_unknown=count["unknown"],
        information_or_other=count["other_nature"],
        unmapped=tuple(Unmapped(*row) for row in database.execute(UNMAPPED).fetchall()),
        coordinates=Coordinates(
            good=count["good"],
            missing=count["missing"],
            out_of_bounds=count["out_of_bounds"],
            unreadable=count["unreadable"],
        ),
        first=_moment(count["first"]),
        last=_moment(count["last"]),
        ids_made=count["ids_made"],
        bad_times=count["bad_times"],
        lines_recoded=records.recoded,
        lines_undecodable=records.undecodable,
        cut_short=records.cut_short,
    )


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
