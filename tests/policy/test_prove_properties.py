"""z3 and the slow reference say the same about random policies, calls and promises."""

from __future__ import annotations

from typing import Any

import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import UNKNOWN, Decision, DecisionError, decide
from lamplighter.policy.check import check
from lamplighter.policy.compiled import compile_policy
from lamplighter.policy.promises import broken_by, outputs_of
from lamplighter.policy.prove.classes import axes_for
from lamplighter.policy.prove.formula import Formula
from tests.policy.random_policies import RefPolicy, policies
from tests.policy.random_promises import Promised, promised

thorough = settings(max_examples=100, deadline=None)


@st.composite
def policies_and_calls(draw: st.DrawFn) -> tuple[RefPolicy, dict[str, Any]]:
    made = draw(policies())
    return made, {one.name: draw(st.sampled_from(one.answers)) for one in made.inputs}


def known_facts(call: Any) -> int:
    return sum(fact is not UNKNOWN for fact in call.values())


@thorough
@given(policies_and_calls())
def test_the_formula_decides_as_the_engine_does(made_and_call: Any) -> None:
    made, facts = made_and_call
    compiled = compile_policy(made.policy)
    formula = Formula(compiled, axes_for(compiled, []))
    codes = [axis.code(facts[axis.name]) for axis in formula.axes]
    here = [number == code for number, code in zip(formula.facts, codes, strict=True)]
    assert formula.possible(*here)
    model = formula.solver.model()

    def true(expression: z3.BoolRef) -> bool:
        return z3.is_true(model.eval(expression, model_completion=True))

    answered = all(true(table.answered) for table in formula.tables)
    try:
        decision = decide(made.policy, facts, final=True)
    except DecisionError:
        assert not answered
        return
    assert answered
    assert isinstance(decision, Decision)
    outputs = outputs_of(made.policy, decision)
    for table, truths in zip(compiled.tables, formula.tables, strict=True):
        hits = [table.hits[n].rule for n, hit in enumerate(truths.hits) if true(hit)]
        decided = [hit.rule for hit in decision.hits if hit.table == table.table.name]
        assert hits[:1] == decided if table.any else hits == decided
        for answer, truth in enumerate(truths.answers):
            same = all(outputs[n] == value for n, value in table.answers[answer].items())
            assert true(truth) == same
        if truths.total is not None:
            (name,) = table.table.outputs
            number = model.eval(truths.total.number, model_completion=True).as_long()
            assert number / truths.total.scale + truths.total.least == outputs[name]


@thorough
@given(promised())
def test_a_promise_is_proved_exactly_where_no_call_breaks_it(one: Promised) -> None:
    (result,) = check(one.policy).promises
    breaking = one.breaking()
    if result.status == "contradictory":
        # Tables that give no answer keep every promise, but mending them will not.
        assert breaking or any(one.made.run(call) is None for call in one.made.completions({}))
        return
    assert (result.status == "proved") == (not breaking)
    if result.status == "refuted":
        assert result.call is not None
        situations = one.situations(result.call)
        truths = [s for s in situations if result.actual.items() <= s.actual.items()]
        assert any(one.promise.happens(s) for s in truths)
        # No call that breaks it is told with fewer known facts.
        assert known_facts(result.call) == min(map(known_facts, breaking))


@thorough
@given(promised(), st.data())
def test_one_call_is_judged_as_by_the_reference(one: Promised, data: st.DataObject) -> None:
    facts = {i.name: data.draw(st.sampled_from(i.answers)) for i in one.made.inputs}
    for situation in one.situations(facts):
        happens = one.promise.happens(situation)
        (promise,) = one.policy.promises
        assert broken_by(one.policy, promise, facts, situation.actual) == happens
