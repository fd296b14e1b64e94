"""Two policies over a history: what moves, what was changed, what is promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import Policy, parse_policy
from lamplighter.policy.replay import ReplayError, compare, parse_mapping
from lamplighter.policy.replay.bulk import FAILURE, Bulk
from lamplighter.policy.replay.comparing import _flows
from lamplighter.policy.replay.joint import join
from lamplighter.policy.replay.possible import Possible
from tests.policy.examples import SMALL
from tests.policy.replay.columns import Calls, calls

KNOWN = """
facts of: small
leave out: [officer]
inputs: {nature: {from: nature}, weapon: {always: false}, violence: {always: now}}
"""


def changed(*replacements: tuple[str, str]) -> Policy:
    text = SMALL
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_policy(text)


def test_what_moves_for_certain_comes_with_its_calls(small: Policy, history: Path) -> None:
    new = changed(("""violence: 'not("none")'}""", """violence: '"threat"'}"""))
    mapping = parse_mapping(KNOWN, new)
    found = compare(small, new, history, mapping=mapping)
    assert (found.calls, found.moves, found.may_move) == (3, 1, 1)
    (flow,) = found.flows
    assert (flow.before, flow.after, flow.at_least, flow.at_most) == (
        "police",
        "community_team",
        1,
        2,
    )
    certain, possible = flow.examples
    assert (certain.id, dict(certain.if_also)) == ("b", {})
    assert (possible.id, dict(possible.if_also)) == ("d", {"nature": "fight"})
    assert {group.label: group.moves for group in found.by["area"]} == {"north": 1, "south": 0}
    json.dumps(found.to_dict())


def test_the_same_set_before_and_after_is_no_move_where_the_same_answers_agree(
    small: Policy, history: Path
) -> None:
    new = changed(('version: "1"', 'version: "2"'))
    found = compare(small, new, history)
    assert (found.stay, found.moves, found.may_move) == (3, 0, 0)
    assert found.flows == found.set_moves == ()


def test_of_moves_with_as_many_calls_the_words_say_which_comes_first() -> None:
    decided = {1: frozenset({("police", "team")}), 2: frozenset({("police", "ems")})}
    flows = _flows({1: 5, 2: 5}, decided, lambda _: ())
    assert [flow.after for flow in flows] == ["ems", "team"]


def test_every_difference_is_named(small: Policy) -> None:
    new = changed(
        ('violence: \'"threat","now"\'', 'violence: \'"now", "threat"\''),
        ("then: {responder: police}", "then: {responder: community_team}"),
        ("People get hurt in fights.", "Fights hurt."),
        ('hour: "[0..6)"', 'hour: "[0..5)"'),
        ("when unknown: threat", "when unknown: now"),
    )
    found = [
        (change.kind, change.part, change.name, detail.field, detail.before, detail.after)
        for change in _changes(small, new)
        for detail in change.details
    ]
    # How a cell is written is no difference, only what it accepts.
    assert found == [
        ("changed", "input", "violence", "when unknown", "threat", "now"),
        ("changed", "rule", "fight", "because", "People get hurt in fights.", "Fights hurt."),
        ("changed", "rule", "risky", "output responder", "police", "community_team"),
        ("changed", "rule", "night", "cell hour", "[0..6)", "[0..5)"),
    ]


def test_rules_are_added_removed_and_moved(small: Policy) -> None:
    rule = """      - id: night
        when: {hour: "[0..6)", weapon: unknown}
        then: {responder: police}
        because: "At night nobody could look."
        source: "Example"
"""
    risky = """      - id: risky
        when: {risk: '"immediate","high"'}
        then: {responder: police}
        because: "Danger needs police."
        source: "Example"
"""
    moved = changed((rule, ""), (risky, rule + risky))
    (change,) = _changes(small, moved)
    assert (change.name, change.details[0].field) in [("night", "place"), ("risky", "place")]
    gone = changed((rule, ""))
    assert [(c.kind, c.name) for c in _changes(small, gone)] == [("removed", "night")]
    assert [(c.kind, c.name) for c in _changes(gone, small)] == [("added", "night")]


def test_a_promise_that_is_no_longer_stated_is_lost(small: Policy, history: Path) -> None:
    new = parse_policy(SMALL[: SMALL.index("promises:")])
    (lost,) = compare(small, new, history).promises
    assert (lost.id, lost.after) == ("weapons", None)
    assert lost.kind in ("lost", "still broken")


def test_inputs_without_a_value_in_common_are_one_sentence(small: Policy) -> None:
    new = changed(
        ('hour: {type: number, range: "[0..24)"}', 'hour: {type: number, range: "[24..48)"}'),
        ('hour: "[0..6)"', 'hour: "[24..30)"'),
    )
    with pytest.raises(ReplayError, match="the input hour is a number in .* no call"):
        join(small, new)


@settings(max_examples=60, deadline=None)
@given(calls(), st.data())
def test_both_outcomes_at_once_are_those_of_each_policy(one: Calls, data: st.DataObject) -> None:
    """A policy beside itself: whatever is possible, both sides say the same."""
    policy = one.made.policy
    joint = join(policy, policy)
    possible = Possible(Bulk(joint.policy), one.columns)
    sets = possible.sets_of(one.columns, one.rows)
    for row, place in enumerate(sets):
        pairs = set()
        for number in possible.sets[place]:
            before, after = joint.split(possible.bulk.outcomes[number]) if number else ({}, {})
            assert before == after
            pairs.add(tuple(after.values()) if number != FAILURE else None)
        assert pairs == one.made.possible(one.facts(row))


def _changes(old: Policy, new: Policy):
    from lamplighter.policy.replay.changes import changes

    return changes(old, new)
