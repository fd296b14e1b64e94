"""The examples of docs/team-files.md do what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from lamplighter.policy import Policy
from lamplighter.rehearsal.costs import COST_NAMES
from lamplighter.rehearsal.teams_file import parse_teams, read_teams, warnings_of

PAGE = (Path(__file__).parents[3] / "docs" / "team-files.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_python_examples() -> None:
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, "page", None, 0)
    assert len(examples.examples) > 6
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


def test_the_file(first_response: Policy) -> None:
    (text,) = blocks("yaml")

    teams = parse_teams(text, "team-files.md")

    (warning,) = warnings_of(teams, first_response)
    assert "these calls are not rehearsed" in warning.en
    assert set(teams.costs) <= set(COST_NAMES)


def test_the_costs_of_the_shipped_file_have_names_that_costs_know() -> None:
    assert set(read_teams("example_teams").costs) <= set(COST_NAMES)
