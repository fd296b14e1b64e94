"""The examples of docs/histories.md on describing do what the page says."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.history import parse_layout
from tests.history.invented import calls, text
from tests.history.shapes import RADIO

PAGE = (Path(__file__).parents[2] / "docs" / "histories.md").read_text(encoding="utf-8")
PAGE = PAGE[: PAGE.index("## From an open portal")]
SHOWN = (0, 1, 2, 6, 7, 10, 11)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def plain(output: str) -> list[str]:
    return [line.rstrip() for line in output.strip().splitlines()]


def test_the_command_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    columns = [RADIO[position] for position in SHOWN]
    Path("calls.csv").write_bytes(text(columns, calls(600)))
    Path("calls.xlsx").write_bytes(b"<!DOCTYPE html><html><body>Sign in</body></html>")

    for example in blocks("console"):
        command, _, expected = example.partition("\n")
        done = CliRunner().invoke(main, command.removeprefix("$ lamplighter ").split())
        assert plain(done.stdout + done.stderr) == plain(expected)

    written = Path("my_city.yaml").read_text("utf-8")
    shown, by_hand = blocks("yaml")
    start = shown.strip().splitlines()
    assert written.splitlines()[4 : 4 + len(start)] == start
    assert parse_layout(by_hand).file.skip == 1
