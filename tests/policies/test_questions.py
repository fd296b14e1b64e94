"""A call taker asks few questions, the right ones, and gets a reason that rests on answers."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lamplighter.policy import UNKNOWN, Decision, Policy, decide
from tests.policies.calls import CALLS, QUIET

MATTERS_OF_THINGS = ("parking_problem", "noise", "needles_found", "property_damage", "animal")
NO_TIME_TO_ASK = ("shooting_or_stabbing", "fire", "crash_injury", "death")
CONVERSATIONS = 12_000


@dataclass(frozen=True)
class Conversation:
    """The questions of one call in order, and what was decided."""

    nature: str
    asked: tuple[str, ...]
    decision: Decision


def natures(policy: Policy) -> list[str]:
    return [choice.value for choice in policy.inputs["nature"].values]


def converse(policy: Policy, nature: str, answers: dict[str, Any]) -> Conversation:
    """Ask what the policy asks next until it has decided."""
    facts: dict[str, Any] = {"nature": nature}
    while not isinstance(step := decide(policy, facts), Decision):
        facts[step.ask] = answers[step.ask]
    return Conversation(nature, tuple(name for name in facts if name != "nature"), step)


def answers_at_random(policy: Policy, rng: random.Random) -> dict[str, Any]:
    """Mostly quiet answers, some of any kind, some that nobody knows."""
    answers: dict[str, Any] = {}
    quiet = rng.choice((0.3, 0.6, 0.9))
    for name, usual in QUIET.items():
        values = [choice.value for choice in policy.inputs[name].values] or [True, False]
        answers[name] = usual if rng.random() < quiet else rng.choice([*values, UNKNOWN])
    return answers


@pytest.fixture(scope="module")
def conversations(policy: Policy) -> list[Conversation]:
    def talk() -> Iterator[Conversation]:
        rng = random.Random(20261201)
        for number in range(CONVERSATIONS):
            nature = natures(policy)[number % len(natures(policy))]
            yield converse(policy, nature, answers_at_random(policy, rng))

    return list(talk())


def test_a_quiet_call_takes_three_or_four_questions_on_average(policy: Policy) -> None:
    counts = [len(converse(policy, nature, QUIET).asked) for nature in natures(policy)]
    assert statistics.mean(counts) <= 4
    assert max(counts) <= 6


def test_no_conversation_takes_more_than_seven_questions(
    conversations: list[Conversation],
) -> None:
    assert max(len(talk.asked) for talk in conversations) <= 7


@pytest.mark.parametrize("nature", MATTERS_OF_THINGS)
def test_matters_of_things_take_three_questions_at_most(policy: Policy, nature: str) -> None:
    assert len(converse(policy, nature, QUIET).asked) <= 3


@pytest.mark.parametrize("nature", NO_TIME_TO_ASK)
def test_no_question_delays_a_call_that_cannot_wait(policy: Policy, nature: str) -> None:
    assert converse(policy, nature, QUIET).asked == ()


def test_a_check_on_someone_asks_about_life_harm_and_suicide(policy: Policy) -> None:
    asked = converse(policy, "welfare_check", QUIET).asked
    assert asked == (
        "breathing_and_awake",
        "injured",
        "violence",
        "weapon",
        "suicidal_thoughts",
        "danger",
    )


def test_violence_ends_the_questions_about_everything_else(policy: Policy) -> None:
    talk = converse(policy, "trespass", {**QUIET, "violence": "now"})
    assert talk.asked == ("injured", "violence")


def test_the_reason_never_rests_on_a_question_that_nobody_asked(
    conversations: list[Conversation],
) -> None:
    for talk in conversations:
        never_asked = set(talk.decision.used) - {"nature", *talk.asked}
        assert not never_asked, (talk.nature, [hit.rule for hit in talk.decision.hits])


def test_every_question_is_asked_in_some_call(
    policy: Policy, conversations: list[Conversation]
) -> None:
    asked = {name for talk in conversations for name in talk.asked}
    assert asked == set(policy.inputs) - {"nature"}


def test_every_rule_decides_some_call(policy: Policy, conversations: list[Conversation]) -> None:
    decisions = [talk.decision for talk in conversations]
    decisions += [decide(policy, example.facts, final=True) for example in CALLS]
    hit = {(hit.table, hit.rule) for decision in decisions for hit in decision.hits}
    declared = {(table.name, rule.id) for table in policy.tables for rule in table.rules}
    assert declared - hit == set()


def test_every_declared_output_is_the_answer_to_some_call(
    policy: Policy, conversations: list[Conversation]
) -> None:
    given = {
        (name, value)
        for talk in conversations
        for hit in talk.decision.hits
        for name, value in hit.outputs.items()
    }
    given |= {("responder", example.responder) for example in CALLS}
    given |= {("handover", example.handover) for example in CALLS}
    declared = {
        (name, choice.value)
        for table in policy.tables
        for name, output in table.outputs.items()
        for choice in output.values
    }
    assert declared - given == set()
