"""Checks a policy ahead of time: its tables over every call, and its promises."""

from __future__ import annotations

from threading import Lock

from lamplighter.policy.model import Policy
from lamplighter.policy.promises import atoms, condition_of
from lamplighter.policy.prove.classes import axes_for
from lamplighter.policy.prove.empty import empty_promises
from lamplighter.policy.prove.findings import Findings, idle_inputs
from lamplighter.policy.prove.formula import Formula
from lamplighter.policy.prove.promises import prove
from lamplighter.policy.report import Finding, PromiseResult, Report

__all__ = ["Finding", "PromiseResult", "Report", "check"]

# All formulas live in one context of the solver, which is not made for two threads at once.
_one_at_a_time = Lock()


def check(policy: Policy) -> Report:
    """Check a policy exactly, over all calls, unknown facts included, and prove its promises.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> report = check(read_policy(shipped_policy("first_response")))
    >>> report.passed, {promise.status for promise in report.promises}
    (True, {'proved'})
    """
    with _one_at_a_time:
        return _checked(policy)


def _checked(policy: Policy) -> Report:
    compiled = policy.engine.compiled
    conditions = [condition_of(policy, promise) for promise in policy.promises]
    axes = axes_for(compiled, [test for condition in conditions for test in atoms(condition)])
    formula = Formula(compiled, axes)
    findings: list[Finding] = []
    for place in range(len(compiled.tables)):
        findings += Findings(formula, place).all()
    findings += empty_promises(policy, axes)
    findings += idle_inputs(policy, compiled)
    return Report(policy, tuple(findings), prove(policy, formula, findings))
