"""The promises of the policy hold for many thousands of calls, and can be seen to break."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import (
    UNKNOWN,
    Decision,
    Policy,
    decide,
    parse_policy,
    read_policy,
    shipped_policy,
)
from tests.policies.promises import broken_by, pinned

POLICY = read_policy(shipped_policy("first_response"))
PROMISES = {promise.id: promise for promise in POLICY.promises}
BROKEN = {promise.id: broken_by(promise.never) for promise in POLICY.promises}
CALLS_FOR_EACH_PROMISE = 4_000


def options(name: str) -> list[Any]:
    declared = POLICY.inputs[name]
    values = [choice.value for choice in declared.values] or [True, False]
    return values if declared.always_known else [*values, UNKNOWN]


OPTIONS = {name: options(name) for name in POLICY.inputs}


def answer(policy: Policy, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, the risk and the outcome of a call whose questions are over."""
    decision = decide(policy, facts, final=True)
    assert isinstance(decision, Decision)
    found = {**facts, **decision.outcome}
    for hit in decision.hits:
        found.update(hit.outputs)
    return found


def calls_within(never: str, how_many: int) -> list[dict[str, Any]]:
    """Calls drawn at random among those that the promise speaks of."""
    rng = random.Random(never)
    pins = pinned(never)
    choices = {name: pins.get(name, values) for name, values in OPTIONS.items()}
    return [{name: rng.choice(values) for name, values in choices.items()} for _ in range(how_many)]


def breaking_call(policy: Policy, promise: str) -> dict[str, Any] | None:
    broken = BROKEN[promise]
    for facts in calls_within(PROMISES[promise].never, CALLS_FOR_EACH_PROMISE):
        found = answer(policy, facts)
        if broken(found):
            return found
    return None


def without(rule: str) -> Policy:
    """The policy as it ships, with one rule taken out."""
    block = re.compile(rf"      - id: {rule}\n(?:        .*\n)+\n?")
    text, taken = block.subn("", POLICY.text)
    assert taken == 1, f"{rule} is not a rule of the policy"
    return parse_policy(text)


def test_it_makes_at_least_twelve_promises() -> None:
    assert len(POLICY.promises) >= 12
    assert all(promise.source and promise.says.es for promise in POLICY.promises)


@pytest.mark.parametrize("promise", PROMISES)
def test_it_keeps_its_promise(promise: str) -> None:
    assert breaking_call(POLICY, promise) is None


@settings(max_examples=2_000, deadline=None)
@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in OPTIONS.items()}))
def test_no_call_breaks_any_promise(facts: dict[str, Any]) -> None:
    found = answer(POLICY, facts)
    assert [name for name, broken in BROKEN.items() if broken(found)] == []


@settings(max_examples=500, deadline=None)
@given(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in OPTIONS.items()}),
    st.sets(st.sampled_from([name for name in OPTIONS if name != "nature"])),
)
def test_what_was_not_asked_is_as_safe_as_what_nobody_knows(
    facts: dict[str, Any], left_out: set[str]
) -> None:
    asked = {name: value for name, value in facts.items() if name not in left_out}
    nobody_knows = {**facts, **dict.fromkeys(left_out, UNKNOWN)}
    assert decide(POLICY, asked, final=True).outcome == (
        decide(POLICY, nobody_knows, final=True).outcome
    )


@pytest.mark.parametrize(
    ("rule", "promise"),
    [
        ("police-for-weapon", "known-weapon-not-unarmed-alone"),
        ("police-for-weapon", "doubtful-weapon-not-unarmed-alone"),
        ("police-for-violence-now", "violence-now-is-stopped-first"),
        ("police-for-threat", "threat-not-unarmed-alone"),
        ("interrupters-with-police-near", "interrupters-not-alone-at-a-threat"),
        ("medics-at-a-weapon", "medics-not-alone-at-a-weapon"),
        ("medics-at-a-threat", "medics-not-alone-at-a-threat"),
        ("ambulance-for-serious-injury", "seriously-hurt-gets-medics"),
        ("police-with-ambulance", "seriously-hurt-gets-an-ambulance-behind"),
        ("ambulance-for-not-awake", "doubt-about-life-gets-medics"),
        ("ambulance-for-check-not-awake", "seen-not-awake-gets-medics"),
        ("co-response-for-suicide-plan", "suicide-plan-not-by-phone-or-unarmed"),
        ("co-response-for-suicide-plan-in-a-crisis", "suicide-plan-in-a-crisis-not-unarmed"),
        ("fire-and-rescue", "fire-goes-to-fire"),
        ("police-look-in-person", "silent-call-is-answered"),
        ("team-for-trespass", "help-without-police"),
        ("co-response-for-danger", "danger-around-not-unarmed-alone"),
        ("crime-against-things-now", "crime-under-way-not-to-a-desk"),
    ],
)
def test_a_rule_taken_out_breaks_a_promise(rule: str, promise: str) -> None:
    assert breaking_call(without(rule), promise) is not None
