"""The examples of docs/replay.md do what the page says."""

from __future__ import annotations

import doctest
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from tests.policy.replay.histories import Call, write_history

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "replay.md").read_text(encoding="utf-8")


def blocks(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (policy,) = blocks("yaml", (DOCS / "policies.md").read_text(encoding="utf-8"))
    (facts,) = blocks("yaml")
    changed = policy.replace('version: "2026-12-01"', 'version: "2027-01-01"')
    first, second = changed.index("      - id: fight"), changed.index("      - id: calm")
    (tmp_path / "street_desk.yaml").write_text(policy, encoding="utf-8")
    (tmp_path / "without_fight.yaml").write_text(
        changed[:first] + changed[second:], encoding="utf-8"
    )
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    day = datetime(2026, 11, 25, tzinfo=UTC)
    write_history(
        tmp_path / "calls.parquet",
        [
            Call("1", day.replace(hour=13), "noise"),
            Call("2", day.replace(hour=23), "fight"),
            Call("3", day.replace(hour=14), "noise", started_by="officer"),
            Call("4", day.replace(hour=3), None),
        ],
        city="Anytown",
        time_zone="UTC",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_python_examples() -> None:
    examples = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, "page", None, 0)
    assert len(examples.examples) > 10
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("example", blocks("console"), ids=lambda text: text.splitlines()[0])
def test_the_command_examples(example: str) -> None:
    command, _, expected = example.partition("\n")
    result = CliRunner().invoke(main, command.removeprefix("$ lamplighter ").split())
    assert plain(result.stdout + result.stderr) == plain(expected)


def plain(text: str) -> list[str]:
    """Without the spaces that fill a line, and with a word for each hash."""
    text = re.sub(r"2026-12-01 \([0-9a-f]{12}\)", "2026-12-01 (OLD)", text)
    text = re.sub(r"2027-01-01 \([0-9a-f]{12}\)", "2027-01-01 (NEW)", text)
    return [line.rstrip() for line in text.strip().splitlines()]
