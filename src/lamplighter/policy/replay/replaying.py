"""Replays a policy over the calls of a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.model import Policy
from lamplighter.policy.replay.bulk import FAILURE, Bulk, Decided
from lamplighter.policy.replay.ends import Ends, ends_of, occurring
from lamplighter.policy.replay.facts import DIMENSIONS, Batch, Facts
from lamplighter.policy.replay.mapping import FactMapping, mapping_for
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.questions import open_questions
from lamplighter.policy.replay.result import (
    OutputBounds,
    Replay,
    ReplayError,
    RuleCount,
)
from lamplighter.policy.replay.tally import (
    Tally,
    bounds_of,
    grouped,
    main_output,
    summed,
)
from lamplighter.policy.replay.told_sets import PossibleSets, gaps_of, seen_of
from lamplighter.policy.replay.written import OutcomeFile

EngineName: TypeAlias = Literal["bitset", "duckdb", "spark"]
Progress: TypeAlias = Callable[[int, int], None]
Array: TypeAlias = npt.NDArray[Any]

ENGINES: tuple[EngineName, ...] = ("bitset", "duckdb", "spark")


def replay(
    policy: Policy,
    history_path: str | Path,
    *,
    mapping: FactMapping | None = None,
    engine: EngineName = "bitset",
    output: str | Path | None = None,
    progress: Progress | None = None,
) -> Replay:
    """Replay a policy over a history: what it would do with each call, as far as can be known.

    The facts are those that `mapping` finds in the history (see `mapping_for` for the one that is
    used when none is given); what it does not tell was not asked, and each answer stays possible.
    All engines give the same result: `bitset` in this process, `duckdb` and `spark` as SQL.
    With `output` a Parquet file gets a row for each call. `progress` is called with the calls
    done and the calls in all.

    Raises `HistoryError` where the history cannot be used, and `ReplayError` where the engine is
    not installed or the output cannot be written.
    """
    mapping = mapping or mapping_for(policy)
    facts = Facts(policy, history_path, mapping)
    if output and Path(output).exists() and Path(output).samefile(history_path):
        raise ReplayError(f"{output} is the history itself: write the outcomes to another file.")
    tally = Tally()
    rules: list[Counter[int]] = [Counter() for _ in policy.tables]
    done = 0
    # The first calls are read while the policy is laid out, and the last ones are written while
    # all are summed up.
    with facts.begun() as batches:
        bulk = Bulk(policy)
        possible = Possible(bulk, told(mapping))
        run = _runner(engine, bulk, possible)
        with (
            OutcomeFile(Path(output), facts, possible, engine) if output else nullcontext() as file
        ):
            for batch in batches:
                decided, ends, calls = run(batch)
                if file is not None:
                    file.write(batch, decided, calls, ends)
                tally.add(ends, batch.dimensions)
                for own, hits in zip(rules, decided.hits_of, strict=True):
                    own.update(summed(hits, calls))
                done += batch.rows
                if progress:
                    progress(done + sum(facts.left_out.values()), facts.rows)
            return summary_of(facts, possible, tally, rules, engine, output)


def told(mapping: FactMapping) -> tuple[str, ...]:
    """The inputs that a mapping gives facts of."""
    return tuple(dict.fromkeys([*mapping.inputs, *(one.input for one in mapping.implied)]))


def _runner(
    engine: EngineName, bulk: Bulk, possible: Possible
) -> Callable[[Batch], tuple[Decided, Ends, Array]]:
    """What decides a batch: what is decided, what is possible, the calls of each kind decided."""
    if engine == "bitset":

        def run(batch: Batch) -> tuple[Decided, Ends, Array]:
            decided = bulk.decide(batch.columns, batch.rows)
            return decided, *ends_of(possible, batch, decided)

        return run
    if engine not in ENGINES:
        raise ReplayError(f"there is no engine {engine}: use one of {', '.join(ENGINES)}.")
    from lamplighter.policy.replay.sql import SqlEngine

    sql = SqlEngine(engine, bulk, possible)

    def run_there(batch: Batch) -> tuple[Decided, Ends, Array]:
        decided, _, residues = sql.run(batch)
        calls, _ = occurring(decided.kinds, len(decided.outcome_of))
        return decided, Ends.by_residue(possible, residues), calls

    return run_there


def summary_of(
    facts: Facts,
    possible: Possible,
    tally: Tally,
    rules: list[Counter[int]],
    engine: EngineName,
    output: str | Path | None,
) -> Replay:
    """What was tallied while a history went by; `rules` has how often which rules hit."""
    policy = facts.policy
    main = main_output(policy)
    # Working out the questions may find sets that no call has.
    sets, (places, calls) = possible.sets.listing, tally.sets.told()
    gaps = gaps_of(possible)
    seen = seen_of(possible, places)
    several = sets.counts > 1
    fails = np.zeros(len(sets), bool)
    fails[sets.of_each(np.arange(len(sets)))[sets.members == FAILURE]] = True
    unsure = np.zeros(len(sets), bool)
    unsure[list(possible.unsure)] = True

    def calls_of(wanted: Array) -> int:
        return int(calls[wanted[places]].sum())

    return Replay(
        policy=policy.name,
        version=policy.version,
        content_hash=policy.content_hash,
        history=facts.path.name,
        city=facts.info.city,
        engine=engine,
        calls=tally.calls,
        decided=calls_of(~several & ~fails),
        opened=calls_of(several),
        failed=calls_of(~several & fails),
        may_fail=calls_of(several & fails),
        unsure=calls_of(unsure),
        left_out=MappingProxyType(dict(facts.left_out)),
        not_understood=MappingProxyType(
            {
                name: MappingProxyType(dict(words.most_common()))
                for name, words in facts.not_understood.items()
            }
        ),
        inputs=told(facts.mapping),
        main_output=main,
        outputs=tuple(
            OutputBounds(name, bounds_of(tally.sets, seen[name]))
            for name in sorted(policy.outcome, key=lambda name: name != main)
        ),
        by=MappingProxyType(
            {
                name: grouped(name, facts.labels[name], tally, seen[main], ~several & ~fails)
                for name in DIMENSIONS
            }
        ),
        sets=PossibleSets(possible, sets, places, calls),
        rules=tuple(_rules(possible.bulk, rules)),
        questions=open_questions(possible, *tally.residues.told(), gaps),
        output=None if output is None else str(output),
    )


def _rules(bulk: Bulk, hits: list[Counter[int]]) -> Iterator[RuleCount]:
    """How often each rule hits; `hits[t]` counts the places in `Bulk.hits[t]`."""
    for place, table in enumerate(bulk.policy.tables):
        calls: Counter[str] = Counter()
        for number, count in hits[place].items():
            for rule in bulk.hits[place][number] if number >= 0 else ():
                calls[rule] += count
        yield from (RuleCount(table.name, rule.id, calls[rule.id]) for rule in table.rules)
