"""The command `lamplighter teams`: an example for the calls at hand, which runs as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from lamplighter.cli import main
from lamplighter.rehearsal.teams import Teams
from lamplighter.rehearsal.teams_file import read_teams
from tests.policy.replay.histories import Call, write_history
from tests.rehearsal.report.town import MONDAY, SOUTH, WEST, Town

PAGE = (Path(__file__).parents[3] / "docs" / "team-files.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def calls_at(*places: tuple[float, float], started_by: str = "public") -> None:
    calls = [
        Call(str(number), MONDAY, "noise", started_by=started_by) for number in range(len(places))
    ]
    latitudes = pa.array([place[0] for place in places], pa.float64())
    longitudes = pa.array([place[1] for place in places], pa.float64())
    more = {"latitude": latitudes, "longitude": longitudes}
    write_history(Path("calls.parquet"), calls, more=more)


def bases_of(teams: Teams, kind: str) -> dict[str, object]:
    return {unit.name.rpartition(" ")[2]: unit.base for unit in teams.units if unit.kind == kind}


def test_it_can_be_rehearsed_as_it_is(town: Town) -> None:
    (command, printed) = re.findall(r"^\$ lamplighter (.*)\n((?:.*\n)*?)```", PAGE, re.MULTILINE)[0]
    Path("calls.parquet").write_bytes(town.history.read_bytes())
    written = run(*command.split())
    assert written.output == printed
    (following,) = re.findall(r"Next: lamplighter (.*)", printed)
    rehearsed = run(*following.split(), "--replications", "1")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert Path("report", "index.html").is_file()


def test_its_units_share_the_city_from_south_to_north(town: Town) -> None:
    assert run("teams", str(town.history), "-o", "mine.yaml").exit_code == 0
    teams, example = read_teams("mine.yaml"), read_teams("example_teams")
    assert [unit.shifts for unit in teams.units] == [unit.shifts for unit in example.units]
    assert teams.costs == example.costs
    bases = bases_of(teams, "community_team")
    assert bases["south"] < bases["center"] < bases["north"]
    for unit in teams.units:
        assert unit.base is not None
        assert SOUTH < unit.base[0] < SOUTH + 0.06
        assert WEST < unit.base[1] < WEST + 0.06


def test_only_calls_for_help_count_and_only_those_with_a_place() -> None:
    calls_at((40.0, -100.0), (40.0, -100.0), (41.0, -101.0))
    assert run("teams", "calls.parquet", "-o", "mine.yaml").exit_code == 0
    assert bases_of(read_teams("mine.yaml"), "mediator") == {"Mediator": (40.0, -100.0)}
    calls_at((40.0, -100.0), started_by="officer")
    assert run("teams", "calls.parquet", "-o", "none.yaml").exit_code == 0
    assert {unit.base for unit in read_teams("none.yaml").units} == {None}


def test_a_city_whose_name_is_two_lines_is_named_in_one() -> None:
    write_history(Path("calls.parquet"), [Call("1", MONDAY, "noise")], city="Any\nteams: {}")
    assert run("teams", "calls.parquet", "-o", "mine.yaml").exit_code == 0
    assert read_teams("mine.yaml").units


def test_a_file_that_is_there_is_replaced_only_with_force() -> None:
    calls_at((40.0, -100.0))
    Path("mine.yaml").write_text("mine")
    refused = run("teams", "calls.parquet", "-o", "mine.yaml")
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert "mine.yaml is already there" in refused.output
    assert Path("mine.yaml").read_text() == "mine"
    assert run("teams", "calls.parquet", "-o", "mine.yaml", "--force").exit_code == 0
    assert read_teams("mine.yaml").units


@pytest.mark.parametrize(
    ("history", "output", "says"),
    [
        ("none.parquet", "mine.yaml", "There is no file none.parquet"),
        ("raw.csv", "mine.yaml", "make one with 'lamplighter history read'"),
        ("calls.parquet", "nowhere/mine.yaml", "nowhere/mine.yaml cannot be written"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(history: str, output: str, says: str) -> None:
    calls_at((40.0, -100.0))
    Path("raw.csv").write_text("id,time\n")
    result = run("teams", history, "-o", output)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert says in result.output
    assert not Path("mine.yaml").exists()


def test_where_teams_of_another_city_are_refused_it_is_named(town: Town) -> None:
    asked = ("rehearse", str(town.history), "first_response", "-o", "report", "--teams")
    assert "'lamplighter teams' writes an example" in run(*asked, "example_teams").output
