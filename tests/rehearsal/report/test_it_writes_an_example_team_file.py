"""The command `lamplighter teams`: an example for the calls at hand, which runs as it is."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from lamplighter.cli import main
from lamplighter.policy import shipped_policy
from lamplighter.rehearsal.demand import calls_of
from lamplighter.rehearsal.example.making import example_for
from lamplighter.rehearsal.outcome import Status
from lamplighter.rehearsal.simulator import simulate_many
from lamplighter.rehearsal.staffing.target import Target, counted_calls
from lamplighter.rehearsal.teams import Teams
from lamplighter.rehearsal.teams_file import parse_teams, read_teams
from tests.policy.replay.histories import Call, write_history
from tests.rehearsal.report.town import MONDAY, SOUTH, WEST, Town, make_town

PAGE = (Path(__file__).parents[3] / "docs" / "team-files.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def calls_at(*places: tuple[float | None, float | None], started_by: str = "public") -> None:
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
    assert teams.costs == example.costs
    bases = bases_of(teams, "community_team")
    assert bases["south"] < bases["center"] < bases["north"]
    for unit in teams.units:
        assert unit.base is not None
        assert SOUTH < unit.base[0] < SOUTH + 0.06
        assert WEST < unit.base[1] < WEST + 0.06


def units_of(file: str) -> Counter[str]:
    """Units on duty in the shifts of each kind, one shift after the other."""
    counts: Counter[str] = Counter()
    for unit in read_teams(file).units:
        counts[unit.kind] += sum(shift.number for shift in unit.shifts)
    return counts


def test_it_has_as_many_units_as_the_calls_ask_for(tmp_path: Path) -> None:
    kinds = {unit.kind for unit in read_teams("example_teams").units}
    found = []
    for calls in (420, 8_400):  # 20 and 400 calls a day
        folder = tmp_path / str(calls)
        folder.mkdir()
        town = make_town(folder, calls)
        assert run("teams", str(town.history), "-o", f"{calls}.yaml").exit_code == 0
        assert run("teams", str(town.history), "-o", "again.yaml", "--force").exit_code == 0
        assert Path(f"{calls}.yaml").read_bytes() == Path("again.yaml").read_bytes()
        found.append(units_of(f"{calls}.yaml"))
    few, many = found
    assert set(few) == set(many) == kinds
    assert few["community_team"] <= 6
    assert many["community_team"] > 3 * few["community_team"]
    # Nobody ever calls for them in the town.
    assert few["interrupter"] == many["interrupter"] == 1


def test_a_small_town_is_served_without_idle_teams(tmp_path: Path) -> None:
    town = make_town(tmp_path, 420)
    calls = calls_of(town.history, town.policy).calls
    theirs = counted_calls(calls, frozenset({"community_team", "ems_and_community_team"}), Target())
    met, busy = [], []
    text = example_for(town.history, town.policy)
    for one in simulate_many(calls, parse_teams(text), seed=1, replications=3):
        within = one.arrived[theirs] - calls.minute[theirs] <= calls.target[theirs]
        met.append(float((within & (one.status[theirs] == Status.SERVED)).mean()))
        ours = [place for place, kind in enumerate(one.unit_kinds) if kind == "community_team"]
        busy.append(one.busy[ours].sum() / one.on_duty[ours].sum())
    assert min(met) > 0.9
    assert min(busy) > 0.1


def test_its_top_says_target_and_assumptions_in_both_languages(town: Town) -> None:
    assert run("teams", str(town.history), "-o", "mine.yaml").exit_code == 0
    top = Path("mine.yaml").read_text().partition("\nteams:")[0]
    assert all(line.startswith("#") and len(line) <= 100 for line in top.splitlines())
    said = " ".join(top.replace("#", " ").split())
    for words in (
        "Made for the calls of Lamplight Town under the policy first response",
        "Target: 90% of the calls",
        "minutes each with the way; within 40",
        "Violence interrupters: fewer than 10 calls in this history; at least one unit",
        "Assumed: shifts have the hours",
        "Meta: el 90% de las llamadas",
        "Equipo comunitario: ",
        "Se supone: los turnos",
    ):
        assert words in said
    assert "600,000" not in top


def policy_without(town: Town, *answers: str) -> str:
    """The policy that ships, which sends police in the place of these."""
    text = shipped_policy("first_response").read_text(encoding="utf-8")
    for answer in answers:
        text = text.replace(f"responder: {answer}}}", "responder: police}")
    file = town.folder / "changed.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_it_has_the_kinds_that_the_policy_sends(town: Town) -> None:
    changed = policy_without(town, "community_team", "ems_and_community_team", "mediation")
    written = run("teams", str(town.history), changed, "-o", "mine.yaml")
    assert f"lamplighter rehearse {town.history} {changed} --teams mine.yaml" in written.output
    # To a community team go calls for which no outreach team was free.
    kinds = {"community_team", "co_responder", "outreach", "interrupter"}
    assert {unit.kind for unit in read_teams("mine.yaml").units} == kinds
    assert "mediator" not in read_teams("mine.yaml").kinds
    assert units_of("mine.yaml")["community_team"] == 1


def test_a_policy_that_sends_none_of_them_is_named(town: Town) -> None:
    changed = policy_without(
        town,
        "community_team",
        "ems_and_community_team",
        "mediation",
        "co_response",
        "outreach_team",
        "violence_interrupters",
    )
    result = run("teams", str(town.history), changed, "-o", "mine.yaml")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "the policy first response sends nobody whom the example has" in result.output
    result = run("teams", str(town.history), "nowhere.yaml", "-o", "mine.yaml")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert not Path("mine.yaml").exists()


@pytest.mark.parametrize("nature", ["noise", "intoxicated_person", "person_without_shelter"])
def test_of_one_call_comes_the_least_that_runs(nature: str) -> None:
    write_history(Path("calls.parquet"), [Call("1", MONDAY, nature)])
    assert run("teams", "calls.parquet", "-o", "mine.yaml").exit_code == 0
    assert set(units_of("mine.yaml")) == {unit.kind for unit in read_teams("example_teams").units}
    assert sum(units_of("mine.yaml").values()) <= 8


def test_a_day_asks_for_no_more_than_a_week_of_such_days() -> None:
    def written(days: int) -> Counter[str]:
        calls = [
            Call(f"{day} {hour}", MONDAY + timedelta(days=day, hours=hour), "welfare_check")
            for day in range(days)
            for hour in range(24)
        ]
        write_history(Path("calls.parquet"), calls)
        assert run("teams", "calls.parquet", "-o", f"{days}.yaml").exit_code == 0
        return units_of(f"{days}.yaml")

    assert written(1)["community_team"] <= written(7)["community_team"] + 3


def test_only_calls_for_help_count_and_only_those_with_a_place() -> None:
    calls_at((40.0, -100.0), (40.0, -100.0), (41.0, -101.0))
    assert run("teams", "calls.parquet", "-o", "mine.yaml").exit_code == 0
    assert bases_of(read_teams("mine.yaml"), "mediator") == {"Mediator": (40.0, -100.0)}
    calls_at((None, None))
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
        ("officers.parquet", "mine.yaml", "has no call for help that the policy answers"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(history: str, output: str, says: str) -> None:
    calls_at((40.0, -100.0), started_by="officer")
    Path("calls.parquet").rename("officers.parquet")
    calls_at((40.0, -100.0))
    Path("raw.csv").write_text("id,time\n")
    result = run("teams", history, "-o", output)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert says in result.output
    assert not Path("mine.yaml").exists()


def test_where_teams_of_another_city_are_refused_it_is_named(town: Town) -> None:
    asked = ("rehearse", str(town.history), "first_response", "-o", "report", "--teams")
    assert "'lamplighter teams' writes an example" in run(*asked, "example_teams").output
