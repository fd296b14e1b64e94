"""The hash names what a policy says, not how the file looks."""

import pytest

from lamplighter.policy import parse_policy
from tests.policy.examples import SMALL

HASH = parse_policy(SMALL).content_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("inputs:\n", "# The order is the order of asking.\ninputs:\n"),
        ("  hour: {type: number", "\n\n  hour:   {type:  number"),
        ('\'"threat","now"\'', '"\\"now\\" , \\"threat\\""'),
        ("{risk: high}", '{"risk": "high"}'),
        ('weapon: "true"', "weapon: true"),
        ('"[0..6)"', '" [ 0 .. 6.0 ) "'),
        ('when: {hour: "[0..6)", weapon: unknown}', 'when: {weapon: unknown, hour: "[0..6)"}'),
        ("{id: otherwise, then", '{id: otherwise, when: {hour: "-"}, then'),
        ('policy: small\nversion: "1"\n', 'version: "1"\npolicy: small\n'),
    ],
)
def test_layout_and_comments_do_not_count(old, new):
    assert SMALL.count(old) == 1
    assert parse_policy(SMALL.replace(old, new)).content_hash == HASH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy: small", "policy: big"),
        ('version: "1"', 'version: "2"'),
        ("A small policy", "A tiny policy"),
        ("Una política pequeña", "Una política chica"),
        ('      noise: {en: "Noise", es: "Ruido"}\n', ""),
        ('      noise: {en: "Noise"', '      noise: {en: "Loud"'),
        ("Has anyone seen a weapon?", "Is there a weapon?"),
        ("    when unknown: true\n", ""),
        ("when unknown: threat", "when unknown: now"),
        ("    always known: true\n", ""),
        ("[0..24)", "[0..24]"),
        ("{type: number, ", "{type: number, integer: true, "),
        ('violence: \'"threat","now"\'', "violence: '\"now\"'"),
        ('not("none")', '"none"'),
        ("[0..6)", "[0..6]"),
        ("weapon: unknown", "weapon: 'unknown,false'"),
        ("{risk: high}", "{risk: low}"),
        ("id: night", "id: dark"),
        ("People get hurt in fights.", "Fights hurt people."),
        ("[immediate, high, low]", "[immediate, low, high]"),
        ("hit: first\n    outputs: {risk", "hit: unique\n    outputs: {risk"),
        ('responder = community_team"', 'responder = police"'),
        ('version: "1"', 'version: "1"\noutcome: [responder]'),
    ],
)
def test_what_the_policy_says_counts(old, new):
    assert SMALL.count(old) == 1
    assert parse_policy(SMALL.replace(old, new)).content_hash != HASH


def test_the_order_of_inputs_and_rules_counts():
    hour = '  hour: {type: number, range: "[0..24)"}\n'
    moved = SMALL.replace(hour, "").replace("inputs:\n", f"inputs:\n{hour}")
    assert parse_policy(moved).content_hash != HASH
    first, rest = SMALL.split("      - id: fight\n")
    fight, rest = rest.split("      - {id: otherwise")
    otherwise, rest = rest.split("\n", 1)
    swapped = f"{first}      - {{id: otherwise{otherwise}\n      - id: fight\n{fight}{rest}"
    assert parse_policy(swapped).content_hash != HASH


def test_the_form_stays_as_it_is():
    """Stored decisions name this hash: a change of the form would cut them from their policy."""
    assert HASH == "f6a239ce5e28dc6be6f93b8cec58b780e6a6d84b39f86dda6a223da77af3998b"
