"""The promises of the policy are proved, and break where a rule that keeps them is taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.policy import UNKNOWN, decide, read_policy, shipped_policy
from lamplighter.policy.check import Report, check
from lamplighter.policy.promises import Actual, Asked, atoms, broken_by, condition_of
from tests.policies.safer import needed_for_safety, without
from tests.policies.safety_rules import SAFETY_RULES

POLICY = read_policy(shipped_policy("first_response"))
PROMISES = {promise.id: promise for promise in POLICY.promises}


def options(name: str) -> list[Any]:
    declared = POLICY.inputs[name]
    values = [choice.value for choice in declared.values] or [True, False]
    return values if declared.always_known else [*values, UNKNOWN]


OPTIONS = {name: options(name) for name in POLICY.inputs}
COMPLETE = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in OPTIONS.items()}
)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(POLICY)


def test_it_makes_at_least_twelve_promises() -> None:
    assert len(POLICY.promises) >= 12
    assert all(promise.source and promise.says.es for promise in POLICY.promises)


def test_it_speaks_of_what_was_known_of_what_is_true_and_of_what_was_asked() -> None:
    tests = [test for promise in POLICY.promises for test in atoms(condition_of(POLICY, promise))]
    assert {"weapon", "violence"} <= {test.name for test in tests if isinstance(test, Actual)}
    assert {"weapon", "violence", "injured"} <= {t.name for t in tests if isinstance(t, Asked)}


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_is_proved(report: Report, promise: str) -> None:
    (result,) = (result for result in report.promises if result.promise.id == promise)
    assert result.status == "proved", result.message


@settings(max_examples=150, deadline=None)
@given(COMPLETE, COMPLETE)
def test_no_call_breaks_any_promise(facts: dict[str, Any], other: dict[str, Any]) -> None:
    """The engine, which shares nothing with the proof, finds no call that breaks one either."""
    actual = {
        name: other[name] if other[name] is not UNKNOWN else OPTIONS[name][0]
        for name, fact in facts.items()
        if fact is UNKNOWN
    }
    assert [p.id for p in POLICY.promises if broken_by(POLICY, p, facts, actual)] == []


@settings(max_examples=300, deadline=None)
@given(COMPLETE, st.sets(st.sampled_from([name for name in OPTIONS if name != "nature"])))
def test_what_was_not_asked_is_as_safe_as_what_nobody_knows(
    facts: Mapping[str, Any], left_out: set[str]
) -> None:
    asked = {name: value for name, value in facts.items() if name not in left_out}
    nobody_knows = {**facts, **dict.fromkeys(left_out, UNKNOWN)}
    assert decide(POLICY, asked, final=True).outcome == (
        decide(POLICY, nobody_knows, final=True).outcome
    )


@pytest.mark.parametrize(("rule", "promise"), SAFETY_RULES.items())
def test_a_safety_rule_taken_out_breaks_a_promise(rule: str, promise: str) -> None:
    policy = replace(without(POLICY, rule), promises=(PROMISES[promise],))
    (result,) = check(policy).promises
    assert result.status == "refuted"
    assert result.call is not None
    assert rule not in result.rules
    assert broken_by(policy, PROMISES[promise], result.call, result.actual)


def test_every_rule_without_which_a_call_is_less_safe_is_held_by_a_promise() -> None:
    """But for the last rule of each table: without it the check shows a call with no answer."""
    last = {table.rules[-1].id for table in POLICY.tables}
    needed = set(needed_for_safety(POLICY))
    assert needed <= SAFETY_RULES.keys() | last
    for rule in last:
        kinds = {finding.kind for finding in check(without(POLICY, rule)).findings if finding.call}
        assert "gap" in kinds


def test_the_command_prints_the_call_that_breaks_the_promise(tmp_path: Path) -> None:
    block = re.compile(r"      - id: police-for-weapon\n(?:        .*\n)+\n?")
    text, taken = block.subn("", POLICY.text)
    assert taken == 1
    path = tmp_path / "first_response.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["policy", "check", str(path)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("BROKEN  known-weapon-not-"))
    command = lines[place + 1].split()
    assert command[:3] == ["lamplighter", "policy", "decide"]
    assert "weapon=true" in command
    assert command[-1] == "--final"
    tried = CliRunner().invoke(main, command[1:])
    responder = re.search(r"responder (\w+)", lines[place + 2])
    assert responder is not None
    assert f"({responder.group(1)})" in tried.stdout


def test_the_page_counts_promises_and_safety_rules() -> None:
    page = (Path(__file__).parents[2] / "docs/first-response.md").read_text(encoding="utf-8")
    assert f"The policy states {len(POLICY.promises)} promises" in page
    assert f"Take out any of {len(SAFETY_RULES)} rules" in page
