"""Whatever the policy and the calls, every way of deciding many of them says what `decide` says."""

from __future__ import annotations

from typing import Literal

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings

from lamplighter.policy import UNKNOWN, FactError, Policy
from lamplighter.policy.replay import kinds, truth
from lamplighter.policy.replay.bulk import FAILURE, Bulk, Decided
from lamplighter.policy.replay.expressions import with_decisions
from lamplighter.policy.replay.facts import Batch
from lamplighter.policy.replay.parts import Ids
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.sql import SqlEngine
from tests.policy.replay.columns import (
    FAILS,
    NOT_ASKED,
    Calls,
    at_the_end,
    calls,
    still_possible,
)
from tests.support.spark import what_is_missing

thorough = settings(max_examples=150, deadline=None)


def told(bulk: Bulk, decided: Decided, row: int) -> tuple[object, tuple[str, ...]]:
    """What bulk says about a call, in the words of `at_the_end`."""
    number = int(decided.outcomes[row])
    if number < 0:
        return NOT_ASKED, ()
    if number == FAILURE:
        return FAILS, ()
    hits = tuple(
        rule
        for names, hits in zip(bulk.hits, decided.hits, strict=True)
        for rule in names[hits[row]]
    )
    return tuple(bulk.outcomes[number].values()), hits


def sets_of(one: Calls, found: Possible) -> list[set[object]]:
    sets = found.sets_of(one.columns, one.rows)
    return [{_told(found, number) for number in found.sets[place]} for place in sets]


def _told(found: Possible, number: int) -> object:
    return tuple(found.bulk.outcomes[number].values()) if number else FAILS


@thorough
@given(calls())
def test_bitsets_decide_as_one_call_is_decided(one: Calls) -> None:
    bulk = Bulk(one.made.policy)
    decided = bulk.decide(one.columns, one.rows)
    for row in range(one.rows):
        assert told(bulk, decided, row) == at_the_end(one.made.policy, one.facts(row))


@settings(max_examples=60, deadline=None)
@given(calls())
def test_rules_with_too_many_combinations_to_be_listed_decide_alike(one: Calls) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "_MOST_LISTED", 0)
        bulk = Bulk(one.made.policy)
        decided = bulk.decide(one.columns, one.rows)
    for row in range(one.rows):
        assert told(bulk, decided, row) == at_the_end(one.made.policy, one.facts(row))


@settings(max_examples=80, deadline=None)
@given(calls())
def test_calls_that_come_again_and_again_are_decided_alike(one: Calls) -> None:
    """Of so many calls each combination is decided once, and looked up from then on."""
    bulk = Bulk(one.made.policy)
    many = one.times(600)
    found = Possible(bulk, many.columns)
    decided = bulk.decide(many.columns, many.rows)
    residues = found.residues_of(many.columns, many.rows, decided)
    sets = found.sets_of(many.columns, many.rows, decided)
    for row in range(one.rows):
        facts = one.facts(row)
        assert told(bulk, decided, row) == at_the_end(one.made.policy, facts)
        assert {_told(found, n) for n in found.sets[sets[row]]} == still_possible(one.made, facts)
        assert found.residues[residues[row]].found == sets[row]
    for array in (decided.outcomes, *decided.hits, sets, residues):
        assert (array.reshape(600, one.rows) == array[: one.rows]).all()


@thorough
@given(calls())
def test_sets_are_what_is_possible(one: Calls) -> None:
    are_what_is_possible(one)


def are_what_is_possible(one: Calls) -> None:
    found = Possible(Bulk(one.made.policy), one.columns)
    for row, named in enumerate(sets_of(one, found)):
        assert named == still_possible(one.made, one.facts(row))


