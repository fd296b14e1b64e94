"""A policy that is written as DMN reads back the same, and other engines would decide the same."""

import datetime
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import (
    UNKNOWN,
    DecisionError,
    PolicyError,
    Words,
    decide,
    parse_policy,
    read_policy,
    shipped_policy,
)
from lamplighter.policy.dmn import policy_from_dmn, policy_to_dmn, read_model
from lamplighter.policy.feel import evaluate
from tests.policy.examples import SMALL
from tests.policy.random_policies import policies
from tests.policy.test_writer import TEXTS

MOMENTS = """\
policy: moments
version: "1"
inputs:
  day: {type: date, range: '>= date("2020-01-01")'}
  waited: {type: duration, range: '[duration("PT0S")..duration("P10D")]', when unknown: PT2H}
  lived: {type: period, range: '[duration("P0M")..duration("P9Y")]'}
tables:
  desk:
    hit: first
    outputs:
      until: {type: date, range: '>= date("2020-01-01")'}
      within: {type: duration, range: '>= duration("PT0S")'}
    rules:
      - id: long
        when: {waited: '> duration("PT1H")', lived: 'not(< duration("P1Y"))'}
        then: {until: "2027-01-01", within: PT30M}
        because: "Waited long."
        source: "Example"
      - id: new-year
        when: {day: '[date("2027-01-01")..date("2027-01-02")],unknown'}
        then: {until: "2027-01-03", within: P1D}
        because: "The desk is closed."
        source: "Example"
      - {id: else, then: {until: "2028-01-01", within: P2D}, because: "Else.", source: "Example"}
"""


@pytest.fixture
def there_and_back(tmp_path):
    def run(policy):
        path = tmp_path / "policy.dmn"
        path.write_text(policy_to_dmn(policy), encoding="utf-8")
        return policy_from_dmn(path)

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dmn")


def as_feel(policy, fact):
    if fact is UNKNOWN:
        return None
    if isinstance(fact, bool):
        return fact
    if isinstance(fact, str):
        return fact
    return Decimal(repr(fact))


def as_policy(value):
    if isinstance(value, tuple):
        return tuple(as_policy(one) for one in value)
    return float(value) if isinstance(value, Decimal) else value


def decided(policy, facts):
    """What the policy decides, None where it has no answer."""
    try:
        return dict(decide(policy, facts, final=True).outcome)
    except DecisionError:
        return None


def test_it_carries_the_shipped_policy_without_loss(there_and_back):
    policy = read_policy(shipped_policy("first_response"))
    again = there_and_back(policy)
    assert again.content_hash == policy.content_hash
    assert again.tables[0].rules[0].when["nature"].text.startswith('"shooting_or_stabbing"')


def test_it_carries_dates_and_durations(there_and_back):
    policy = parse_policy(MOMENTS)
    assert there_and_back(policy).content_hash == policy.content_hash


@settings(max_examples=25, deadline=None)
@given(policies())
def test_it_carries_every_policy_without_loss(folder, made):
    path = folder / "random.dmn"
    path.write_text(policy_to_dmn(made.policy), encoding="utf-8")
    assert policy_from_dmn(path).content_hash == made.policy.content_hash


@settings(max_examples=25, deadline=None)
@given(policies())
def test_its_visible_cells_alone_say_the_same(folder, made):
    """Another tool may drop the texts of our cells: what remains is the same policy."""
    path = folder / "visible.dmn"
    text = policy_to_dmn(made.policy)
    path.write_text(text.replace("lamp:cell", "lamp:nothing"), encoding="utf-8")
    assert policy_from_dmn(path).content_hash == made.policy.content_hash


