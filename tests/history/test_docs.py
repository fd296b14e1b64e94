"""The examples of docs/histories.md on portals, areas and pages do what the page says."""

import doctest
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.history import parse_layout
from tests.history.conftest import GOOD, TOWN, file_of
from tests.history.portal_server import portal_server
from tests.history.test_it_knows_areas import collection, feature, square

PAGE = (Path(__file__).parents[2] / "docs" / "histories.md").read_text(encoding="utf-8")
HOST = "https://data.example.org"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "town.yaml").write_text(TOWN)
    (tmp_path / "calls.csv").write_text(file_of(GOOD))
    west, east = square(-88.1, 42.9, 0.2), square(-87.9, 42.9, 0.2)
    (tmp_path / "neighborhoods.geojson").write_text(
        collection(feature("West", west), feature("East", east))
    )
    (tmp_path / "people.csv").write_text("name,residents\nWest,1200\nEast,3400\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_commands_and_then_the_python_examples() -> None:
    fetch, read, *others = [block for block in blocks("console") if "describe F" not in block]
    assert not others
    with portal_server(rows=120) as server:
        done = run(fetch.replace(HOST, server.address))
        assert done == fetch.partition("\n")[2]
    run(read)
    assert Path("quality.html").is_file()
    (python,) = [block for block in blocks("python") if "read_areas" in block]
    examples = doctest.DocTestParser().get_doctest(python, {}, "page", None, 0)
    assert len(examples.examples) > 5
    runner = doctest.DocTestRunner()
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("key", ["rows of one call", "incidents"])
def test_what_a_layout_may_say(key: str) -> None:
    (said,) = [block for block in blocks("yaml") if block.startswith(key)]

    layout = parse_layout(TOWN + said)

    assert layout.joins_rows or layout.incidents


def run(example: str) -> str:
    command = example.partition("\n")[0].removeprefix("$ lamplighter ").split()
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    return result.stdout
