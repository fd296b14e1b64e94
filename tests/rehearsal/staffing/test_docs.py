"""The examples of docs/staffing.md do what the page says."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lamplighter.history.areas import Areas
from lamplighter.rehearsal.costs import COST_NAMES
from tests.rehearsal.staffing.cities import MIDDLE, make_city

PAGE = (Path(__file__).parents[3] / "docs" / "staffing.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (teams,) = blocks("yaml")
    (tmp_path / "teams.yaml").write_text(teams, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    calls = make_city()
    east = (calls.longitude > MIDDLE[1] + 0.01).astype(np.int16)
    calls = replace(calls, area=east, areas=("West", "East"))
    people = {"over_65": np.array([7000.0, 3000.0]), "under_18": np.array([4000.0, 6000.0])}
    told = {"calls": calls, "areas": Areas(("West", "East"), (), people)}
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), told, "page", None, 0)
    assert len(examples.examples) > 30
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


def test_the_page_has_every_name_of_a_cost() -> None:
    for name, one in COST_NAMES.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", PAGE, re.MULTILINE)
        if one.usual is not None:
            assert f"{one.usual.value:g}" in row.replace("0.30", "0.3").replace("0.20", "0.2")
