"""Whatever is killed at whatever instant, no acknowledged call is lost and nothing is half done."""

import tempfile
from pathlib import Path

import pytest

from tests.support.killed_city import campaign


@pytest.mark.fault
@pytest.mark.xdist_group("kill")
def test_it_keeps_what_it_acknowledged_through_kills_of_the_server_and_the_database():
    # Not pytest's own folder: it is closed to the user that PostgreSQL runs as under root.
    with tempfile.TemporaryDirectory(prefix="lamplighter-kill-") as home:
        said = campaign(Path(home), kills=6, seconds=None, seed=9)
    assert said.startswith("6 kills")
