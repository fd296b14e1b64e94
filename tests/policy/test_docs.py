"""The examples of docs/policies.md and of the library do what they say."""

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter import policy as library
from lamplighter.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def street_desk(tmp_path, monkeypatch):
    (policy,) = blocks("yaml")
    mistakes = policy.replace('"threat","now"', '"treat","now"', 1)
    mistakes = mistakes.replace(
        """not("none")'}\n        then: {risk: high}""",
        """not("none")'}\n        then: {risk: hihg}""",
    )
    (tmp_path / "street_desk.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "mistakes.yaml").write_text(mistakes, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("street_desk")
def test_the_python_examples():
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, "page", None, 0)
    assert len(examples.examples) > 10
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.usefixtures("street_desk")
@pytest.mark.parametrize("example", blocks("console"), ids=lambda text: text.splitlines()[0])
def test_the_command_examples(example):
    command, _, expected = example.partition("\n")
    result = CliRunner().invoke(main, command.removeprefix("$ lamplighter ").split())
    assert (result.stdout + result.stderr).strip() == expected.strip()


@pytest.mark.parametrize(
    "module",
    [found.name for found in pkgutil.walk_packages(library.__path__, "lamplighter.policy.")],
)
def test_the_examples_of_a_module(module):
    assert doctest.testmod(import_module(module)).failed == 0
