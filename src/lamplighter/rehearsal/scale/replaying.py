"""Replays a policy over counted calls: the result of `replay`, each combination decided once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lamplighter.history.shape import COLUMNS, metadata_of
from lamplighter.policy.domains import format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.facts import Facts
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.replaying import summary_of, told
from lamplighter.policy.replay.result import Replay
from lamplighter.policy.replay.tally import Tally
from lamplighter.rehearsal.scale.counting import Counted

if TYPE_CHECKING:
    import pyarrow as pa

Array = npt.NDArray[Any]

_TIMES = ("time", "dispatched_at", "arrived_at", "cleared_at")


def replay_at_scale(policy: Policy, counted: Counted) -> Replay:
    """What `replay` says of all calls of the histories that were counted for this policy.

    Each combination is a call of a small history, which is read with the same mapping, and
    decided in this process.
    """
    with TemporaryDirectory(prefix="lamplighter-scale-") as folder:
        path = Path(folder) / "groups.parquet"
        _write(counted, path)
        facts = Facts(policy, path, counted.mapping)
        possible = Possible(Bulk(policy), told(counted.mapping))
        calls = counted.groups.column("calls").to_numpy()
        tally, rules = _tallied(facts, possible, calls)
        found = summary_of(facts, possible, tally, rules, "bitset", None)
    words = dict(_not_understood(facts, counted.groups))
    return replace(
        found,
        history=counted.name,
        left_out=counted.left_out,
        not_understood=MappingProxyType(words),
    )


def _write(counted: Counted, path: Path) -> None:
    """The groups as a history; what was not looked at is empty."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    groups = counted.groups
    columns: dict[str, pa.Array] = {}
    for name in dict.fromkeys([*COLUMNS, *counted.mapping.columns()]):
        kind = pa.timestamp("us", "UTC") if name in _TIMES else pa.string()
        if name in groups.column_names:
            column = groups.column(name)
            columns[name] = column.cast(kind) if name in _TIMES else column
        else:
            kind = pa.float64() if name in ("latitude", "longitude") else kind
            columns[name] = pa.nulls(groups.num_rows, kind)
    columns["id"] = pa.array([str(number) for number in range(groups.num_rows)], pa.string())
    table = pa.table(columns).replace_schema_metadata(metadata_of(counted.info))
    parquet.write_table(table, path)


def _tallied(facts: Facts, possible: Possible, calls: Array) -> tuple[Tally, list[Counter[int]]]:
    """The tally of a replay in which each row stands for so many calls."""
    tally = Tally()
    rules: list[Counter[int]] = [Counter() for _ in facts.policy.tables]
    done = 0
    for batch in facts:
        weights = calls[done : done + batch.rows]
        done += batch.rows
        decided = possible.bulk.decide(batch.columns, batch.rows)
        residues = possible.residues_of(batch.columns, batch.rows)
        sets = possible.residues.sets[residues]
        tally.calls += int(weights.sum())
        tally.sets.add(*_weighed(sets, weights))
        tally.residues.add(*_weighed(residues, weights))
        for name, codes in batch.dimensions.items():
            tally.add_labelled(name, codes.each(), sets, weights)
        for own, hits in zip(rules, decided.hits, strict=True):
            numbers, some = _weighed(hits, weights)
            own.update(dict(zip(numbers.tolist(), some.tolist(), strict=True)))
    return tally, rules


def _weighed(numbers: Array, weights: Array) -> tuple[Array, Array]:
    """The numbers that occur, and how many calls have each; none is less than -1.

    Calls are counted up to 2**53.
    """
    sums = np.bincount(numbers.astype(np.int64) + 1, weights)
    found = np.flatnonzero(sums)
    return found - 1, sums[found].astype(np.int64)


def _not_understood(facts: Facts, groups: pa.Table) -> Iterator[tuple[str, Mapping[str, int]]]:
    """The words that are no value of their input, each with its calls."""
    for name, words in facts.not_understood.items():
        column = facts.mapping.inputs[name].column
        calls: Counter[str] = Counter()
        if column in groups.column_names:
            said = groups.select([column, "calls"]).group_by(column).aggregate([("calls", "sum")])
            for row in said.to_pylist():
                word = row[column]
                shown = str(word) if str(word) in words else format_value(word or "")
                if shown in words:
                    calls[shown] += row["calls_sum"]
        yield name, MappingProxyType(dict(calls.most_common()))
