"""What `check` says about a policy, by example."""

import json

import pytest
import z3

from lamplighter.policy import parse_policy, read_policy, shipped_policies, shipped_policy
from lamplighter.policy.check import check
from lamplighter.policy.errors import ProofError
from lamplighter.policy.prove import boxes
from lamplighter.policy.sentences import both
from tests.policy.examples import SMALL, SOUND


def findings(text):
    return [(f.kind, f.message) for f in check(parse_policy(text)).findings]


def test_a_sound_policy_passes():
    report = check(parse_policy(SOUND))
    assert report.passed
    assert report.findings == ()


def test_a_gap_is_shown_as_a_call():
    text = SMALL.replace(
        "{id: otherwise, then", "{id: otherwise, when: {nature: '\"noise\"'}, then"
    )
    report = check(parse_policy(text))
    assert not report.passed
    (finding,) = report.findings
    assert finding.kind == "gap"
    assert finding.table == "risk"
    assert finding.call is not None
    assert finding.call["nature"] in ("fight", "welfare_check")
    assert finding.message.startswith("table risk has no rule for a call with nature=")


def test_an_overlap_of_a_unique_table_is_shown_as_a_call():
    text = SMALL.replace("hit: first\n    outputs: {risk", "hit: unique\n    outputs: {risk")
    pairs = {f.rules for f in check(parse_policy(text)).findings if f.kind == "overlap"}
    assert pairs == {
        ("weapon-with-threat", "fight"),
        ("weapon-with-threat", "otherwise"),
        ("fight", "otherwise"),
    }


def test_a_shadowed_rule_is_named_with_those_that_shadow_it():
    text = SMALL.replace("'\"fight\"'", '\'"fight"\', weapon: "true,unknown"')
    kinds = findings(text)
    assert (
        "shadowed",
        "rule fight of table risk is never reached, because weapon-with-threat above it takes "
        "all its calls; move, mend or remove it",
    ) in kinds


def test_a_rule_that_waits_for_what_an_earlier_table_never_says_is_dead():
    text = SMALL.replace("then: {risk: high}", "then: {risk: low}")
    text = text.replace('risk: \'"immediate","high"\'', "risk: '\"high\"'")
    kinds = findings(text)
    assert (
        "dead",
        "rule risky of table response matches no call; mend or remove it",
    ) in kinds
    assert (
        "unreached",
        "no call gets risk high from table risk; add a rule that gives it or remove the value",
    ) in kinds


def test_an_input_that_no_rule_looks_at_is_noted():
    text = SOUND.replace('{hour: "[0..6)", weapon: unknown}', "{weapon: unknown}")
    report = check(parse_policy(text))
    assert report.passed
    assert [f.message for f in report.findings] == [
        "no rule looks at the input hour; remove it or use it"
    ]


def test_what_is_found_is_told_in_spanish_too():
    shadowed = SMALL.replace("'\"fight\"'", '\'"fight"\', weapon: "true,unknown"')
    idle = SOUND.replace('{hour: "[0..6)", weapon: unknown}', "{weapon: unknown}")
    told = {
        finding.kind: finding.said.in_language("es")
        for text in (shadowed, idle)
        for finding in check(parse_policy(text)).findings
    }
    assert told["shadowed"] == (
        "nunca se llega a la regla fight de la tabla risk, porque weapon-with-threat, más arriba, "
        "se queda con todas sus llamadas; muévala, arréglela o quítela"
    )
    assert told["idle"] == "ninguna regla mira el dato hour; quítelo o úselo"


def test_a_rule_may_be_shadowed_by_more_others_than_sentences_can_be_nested():
    words = [f"rule-{number}" for number in range(5_000)]
    assert str(both(words)) == " and ".join(words)


def test_the_policies_that_ship_pass():
    assert shipped_policies()
    for name in shipped_policies():
        report = check(read_policy(shipped_policy(name)))
        assert report.passed, [finding.message for finding in report.findings]


def test_a_solver_that_gives_up_has_proved_nothing(monkeypatch):
    monkeypatch.setattr(boxes, "_MOST_LOOKS", 0)
    z3.set_param("rlimit", 1)
    try:
        with pytest.raises(ProofError, match="nothing is proved") as gave_up:
            check(parse_policy(SOUND))
        assert gave_up.value.said.in_language("es").endswith("así que nada queda demostrado")
    finally:
        z3.set_param("rlimit", 0)


def test_of_very_many_overlaps_some_are_listed_and_the_rest_is_said():
    rules = "\n".join(
        f"      - {{id: r{n}, then: {{responder: police}}, because: B, source: S}}"
        for n in range(30)
    )
    start, end = SOUND.index("      - id: risky"), SOUND.index("promises:")
    text = SOUND[:start] + rules + "\n" + SOUND[end:]
    text = text.replace(
        "hit: first\n    outputs: {responder", "hit: unique\n    outputs: {responder"
    )
    found = [f for f in check(parse_policy(text)).findings if f.kind == "overlap"]
    assert len(found) == 101
    assert all(finding.call is not None for finding in found[:-1])
    assert found[-1].message == (
        "table response has more rules that overlap than are listed; "
        "mend these first, or choose another hit policy"
    )


def test_a_rule_of_a_priority_table_is_shadowed_by_those_whose_outputs_come_first():
    first = "hit: first\n    outputs: {responder"
    text = SOUND.replace(first, first.replace("first", "priority"))
    text = text.replace("then: {responder: police}", "then: {responder: swap}", 1)
    text = text.replace("then: {responder: community_team}", "then: {responder: police}")
    text = text.replace("then: {responder: swap}", "then: {responder: community_team}")
    assert (
        "shadowed",
        "rule risky of table response is never reached, because calm ahead of it takes all its "
        "calls; move, mend or remove it",
    ) in findings(text)


def many(inputs, outputs, never):
    rule = {"id": "r", "when": {"i0": True}, "because": "b", "source": "s"}
    return json.dumps(
        {
            "policy": "many",
            "version": "1",
            "inputs": inputs,
            "tables": {
                "t": {
                    "hit": "first",
                    "outputs": outputs,
                    "rules": [{**rule, "then": dict.fromkeys(outputs, True)}],
                }
            },
            "promises": [
                {"id": f"p{n}", "says": "s", "never": text} for n, text in enumerate(never)
            ],
        }
    )


BOOLEANS = {f"i{n}": {"type": "boolean"} for n in range(10)}


def test_a_promise_of_many_true_facts_is_checked_without_trying_them_all():
    """They have 2^10 ways to be, and three times as many where nothing was known."""
    never = " or ".join(f"actual(i{n}) = true" for n in range(10))
    report = check(parse_policy(many(BOOLEANS, {"o": {"type": "boolean"}}, [never])))
    assert [promise.status for promise in report.promises] == ["refuted"]


def test_promises_that_need_an_answer_of_their_own_for_every_call_are_checked():
    """A table could keep them all, but it takes an answer for each of 2^10 calls to see it."""
    outputs = {f"o{n}": {"type": "boolean"} for n in range(10)}
    never = [f"i{n} and o{n}" for n in range(10)] + [f"not i{n} and not o{n}" for n in range(10)]
    report = check(parse_policy(many(BOOLEANS, outputs, never)))
    assert {promise.status for promise in report.promises} == {"proved", "refuted"}
