"""A promise as a form shows it, and everything under another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.policy import read_policy, shipped_policy
from lamplighter.policy.never import Scope, parse_never
from lamplighter.policy.parts import Part, never_of, parts_of
from lamplighter.policy.renaming import renamed_in_cell, renamed_in_never

SHIPPED = read_policy(shipped_policy("first_response"))
SCOPE = Scope.of(SHIPPED)

_names = st.sampled_from(["weapon", "risk", "x_1"])
_values = st.one_of(
    st.sampled_from(["unknown", "true", "3", "-1.5", '"a b"', '"and"', '"say \\"no\\""']),
    st.sampled_from(["[1..5)", "(1..2]", ']@"2026-01-01"..date("2027-01-01")[']),
)
_tests = st.builds(
    Part,
    _names,
    st.sampled_from(["known", "actual"]),
    st.booleans(),
    st.one_of(
        st.lists(_values, min_size=1, max_size=3).map(tuple), st.sampled_from([("< 5",), (">= 0",)])
    ),
)
_parts = st.lists(st.one_of(_tests, st.builds(Part, _names, st.just("asked"), st.booleans())))


@given(_parts.filter(bool))
def test_parts_that_were_written_are_read_back(parts):
    assert parts_of(never_of(parts)) == tuple(parts)


def test_the_shipped_promises_say_the_same_when_written_from_their_parts():
    read = [(p, parts_of(p.never)) for p in SHIPPED.promises]
    assert sum(parts is not None for _, parts in read) >= 25
    for promise, parts in read:
        if parts is not None:
            assert parse_never(never_of(parts), SCOPE) == parse_never(promise.never, SCOPE)


@pytest.mark.parametrize(
    "never",
    ["", "weapon or danger", "not (weapon)", "xs contains 3", "weapon =", "weapon = , ", "in (3)"],
)
def test_what_is_no_list_of_tests_has_no_parts(never):
    assert parts_of(never) is None


@pytest.mark.parametrize(
    ("never", "names", "values", "renamed"),
    [
        ("weapon", {"weapon": "arms"}, {}, "arms"),
        ("asked(weapon) and not actual( weapon )", {"weapon": "a"}, {},
         "asked(a) and not actual( a )"),
        ('risk in ("low",\n  high) and nature = low', {}, {"risk": {"low": "l", "high": "h"}},
         'risk in ("l",\n  "h") and nature = low'),
        ('risk != low and low = "low"', {"low": "high"}, {"risk": {"low": "none"}},
         'risk != "none" and high = "low"'),
        ("a < 5 and b in [1..5) and a = b", {"b": "c"}, {}, "a < 5 and c in [1..5) and a = b"),
        ('xs contains "one"', {}, {"xs": {"one": 'say "no"'}}, 'xs contains "say \\"no\\""'),
        ("weapon § no", {"weapon": "arms"}, {}, "weapon § no"),
    ],
)  # fmt: skip
def test_names_and_values_change_where_they_are_meant(never, names, values, renamed):
    assert renamed_in_never(never, names, values) == renamed


def test_two_values_can_trade_places():
    swap = {"low": "high", "high": "low"}
    assert renamed_in_cell('not("low", "high", "lower")', swap) == 'not("high", "low", "lower")'
    assert renamed_in_never('r in ("low", "high")', {}, {"r": swap}) == 'r in ("high", "low")'
