"""What is still open is found exactly, whichever facts are known."""

import json

import pytest

from lamplighter.policy import Open, decide, parse_policy
from lamplighter.policy import diagram as diagrams
from lamplighter.policy.diagram import Node, _join
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.possible import Possible

TWO_WAYS = """\
policy: two ways to the same
version: "1"
inputs:
  a: {type: boolean}
  c: {type: boolean}
  b: {type: boolean}
  d: {type: boolean}
tables:
  only:
    hit: first
    outputs: {answer: [yes, no]}
    rules:
      - {id: r1, when: {a: true, c: true, d: true}, then: {answer: yes}, because: x, source: x}
      - {id: r2, when: {b: true, c: true, d: true}, then: {answer: yes}, because: x, source: x}
      - {id: r3, when: {a: false, b: false, c: false}, then: {answer: yes}, because: x, source: x}
      - {id: r4, then: {answer: no}, because: x, source: x}
"""


def test_two_ways_that_become_the_same_are_seen_to_be_the_same():
    """With b, the answer is c and d, whatever a is; yet a is the first input, and not known."""
    answer = decide(parse_policy(TWO_WAYS), {"b": True})
    assert isinstance(answer, Open)
    assert answer.can_matter == ("c", "d")
    assert {outcome["answer"] for outcome in answer.possible} == {"yes", "no"}


def test_questions_do_not_make_the_diagram_grow():
    policy = parse_policy(TWO_WAYS)
    decide(policy, {})
    decide(policy, {"a": True})
    size = policy.engine.diagram.size()
    for facts in ({"b": True}, {"d": False}, {"b": False, "d": True}, {"c": True, "d": True}):
        decide(policy, facts)
    assert policy.engine.diagram.size() == size


def test_a_node_that_another_thread_builds_meanwhile_does_not_part_what_is_the_same():
    """Two equal nodes in one answer would be a question that changes nothing."""
    yes, no = Node(2, (), 0, 1), Node(2, (), 0, 2)
    built: dict[tuple[int, ...], Node] = {}
    made: dict[tuple[int, ...], Node] = {}
    before = _join(1, (yes, no), built, made)
    _join(1, (yes, no), {}, built)
    assert _join(1, (yes, no), built, made) is before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_each_piece_is_too_large_or_not_whatever_was_asked_before(monkeypatch, order):
    """True and unknown leave 8 and 6 steps for the other inputs, false leaves 9."""
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 8)
    diagram = diagrams.Diagram(parse_policy(TWO_WAYS).engine.compiled)
    fits = {first: diagram.fits([first], 1) for first in order}
    assert fits == {0: True, 1: False, 2: True}


def test_a_replay_counts_as_too_large_only_what_it_asked_itself(monkeypatch):
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 8)
    # Of a text of its own, as what is too large is remembered with a policy.
    policy = parse_policy(TWO_WAYS + "about: asked by others before\n")
    assert not policy.engine.diagram.fits([1], 1)
    possible = Possible(Bulk(policy), policy.inputs)
    known = [0] * (len(policy.inputs) - 1)
    possible.can_matter([0, *known], 1)
    assert not possible.is_too_large
    possible.can_matter([1, *known], 1)
    assert possible.is_too_large


def test_what_was_given_up_leaves_no_trace(monkeypatch):
    policy = collecting(8)
    decide(policy, {"i0": True, "i1": True})
    assert decide(policy, {"i0": True}).exact
    size = policy.engine.diagram.size()
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 20)
    monkeypatch.setattr(diagrams, "_MOST_STEPS_ALONE", 20)
    assert len(decide(policy, {"i0": False}).possible) == 2**7
    assert policy.engine.diagram.size() == size


def collecting(inputs):
    """What is gathered hangs on every input: two outcomes more for each."""
    names = [f"i{number}" for number in range(inputs)]
    return parse_policy(
        json.dumps(
            {
                "policy": "gathers",
                "version": "1",
                "inputs": {name: {"type": "boolean"} for name in names},
                "tables": {
                    "t": {
                        "hit": "collect",
                        "outputs": {"o": {"values": [f"of_{name}" for name in names]}},
                        "rules": [
                            {
                                "id": name,
                                "when": {name: "true"},
                                "then": {"o": f"of_{name}"},
                                "because": "it is so",
                                "source": "nowhere",
                            }
                            for name in names
                        ],
                    }
                },
            }
        )
    )


def test_of_too_many_ways_to_end_some_are_told_and_what_is_left_is_told_exactly():
    assert len(decide(collecting(10), {}).possible) == 2**10
    policy = collecting(30)
    answer = decide(policy, {"i0": True})
    assert not answer.exact
    assert answer.can_matter == tuple(f"i{place}" for place in range(1, 30))
    assert all("of_i0" in outcome["o"] for outcome in answer.possible)
    answer = decide(policy, {f"i{place}": True for place in range(25)})
    assert answer.exact
    assert len(answer.possible) == 2**5
    assert not policy.engine.diagram.fits([0], 1)
    assert decide(policy, {"i7": True}, final=True).outcome == {"o": ("of_i7",)}