@settings(max_examples=25, deadline=None)
@given(
    TEXTS,
    TEXTS,
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
def test_it_carries_whatever_people_say(folder, english, source, odd):
    policy = parse_policy(SMALL)
    table = policy.tables[0]
    words = Words(english, f"x{odd}x")
    rule = replace(table.rules[0], because=words, source=source)
    policy = replace(
        policy,
        version=f"v{' '.join(source.split())}",  # which is one line
        about=words,
        tables=(replace(table, rules=(rule, *table.rules[1:])), *policy.tables[1:]),
    )
    path = folder / "said.dmn"
    path.write_bytes(policy_to_dmn(policy).encode())
    assert policy_from_dmn(path).content_hash == policy.content_hash


@settings(max_examples=25, deadline=None)
@given(policies(), st.data())
def test_a_plain_engine_decides_the_same(folder, made, data):
    """Unknown is null. Where the policy has no answer, so has the model: null."""
    path = folder / "plain.dmn"
    path.write_text(policy_to_dmn(made.policy), encoding="utf-8")
    model = read_model(path)
    for _ in range(4):
        facts = {one.name: data.draw(st.sampled_from(one.answers)) for one in made.inputs}
        outcome = model.decide(
            "outcome", {name: as_feel(made.policy, fact) for name, fact in facts.items()}
        )
        expected = decided(made.policy, facts)
        if expected is None:
            # One of the tables has no answer, which is null.
            given = {name: as_feel(made.policy, fact) for name, fact in facts.items()}
            assert None in [model.decide(table.name, given) for table in made.tables]
        else:
            found = {name: as_policy(value) for name, value in outcome.items()}
            assert found == expected


def test_a_plain_engine_decides_the_shipped_policy_the_same(tmp_path):
    policy = read_policy(shipped_policy("first_response"))
    path = tmp_path / "policy.dmn"
    path.write_text(policy_to_dmn(policy), encoding="utf-8")
    model = read_model(path)
    for number, nature in enumerate(islice(policy.inputs["nature"].domain.values, None)):
        facts = {"nature": nature}
        for place, declared in enumerate(policy.inputs.values()):
            answers = [True, False] if declared.type == "boolean" else [*declared.domain.values]
            answers = [*answers, UNKNOWN]
            if declared.name != "nature" and not declared.always_known:
                facts[declared.name] = answers[(number * 7 + place * 3) % len(answers)]
        given_facts = {name: as_feel(policy, fact) for name, fact in facts.items()}
        outcome = model.decide("outcome", given_facts)
        assert {name: as_policy(value) for name, value in outcome.items()} == decided(policy, facts)


def test_a_plain_engine_decides_about_dates(tmp_path):
    policy = parse_policy(MOMENTS)
    path = tmp_path / "policy.dmn"
    path.write_text(policy_to_dmn(policy), encoding="utf-8")
    model = read_model(path)
    outcome = model.decide("outcome", {"day": evaluate('@"2027-01-01"')})
    # Nobody knows how long they waited: taken for two hours, but nothing is known of their life.
    assert str(outcome["until"]) == "2027-01-03"
    facts = {"day": datetime.date(2027, 1, 1)}
    assert decide(policy, facts, final=True).outcome["until"] == "2027-01-03"


def test_what_is_changed_in_another_tool_counts(tmp_path):
    path = tmp_path / "policy.dmn"
    text = policy_to_dmn(parse_policy(SMALL))
    cell = '<text>"threat", "now", null</text>'
    assert text.count(cell) == 1
    path.write_text(text.replace(cell, '<text>"now"</text>'), encoding="utf-8")
    cell = policy_from_dmn(path).tables[0].rules[0].when["violence"]
    assert (cell.text, cell.side.unknown) == ('"now"', False)


def test_a_model_of_another_tool_becomes_a_policy():
    policy = policy_from_dmn("tests/policy/models/desk.dmn")
    rule = policy.tables[0].rules[0]
    assert (rule.because.en, rule.source) == ("A weapon needs police.", "DMN model desk")
    assert decide(policy, {"weapon": UNKNOWN}).outcome["responder"] == "police"
    assert decide(policy, {"weapon": False}).outcome["responder"] == "team"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'typeRef="boolean"/></inputData>',
            'typeRef="string"/></inputData>',
            "line 7: <inputData>: the input weapon lists no values; declare its allowed values, "
            'such as "low", "high".',
        ),
        (
            '<allowedValues><text>"police", "team"</text></allowedValues>',
            "",
            "line 13: <output>: the output responder of responder lists no values; declare its "
            'allowed values, such as "low", "high".',
        ),
        (
            "<text>weapon</text>",
            "<text>not(weapon)</text>",
            "line 12: <input>: the column not(weapon) is neither an input nor the result of a "
            "table; a policy has no other columns.",
        ),
        (
            '<outputEntry><text>"team"</text>',
            '<outputEntry><text>"nobody"</text>',
            'line 22: in table responder, rule responder-2, <outputEntry>: "nobody" is not a '
            "value of the output, which must be one of police, team.",
        ),
        (
            "<text>true, null</text>",
            "<text>? = true</text>",
            "line 16: in table responder, rule responder-1, cell weapon, <inputEntry>: the cell is "
            "an expression; a policy has values, comparisons and intervals.",
        ),
    ],
)
def test_it_names_what_keeps_a_model_from_being_a_policy(tmp_path, old, new, sentence):
    text = Path("tests/policy/models/desk.dmn").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "desk.dmn"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        policy_from_dmn(path)
    assert f"{path}, {sentence}" in str(caught.value).splitlines()
