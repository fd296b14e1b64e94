"""Team files are read, and each mistake is said with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import numpy as np
import pytest

from lamplighter.policy import Policy
from lamplighter.rehearsal.demand import calls_of
from lamplighter.rehearsal.teams import Law, Minutes, Shift
from lamplighter.rehearsal.teams_file import (
    TeamsError,
    area_middles,
    parse_teams,
    read_teams,
    settled,
    shipped_teams,
    warnings_of,
)

TEAMS = """\
teams: Small
kinds:
  police: {label: Police, answers: [police], unlimited: true, armed: true}
  team:
    label: {en: Team, es: Equipo}
    answers: [community_team]
    takes over: {kind: police, after: 30}
    patience: {exponential: 60}
    minutes:
      to leave: 2
      on scene:
        usual: {percentiles: {10: 5, 50: 22, 90: 62}}
        by nature: {welfare_check: 12}
      write up: {lognormal: {median: 8, sigma: 0.5}}
    transport: {share: {usual: 0.1, by nature: {overdose: 0.5}}, minutes: 20}
    backup: {share: 0.01, kind: police, minutes: 10}
units:
  - name: One
    kind: team
    base: north
    areas: [north, south]
    skills: spanish
    shifts:
      - days: mon-fri
        hours: "22:00-06:00 next day"
        number: 2
        break: {minutes: 30, after: 240}
      - {days: [sat, sun], hours: "00:00-24:00"}
travel:
  street factor: 1.4
  speed: {0-5: 40, 6-23: 30}
needs: {welfare_check: [spanish]}
second unit: {with_team: police}
costs:
  wage_per_hour: {value: 30, low: 20, high: 40, unit: $/hour, source: assumed}
