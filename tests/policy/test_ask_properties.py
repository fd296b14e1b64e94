"""The next question, held to all strategies of asking on small random policies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lamplighter.policy import Decision, DecisionError, FactError, decide, parse_policy
from lamplighter.policy.ask import EVEN, Planner, Rates, questions_report
from tests.policy.examples import SMALL
from tests.policy.random_policies import RefInput, RefPolicy, RefRule, RefTable, cells, policies
from tests.policy.random_policies import _yaml as policy_text


@st.composite
def policies_with_safety(draw: st.DrawFn) -> RefPolicy:
    """Random policies some of whose questions are about safety."""
    return flagged(draw, draw(policies()))


def flagged(draw: st.DrawFn, made: RefPolicy) -> RefPolicy:
    """The policy with `safety: true` at some inputs, as the reader would set it."""
    flags = draw(st.sets(st.sampled_from([one.name for one in made.inputs])))
    # In a copy: a text that was read a moment ago gives the same policy again.
    inputs = {
        name: replace(declared, safety=name in flags)
        for name, declared in made.policy.inputs.items()
    }
    return replace(made, policy=replace(made.policy, inputs=inputs))


@st.composite
def tiny_policies(draw: st.DrawFn) -> RefPolicy:
    """Policies of one table and few answers, small enough to try every strategy of asking."""
    declared = []
    for n in range(draw(st.integers(2, 4))):
        values = draw(st.sampled_from([(True, False), ("a", "b"), ("a", "b", "c")]))
        kind = "boolean" if values == (True, False) else "choice"
        always_known = n == 0 and draw(st.booleans())
        when_unknown = None if always_known else draw(st.sampled_from([None, *values]))
        asked = draw(st.integers(0, 3)) > 0
        declared.append(RefInput(f"i{n}", kind, values, False, always_known, when_unknown, asked))
    rules = []
    for _ in range(draw(st.integers(1, 5))):
        tested = draw(st.sets(st.sampled_from(declared), min_size=1, max_size=3))
        when = {
            one.name: draw(cells(one.kind, one.values, not one.always_known))
            for one in declared
            if one in tested
        }
        rules.append(RefRule(when, {"o": draw(st.sampled_from("xyz"))}))
    rules.append(RefRule({}, {"o": draw(st.sampled_from("xyz"))}))
    table = RefTable("t", "first", {"o": ("choice", ("x", "y", "z"))}, tuple(rules))
    text = policy_text(tuple(declared), [table], ("o",))
    return flagged(draw, RefPolicy(tuple(declared), (table,), ("o",), parse_policy(text)))


@st.composite
def rates_for(draw: st.DrawFn, made: RefPolicy) -> Rates:
    """Stated rates in quarters, for some inputs; a few depend on the ground."""

    def shares(one):
        parts = draw(
            st.lists(st.integers(0, 4), min_size=len(one.answers), max_size=len(one.answers))
        )
        total = sum(parts)
        return {a: p / total for a, p in zip(one.answers, parts, strict=True)} if total else {}

    facts = {one.name: shares(one) for one in made.inputs if draw(st.booleans())}
    ground = next((one for one in made.inputs if one.always_known), None)
    given_ground = {}
    if ground is not None and draw(st.booleans()):
        value = draw(st.sampled_from(ground.answers))
        others = [one for one in made.inputs if one is not ground]
        given_ground[str(value).lower()] = {one.name: shares(one) for one in others}
    return Rates("drawn", facts, given_ground, ground.name if ground else None)


def interview(planner: Planner, complete: dict, answers: dict | None = None):
    """Ask until nothing can matter any more; the questions, in order, and the facts."""
    facts = dict(answers or {})
    asked = []
    while True:
        name = planner.next_question(facts)
        if name is None:
            return asked, facts
        assert name not in facts, "asked twice"
        matter = decide(planner.policy, facts).can_matter
        assert name in matter, "asked what cannot matter"
        asked.append((name, matter))
        facts[name] = complete[name]


def draw_call(made: RefPolicy, random: Random) -> dict:
    return {one.name: random.choice(one.answers) for one in made.inputs}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_interview_asks_what_can_matter_once_and_ends_as_the_final_decision(data):
    made = data.draw(policies_with_safety())
    assume(None not in made.possible({}))
    planner = Planner(made.policy, data.draw(rates_for(made)))
    random = Random(data.draw(st.integers(0, 999)))
    for _ in range(5):
        complete = draw_call(made, random)
        given_before = {n: f for n, f in complete.items() if random.random() < 0.2}
        asked, facts = interview(planner, complete, given_before)
        decision = decide(made.policy, facts)
        assert isinstance(decision, Decision)
        assert decision.outcome == decide(made.policy, complete, final=True).outcome
        assert decision.outcome == decide(made.policy, facts, final=True).outcome
        inputs = made.policy.inputs
        for name, matter in asked:
            may = [n for n in matter if inputs[n].ask] or list(matter)
            needed = [n for n in may if inputs[n].always_known]
            safety = [n for n in may if inputs[n].safety]
            if needed or safety:
                assert name == (needed or safety)[0]
            assert name in may


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_greedy_plan_keeps_the_same_promises(data):
    made = data.draw(policies_with_safety())
    assume(None not in made.possible({}))
    planner = Planner(made.policy, data.draw(rates_for(made)), exact_states=0)
    random = Random(data.draw(st.integers(0, 999)))
    for _ in range(5):
        complete = draw_call(made, random)
        _, facts = interview(planner, complete)
        assert (
            decide(made.policy, facts).outcome == decide(made.policy, complete, final=True).outcome
        )


def fewest_by_all_strategies(made: RefPolicy, rates: Rates, first: dict) -> float:
    """The least expected number of questions over every strategy that keeps to the rules.

    Nothing here knows of diagrams or classes: it runs through all facts.
    """
    inputs = {one.name: one for one in made.inputs}
    declared = made.policy.inputs
    ground = next((one.name for one in made.inputs if one.always_known), None)

    def share(name, answer):
        stated = rates.shares(first.get(ground), name) or {}
        total = sum(stated.values())
        if total:
            return Fraction(stated.get(answer, 0)) / Fraction(total)
        return Fraction(1, len(inputs[name].answers))

    @cache
    def fewest(known):
        facts = dict(known)
        missing = [n for n, one in inputs.items() if one.always_known and n not in facts]
        matter = set(made.can_matter(facts)) | set(missing)
        if not matter:
            return Fraction(0)
        may = [n for n in inputs if n in matter]
        may = [n for n in may if declared[n].ask] or may
        forced = [n for n in may if declared[n].always_known] or [
            n for n in may if declared[n].safety
        ]
        # Asking what cannot matter is a strategy too, though never a good one.
        idle = [n for n in inputs if n not in facts and bool(declared[n].ask) and n not in may]
        options = forced[:1] or [*may, *(idle if declared[may[0]].ask else [])]
        found = []
        for name in options:
            expected = Fraction(1)
            for answer in inputs[name].answers:
                part = share(name, answer)
                if part:
                    expected += part * fewest(frozenset({*known, (name, answer)}))
            found.append(expected)
        return min(found)

    return float(fewest(frozenset(first.items())))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_strategy_asks_fewer_questions_in_expectation(data):
    made = data.draw(tiny_policies())
    rates = data.draw(rates_for(made))
    planner = Planner(made.policy, rates)
    ground = next((one for one in made.inputs if one.always_known), None)
    firsts = [{ground.name: a} for a in ground.answers] if ground else [{}]
    for first in firsts:
        plan = planner.plan(first)
        assert plan.exact
        state = planner.state(first)
        expected = plan._least(state, None, {})[0] if state.open else 0.0
        assert expected == pytest.approx(fewest_by_all_strategies(made, rates, first))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_report_counts_what_interviews_ask(data):
    made = data.draw(tiny_policies())
    ground = next((one for one in made.inputs if one.always_known), None)
    report = questions_report(made.policy, EVEN)
    planner = Planner(made.policy)
    for one in report.by_ground:
        first = {ground.name: one.value} if ground else {}
        counts = [
            len(interview(planner, complete, first)[0]) for complete in made.completions(first)
        ]
        assert one.planned.worst == max(counts)
        assert one.planned.mean == pytest.approx(sum(counts) / len(counts))
    assert report.counted
    assert report.planned.mean == pytest.approx(
        sum(one.share * one.planned.mean for one in report.by_ground)
    )


def test_an_unknown_input_is_refused_as_by_a_decision():
    from lamplighter.policy import parse_policy

    with pytest.raises(FactError, match="no input wepon"):
        Planner(parse_policy(SMALL)).next_question({"wepon": True})


def test_facts_without_an_answer_are_refused_as_by_a_decision():
    gap = parse_policy(
        """
policy: gap
version: "1"
inputs: {a: {type: boolean}}
tables:
  t:
    hit: first
    outputs: {o: [x, y]}
    rules: [{id: r, when: {a: "true"}, then: {o: x}, because: "So.", source: "None"}]
"""
    )
    with pytest.raises(DecisionError, match="no rule covers a=false"):
        Planner(gap).next_question({"a": False})
    assert Planner(gap).next_question({}) == "a"
