"""Deciding a call, by example."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from lamplighter.policy import (
    UNKNOWN,
    Decision,
    DecisionError,
    FactError,
    Open,
    decide,
    parse_policy,
)
from tests.policy.examples import SMALL

SMALL_POLICY = parse_policy(SMALL)
CALM_FIGHT = {"nature": "fight", "weapon": False, "violence": "none", "hour": 3.5}


def test_a_decision_says_who_goes_and_why():
    decision = decide(SMALL_POLICY, CALM_FIGHT)
    assert isinstance(decision, Decision)
    assert decision.outcome == {"risk": "low", "responder": "community_team"}
    assert [hit.rule for hit in decision.hits] == ["otherwise", "calm"]
    assert decision.hits[1].because.in_language("es") == "Pueden ayudar."
    assert decision.hits[1].source == "Example"
    assert decision.facts == CALM_FIGHT
    assert decision.content_hash == SMALL_POLICY.content_hash
    assert (decision.policy, decision.version) == ("small", "1")


def test_used_names_what_ruled_the_other_rules_out():
    decision = decide(SMALL_POLICY, CALM_FIGHT)
    # No weapon rules out the first rule and the rule of the night, no violence the fight.
    assert decision.used == ("weapon", "violence")
    assert decision.unknown == ()


def test_open_says_what_is_possible_and_what_to_ask():
    answer = decide(SMALL_POLICY, {"nature": "noise"})
    assert isinstance(answer, Open)
    assert [dict(outcome) for outcome in answer.possible] == [
        {"risk": "immediate", "responder": "police"},
        {"risk": "low", "responder": "police"},
        {"risk": "low", "responder": "community_team"},
    ]
    assert answer.ask == "weapon"
    assert answer.can_matter == ("weapon", "violence", "hour")


def test_a_question_that_cannot_change_the_outcome_is_not_asked():
    answer = decide(SMALL_POLICY, {"nature": "noise", "weapon": False})
    assert isinstance(answer, Decision)
    assert answer.unknown == ()


def test_unknown_is_taken_for_what_the_input_says():
    decision = decide(SMALL_POLICY, {"nature": "fight", "weapon": UNKNOWN, "violence": UNKNOWN})
    assert decision.outcome["risk"] == "immediate"
    assert decision.unknown == ("weapon", "violence")


def test_a_cell_may_ask_for_unknown():
    at_night = {"nature": "noise", "weapon": UNKNOWN, "violence": "none", "hour": 2}
    assert decide(SMALL_POLICY, at_night).outcome["responder"] == "police"
    by_day = {**at_night, "hour": 12}
    assert decide(SMALL_POLICY, by_day).outcome["responder"] == "community_team"
    nobody_knows_when = {**at_night, "hour": UNKNOWN}
    assert decide(SMALL_POLICY, nobody_knows_when).outcome["responder"] == "community_team"


def test_final_takes_what_was_not_asked_as_unknown():
    decision = decide(SMALL_POLICY, {"nature": "noise"}, final=True)
    assert decision.outcome == {"risk": "immediate", "responder": "police"}
    assert decision.unknown == ("weapon", "violence")
    assert decision.facts == {"nature": "noise"}


def test_the_word_unknown_counts_as_unknown():
    decision = decide(SMALL_POLICY, {"nature": "noise", "weapon": "unknown"}, final=True)
    assert decision.facts["weapon"] is UNKNOWN


def test_without_what_must_be_known_the_call_stays_open():
    answer = decide(SMALL_POLICY, {"weapon": True, "violence": "now"})
    assert isinstance(answer, Open)
    assert answer.can_matter == ("nature",)
    assert len(answer.possible) == 1


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"natur": "noise"}, "the policy has no input natur; did you mean nature?"),
        ({"nature": "nois"}, "nois is not a value of nature; did you mean noise?"),
        ({"nature": UNKNOWN}, "nature must be known; give it a value, one of noise, fight"),
        ({"weapon": 1}, "1 is not a value of weapon; it must be true or false."),
        ({"weapon": "true"}, "true is not a value of weapon; it must be true or false."),
        ({"weapon": None}, "None is not a value of weapon; give UNKNOWN where nobody"),
        ({"violence": True}, "true is not a value of violence"),
        ({"violence": ["now"]}, "['now'] is not a value of violence"),
        ({"hour": 24}, "24 is not a value of hour; it must be a number in [0..24)."),
        ({"hour": float("nan")}, "nan is not a value of hour"),
        ({"hour": True}, "true is not a value of hour"),
        ({"hour": "noon"}, "noon is not a value of hour"),
        ({"risk": "low"}, "the policy has no input risk"),
    ],
)
def test_a_fact_that_cannot_be(facts, says):
    with pytest.raises(FactError) as error:
        decide(SMALL_POLICY, {"nature": "noise", **facts})
    assert str(error.value).startswith(says)


def test_final_needs_what_must_be_known():
    with pytest.raises(FactError, match="^nature must be known before a decision is final"):
        decide(SMALL_POLICY, {}, final=True)


def test_a_gap_is_an_error_that_names_the_table_and_the_facts():
    policy = parse_policy(
        SMALL.replace("{id: otherwise, then", "{id: otherwise, when: {weapon: 'true'}, then")
    )
    with pytest.raises(DecisionError) as error:
        decide(policy, {"nature": "noise", "weapon": False}, final=True)
    assert str(error.value).startswith(
        "table risk: no rule covers nature=noise, weapon=false, violence=unknown"
    )


ANY = SMALL.replace("hit: first\n    outputs: {risk", "hit: any\n    outputs: {risk")


def test_rules_of_a_unique_table_that_match_one_call_are_named():
    policy = parse_policy(ANY.replace("hit: any", "hit: unique"))
    with pytest.raises(DecisionError) as error:
        decide(policy, {"nature": "noise", "weapon": True, "violence": "now"}, final=True)
    assert "the rules weapon-with-threat and otherwise both match" in str(error.value)


def test_rules_of_an_any_table_that_disagree_are_named():
    policy = parse_policy(ANY)
    with pytest.raises(DecisionError) as error:
        decide(policy, {"nature": "fight", "weapon": True, "violence": "now"}, final=True)
    assert "the rules weapon-with-threat, fight and otherwise disagree about" in str(error.value)


def test_rules_of_an_any_table_that_agree_are_no_error():
    policy = parse_policy(ANY.replace("{risk: immediate}", "{risk: low}"))
    decision = decide(policy, {"nature": "noise", "weapon": True, "violence": "now"}, final=True)
    assert decision.outcome["risk"] == "low"


def test_an_outcome_that_is_listed_leaves_the_steps_on_the_way_out():
    policy = parse_policy(SMALL.replace('version: "1"', 'version: "1"\noutcome: [responder]'))
    answer = decide(policy, {"nature": "fight", "violence": "now"})
    # Immediate or high risk: police go either way, so there is nothing left to ask.
    assert isinstance(answer, Decision)
    assert answer.outcome == {"responder": "police"}
    assert answer.hits[0].outputs == {"risk": "immediate"}


def test_whole_numbers_only_where_they_are_declared():
    policy = parse_policy(SMALL.replace("{type: number,", "{type: number, integer: true,"))
    decide(policy, {"nature": "noise", "hour": 3.0})
    with pytest.raises(FactError, match=r"^3\.5 is not a value of hour; it must be a whole number"):
        decide(policy, {"nature": "noise", "hour": 3.5})


def test_a_decision_is_stored_as_json_and_read_back():
    decision = decide(SMALL_POLICY, {"nature": "noise", "hour": 2.5, "weapon": UNKNOWN}, final=True)
    stored = json.dumps(decision.to_dict())
    assert Decision.from_dict(json.loads(stored)) == decision
    assert json.loads(stored)["facts"] == {"nature": "noise", "hour": 2.5, "weapon": "unknown"}


def test_open_is_ready_for_json():
    stored = json.loads(json.dumps(decide(SMALL_POLICY, {}).to_dict()))
    assert stored["ask"] == "weapon"
    assert {"risk": "low", "responder": "police"} in stored["possible"]


def test_what_a_decision_says_cannot_be_changed():
    decision = decide(SMALL_POLICY, CALM_FIGHT)
    with pytest.raises(TypeError):
        decision.outcome["responder"] = "police"
    with pytest.raises(AttributeError):
        decision.policy = "other"


def test_the_facts_of_a_decision_are_its_own():
    facts = dict(CALM_FIGHT)
    decision = decide(SMALL_POLICY, facts)
    before = copy.copy(dict(decision.facts))
    facts["weapon"] = True
    assert decision.facts == before


def test_threads_share_one_policy():
    policy = parse_policy(SMALL)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: decide(policy, {"nature": "noise"}), range(64)))
    assert set(map(str, answers)) == {str(answers[0])}
