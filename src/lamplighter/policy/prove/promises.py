"""Proves the promises of a policy for every call, or finds the call that breaks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import z3

from lamplighter.policy.decision import Decision
from lamplighter.policy.domains import UNKNOWN
from lamplighter.policy.engine import decide
from lamplighter.policy.model import Policy, Promise
from lamplighter.policy.promises import Asked, Condition, atoms, condition_of, outputs_of, was_asked
from lamplighter.policy.prove.conditions import Conditions
from lamplighter.policy.prove.contradictions import Contradiction, contradictions
from lamplighter.policy.prove.fewest import Fewest
from lamplighter.policy.prove.findings import told
from lamplighter.policy.prove.formula import Codes, Formula
from lamplighter.policy.prove.logic import either
from lamplighter.policy.prove.search import Found
from lamplighter.policy.prove.trial import Breaking
from lamplighter.policy.report import Finding, PromiseResult

# So many promises are asked about together: one at a time takes longer, and so do very many.
_AT_ONCE = 4


def prove(
    policy: Policy, formula: Formula, findings: Sequence[Finding]
) -> tuple[PromiseResult, ...]:
    """One result for each promise, in their order: proved, refuted or contradictory.

    Where tables keep all promises and always have an answer, as the findings about them say,
    promises do not contradict each other: the tables are the proof. Only otherwise it is asked
    whether any tables could keep them.
    """
    results = tuple(_prove(policy, Conditions(formula)))
    kept = all(result.status == "proved" for result in results)
    if kept and not any(finding.kind in ("gap", "overlap") for finding in findings):
        return results
    against: dict[str, Contradiction] = {}
    for found in contradictions(policy, formula.axes):
        for name in found.promises:
            against.setdefault(name, found)
    return tuple(
        _contradictory(result, against[result.promise.id])
        if result.promise.id in against
        else result
        for result in results
    )


def _prove(policy: Policy, conditions: Conditions) -> Iterator[PromiseResult]:
    formula = conditions.formula
    stated = {promise.id: condition_of(policy, promise) for promise in policy.promises}
    tests = {name: Breaking(formula.trial, condition) for name, condition in stated.items()}
    fewest = Fewest(formula)
    found = {name: fewest.breaking(stated[name], tests[name]) for name in stated}
    # What is asked needs the tables once more for each answer, so that comes last.
    unsure = sorted(
        (name for name, one in found.items() if one.codes is None and not one.sure),
        key=lambda name: any(isinstance(test, Asked) for test in atoms(stated[name])),
    )
    for start in range(0, len(unsure), _AT_ONCE):
        some = unsure[start : start + _AT_ONCE]
        broken = {name: conditions.broken(stated[name]) for name in some}
        for name, codes in _breaking(formula, broken, tests).items():
            found[name] = Found(codes, sure=False)
    for promise in policy.promises:
        name = promise.id
        one = found[name]
        if one.codes is None:
            yield PromiseResult(promise, "proved", "it holds for every call")
        elif one.sure:
            codes = formula.quiet(one.codes, tests[name])
            yield _refuted(policy, promise, stated[name], conditions, codes)
        else:
            goals = [conditions.broken(stated[name])]
            codes = formula.readable(one.codes, tests[name], goals)
            yield _refuted(policy, promise, stated[name], conditions, codes)


def _breaking(
    formula: Formula, broken: Mapping[str, z3.BoolRef], tests: Mapping[str, Breaking]
) -> dict[str, Codes]:
    """Calls that break promises, one for each that is broken; the others hold for every call.

    They are asked about at once: that nothing breaks any of them is one proof.
    """
    found: dict[str, Codes] = {}
    left = list(broken)
    while left:
        codes = formula.solve(formula.name(either([broken[name] for name in left])))
        if codes is None:
            return found
        by_this = [name for name in left if tests[name](codes)]
        assert by_this, "the formula and the tables say the same"
        found |= dict.fromkeys(by_this, codes)
        left = [name for name in left if name not in found]
    return found


def _refuted(
    policy: Policy,
    promise: Promise,
    condition: Condition,
    conditions: Conditions,
    codes: Codes,
) -> PromiseResult:
    call = conditions.formula.call(codes)
    actual = {
        name: fact
        for name, fact in conditions.true_facts(condition, codes).items()
        if call[name] is UNKNOWN
    }
    decision = decide(policy, call, final=True)
    assert isinstance(decision, Decision)
    outputs = outputs_of(policy, decision)
    rules = tuple(hit.rule for hit in decision.hits)
    message = f"a call with {told(call)} breaks it"
    if actual:
        message += f", if in truth {told(actual)}"
    asked = {
        test.name: was_asked(policy, call, test.name)
        for test in atoms(condition)
        if isinstance(test, Asked)
    }
    for name, needed in asked.items():
        message += f"; {name} {'must' if needed else 'need not'} be asked about"
    message += f"; the rules that hit are {', '.join(rules)}"
    return PromiseResult(promise, "refuted", message, call, actual, rules, outputs, asked)


def _contradictory(result: PromiseResult, found: Contradiction) -> PromiseResult:
    others = tuple(name for name in found.promises if name != result.promise.id)
    whom = f"together with {' and '.join(others)} " if others else ""
    message = (
        f"{whom}no tables could keep it: every answer to a call with {told(found.call)} "
        "breaks a promise; change one of them"
    )
    return replace(
        result,
        status="contradictory",
        message=message.strip(),
        call=found.call,
        against=others,
        actual={},
        rules=(),
        outputs={},
        asked={},
    )
