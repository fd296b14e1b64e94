"""The examples of docs/questions.md and docs/sheets.md do what the pages say."""

import doctest
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("street_desk.yaml").write_text(blocks("policies.md", "yaml")[0], encoding="utf-8")
    Path("rates.yaml").write_text(blocks("questions.md", "yaml")[0], encoding="utf-8")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", ["questions.md", "sheets.md"])
def test_the_python_examples(page):
    examples = doctest.DocTestParser().get_doctest(
        "".join(blocks(page, "python")), {}, page, None, 0
    )
    assert len(examples.examples) > 8
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", ["questions.md", "sheets.md"])
def test_the_commands_print_what_the_page_says(page):
    for example in blocks(page, "console"):
        command, _, expected = example.partition("\n")
        result = CliRunner().invoke(main, command.removeprefix("$ lamplighter ").split())
        printed = [line.rstrip() for line in (result.stdout + result.stderr).strip().splitlines()]
        assert printed == expected.strip().splitlines(), command
