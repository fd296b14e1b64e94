"""What `check` says about a policy, by example."""

from lamplighter.policy import parse_policy, read_policy, shipped_policies, shipped_policy
from lamplighter.policy.check import check
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


def test_the_policies_that_ship_pass():
    assert shipped_policies()
    for name in shipped_policies():
        report = check(read_policy(shipped_policy(name)))
        assert report.passed, [finding.message for finding in report.findings]
