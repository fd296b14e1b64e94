"""Every cell counts in the hash of a policy as it always did: stored decisions name that hash."""

import pytest

from lamplighter.policy import parse_policy

CELLS = """\
policy: cells
version: "1"
inputs:
  fact: {KIND, ask: "What is it?"}
tables:
  told:
    hit: first
    outputs: {number: {type: number, range: "[0..99]"}}
    rules:
"""
RULE = """\
      - id: r{number}
        when: {{fact: '{cell}'}}
        then: {{number: {number}}}
        because: "It is so."
        source: "Example"
"""
EVERY_KNOWN = ("-", "unknown", "null", "not(unknown)", "not(null)", "not(unknown,null)")


def _points(low, high):
    """The cells of a line between two of its values."""
    ends = ("[{}..{}]", "[{}..{})", "({}..{}]", "({}..{})", "]{}..{}[", "not([{}..{}])")
    one = ("{}", "= {}", "< {}", "<= {}", "> {}", ">= {}", "not({})", "not(< {})")
    two = ("{},{}", "not({},{})", "< {},> {}", "not(< {},> {})")
    more = ("{},unknown", "not({},unknown)", "not(>= {},null)")
    cells = [form.format(low) for form in one + more]
    return [*cells, *(form.format(low, high) for form in ends + two)]


VALUES = ('"a"', '"a","b"', 'not("a")', '= "a"', '"a",unknown', 'not("a",null)')
TRUTHS = ("true", "false", "true,false", "not(true)", "= false", "true,unknown")
DATES = ('date("2026-01-01")', 'date("2026-12-31")')
DAYS = ('duration("PT1H30M")', 'duration("P2D")')
MONTHS = ('duration("P3M")', 'duration("P1Y2M")')
# What a fact is, the cells of a policy about it, and the hash that this policy always had.
PINNED = {
    "choice": (
        "values: [a, b, c]",
        VALUES,
        "bc9f772655e77c7334e8ea3813cdaa514d25c48b078be7ee217081965709a074",
    ),
    "choice, taken for a value": (
        "values: [a, b, c], when unknown: b",
        VALUES,
        "9c381d25ad3fd295e1faa3a9beeeaf0bdf15f1a244714ed54ff74342ae96d1b5",
    ),
    "boolean": (
        "type: boolean",
        TRUTHS,
        "b57a30c4bd817a73724d5dcb7d8ff0cf334152505868660ad7e5bedb0fdb26e3",
    ),
    "number": (
        'type: number, range: "[-10..10.5]"',
        _points("-2.5", "4"),
        "cd22620d38586607b81cc8e2d9dc4b7f9eaab5a6beaf04275d44dc5af03683d2",
    ),
    "whole number": (
        'type: number, range: ">= 0", integer: true',
        _points("2", "4.0"),
        "bae18d928ce43558a453d37a19442b26d06c7c5948df06ee768e98f0ad5db763",
    ),
    "number, taken for a value": (
        'type: number, range: "< 9", when unknown: 3',
        _points(1, 4),
        "a001a85427c62b1348d185a60d758b0fe7d9b25865dfb3094767cc8ff80382f5",
    ),
    "date": (
        "type: date, range: '>= date(\"2020-01-01\")'",
        _points(*DATES),
        "24ebac3e19acb8803bd939434403b079251af9457141f69719d1987e30222d36",
    ),
    "duration": (
        "type: duration, range: '>= duration(\"PT0S\")'",
        _points(*DAYS),
        "8301a7a861ea9296a9dc03ee1a05d87d0188bcdb7e6cea5e29ee652bfa29eca1",
    ),
    "period": (
        "type: period, range: '>= duration(\"P0M\")'",
        _points(*MONTHS),
        "0aea79dee9d1d933a3fe8f79c5e1799122ca3136f6b01109b99d64a70faf37d0",
    ),
}


def policy_of(kind):
    declared, cells, _hash = PINNED[kind]
    rules = (RULE.format(number=n, cell=cell) for n, cell in enumerate((*EVERY_KNOWN, *cells)))
    return CELLS.replace("KIND", declared) + "".join(rules)


@pytest.mark.parametrize("kind", PINNED)
def test_a_policy_with_every_kind_of_cell_keeps_its_hash(kind):
    assert parse_policy(policy_of(kind)).content_hash == PINNED[kind][-1]
