"""Promises about counts and sums that look kept and are not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lamplighter.policy import UNKNOWN, parse_policy
from lamplighter.policy.check import check
from lamplighter.policy.report import PromiseResult

INPUTS = {
    "nature": {"type": "choice", "values": ["noise", "fight", "fire"], "always known": True},
    "weapon": {"type": "boolean"},
}


def rule(name: str, when: dict[str, str], then: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "when": when, "then": then, "because": "B", "source": "S"}


def adding(*rules: dict[str, Any]) -> dict[str, Any]:
    output = {"type": "number", "range": "[0..9]"}
    return {"hit": "collect sum", "outputs": {"points": output}, "rules": rules}


WHO = {
    "hit": "first",
    "outputs": {"who": {"values": ["police", "team"]}},
    "rules": [
        rule("hurt", {"nature": '"fight"'}, {"who": "team"}),
        rule("rest", {}, {"who": "police"}),
    ],
}
WHOLE = adding(
    rule("loud", {"nature": '"noise"'}, {"points": 1}),
    rule("both", {"nature": '"noise","fight"'}, {"points": 2}),
)
EITHER = adding(
    rule("loud", {"nature": '"noise"'}, {"points": 3}),
    rule("hurt", {"nature": '"fight"'}, {"points": 2}),
)
HALVES = adding(
    rule("half", {"nature": '"noise"'}, {"points": 0.5}),
    rule("armed", {"weapon": "true"}, {"points": 2}),
)


def result(never: str, **tables: dict[str, Any]) -> PromiseResult:
    tree = {
        "policy": "totals",
        "version": "1",
        "inputs": INPUTS,
        "outcome": [name for table in tables.values() for name in table["outputs"]],
        "tables": tables,
        "promises": [{"id": "p", "says": "P", "never": never}],
    }
    (found,) = check(parse_policy(json.dumps(tree))).promises
    return found


def test_a_fact_that_adds_less_counts_where_a_table_before_looks_at_it() -> None:
    broken = result("points >= 2 and who = team", who=WHO, points=WHOLE)
    assert broken.status == "refuted"
    assert broken.call == {"nature": "fight", "weapon": UNKNOWN}


@pytest.mark.parametrize("never", ["points not in (2, 3)", "points != 3 and nature != fight"])
def test_a_total_below_those_that_are_allowed_breaks_a_promise(never: str) -> None:
    broken = result(never, points=EITHER)
    assert broken.status == "refuted"
    assert broken.call == {"nature": "fire", "weapon": UNKNOWN}


@pytest.mark.parametrize(
    ("above", "status"), [("points < 1", "proved"), ("points <= 2", "refuted")]
)
def test_a_total_that_no_rules_come_to_breaks_nothing(above: str, status: str) -> None:
    assert result(f"points > 0.5 and {above}", points=HALVES).status == status
