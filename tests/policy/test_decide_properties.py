"""Whatever the policy and the facts, `decide` says what trying everything says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import (
    UNKNOWN,
    Decision,
    DecisionError,
    Fact,
    FactError,
    Open,
    decide,
)
from tests.policy.random_policies import RefPolicy, policies_and_facts

Case = tuple[RefPolicy, dict[str, Fact]]

thorough = settings(max_examples=150, deadline=None)


def missing(made: RefPolicy, facts: dict[str, Fact]) -> set[str]:
    """The inputs that must be known and are not."""
    return {one.name for one in made.inputs if one.always_known} - set(facts)


def answer_or_none(made: RefPolicy, facts: dict[str, Fact]) -> Decision | Open | None:
    try:
        return decide(made.policy, facts)
    except DecisionError:
        return None


@thorough
@given(policies_and_facts())
def test_open_names_exactly_the_outcomes_that_are_possible(case: Case) -> None:
    made, facts = case
    possible = made.possible(facts)
    answer = answer_or_none(made, facts)
    if answer is None:
        assert possible == {None}
    elif isinstance(answer, Decision):
        assert possible == {tuple(answer.outcome.values())}
        assert not missing(made, facts)
    else:
        named = [tuple(outcome.values()) for outcome in answer.possible]
        assert len(named) == len(set(named))
        assert set(named) == possible - {None}
        assert len(possible) > 1 or missing(made, facts)


@thorough
@given(policies_and_facts())
def test_can_matter_is_exactly_what_can_change_the_outcome_or_must_be_known(case: Case) -> None:
    made, facts = case
    answer = answer_or_none(made, facts)
    if isinstance(answer, Open):
        needed = set(made.can_matter(facts)) | missing(made, facts)
        assert answer.can_matter == tuple(one.name for one in made.inputs if one.name in needed)
        asked = [one.name for one in made.inputs if one.name in needed and one.asked]
        assert answer.ask == (asked or answer.can_matter)[0]
    else:
        assert made.can_matter(facts) == ()


@thorough
@given(policies_and_facts())
def test_final_is_never_open_and_takes_what_is_absent_as_unknown(case: Case) -> None:
    made, facts = case
    if missing(made, facts):
        with pytest.raises(FactError):
            decide(made.policy, facts, final=True)
        return
    complete: dict[str, Fact] = {one.name: facts.get(one.name, UNKNOWN) for one in made.inputs}
    expected = made.run(complete)
    if expected is None:
        with pytest.raises(DecisionError):
            decide(made.policy, facts, final=True)
        return
    decision = decide(made.policy, facts, final=True)
    assert isinstance(decision, Decision)
    outputs, hits = expected
    assert dict(decision.outcome) == {name: outputs[name] for name in made.outcome}
    assert [hit.rule for hit in decision.hits] == hits
    for hit in decision.hits:
        table = next(table for table in made.tables if table.name == hit.table)
        if table.gathers:
            assert all(value in outputs[name] for name, value in hit.outputs.items())
        elif not table.hit.startswith("collect"):
            assert all(value == outputs[name] for name, value in hit.outputs.items())


@thorough
@given(policies_and_facts())
def test_a_decision_before_the_end_is_the_decision_at_the_end(case: Case) -> None:
    made, facts = case
    answer = answer_or_none(made, facts)
    if isinstance(answer, Decision):
        assert answer == decide(made.policy, facts, final=True)


@thorough
@given(policies_and_facts(), st.data())
def test_answering_a_question_never_adds_a_possible_outcome(
    case: Case, data: st.DataObject
) -> None:
    made, facts = case
    before = answer_or_none(made, facts)
    if not isinstance(before, Open):
        return
    one = next(one for one in made.inputs if one.name == before.ask)
    after = answer_or_none(made, {**facts, one.name: data.draw(st.sampled_from(one.answers))})
    still = {tuple(outcome.values()) for outcome in before.possible}
    if isinstance(after, Decision):
        assert tuple(after.outcome.values()) in still
    elif isinstance(after, Open):
        assert {tuple(outcome.values()) for outcome in after.possible} <= still
        assert before.ask not in after.can_matter


@thorough
@given(policies_and_facts())
def test_the_facts_used_are_enough_for_the_same_rules_to_hit(case: Case) -> None:
    made, facts = case
    needed = {one.name: one.values[0] for one in made.inputs if one.name in missing(made, facts)}
    facts = {**facts, **needed}
    try:
        decision = decide(made.policy, facts, final=True)
    except DecisionError:
        return
    assert isinstance(decision, Decision)
    used = {name: facts.get(name, UNKNOWN) for name in decision.used}
    rules = [hit.rule for hit in decision.hits]
    for complete in made.completions(used):
        found = made.run(complete)
        assert found is not None
        assert found[1] == rules
    assert decision.unknown == tuple(name for name in decision.used if used[name] is UNKNOWN)


@thorough
@given(policies_and_facts())
def test_a_decision_survives_being_stored(case: Case) -> None:
    made, facts = case
    answer = answer_or_none(made, facts)
    if isinstance(answer, Decision):
        assert Decision.from_dict(answer.to_dict()) == answer
