"""Counted calls tell what the calls themselves tell, in DuckDB and on Spark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from lamplighter.history import HistoryError
from lamplighter.policy import Policy, parse_policy
from lamplighter.policy.replay import parse_mapping, replay
from lamplighter.rehearsal.demand import calls_of, fit_rates
from lamplighter.rehearsal.scale import Counted, count_calls, rates_at_scale, replay_at_scale
from lamplighter.rehearsal.scale.local_hours import differences
from tests.policy.examples import SMALL
from tests.policy.replay.histories import Call, write_history
from tests.support.spark import what_is_missing

# Two days before clocks change in Chicago.
FRIDAY = datetime(2026, 10, 30, 5, tzinfo=UTC)
NATURES = ("noise", "trespass", "welfare_check", "suicidal_person", None)
STARTERS = ("public", "public", "officer", "unknown")


def invented(many: int, days: int, seed: int) -> tuple[list[Call], pa.Array]:
    """Calls to the second, with all that can be missing; every third shares an incident."""
    chance = np.random.default_rng(seed)
    seconds = np.sort(chance.integers(0, days * 86_400, many))
    calls = [
        Call(
            f"c{number:05}",
            FRIDAY + timedelta(seconds=int(second), milliseconds=int(chance.integers(1000))),
            NATURES[chance.integers(len(NATURES))],
            ("north", "south", None)[chance.integers(3)],
            STARTERS[chance.integers(len(STARTERS))],
            ("ROBBERY ARMED", "TRBL W/SUBJ")[chance.integers(2)],
        )
        for number, second in enumerate(seconds)
    ]
    shared = chance.integers(0, many, many)
    incident = [f"i{one // 4}" if one % 3 == 0 else None for one in shared.tolist()]
    return calls, pa.array(incident, pa.string())


def agrees(history: Path, policy: Policy, counted: Counted) -> None:
    """Counts tell of a policy and of rates what the calls of a history tell."""
    assert replay_at_scale(policy, counted).to_dict() == replay(policy, history).to_dict()
    found, calls = rates_at_scale(counted), fit_rates(calls_of(history, policy).calls).rates
    assert (found.natures, found.areas, found.holes) == (calls.natures, calls.areas, calls.holes)
    assert np.array_equal(found.per_hour, calls.per_hour)
    assert np.array_equal(found.share, calls.share)


# What counts here are columns of numbers, words that are no value, and derived times.
MORE = """
facts of: small
leave out: [officer, unknown]
inputs:
  nature: {from: nature}
  hour: {from: local hour}
  weapon: {from: local month, values: {"11": true}}
  violence: {from: area, values: {north: now}}
implied:
  - {input: weapon, value: true, where: {nature_as_written: ROBBERY ARMED}, because: It says so.}
"""


@pytest.mark.parametrize(
    ("many", "days", "linked"),
    [(1, 1, False), (7, 1, True), (60, 3, False), (120, 5, True), (400, 12, True)],
)
def test_counts_in_duckdb_tell_what_the_calls_tell(
    tmp_path: Path, first_response: Policy, many: int, days: int, linked: bool
) -> None:
    calls, incident = invented(many, days, seed=many)
    more = {"incident": incident} if linked else None
    history = write_history(tmp_path / "calls.parquet", calls, more=more)

    counted = count_calls(history, first_response)

    agrees(history, first_response, counted)


def test_a_history_of_officers_alone_has_no_rates(tmp_path: Path, first_response: Policy) -> None:
    calls = [Call("a", FRIDAY, "noise", started_by="officer")]
    history = write_history(tmp_path / "calls.parquet", calls)

    with pytest.raises(HistoryError, match="no call for help"):
        rates_at_scale(count_calls(history, first_response))


# As well where they are only implied.
IMPLIED = """
facts of: small
inputs: {nature: {from: nature}}
implied:
  - {input: weapon, value: true, where: {local month: 11}, because: An example.}
  - {input: violence, value: now, where: {local weekday: [monday, tuesday]}, because: Another.}
"""


@pytest.mark.parametrize("written", [MORE, IMPLIED])
def test_a_mapping_may_look_at_months_areas_and_words(tmp_path: Path, written: str) -> None:
    small = parse_policy(SMALL)
    mapping = parse_mapping(written, small)
    calls, _ = invented(3000, 12, 1)
    history = write_history(tmp_path / "calls.parquet", calls)

    found = replay_at_scale(small, count_calls(history, small, mapping=mapping))

    expected = replay(small, history, mapping=mapping)
    assert expected.not_understood["nature"] == found.not_understood["nature"] != {}
    assert found.to_dict() == expected.to_dict()


def test_a_folder_of_histories_counts_as_one(tmp_path: Path, first_response: Policy) -> None:
    calls, _ = invented(200, 9, 2)
    whole = write_history(tmp_path / "calls.parquet", calls)
    folder = tmp_path / "parts"
    folder.mkdir()
    for place in range(3):
        write_history(folder / f"{place}.parquet", calls[place::3])

    found = count_calls(folder, first_response)

    one = replay_at_scale(first_response, count_calls(whole, first_response)).to_dict()
    assert replay_at_scale(first_response, found).to_dict() == one | {"history": "parts"}

    write_history(folder / "far.parquet", calls[:5], time_zone="America/Denver")
    with pytest.raises(HistoryError, match=r"America/Denver .* count them apart"):
        count_calls(folder, first_response)
    (tmp_path / "empty").mkdir()
    with pytest.raises(HistoryError, match="no Parquet file"):
        count_calls(tmp_path / "empty", first_response)


def test_clocks_differ_from_utc_to_the_second() -> None:
    changes = differences(
        ZoneInfo("America/Chicago"),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 12, 31, tzinfo=UTC),
    )

    assert [change.seconds // 3600 for change in changes] == [-6, -5, -6]
    assert [datetime.fromtimestamp(change.since, UTC) for change in changes[1:]] == [
        datetime(2026, 3, 8, 8, tzinfo=UTC),
        datetime(2026, 11, 1, 7, tzinfo=UTC),
    ]


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(what_is_missing() is not None, reason=str(what_is_missing()))
def test_counts_on_spark_tell_what_the_calls_tell(tmp_path: Path, first_response: Policy) -> None:
    calls, incident = invented(400, 5, 3)
    history = write_history(tmp_path / "calls.parquet", calls, more={"incident": incident})

    counted = count_calls(history, first_response, engine="spark")

    agrees(history, first_response, counted)
