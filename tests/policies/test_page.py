"""The page about the policy names every kind of answer."""

from __future__ import annotations

from pathlib import Path

from lamplighter.policy import Policy

PAGE = Path(__file__).parents[2] / "docs/first-response.md"


def test_the_page_has_a_row_for_every_kind_of_answer(policy: Policy) -> None:
    response = next(table for table in policy.tables if table.name == "response")
    page = PAGE.read_text("utf-8")
    missing = [
        choice.value
        for choice in response.outputs["responder"].values
        if f"\n| `{choice.value}` |" not in page
    ]
    assert missing == []
