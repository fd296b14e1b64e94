"""The examples of docs/simulator.md do what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from lamplighter.rehearsal import intervals
from lamplighter.rehearsal.simulator import durations
from lamplighter.rehearsal.teams import Law, Minutes

PAGE = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_the_page() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    examples = doctest.DocTestParser().get_doctest("".join(blocks), {}, "page", None, 0)
    assert len(examples.examples) > 15
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


def test_the_examples_of_functions() -> None:
    for module in (durations, intervals):
        found = doctest.testmod(module, extraglobs={"Law": Law, "Minutes": Minutes})
        assert found.attempted
        assert not found.failed
