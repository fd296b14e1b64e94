"""The examples of docs/dmn.md do what the page says."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "dmn.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shelter(tmp_path, monkeypatch):
    (model,) = blocks("xml")
    imports = model.replace(
        '  <itemDefinition name="tBed">',
        '<import name="money" namespace="urn:money"/><itemDefinition name="tBed">',
        1,
    )
    (tmp_path / "shelter.dmn").write_text(model, encoding="utf-8")
    (tmp_path / "imports.dmn").write_text(imports, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("shelter")
def test_the_python_examples():
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, "page", None, 0)
    assert len(examples.examples) > 10
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.usefixtures("shelter")
@pytest.mark.parametrize("example", blocks("console"), ids=lambda text: text.splitlines()[0])
def test_the_command_examples(example):
    command, _, expected = example.partition("\n")
    result = CliRunner().invoke(main, shlex.split(command.removeprefix("$ lamplighter ")))
    assert (result.stdout + result.stderr).strip() == expected.strip()
