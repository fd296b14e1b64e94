"""Who answers which call, as examples."""

from __future__ import annotations

import pytest

from lamplighter.policy import Decision, Policy, decide
from tests.policies.calls import CALLS, Call


@pytest.mark.parametrize("example", CALLS, ids=lambda example: example.story)
def test_who_answers(policy: Policy, example: Call) -> None:
    decision = decide(policy, example.facts, final=True)
    assert isinstance(decision, Decision)
    outcome = decision.outcome
    rules = [hit.rule for hit in decision.hits]
    answer = (outcome["responder"], outcome["risk"])
    assert answer == (example.responder, example.risk), rules
    if example.backup is not None:
        assert outcome["backup"] == example.backup, rules
    if example.handover is not None:
        assert outcome["handover"] == example.handover, rules


def test_every_nature_has_an_example(policy: Policy) -> None:
    natures = {choice.value for choice in policy.inputs["nature"].values}
    assert {example.nature for example in CALLS} == natures


def test_every_kind_of_answer_has_an_example(policy: Policy) -> None:
    response = next(table for table in policy.tables if table.name == "response")
    declared = {choice.value for choice in response.outputs["responder"].values}
    assert {example.responder for example in CALLS} == declared
