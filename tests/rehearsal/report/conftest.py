"""One rehearsal of the town, with everything in it, and its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamplighter.history.areas import read_areas
from lamplighter.policy import read_policy
from lamplighter.rehearsal.rehearsing import Rehearsal, rehearse
from lamplighter.rehearsal.report import write_report
from lamplighter.rehearsal.teams_file import read_teams
from tests.rehearsal.report.town import Town, make_town

GROUPS = {"older people": "old", "younger people": "young"}


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return make_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="package")
def rehearsal(town: Town) -> Rehearsal:
    return rehearse(
        town.history,
        town.policy,
        read_teams(town.teams),
        against=read_policy(town.other_policy),
        areas=read_areas(town.areas),
        groups=GROUPS,
        replications=4,
    )


@pytest.fixture(scope="package")
def report(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report."""
    return write_report(rehearsal, tmp_path_factory.mktemp("report") / "out").parent
