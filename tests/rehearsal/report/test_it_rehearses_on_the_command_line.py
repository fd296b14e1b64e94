"""The command `lamplighter rehearse`: what it refuses in one sentence, and what it keeps."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lamplighter.cli import main
from lamplighter.history import open_history
from tests.rehearsal.report.town import TEAMS, Town

LAYOUT = """
layout: raw
city: Rawtown
time zone: America/Chicago
columns: {id: number, time: received, nature: code}
time formats: ["%Y-%m-%d %H:%M:%S"]
natures:
  - {codes: [CHECK], nature: welfare_check, because: Check on somebody.}
"""
RAW = "number,received,code\n" + "".join(
    f"{number},2026-03-{1 + number % 20:02d} {number % 24:02d}:00:00,CHECK\n"
    for number in range(120)
)


@pytest.fixture
def folder(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for file in (town.history, town.areas, town.teams):
        shutil.copy(file, tmp_path)
    (tmp_path / "raw.yaml").write_text(LAYOUT)
    (tmp_path / "raw.csv").write_text(RAW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", *arguments])


ASKED = ("calls.parquet", "first_response", "--teams", "teams.yaml", "-o", "out")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.parquet", *ASKED[1:]), "none.parquet"),
        (("raw.csv", *ASKED[1:]), "raw.csv"),
        (("calls.parquet", "no_policy", *ASKED[2:]), "no_policy is neither a file nor a policy"),
        ((*ASKED, "--areas", "none.geojson"), "none.geojson"),
        ((*ASKED, "--staffing", "a lot"), "not understood"),
        ((*ASKED, "--group", "older=old"), "need --areas"),
        ((*ASKED, "--areas", "areas.geojson", "--group", "old"), "write it as name=column"),
        ((*ASKED, "--areas", "areas.geojson", "--group", "a=b"), "no column b"),
        (("raw.csv", *ASKED[1:], "--layout", "no_layout"), "no_layout"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    before = set(Path().iterdir())
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert set(Path().iterdir()) == before


def test_what_was_read_stays_when_the_rest_fails(folder: Path) -> None:
    nowhere = TEAMS.replace(
        "    kind: community_team\n", "    kind: community_team\n    areas: [Mars]\n"
    )
    (folder / "teams.yaml").write_text(nowhere)
    result = run("raw.csv", *ASKED[1:], "--layout", "raw.yaml")
    assert result.exit_code == 2
    assert "Mars" in result.stderr
    assert len(open_history(folder / "out.history.parquet")) == 120
    assert not (folder / "out").exists()


def test_a_raw_file_becomes_a_report_that_says_how(folder: Path) -> None:
    given = (str(folder / "raw.csv"), "first_response", "--teams", str(folder / "teams.yaml"))
    more = ("--layout", "raw.yaml", "--replications", "2", "-o", "out")
    result = run(*given, *more)
    assert result.exit_code == 0, result.stderr
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert "raw.csv" in page
    # The team file answers for no desk, which the page tells, without where the file is kept.
    assert "no kind answers" in page
    assert str(folder) not in page
    assert "Rawtown" in result.stdout


@pytest.mark.usefixtures("folder")
def test_what_a_search_for_a_staffing_found_is_told_at_once() -> None:
    target = "30% within 60, at most 70% fall back"
    result = run(*ASKED, "--staffing", target, "--replications", "2")
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "The smallest plan that meets it takes" in said
    assert "No plan near this one is cheaper and meets the target." in said


def test_areas_that_overlap_or_leave_calls_out_are_told(folder: Path) -> None:
    areas = json.loads((folder / "areas.geojson").read_text())
    first, *_ = areas["features"]
    other = {**first, "properties": {**first["properties"], "name": "Twice"}}
    (folder / "some.geojson").write_text(json.dumps({**areas, "features": [first, other]}))
    result = run(*ASKED, "--areas", "some.geojson", "--replications", "1")
    assert result.exit_code == 0, result.stderr
    assert "and 'Twice' overlap by" in " ".join(result.stderr.split())
    assert "lie outside all areas of some.geojson: they are rehearsed" in result.stdout

    west, north = first["geometry"]["coordinates"][0][0][:2]
    bow = [[west, north], [west + 1, north - 1], [west + 1, north], [west, north - 1]]
    tied = {**first, "properties": {**first["properties"], "name": "Bow"}}
    tied["geometry"] = {"type": "Polygon", "coordinates": [[*bow, bow[0]]]}
    (folder / "bow.geojson").write_text(
        json.dumps({**areas, "features": [*areas["features"], tied]})
    )
    result = run(*ASKED, "--areas", "bow.geojson", "--replications", "1", "--force")
    assert "bow.geojson, feature" in result.stderr
    assert "bow.geojson: bow.geojson" not in result.stderr


def test_teams_that_nobody_would_call_are_told_in_plain_words(folder: Path) -> None:
    result = run(*ASKED, "--answers", "least", "--replications", "1")
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "No call would go to these teams, who are on duty" in said
    assert "No call is reached by anybody." in said
    assert "serve –" not in said
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    for text in (said, " ".join(page.split())):
        assert "within –" not in text
        assert "reach –" not in text


def test_help_starts_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from lamplighter.cli import main\n"
        "assert CliRunner().invoke(main, ['rehearse', '--help']).exit_code == 0\n"
        "heavy = {'numpy', 'numba', 'pyarrow', 'duckdb', 'shapely', 'z3'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
