"""Counts the calls of histories by all that a policy and rates look at, in DuckDB or on Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from lamplighter.history import HistoryError, HistoryInfo, open_history
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.mapping import FactMapping, mapping_for
from lamplighter.policy.replay.sql import connected
from lamplighter.rehearsal.scale.local_hours import differences, hour_of_week, local_seconds

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    Table: TypeAlias = ibis.Table

_INCIDENT = "incident"
_FIRST = "_first"
_QUARTER = 900


@dataclass(frozen=True, slots=True)
class Counted:
    """The calls of a history, counted.

    groups: Arrow table, a row for each combination of what is looked at: the columns of the
        history that the mapping reads, `nature`, `area`, `hour_of_week`; `time`, one of its calls;
        `calls`; `incidents`, those that are the first call of their incident, or of none
    quarters: Arrow table, `quarter` of an hour since the epoch and its `calls`, of those with a
        nature
    rows: calls of the history; left_out: those that the mapping leaves out, by who started them
    """

    mapping: FactMapping
    info: HistoryInfo
    name: str
    rows: int
    left_out: Mapping[str, int]
    groups: pa.Table
    quarters: pa.Table


def count_calls(
    history: str | Path,
    policy: Policy,
    *,
    mapping: FactMapping | None = None,
    engine: Literal["duckdb", "spark"] = "duckdb",
) -> Counted:
    """Count the calls of a history by all that the policy and rates look at.

    The history is a Parquet file as `read_history` writes it, or a folder of such files, all of
    one time zone: cities in different zones are counted apart. The engine reads it twice, and
    gives back a row for each combination that occurs, however many calls there are.

    Raises `HistoryError` where a file is no history, or the time zones differ, and `ReplayError`
    where Spark is not installed or finds no Java.
    """
    mapping = mapping or mapping_for(policy)
    path = Path(history)
    info = _info(path)
    connection = connected(engine)
    calls = connection.read_parquet(str(path / "*.parquet" if path.is_dir() else path))
    calls = _with_hours(connection, _with_first(calls, mapping), ZoneInfo(info.time_zone))
    keys = [name for name in mapping.columns() if name != "time"]
    keys = [*dict.fromkeys([*keys, "nature", "area", "hour_of_week"])]
    if "local month" in mapping.named():
        keys.append("month")
    groups = _fetched(connection, _grouped(calls, mapping, keys))
    quarters = _fetched(connection, _by_quarter(calls, mapping))
    left_out, groups = _left_out(groups)
    return Counted(
        mapping,
        info,
        path.name,
        sum(left_out.values()) + int(groups.column("calls").to_numpy().sum()),
        MappingProxyType(left_out),
        groups,
        quarters,
    )


def _fetched(connection: Any, table: Table) -> pa.Table:
    """What the engine finds, as columns: of Spark without pandas on the way, which takes longer."""
    if connection.name != "pyspark":
        return connection.to_pyarrow(table)
    return connection.raw_sql(connection.compile(table)).toArrow()


def _info(path: Path) -> HistoryInfo:
    """Where a history comes from; of a folder, its first file."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise HistoryError(f"{path} has no Parquet file: give a folder of histories.")
    infos = [open_history(file).info for file in files]
    for file, info in zip(files, infos, strict=True):
        if info.time_zone != infos[0].time_zone:
            raise HistoryError(
                f"{file} is in the time zone {info.time_zone} and {files[0]} in "
                f"{infos[0].time_zone}: count them apart."
            )
    return infos[0]


def _with_first(calls: Table, mapping: FactMapping) -> Table:
    """Whether a call is of no incident, or the first of it whose nature is told."""
    import ibis

    if _INCIDENT not in calls.columns:
        return calls.mutate(**{_FIRST: ibis.literal(True)})
    # Only calls that share an incident are put in order: most calls are of none.
    shares = calls[_INCIDENT].notnull() & calls.nature.notnull() & ~_is_out(calls, mapping)
    alone = calls.filter(~shares).mutate(**{_FIRST: ibis.literal(True)})
    linked = calls.filter(shares)
    number = ibis.row_number().over(group_by=linked[_INCIDENT], order_by=[linked.time, linked.id])
    return alone.union(linked.mutate(**{_FIRST: number == 0}))


def _with_hours(connection: Any, calls: Table, zone: ZoneInfo) -> Table:
    """Adds the second, the local hour of the week and the month of each call."""
    seconds = calls.time.truncate("s").epoch_seconds()
    calls = calls.mutate(_second=seconds.cast("int64"))
    both = calls.aggregate(first=calls["_second"].min(), last=calls["_second"].max())
    ends = _fetched(connection, both).to_pylist()[0]
    first, last = (datetime.fromtimestamp(ends[key] or 0, UTC) for key in ("first", "last"))
    calls = calls.mutate(_local=local_seconds(calls["_second"], differences(zone, first, last)))
    return calls.mutate(
        hour_of_week=hour_of_week(calls["_local"]),
        month=calls["_local"].as_timestamp("s").month().cast("int32"),
    )


def _is_out(calls: Table, mapping: FactMapping) -> Any:
    import ibis

    if not mapping.leave_out:
        return ibis.literal(False)
    return calls.started_by.isin(mapping.leave_out).fill_null(False)


def _grouped(calls: Table, mapping: FactMapping, keys: Sequence[str]) -> Table:
    """Calls by the keys; those that are left out by who started them alone."""
    import ibis

    out = _is_out(calls, mapping)
    named = {name: out.ifelse(ibis.null(), calls[name]) for name in keys}
    table = calls.select(
        **named,
        _out=out.ifelse(calls.started_by, ibis.null()),
        time=calls.time,
        _first=calls._first,
    )
    return table.group_by([*keys, "_out"]).aggregate(
        time=table.time.min(), calls=table.count(), incidents=table["_first"].sum()
    )


def _by_quarter(calls: Table, mapping: FactMapping) -> Table:
    asked = calls.filter(~_is_out(calls, mapping) & calls.nature.notnull() & calls[_FIRST])
    asked = asked.mutate(quarter=asked["_second"] // _QUARTER)
    return asked.group_by("quarter").aggregate(calls=asked.count())


def _left_out(groups: pa.Table) -> tuple[dict[str, int], pa.Table]:
    from pyarrow import compute

    out = compute.is_valid(groups.column("_out"))
    gone = groups.filter(out)
    left_out = dict(
        zip(gone.column("_out").to_pylist(), gone.column("calls").to_pylist(), strict=True)
    )
    return left_out, groups.filter(compute.invert(out)).drop_columns(["_out"])
