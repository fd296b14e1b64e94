"""Calls of a real file come to a real city: read, asked about, saved, and seen on its board."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from lamplighter.history import CallRow, StartedBy, open_history, read_history
from lamplighter.rehearsal import Durations, Player, load_rates
from lamplighter.rehearsal.caller import Caller
from lamplighter.rehearsal.city_api import CityApi
from lamplighter.rehearsal.play import Pace
from lamplighter.rehearsal.streets import Streets
from tests.support.city_server import RunningCity, running_city

FILE = Path(__file__).parents[3] / "shared" / "data" / "calls" / "milwaukee_calls.csv.gz"
CALLS = 6
GIVE_TOKENS = """
import tempfile
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from lamplighter.city.sample.access import tokens_at
with tempfile.TemporaryDirectory() as home:
    print(tokens_at(Path(home), datetime.now(UTC)).read_text())
"""

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FILE.is_file(), reason=f"there is no real file at {FILE}"),
]


@pytest.fixture(scope="module")
def sample_city() -> Iterator[RunningCity]:
    with running_city(os.environ["DATABASE_URL"]) as city:
        yield city


@pytest.fixture
def desk(sample_city: RunningCity) -> Iterator[CityApi]:
    """The simulated desk, as a play has it: it takes calls and reads the board."""
    api = CityApi(sample_city.url, json.loads(sample_city.run(GIVE_TOKENS))["desk"])
    yield api
    api.close()


@pytest.fixture
def by_the_public(tmp_path: Path) -> list[CallRow]:
    """The first calls of Milwaukee that somebody made, and whose nature is known."""
    output = tmp_path / "milwaukee.parquet"
    read_history(FILE, "milwaukee", output, now=datetime.now(UTC))
    made = (row for row in open_history(output) if row.started_by is not StartedBy.OFFICER)
    return list(islice((row for row in made if row.nature is not None), CALLS))


def test_calls_of_milwaukee_come_onto_the_board(
    desk: CityApi, by_the_public: list[CallRow]
) -> None:
    assert len(by_the_public) == CALLS
    assert desk.get("/board")["incidents"] == []
    generator = random.Random(1)
    report = Player(
        Caller(desk, load_rates(), Streets.of(desk.get("/city")), generator),
        None,
        pace=Pace(speed=60, team_speed=60, begin_with=CALLS, most_a_second=1_000),
        durations=Durations(),
        generator=generator,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
    ).play(by_the_public)

    assert (report.calls, report.refused) == (CALLS, Counter())
    assert report.moved == CALLS  # Milwaukee is not where the sample city is
    board = desk.get("/board")["incidents"]
    assert Counter(one["nature"] for one in board) == Counter(row.nature for row in by_the_public)
    assert Counter(one["policy_responder"] for one in board) == report.responders
    assert all(one["simulated"] for one in board)
