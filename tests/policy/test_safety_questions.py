"""A policy may say which of its questions are about safety."""

import pytest

from lamplighter.policy import PolicyError, parse_policy, read_policy, shipped_policy
from tests.policy.examples import SMALL

WEAPON = "  weapon:\n    type: boolean\n"
FLAGGED = SMALL.replace(WEAPON, WEAPON + "    safety: true\n")


def test_an_input_is_a_safety_question_only_where_the_policy_says_so():
    assert FLAGGED != SMALL
    assert [name for name, i in parse_policy(FLAGGED).inputs.items() if i.safety] == ["weapon"]
    assert not any(declared.safety for declared in parse_policy(SMALL).inputs.values())


def test_the_flag_counts_in_the_content_hash_and_its_absence_does_not():
    refused = SMALL.replace(WEAPON, WEAPON + "    safety: false\n")
    assert parse_policy(FLAGGED).content_hash != parse_policy(SMALL).content_hash
    assert parse_policy(refused).content_hash == parse_policy(SMALL).content_hash


def test_a_flag_that_is_neither_true_nor_false_is_named():
    with pytest.raises(PolicyError, match="safety must be true or false"):
        parse_policy(SMALL.replace(WEAPON, WEAPON + "    safety: high\n"))


def test_the_shipped_policy_asks_about_life_and_violence_before_all_else():
    policy = read_policy(shipped_policy("first_response"))
    assert [name for name, declared in policy.inputs.items() if declared.safety] == [
        "breathing_and_awake",
        "injured",
        "violence",
        "weapon",
        "suicidal_thoughts",
        "suicide_means",
    ]
