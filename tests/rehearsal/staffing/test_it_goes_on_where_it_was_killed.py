"""A search that is killed goes on from its file, and finds what it would have found."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lamplighter.rehearsal.staffing import StaffingError, Target, find_staffing
from tests.rehearsal.staffing.cities import city_teams, make_city

CITY = make_city(days=14)
TARGET = Target(0.9, 20.0, 0.05)
ROOT = Path(__file__).parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.rehearsal.staffing.test_it_goes_on_where_it_was_killed import CITY, TARGET
from tests.rehearsal.staffing.cities import city_teams
from lamplighter.rehearsal.staffing import find_staffing

def progress(done, most):
    if done == 7:
        os.kill(os.getpid(), signal.SIGKILL)

file = Path(sys.argv[1])
find_staffing(CITY, city_teams(), TARGET, replications=2, resume=file, progress=progress)
"""


@pytest.mark.fault
def test_a_killed_search_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "search.jsonl"
    killed = subprocess.run([sys.executable, "-c", KILLED, file], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    lines = file.read_text(encoding="utf-8").splitlines()
    assert 7 <= len(lines) - 1 <= 9  # two are in flight at most
    whole = find_staffing(CITY, city_teams(), TARGET, replications=2)
    resumed = find_staffing(CITY, city_teams(), TARGET, replications=2, resume=file)
    assert resumed.known >= 7
    assert replace(resumed, known=0) == whole
    again = find_staffing(CITY, city_teams(), TARGET, replications=2, resume=file)
    assert again.known == again.scenarios == whole.scenarios


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("search") / "search.jsonl"
    find_staffing(CITY, city_teams(), TARGET, replications=1, resume=file)
    return file


def test_a_line_cut_short_is_simulated_again(searched: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl"
    text = searched.read_text(encoding="utf-8")
    file.write_text(text[:-20], encoding="utf-8")
    found = find_staffing(CITY, city_teams(), TARGET, replications=1, resume=file)
    assert found.known == found.scenarios - 1
    assert file.read_text(encoding="utf-8") == text


def test_another_share_uses_what_is_known(searched: Path, tmp_path: Path) -> None:
    file = tmp_path / "share.jsonl"
    file.write_bytes(searched.read_bytes())
    easier = replace(TARGET, share=0.8)
    found = find_staffing(CITY, city_teams(), easier, replications=1, resume=file)
    assert found.known > 0
    assert replace(found, known=0) == find_staffing(CITY, city_teams(), easier, replications=1)


@pytest.mark.parametrize("change", ["calls", "minutes", "seed", "teams"])
def test_a_file_of_another_search_is_refused(searched: Path, tmp_path: Path, change: str) -> None:
    file = tmp_path / "other.jsonl"
    file.write_bytes(searched.read_bytes())
    calls, teams, target, seed = CITY, city_teams(), TARGET, 1
    if change == "calls":
        calls = make_city(days=14, seed=6)
    if change == "minutes":
        target = replace(TARGET, minutes=15.0)
    if change == "seed":
        seed = 2
    if change == "teams":
        teams = replace(teams, travel=replace(teams.travel, street_factor=1.4))
    with pytest.raises(StaffingError, match="this is of another search"):
        find_staffing(calls, teams, target, seed=seed, replications=1, resume=file)
    assert file.read_bytes() == searched.read_bytes()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,time\n1,2\n", 1),
        ("hello", 1),
        ('{"staffing": "KEY"}\n{"plan": {"99": 1}, "replication": 0}\n', 2),
        ('{"staffing": "KEY"}\n[1]\n', 2),
    ],
)
def test_a_file_that_is_no_search_is_refused(
    searched: Path, tmp_path: Path, text: str, line: int
) -> None:
    key = json.loads(searched.read_text(encoding="utf-8").splitlines()[0])["staffing"]
    file = tmp_path / "calls.csv"
    file.write_text(text.replace("KEY", key), encoding="utf-8")
    with pytest.raises(StaffingError, match=f"line {line}: this is no line of a search"):
        find_staffing(CITY, city_teams(), TARGET, replications=1, resume=file)
    assert file.read_text(encoding="utf-8") == text.replace("KEY", key)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StaffingError, match="cannot be written"):
        find_staffing(CITY, city_teams(), TARGET, resume=tmp_path / "none" / "search.jsonl")
