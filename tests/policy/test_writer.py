"""A policy that is written as YAML reads back as the same policy."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import Words, parse_policy, read_policy, shipped_policy
from lamplighter.policy.writer import policy_to_yaml
from tests.policy.examples import SMALL
from tests.policy.random_policies import policies
from tests.policy.test_hit_policies import ADDED_UP, HEARING, who_else

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\"\\'#:{}[]-\x85\u2028"),
    min_size=1,
    max_size=150,
).filter(lambda text: text.strip() == text)


def test_it_writes_the_shipped_policy_without_loss():
    policy = read_policy(shipped_policy("first_response"))
    assert parse_policy(policy_to_yaml(policy)).content_hash == policy.content_hash


@settings(max_examples=150, deadline=None)
@given(policies())
def test_it_writes_every_policy_without_loss(made):
    written = policy_to_yaml(made.policy)
    assert parse_policy(written).content_hash == made.policy.content_hash
    assert policy_to_yaml(parse_policy(written)) == written


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_it_writes_whatever_people_say(english, spanish, source):
    policy = parse_policy(SMALL)
    table = policy.tables[0]
    rule = replace(table.rules[0], because=Words(english, spanish), source=source)
    policy = replace(
        policy,
        version=" ".join(source.split()),
        about=Words(english),
        tables=(replace(table, rules=(rule, *table.rules[1:])), *policy.tables[1:]),
    )
    assert parse_policy(policy_to_yaml(policy)).content_hash == policy.content_hash


@pytest.mark.parametrize("value", ["no", "Yes", "null", "12", "1e3", "a: b", "- a", "#x", "a b"])
def test_it_writes_choices_that_yaml_would_take_for_something_else(value):
    quiet = SMALL.replace("responder = community_team", "responder = police")
    policy = parse_policy(quiet.replace("community_team", f'"{value}"'))
    assert parse_policy(policy_to_yaml(policy)).content_hash == policy.content_hash


@pytest.mark.parametrize("how", ["sum", "min", "max"])
def test_it_writes_dates_durations_and_sums(how):
    for text in (HEARING, who_else("collect count") + ADDED_UP.replace("HOW", how)):
        policy = parse_policy(text)
        assert parse_policy(policy_to_yaml(policy)).content_hash == policy.content_hash


def test_it_writes_the_form_of_the_house():
    written = policy_to_yaml(read_policy(shipped_policy("first_response")))
    assert written.startswith('policy: first response\nversion: "2026-11-01"\ntitle: {en: "Who')
    assert "\n      - id: death-with-police\n        when: {responder: '\"ems\"'" in written
    assert max(len(line) for line in written.splitlines()) < 120
