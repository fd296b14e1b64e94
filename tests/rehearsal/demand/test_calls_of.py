"""The calls of a history meet a policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lamplighter.history import HistoryError
from lamplighter.policy import Policy
from lamplighter.rehearsal.demand import calls_of
from tests.policy.replay.histories import Call, write_history
from tests.rehearsal.demand.conftest import MONDAY, calls_of_days


def test_each_request_for_help_gets_who_is_to_answer(week: Path, first_response: Policy) -> None:
    demand = calls_of(week, first_response)

    calls = demand.calls
    assert demand.left_out == {"officer": 14}
    assert len(calls) == 7 * 24 - 14
    assert calls.start == MONDAY
    assert calls.days == 7
    assert calls.areas == ("north", "south")
    assert calls.natures == tuple(sorted({c.nature for c in calls_of_days(1) if c.nature}))
    shot = calls.nature == calls.natures.index("shooting_or_stabbing")
    assert {calls.responders[one] for one in calls.responder[shot]} == {"police"}
    assert set(calls.priority[shot]) == {1}
    assert {calls.backups[one] for one in calls.backup[shot]} == {"with_team"}


def test_the_hour_of_the_week_is_local_across_a_change_of_clocks(
    tmp_path: Path, first_response: Policy
) -> None:
    # On 1 November 2026, a Sunday, one o'clock comes twice in Chicago.
    midnight = datetime(2026, 11, 1, 5, tzinfo=UTC)
    history = write_history(
        tmp_path / "h.parquet",
        [Call(str(n), midnight + timedelta(hours=n), "noise") for n in range(25)],
    )

    calls = calls_of(history, first_response).calls

    assert calls.days == pytest.approx(25 / 24)
    assert [hour - 144 for hour in calls.hour_of_week.tolist()] == [0, 1, 1, *range(2, 24)]


def test_the_same_call_says_the_same_whichever_others_there_are(
    tmp_path: Path, first_response: Policy
) -> None:
    all_calls = calls_of_days(3)
    long = write_history(tmp_path / "long.parquet", all_calls)
    short = write_history(tmp_path / "short.parquet", all_calls[:24])

    of_long, of_short = (calls_of(path, first_response).calls for path in (long, short))

    first = of_long.only(of_long.minute < 1440)
    assert np.array_equal(first.responder, of_short.responder)
    assert calls_of(long, first_response, seed=2).calls.responder.tolist() != (
        of_long.responder.tolist()
    )


def test_least_and_most_bound_what_is_drawn(week: Path, first_response: Policy) -> None:
    def unarmed(answers: str) -> int:
        calls = calls_of(week, first_response, answers=answers, unarmed=["community_team"]).calls  # type: ignore[arg-type]
        return int((calls.responder == calls.responders.index("community_team")).sum())

    assert unarmed("least") < unarmed("stated") < unarmed("most")


def test_a_history_of_officers_alone_is_no_demand(tmp_path: Path, first_response: Policy) -> None:
    history = write_history(
        tmp_path / "h.parquet", [Call("a", MONDAY, "noise", started_by="officer")]
    )

    with pytest.raises(HistoryError, match="no call for help"):
        calls_of(history, first_response)
