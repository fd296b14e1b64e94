"""Promises proved, refuted and contradictory, by example."""

from pathlib import Path

import pytest
from benchmarks.policies import make_policy

from lamplighter.policy import UNKNOWN, PolicyError, parse_policy, read_policy
from lamplighter.policy.check import check
from tests.policy.examples import SMALL, SOUND

NEVER = '"weapon and responder = community_team"'


def promising(*nevers, text=SMALL):
    promises = [
        f"  - {{id: p{number}, says: P, never: '{never}'}}" for number, never in enumerate(nevers)
    ]
    return parse_policy(text[: text.index("promises:")] + "promises:\n" + "\n".join(promises))


def results(*nevers, text=SMALL):
    return check(promising(*nevers, text=text)).promises


def test_a_broken_promise_is_shown_with_few_known_facts_the_rules_and_the_outputs():
    (result,) = results("weapon and responder = community_team")
    assert result.status == "refuted"
    assert result.call == {"nature": "noise", "weapon": True, "violence": "none", "hour": UNKNOWN}
    assert result.rules == ("otherwise", "calm")
    assert result.outputs == {"risk": "low", "responder": "community_team"}
    assert result.message == (
        "a call with nature=noise, weapon=true, violence=none and nothing else known breaks it; "
        "the rules that hit are otherwise, calm"
    )


def test_what_was_known_and_what_is_true_are_two_promises():
    known, true = results(
        "weapon = true and violence = now and responder = community_team",
        "actual(violence) = now and nature = noise and responder = community_team",
    )
    assert known.status == "proved"
    # A fight that nobody saw: unknown violence without a weapon is answered as noise.
    assert true.status == "refuted"
    assert true.call is not None
    assert true.call["violence"] is not True
    assert true.actual in ({"violence": "now"}, {})


def test_the_true_facts_behind_a_call_are_shown():
    (result,) = results("actual(hour) = 3 and hour = unknown and responder = community_team")
    assert result.status == "refuted"
    assert result.actual == {"hour": 3}
    assert "if in truth hour=3" in result.message


def test_what_must_be_asked_is_proved_for_every_call():
    weapon, hour = results(
        "not asked(weapon) and responder = community_team and violence in (threat, now)",
        "not asked(hour) and responder = community_team",
    )
    assert weapon.status == "proved"
    assert hour.status == "refuted"
    assert hour.asked == {"hour": False}
    assert "hour need not be asked about" in hour.message


def test_two_promises_that_no_table_could_keep_are_named():
    one, other, third = results(
        "nature = fight and responder = police",
        "nature = fight and responder != police",
        "nature = noise and weapon and violence = now and responder = community_team",
    )
    assert (one.status, one.against) == ("contradictory", ("p1",))
    assert (other.status, other.against) == ("contradictory", ("p0",))
    assert third.status == "proved"
    assert one.call is not None
    assert one.call["nature"] == "fight"
    assert one.message.startswith(
        "together with p1 no tables could keep it: every answer to a call"
    )


def test_a_promise_that_no_table_could_keep_alone_is_named():
    (result,) = results("weapon and risk in (immediate, high, low)")
    assert (result.status, result.against) == ("contradictory", ())
    assert result.message.startswith("no tables could keep it: every answer to a call with")


def test_true_facts_that_nobody_knows_can_make_promises_contradict():
    one, other = results(
        "actual(weapon) = true and responder = community_team",
        "actual(weapon) = false and responder = police",
    )
    assert one.status == other.status == "contradictory"
    assert one.call is not None
    assert one.call["weapon"] is UNKNOWN


def test_three_promises_can_contradict_where_no_two_do():
    found = results(
        "nature = fight and risk = immediate",
        "nature = fight and risk = high",
        "nature = fight and risk = low",
    )
    assert [result.against for result in found] == [("p1", "p2"), ("p0", "p2"), ("p0", "p1")]


def test_a_contradiction_is_found_where_the_tables_have_a_gap():
    text = SOUND.replace(
        "{id: otherwise, then", "{id: otherwise, when: {nature: '\"noise\"'}, then"
    )
    one, other = results(
        "nature = welfare_check and responder = police",
        "nature = welfare_check and responder != police",
        text=text,
    )
    assert one.status == other.status == "contradictory"


def test_a_broken_promise_is_no_contradiction():
    assert [result.status for result in results("nature = noise and risk = low")] == ["refuted"]


def test_a_report_with_a_broken_promise_does_not_pass_and_says_so_in_json():
    report = check(promising("weapon and responder = community_team"))
    assert not report.passed
    (told,) = report.to_dict()["promises"]
    assert told["status"] == "refuted"
    assert told["call"] == {
        "nature": "noise",
        "weapon": True,
        "violence": "none",
        "hour": "unknown",
    }
    assert told["rules"] == ["otherwise", "calm"]


def test_a_domain_too_large_to_count_through_is_proved_all_the_same():
    """A billion values and all fractions between them fall into as many classes as cells tell."""
    text = SMALL.replace('range: "[0..24)"', 'range: "[0..1000000000]"').replace(
        'hour: "[0..6)"', 'hour: "[0..999999999)"'
    )
    (result,) = results(
        "weapon = unknown and hour < 999999999 and responder = community_team", text=text
    )
    assert result.status == "proved"
    (result,) = results("weapon = unknown and responder = community_team", text=text)
    assert result.call is not None
    hour = result.call["hour"]
    assert hour is UNKNOWN or hour >= 999999999


def test_many_inputs_with_many_values_are_proved_without_trying_calls():
    policy = make_policy(60, 30, seed=4, promises=5)
    calls = 1.0
    for declared in policy.inputs.values():
        calls *= len(declared.domain.values) or 2
    assert calls > 1e9
    assert [result.status for result in check(policy).promises] == ["proved"] * 5


def test_tables_in_a_circle_are_one_sentence(tmp_path: Path):
    path = tmp_path / "circle.yaml"
    path.write_text(SMALL.replace("nature: '\"fight\"'", "responder: '\"police\"'"))
    with pytest.raises(PolicyError) as caught:
        read_policy(path)
    (problem,) = caught.value.problems
    assert problem.message == (
        "responder is an output of table response, which itself needs an answer of table risk: "
        "they go round in a circle; take one of these tests out"
    )


@pytest.mark.parametrize(
    "never",
    [
        "weapon and not weapon",
        "weapon = unknown and weapon in (true, false)",
        "responder = police and responder = community_team",
        "not (weapon or not weapon)",
        "asked(weapon) and not asked(weapon)",
        "weapon = true and actual(weapon) = false",
        "hour < 6 and hour >= 6",
        "nature = fight and (nature = noise or weapon and not weapon)",
    ],
)
def test_a_promise_that_nothing_could_break_promises_nothing(never):
    (finding,) = [one for one in check(promising(never)).findings if one.kind == "empty"]
    assert finding.fails
    assert finding.line
    assert finding.message.startswith("promise p0 promises nothing")


@pytest.mark.parametrize(
    "never",
    [
        "weapon and responder = community_team",
        "weapon = unknown and actual(weapon) = true and actual(weapon) != false",
        "hour < 6 and hour >= 5.5",
        "not (weapon and violence = now) and not asked(violence)",
        "weapon or weapon and not weapon",
    ],
)
def test_a_promise_that_something_could_break_is_not_called_empty(never):
    assert [one for one in check(promising(never)).findings if one.kind == "empty"] == []
