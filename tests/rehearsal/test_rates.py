"""What simulated callers answer, how long teams take and whom they meet follow stated rates."""

import random
from collections import Counter

import pytest

from lamplighter.policy import read_policy, shipped_policy
from lamplighter.rehearsal.answers import RatesError, load_rates
from lamplighter.rehearsal.durations import Durations, draw_minutes
from lamplighter.rehearsal.encounters import draw_encounter


def test_every_question_of_the_shipped_policy_has_rates_with_answers_that_it_knows():
    policy, rates = read_policy(shipped_policy("first_response")), load_rates()
    asked = {name: each for name, each in policy.inputs.items() if each.ask}
    assert set(rates.facts) == set(asked) - {"nature"}
    natures = {value.value for value in policy.inputs["nature"].values}
    assert set(rates.natures) <= natures
    for facts in (rates.facts, *rates.natures.values()):
        for fact, shares in facts.items():
            known = {value.value for value in asked[fact].values} or {True, False}
            assert {answer for answer, _share in shares} <= known | {"unknown"}, fact


def test_answers_follow_the_shares_of_the_nature():
    rates, generator = load_rates(), random.Random(3)
    drawn = Counter(rates.answer("shots_fired", "weapon", generator) for _ in range(4_000))
    assert drawn[True] / 4_000 == pytest.approx(0.45, abs=0.03)
    assert drawn["unknown"] / 4_000 == pytest.approx(0.55, abs=0.03)


def test_a_fact_without_rates_is_unknown():
    assert load_rates().answer("noise", "colour", random.Random(1)) == "unknown"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("facts: [", "is not a file of rates"),
        ("rates: {}", "is not a file of rates"),
        ("facts: {weapon: {'true': 0.8, unknown: 0.5, else: 'false'}}", "add up to more than 1"),
        ("facts: {weapon: {'true': 0.8}}", "say what all others answer"),
        ("facts: {weapon: {'true': 'often', else: 'false'}}", "a number from 0 to 1"),
    ],
)
def test_a_file_of_rates_that_cannot_be_used_gets_one_sentence(tmp_path, text, says):
    path = tmp_path / "rates.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RatesError, match=says):
        load_rates(path)


def test_minutes_have_the_percentiles_that_they_are_drawn_from():
    generator = random.Random(5)
    drawn = sorted(draw_minutes(Durations().arrival_to_departure, generator) for _ in range(20_000))
    assert drawn[10_000] == pytest.approx(22, abs=1)
    assert drawn[18_000] == pytest.approx(62, abs=2)
    assert sum(drawn) / len(drawn) == pytest.approx(29, abs=2)  # as Lane County's mean


def test_encounters_have_the_shares_of_lane_county():
    generator = random.Random(11)
    drawn = [draw_encounter(generator) for _ in range(20_000)]
    met = Counter(each.met for each in drawn)
    assert met["not_found"] / len(drawn) == pytest.approx(0.30, abs=0.01)
    hospital = sum(each.outcome == "hospital" for each in drawn) / len(drawn)
    assert hospital == pytest.approx(0.10, abs=0.02)  # 14 % of those of whom it was stated
    nobody = [each for each in drawn if each.met == "not_found"]
    assert all(not each.needs and each.outcome == "no_contact" for each in nobody)
