"""Calls of random policies as columns, and what `decide` says about them one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from lamplighter.policy import (
    Decision,
    DecisionError,
    Fact,
    FactError,
    Open,
    Policy,
    Result,
    decide,
)
from lamplighter.policy.replay.facts import Column
from tests.policy.random_policies import RefPolicy, policies

FAILS = ("fails",)
NOT_ASKED = ("an input that must be known was not asked",)

Outcome = tuple[Result, ...]


@dataclass(frozen=True)
class Calls:
    """Calls as columns; an input without a column was asked in none of them."""

    made: RefPolicy
    columns: dict[str, Column]
    rows: int

    def facts(self, row: int) -> dict[str, Fact]:
        facts = {name: column.values[column.codes[row]] for name, column in self.columns.items()}
        return {name: fact for name, fact in facts.items() if fact is not None}

    def times(self, count: int) -> Calls:
        """The same calls so many times."""
        columns = {
            name: Column(np.tile(column.codes, count), column.values)
            for name, column in self.columns.items()
        }
        return Calls(self.made, columns, self.rows * count)


@st.composite
def calls(draw: st.DrawFn) -> Calls:
    made = draw(policies())
    rows = draw(st.integers(1, 12))
    columns: dict[str, Column] = {}
    for one in made.inputs:
        if draw(st.integers(0, 3)) == 0:
            continue
        values: list[Fact | None] = list(draw(st.permutations(one.answers)))
        if draw(st.booleans()):
            values.append(None)
        codes = draw(st.lists(st.integers(0, len(values) - 1), min_size=rows, max_size=rows))
        kind = draw(st.sampled_from([np.uint8, np.int8, np.int32, np.int64]))
        columns[one.name] = Column(np.array(codes, kind), tuple(values))
    return Calls(made, columns, rows)


def at_the_end(policy: Policy, facts: dict[str, Fact]) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome and the rules that hit once the questions are over."""
    try:
        decision = decide(policy, facts, final=True)
    except FactError:
        return NOT_ASKED, ()
    except DecisionError:
        return FAILS, ()
    assert isinstance(decision, Decision)
    return tuple(decision.outcome.values()), tuple(hit.rule for hit in decision.hits)


def still_possible(made: RefPolicy, facts: dict[str, Fact]) -> set[Outcome]:
    """The outcomes that some answers lead to, a failure among them."""
    try:
        answer = decide(made.policy, facts)
    except DecisionError:
        return {FAILS}
    if isinstance(answer, Decision):
        return {tuple(answer.outcome.values())}
    assert isinstance(answer, Open)
    found: set[Outcome] = {tuple(outcome.values()) for outcome in answer.possible}
    # `Open` does not say whether some answers lead to a failure; trying all of them does.
    return found | ({FAILS} if None in made.possible(facts) else set())