@settings(max_examples=80, deadline=None)
@given(calls())
def test_what_is_searched_for_is_what_is_possible(one: Calls) -> None:
    """As it is where there are too many answers to look at all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(truth, "_MOST_ROOM", 0)
        are_what_is_possible(one)


@thorough
@given(calls())
def test_what_is_asked_of_many_calls_is_what_is_asked_of_each(one: Calls) -> None:
    bulk = Bulk(one.made.policy)
    found = Possible(bulk, one.columns)
    asked = np.full((len(bulk.compiled.axes), one.rows), -1)
    for name, column in one.columns.items():
        asked[bulk.positions[name]] = np.array(bulk.classes(name, column.values))[column.codes]
    sets, matter = found.ask_all(asked), found.all_that_can_matter(asked)
    for row, codes in enumerate(asked.T.tolist()):
        known = sum(1 << place for place, code in enumerate(codes) if code >= 0)
        assert sets[row] == found.ask(codes, known)
        bits = found.can_matter(codes, known)
        assert matter[:, row].tolist() == [bool(bits >> p & 1) for p in range(len(codes))]


@settings(max_examples=40, deadline=None)
@given(calls())
def test_duckdb_decides_as_one_call_is_decided(one: Calls) -> None:
    agrees("duckdb", one)


def agrees(engine: Literal["duckdb", "spark"], one: Calls) -> None:
    bulk = Bulk(one.made.policy)
    found = Possible(bulk, one.columns)
    ids = pa.array([str(row) for row in range(one.rows)])
    decided, sets, residues = SqlEngine(engine, bulk, found).run(
        Batch(one.rows, Ids(lambda: ids), one.columns, {})
    )
    named = sets_of(one, found)
    assert residues.tolist() == found.residues_of(one.columns, one.rows).tolist()
    for row in range(one.rows):
        assert told(bulk, decided, row) == at_the_end(one.made.policy, one.facts(row))
        assert {_told(found, n) for n in found.sets[sets[row]]} == named[row]


@settings(max_examples=40, deadline=None)
@given(calls())
def test_duckdb_adds_rules_and_outputs_to_a_table_of_calls(one: Calls) -> None:
    added_agrees(ibis.memtable(as_table(one)), one)


def as_table(one: Calls) -> pa.Table:
    """The calls as somebody would have them: a column of values for each input."""
    kinds = {"boolean": pa.bool_(), "choice": pa.string(), "number": pa.float64()}
    columns = {"call": pa.array(range(one.rows))}
    for declared in one.made.inputs:
        if declared.name in one.columns:
            said = [one.facts(row).get(declared.name) for row in range(one.rows)]
            values = [None if fact is UNKNOWN else fact for fact in said]
            columns[declared.name] = pa.array(values, kinds[declared.kind])
            columns[f"unknown_{declared.name}"] = pa.array([fact is UNKNOWN for fact in said])
    return pa.table(columns)


def added_agrees(table: ibis.Table, one: Calls) -> None:
    policy = one.made.policy
    found = with_decisions(policy, table).order_by("call").to_pyarrow().to_pylist()
    for row, added in enumerate(found):
        outcome, hits = at_the_end(policy, one.facts(row))
        rules = [added[f"rule_{table.name}"] for table in policy.tables]
        if outcome in (FAILS, NOT_ASKED):
            assert rules == [None] * len(rules)
            assert all(added[name] is None for name in policy.outcome)
        else:
            given = [added[name] for name in policy.outcome]
            assert tuple(tuple(v) if isinstance(v, list) else v for v in given) == outcome
            assert tuple(rule for told in rules for rule in told.split(", ") if rule) == hits


def test_a_column_of_texts_in_place_of_numbers_is_one_sentence(small: Policy) -> None:
    table = ibis.memtable({"nature": ["noise"], "hour": ["3"]})
    with pytest.raises(FactError) as caught:
        with_decisions(small, table)
    assert str(caught.value) == "the column hour is of type string; give numbers for hour."


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(what_is_missing() is not None, reason=str(what_is_missing()))
def test_spark_decides_as_one_call_is_decided() -> None:
    """In one session, with a few policies: each asks Spark to compile its rules anew."""

    @settings(max_examples=6, deadline=None, phases=[Phase.generate], derandomize=True)
    @given(calls())
    def holds(one: Calls) -> None:
        agrees("spark", one)

    holds()
