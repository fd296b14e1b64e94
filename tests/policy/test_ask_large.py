"""Questions of a policy that is too large to follow: by a heuristic, and counted in a sample."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from benchmarks.policies import make_policy

from lamplighter.policy import Decision, Fact, Policy, decide, engine, parse_policy
from lamplighter.policy import diagram as diagrams
from lamplighter.policy.ask import next_question, questions_report
from lamplighter.policy.ask.planner import Planner
from lamplighter.policy.ask.rules_left import RulesLeft
from tests.policy.examples import SOUND

LARGE = SOUND.replace('version: "', 'version: "large ', 1)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """A small policy for which even the smallest diagram is called too large."""
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 0)
    monkeypatch.setattr(diagrams, "_MOST_STEPS_ALONE", 0)
    assert LARGE != SOUND
    return parse_policy(LARGE)


def test_an_interview_goes_on_until_nothing_can_matter(large: Policy) -> None:
    facts = {"nature": "noise"}
    answers = {"weapon": False, "violence": "none", "hour": 12}
    while (name := next_question(large, facts)) is not None:
        assert name not in facts
        facts[name] = answers[name]
    assert not large.engine.diagram.fits([0], 1)
    assert isinstance(decide(large, facts), Decision)


def test_what_the_first_question_would_wait_for_is_done_ahead(large: Policy) -> None:
    large.engine.make_ready()
    assert not large.engine.diagram.fits([0], 1)
    assert large.engine._followed is not None


ALL_LOADED = """
import sys
from random import Random
from benchmarks.harsh import harsh_policy
from lamplighter.policy import DecisionError, decide
from lamplighter.policy import diagram

def loaded():
    kernels = [m for name, m in sys.modules.items() if name.startswith("lamplighter.policy.replay")]
    return {
        (name, signature)
        for module in kernels
        for name, loop in vars(module).items()
        for signature in getattr(loop, "signatures", ())
    }

diagram._MOST_STEPS = diagram._MOST_STEPS_ALONE = 0
for hit in ("first", "any", "collect min", "collect"):
    policy = harsh_policy(hit, 1, rules=100)
    policy.engine.make_ready()
    before, random, axes = loaded(), Random(1), policy.engine.compiled.axes
    for _ in range(10):
        facts = {}
        for axis in axes:
            facts[axis.name] = random.choice(axis.examples)
            try:
                decide(policy, facts)
            except DecisionError:
                break
    assert loaded() == before and before, (hit, {name for name, _ in loaded() - before})
"""


def test_all_that_is_compiled_is_loaded_ahead() -> None:
    """In a process of its own, since other tests load it as well."""
    subprocess.run([sys.executable, "-c", ALL_LOADED], check=True)


def test_of_very_many_natures_only_the_first_are_done_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a policy of thousands would keep every process busy, and fill its memory."""
    monkeypatch.setattr(engine, "_MADE_READY", 1)
    policy = parse_policy(SOUND)
    looked_at: list[int] = []
    monkeypatch.setattr(
        policy.engine.diagram, "fits", lambda codes, _given: looked_at.append(codes[0]) or True
    )
    policy.engine.make_ready()
    assert len(policy.engine.compiled.axes[0].examples) > 1
    assert looked_at == [0]


WHERE_OR_WHEN = """\
policy: where or when
version: "1"
inputs:
  night: {type: boolean}
  place: {values: [park, shop, home, road]}
tables:
  who:
    hit: first
    outputs: {who: [near, far, both, none]}
    rules:
      - {id: park, when: {place: '"park"'}, then: {who: near}, because: x, source: x}
      - {id: shop, when: {place: '"shop"'}, then: {who: far}, because: x, source: x}
      - {id: night, when: {place: '"home"', night: true}, then: {who: both}, because: x, source: x}
      - {id: rest, then: {who: none}, because: x, source: x}
"""


def test_the_question_that_leaves_the_fewest_rules_comes_first() -> None:
    compiled = parse_policy(WHERE_OR_WHEN).engine.compiled
    sizes = [len(axis.examples) for axis in compiled.axes]
    even = [[1 / size] * size for size in sizes]
    night, place = 0, 1
    assert RulesLeft(compiled).choose([0, 0], 0, 0b11, even) == place
    # At home only the night tells rules apart; where everybody is at home, nothing else does.
    home = compiled.axes[place].code("home")
    at_home = [even[night], [float(code == home) for code in range(sizes[place])]]
    assert RulesLeft(compiled).choose([0, home], 0b10, 0b01, at_home) == night


def test_the_report_is_a_sample_that_says_how_sure_it_is(large: Policy) -> None:
    report = questions_report(large)
    exact = questions_report(parse_policy(SOUND))
    assert report.drawn > 0
    assert not report.counted
    assert report.to_dict()["drawn"] == report.drawn
    assert report.in_order.margin > 0
    # What a rule still looks at is asked, even if it cannot matter, so it is never too few.
    assert report.planned.mean >= exact.planned.mean - 2 * report.planned.margin
    assert report.planned.worst <= report.all
    assert questions_report(large) == report


@pytest.mark.parametrize("seed", [6, 12, 24])
def test_the_next_question_does_not_hang_on_what_was_asked_before(seed: int) -> None:
    policy = make_policy(15, 10, seed)
    asked_before = Planner(policy, looks=300)
    random, axes = Random(seed), {axis.name: axis for axis in policy.engine.compiled.axes}
    for _ in range(4):
        facts: dict[str, Fact] = {}
        while (name := asked_before.next_question(facts)) is not None:
            assert name == asked_before.next_question(facts)
            assert name == Planner(policy, looks=300).next_question(facts)
            facts[name] = random.choice(axes[name].examples)
