"""The examples of docs/policies.md, of docs/proofs.md and of the library do what they say."""

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter import policy as library
from lamplighter.cli import main

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("policies.md", "proofs.md")}
WEAPON = {
    "known": "weapon and responder = team",
    "there": "actual(weapon) and responder = team",
    "asked": "not asked(weapon) and responder = team",
    "never-police": "weapon and responder = police",
}
PROMISED = {
    "known": "A known weapon never meets the team alone.",
    "there": "A weapon that is there never does.",
    "asked": "The team goes only after weapons were asked about.",
    "never-police": "A known weapon never meets police.",
}


def blocks(language, page="policies.md"):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.MULTILINE | re.DOTALL)


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
    armed = policy[: policy.index("promises:")] + "promises:\n"
    for name, never in WEAPON.items():
        says = PROMISED[name]
        armed += f'  - {{id: {name}, says: "{says}", never: "{never}"}}\n'
    (tmp_path / "armed_desk.yaml").write_text(armed, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_the_promise_of_the_page_about_proofs_is_the_one_of_the_policy():
    (promises,) = blocks("yaml", "proofs.md")
    (policy,) = blocks("yaml")
    for line in promises.splitlines():
        assert line in policy or line.strip().startswith("source:")


@pytest.mark.usefixtures("street_desk")
@pytest.mark.parametrize(("page", "least"), [("policies.md", 10), ("proofs.md", 8)])
def test_the_python_examples(page, least):
    text = "".join(blocks("python", page))
    examples = doctest.DocTestParser().get_doctest(text, {}, "page", None, 0)
    assert len(examples.examples) > least
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.usefixtures("street_desk")
@pytest.mark.parametrize(
    "example",
    [*blocks("console"), *blocks("console", "proofs.md")],
    ids=lambda text: text.splitlines()[0],
)
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
