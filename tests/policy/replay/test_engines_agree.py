"""Whatever the policy and the calls, every way of deciding many of them says what `decide` says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from lamplighter.policy.replay import possible as possible_module
from lamplighter.policy.replay.bulk import Bulk, Decided
from lamplighter.policy.replay.plan import FAILURE
from lamplighter.policy.replay.possible import Possible
from tests.policy.replay.columns import (
    FAILS,
    NOT_ASKED,
    Calls,
    at_the_end,
    calls,
    still_possible,
)

thorough = settings(max_examples=150, deadline=None)


def told(bulk: Bulk, decided: Decided, row: int) -> tuple[object, tuple[str, ...]]:
    """What bulk says about a call, in the words of `at_the_end`."""
    number = int(decided.outcomes[row])
    if number < 0:
        return NOT_ASKED, ()
    if number == FAILURE:
        return FAILS, ()
    hits = tuple(
        table.rules[rules[row]].id
        for table, rules in zip(bulk.policy.tables, decided.rules, strict=True)
    )
    return tuple(bulk.outcomes[number].values()), hits


def sets_of(one: Calls, found: Possible) -> list[set[object]]:
    sets, _ = found.of(one.columns, one.rows)
    outcomes = found.bulk.outcomes
    return [
        {tuple(outcomes[n].values()) if n else FAILS for n in found.sets[place]} for place in sets
    ]


@thorough
@given(calls())
def test_bitsets_decide_as_one_call_is_decided(one: Calls) -> None:
    bulk = Bulk(one.made.policy)
    decided = bulk.decide(one.columns, one.rows)
    for row in range(one.rows):
        assert told(bulk, decided, row) == at_the_end(one.made.policy, one.facts(row))


@thorough
@given(calls())
def test_sets_from_the_cube_are_what_is_possible(one: Calls) -> None:
    found = Possible(Bulk(one.made.policy), list(one.columns), one.rows)
    for row, named in enumerate(sets_of(one, found)):
        assert named == still_possible(one.made, one.facts(row))


@pytest.mark.parametrize("most_keys", [1 << 24, 0])
def test_sets_from_the_diagram_are_what_is_possible(
    most_keys: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a table of all combinations, and with none because they are too many."""
    monkeypatch.setattr(possible_module, "_SMALL", 0)
    monkeypatch.setattr(possible_module, "_MOST_KEYS", most_keys)

    @thorough
    @given(calls())
    def holds(one: Calls) -> None:
        found = Possible(Bulk(one.made.policy), list(one.columns), calls=0)
        for row, named in enumerate(sets_of(one, found)):
            assert named == still_possible(one.made, one.facts(row))

    holds()