"""


def test_it_says_who_the_teams_are() -> None:
    teams = parse_teams(TEAMS)

    team = teams.kinds["team"]
    assert team.label == {"en": "Team", "es": "Equipo"}
    assert (team.takes_over, team.waits_at_most) == ("police", 30)
    assert team.patience == Minutes(Law.EXPONENTIAL, (60,))
    assert team.on_scene.usual.at == (0, 0.1, 0.5, 0.9, 1)
    # From nothing below the lowest percentile, straight on above the highest.
    assert team.on_scene.usual.values == (0, 5, 22, 62, 72)
    assert team.on_scene.by_nature == {"welfare_check": Minutes(Law.FIXED, (12,))}
    assert team.transport_share.by_nature == {"overdose": 0.5}
    assert (team.backup_kind, team.backup_on_scene.usual.values) == ("police", (10,))
    (unit,) = teams.units
    assert (unit.base, unit.base_area, unit.areas) == (None, "north", {"north", "south"})
    night, weekend = unit.shifts
    assert night == Shift(
        frozenset(range(5)), time(22), time(6), next_day=True, number=2,
        break_minutes=30, break_after=240,
    )  # fmt: skip
    assert weekend == Shift(frozenset({5, 6}), time(0), time(0), next_day=True)
    assert teams.travel.speed_km_h == (40,) * 6 + (30,) * 18
    assert teams.needs == {"welfare_check": {"spanish"}}
    assert teams.costs["wage_per_hour"].high == 40


def test_what_is_left_out_is_named_as_assumed() -> None:
    teams = parse_teams(TEAMS)

    names = [assumed.name for assumed in teams.assumed]
    assert names == ["police: minutes on scene", "police: minutes to arrive"]
    on_scene, to_arrive = teams.assumed
    assert (on_scene.low, on_scene.value, on_scene.high) == (5, 22, 62)
    assert (to_arrive.low, to_arrive.value, to_arrive.high) == (0, 14, 31)
    assert all("Lane County" in assumed.source for assumed in teams.assumed)


@pytest.mark.parametrize("name", shipped_teams())
def test_a_shipped_file_fits_the_shipped_policy(name: str, first_response: Policy) -> None:
    teams = read_teams(name)

    warnings = warnings_of(teams, first_response)
    assert all("which no rule gives" not in warning.en for warning in warnings)
    assert all(kind.label["en"] and kind.label["es"] for kind in teams.kinds.values())
    # The pilot took one kind of call; the example answers everybody.
    assert len(warnings) == (name == "star_pilot")


def test_the_hash_is_of_what_is_meant() -> None:
    text = TEAMS.replace("teams: Small", "# a comment\nteams:   'Small'")
    other = TEAMS.replace("to leave: 2", "to leave: 3")

    meant = parse_teams(TEAMS).content_hash
    assert parse_teams(text, "another name").content_hash == meant
    assert parse_teams(other).content_hash != meant


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("mon-fri", "mon-fry", 24, "days cannot be mon-fry"),
        (' next day"', '"', 25, "the shift 22:00-06:00 ends before it starts"),
        ("22:00-06:00", "04:00-06:00", 25, "is longer than a day"),
        ("22:00-06:00 next day", "ten to six", 25, "hours cannot be ten to six"),
        ("22:00-06:00 next day", "26:00-28:00", 25, "from 00:00 to 24:00"),
        ("to leave: 2", "to leave: -2", 10, "to leave of the kind team in minutes is -2"),
        ("{exponential: 60}", "{exponential: -60}", 8, "is -60 and must be at least 0"),
        ("50: 22", "50: 2", 12, "must rise"),
        ("{10: 5, 50: 22, 90: 62}", "{50: 22}", 12, "at least two percentiles"),
        ("sigma: 0.5", "sigma: many", 14, "must be a number"),
        ("{exponential: 60}", "{normal: 60}", 8, "has no field normal"),
        ("welfare_check: 12", "welfare_chek: 12", 13, "did you mean welfare_check?"),
        ("share: 0.01", "share: 1.5", 16, "must be from 0 to 1"),
        ("kind: police, after", "kind: polise, after", 4, "did you mean police?"),
        ("kind: team", "kind: teem", 19, "did you mean team?"),
        ("kind: team", "kind: police", 19, "of which there are always enough"),
        ("[community_team]", "[police]", 4, "police is answered by police and by team"),
        ("6-23: 30", "6-22: 30", 31, "the speed at 23 is missing"),
        ("6-23: 30", "5-23: 30", 31, "the speed at 5 is given twice"),
        ("street factor: 1.4", "street factor: 0.4", 30, "the street factor is 0.4"),
        ("{with_team: police}", "{with_team: army}", 33, "there is no kind army"),
        ("low: 20", "low: 35", 35, "between low and high"),
        ("base: north", "base: {latitude: 443, longitude: -87}", 20, "must be from -90 to 90"),
        ("number: 2", "number: 1.5", 26, "must be a whole number"),
        ("teams: Small", "team: Small", 1, "did you mean teams?"),
        ("travel:", "  travel:", 29, "this is not YAML"),
    ],
)
def test_a_mistake_is_said_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert TEAMS.count(old) == 1

    with pytest.raises(TeamsError) as caught:
        parse_teams(TEAMS.replace(old, new), "my.yaml")

    first = caught.value.problems[0] if len(caught.value.problems) == 1 else str(caught.value)
    assert f"my.yaml, line {line}," in first
    assert says in first


@pytest.mark.parametrize("shifts", ["[]", '[{days: mon, hours: "08:00-16:00", number: 0}]'])
def test_a_team_that_never_works_is_refused(shifts: str) -> None:
    start, end = TEAMS.index("    shifts:"), TEAMS.index("travel:")

    with pytest.raises(TeamsError, match=r"line 23, column 5: One never works"):
        parse_teams(f"{TEAMS[:start]}    shifts: {shifts}\n{TEAMS[end:]}", "t")


def test_a_kind_without_units_is_refused() -> None:
    start, end = TEAMS.index("units:"), TEAMS.index("travel:")

    with pytest.raises(TeamsError, match=r"line 4, .*no unit of the kind team ever works"):
        parse_teams(TEAMS[:start] + TEAMS[end:])


def test_an_empty_file_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TeamsError, match="is empty"):
        parse_teams(" \n")
    with pytest.raises(TeamsError, match=r"cannot be read .*example_teams"):
        read_teams(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("teams: Peñón".encode("latin-1"))
    with pytest.raises(TeamsError, match="not UTF-8"):
        read_teams(tmp_path / "latin.yaml")


def test_travel_may_be_a_matrix_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "teams.yaml"
    path.write_text(TEAMS.replace("  street factor: 1.4", "  matrix: minutes.csv"))
    matrix = tmp_path / "minutes.csv"
    matrix.write_text("from,north,south\nnorth,3,12\nsouth,11,4\n")

    travel = read_teams(path).travel

    assert travel.areas == ("north", "south")
    assert travel.matrix == ((3, 12), (11, 4))
    matrix.write_text("from,north,south\nnorth,3,-12\nsouth,11,4\n")
    with pytest.raises(TeamsError, match=r"line 30, .*line 2 of the matrix minutes.csv"):
        read_teams(path)
    matrix.write_text("from,north,south\nsouth,3,12\n")
    with pytest.raises(TeamsError, match="not square"):
        read_teams(path)
    matrix.unlink()
    with pytest.raises(TeamsError, match="cannot be read"):
        read_teams(path)


@pytest.mark.parametrize("name", ["/etc/passwd", "../minutes.csv", "sub/minutes.csv", "."])
def test_no_file_is_opened_but_those_beside_the_team_file(tmp_path: Path, name: str) -> None:
    text = TEAMS.replace("  street factor: 1.4", f"  matrix: {name}")
    path = tmp_path / "inner" / "teams.yaml"
    path.parent.mkdir()
    path.write_text(text)
    for place in (tmp_path, tmp_path / "inner" / "sub"):
        place.mkdir(exist_ok=True)
        (place / "minutes.csv").write_text("from,north,south\nnorth,3,12\nsouth,11,4\n")

    with pytest.raises(TeamsError, match=r"line 30, .*(without a folder|cannot be read)"):
        read_teams(path)
    with pytest.raises(TeamsError, match="this is a text alone; take it out"):
        parse_teams(text)


def test_areas_are_those_of_the_city(week: Path, first_response: Policy) -> None:
    calls = calls_of(week, first_response).calls
    calls = replace(calls, latitude=43.0 + calls.area, longitude=np.full(len(calls), -87.0))
    teams = parse_teams(TEAMS, "my.yaml")

    middles = area_middles(calls)

    assert settled(teams, middles).units[0].base == (43, -87)
    with pytest.raises(TeamsError, match=r"line 21: One goes to south, which is no area"):
        settled(teams, {"north": (43.0, -87.0)})
    with pytest.raises(TeamsError, match=r"line 20: the base of One is north, .*no place"):
        settled(teams, {"north": (np.nan, np.nan), "south": (44.0, -87.0)})


def test_what_the_policy_never_says_is_warned_of(first_response: Policy) -> None:
    text = TEAMS.replace("[community_team]", "[community_teams]").replace(
        "with_team:", "with_them:"
    )

    one, two, three = warnings_of(parse_teams(text), first_response)

    assert one.en == (
        "Small, line 6: team answers community_teams, which no rule gives; "
        "did you mean community_team?"
    )
    assert one.es == (
        "Small, línea 6: team responde a community_teams, que ninguna regla da; "
        "¿quiso decir community_team?"
    )
    assert two.en.startswith("Small, line 33: no rule gives the backup with_them")
    assert "these calls are not rehearsed" in three.en


def test_a_base_of_another_city_is_refused() -> None:
    with pytest.raises(TeamsError, match=r"base of STAR is 1,\d\d\d km from the nearest"):
        settled(read_teams("star_pilot"), {"Downtown": (43.04, -87.91)})
    assert settled(read_teams("star_pilot"), {"Downtown": (39.74, -104.99)}).units


def test_a_base_of_another_city_is_refused_where_no_area_is_known(
    week: Path, first_response: Policy
) -> None:
    calls = calls_of(week, first_response).calls
    many = len(calls)
    denver = replace(calls, latitude=np.full(many, 39.74), longitude=np.full(many, -104.99))
    assert settled(read_teams("star_pilot"), {}, denver).units
    milwaukee = replace(calls, latitude=np.full(many, 43.04), longitude=np.full(many, -87.91))
    with pytest.raises(TeamsError, match=r"STAR is 1,\d\d\d km from where the calls come from"):
        settled(read_teams("star_pilot"), {}, milwaukee)
    nowhere = replace(calls, latitude=np.full(many, np.nan), longitude=np.full(many, np.nan))
    assert settled(read_teams("star_pilot"), {}, nowhere).units


def test_many_bases_of_another_city_are_one_sentence() -> None:
    with pytest.raises(TeamsError, match="as are those of 6 more units") as caught:
        settled(read_teams("example_teams"), {"Downtown": (36.16, -86.78)})

    assert len(caught.value.problems) == 1


def test_a_policy_is_no_team_file() -> None:
    with pytest.raises(TeamsError, match="nothing here belongs to the team file") as caught:
        parse_teams("policy: p\nversion: 1\ntables: {}\n")

    assert len(caught.value.problems) == 1
