"""Team files are read, and each mistake is said with its line."""

from __future__ import annotations

import pytest

from lamplighter.rehearsal.teams_file import read_teams, shipped_teams


@pytest.mark.parametrize("name", shipped_teams())
def test_a_shipped_file_is_read_by_its_name(name: str) -> None:
    teams = read_teams(name)

    assert teams.kinds["community_team"].answers[0] == "community_team"
    assert len(teams.content_hash) == 64
