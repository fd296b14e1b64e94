"""Values at the edge: the last date, numbers without end, tests that no value meets."""

import math
from datetime import timedelta

import pytest

from lamplighter.policy import FactError, PolicyError, decide, parse_policy
from lamplighter.policy.check import check

ONE = """\
policy: one input
version: "1"
inputs:
  x: {DOMAIN}
tables:
  who:
    hit: first
    outputs: {who: [police, team]}
    rules:
      - {id: some, when: {x: 'CELL'}, then: {who: police}, because: b, source: s}
      - {id: rest, then: {who: team}, because: b, source: s}
promises:
  - {id: never, says: s, never: 'NEVER'}
"""


def one(domain, cell, never="x = unknown and who = police"):
    text = ONE.replace("DOMAIN", domain).replace("CELL", cell).replace("NEVER", never)
    return parse_policy(text)


HOURS = 'type: number, integer: true, range: "[0..24)"'


@pytest.mark.parametrize("never", ["x = 24", "x = 1.5", "x < 0", "x in (3..4)", "actual(x) = 24"])
def test_a_promise_that_tests_what_no_value_meets_is_refused(never):
    """It would be proved, whatever the tables do."""
    with pytest.raises(PolicyError, match="no value of x meets this"):
        one(HOURS, "< 6", f"{never} and who = team")


@pytest.mark.parametrize("never", ["x = 23", "x < 1", "x in [3..4)", "x >= 23", "x in (3..5)"])
def test_a_promise_that_tests_what_some_value_meets_is_read(never):
    assert one(HOURS, "< 6", f"{never} and who = team").promises


def test_the_last_date_that_there_is_may_stand_for_ever():
    policy = one("""type: date, range: '>= date("2026-01-01")'""", '<= date("9999-12-31")')
    assert check(policy).passed
    assert dict(decide(policy, {"x": "9999-12-31"}).outcome) == {"who": "police"}


def test_a_range_without_a_value_is_refused():
    with pytest.raises(PolicyError, match="holds no value"):
        one('type: number, integer: true, range: "(0..1)"', "> 0.5")


@pytest.mark.parametrize("number", [10**400, -(10**400), math.inf, -math.inf, math.nan])
def test_a_number_that_a_policy_does_not_have_is_refused(number):
    with pytest.raises(FactError, match="is not a value of x"):
        decide(one(HOURS, "< 6"), {"x": number})


def test_minus_zero_is_zero():
    assert decide(one(HOURS, "0"), {"x": -0.0}).outcome == {"who": "police"}


def test_whole_numbers_are_read_to_the_last_digit():
    policy = one('type: number, range: ">= 0"', "9007199254740993")
    assert decide(policy, {"x": 9007199254740993}).outcome == {"who": "police"}
    assert decide(policy, {"x": 9007199254740992}).outcome == {"who": "team"}


def test_a_number_beyond_all_numbers_is_refused():
    with pytest.raises(PolicyError, match="too large"):
        one(f'type: number, range: "[0..1{"0" * 400}.5]"', "1")


def test_a_period_beyond_all_numbers_is_compared_all_the_same():
    policy = one(f"""type: period, range: '<= duration("P1{"0" * 400}Y")'""", 'duration("P1Y")')
    assert check(policy).findings == ()


def test_a_moment_is_a_duration():
    policy = one("""type: duration, range: '>= duration("PT0S")'""", 'duration("PT0S")')
    assert decide(policy, {"x": timedelta(microseconds=1)}).outcome == {"who": "team"}


@pytest.mark.parametrize("never", ["not " * 3000 + "x = 1", "(" * 3000 + "x = 1" + ")" * 3000])
def test_a_promise_that_is_nested_too_deeply_is_refused(never):
    with pytest.raises(PolicyError, match="nested too deeply"):
        one(HOURS, "< 6", never)
