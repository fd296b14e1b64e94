"""The examples of docs/rehearsal.md do what the page says."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from tests.rehearsal.report.town import Town

PAGE = (Path(__file__).parents[3] / "docs" / "rehearsal.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each command of the page with what it prints."""
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks("console")), re.MULTILINE)
    return [(command, expected) for command, expected in found]


@pytest.fixture
def folder(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for file in (town.history, town.areas, town.teams):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_command_examples() -> None:
    assert len(commands()) == 3
    for command, expected in commands():
        result = CliRunner().invoke(main, command.removeprefix("lamplighter ").split())
        assert plain(result.stdout + result.stderr) == plain(expected), command
        assert result.exit_code == (0 if "The report:" in expected else 2)


@pytest.mark.usefixtures("folder")
def test_the_python_examples() -> None:
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, "page", None, 0)
    assert len(examples.examples) > 10
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


def plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
