"""The calls of a history meet a policy."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from lamplighter.history import HistoryError, read_history
from lamplighter.history.areas import Areas, parse_areas
from lamplighter.policy import Policy, parse_policy
from lamplighter.rehearsal.demand import (
    NO_NATURE,
    SAME_INCIDENT,
    calls_alone,
    calls_of,
    fit_rates,
)
from tests.policy.replay.histories import Call, write_history
from tests.rehearsal.demand.conftest import MONDAY, calls_of_days

REAL = Path(__file__).parents[4] / "shared" / "data" / "calls" / "milwaukee_calls.csv.gz"


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


def test_calls_of_one_incident_are_answered_once(tmp_path: Path, first_response: Policy) -> None:
    calls = [
        Call(str(n), MONDAY + timedelta(hours=n), "noise", started_by=starter)
        for n, starter in enumerate(["officer", "public", "public", "public", "public"])
    ]
    incident = pa.array([None, "i1", None, "i1", "i2"])
    history = write_history(tmp_path / "h.parquet", calls, more={"incident": incident})

    demand = calls_of(history, first_response)

    assert demand.calls.minute.tolist() == [60, 120, 240]
    assert demand.left_out == {"officer": 1, SAME_INCIDENT: 1}


def one_area(name: str, corner: int) -> Areas:
    """A square of one degree."""
    low, high = corner, corner + 1
    square = [[low, low], [high, low], [high, high], [low, high], [low, low]]
    polygon = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": polygon}
    return parse_areas(json.dumps({"type": "FeatureCollection", "features": [feature]}), "a")


def three_places(folder: Path) -> Path:
    """Three calls: at half a degree, at two degrees, and nobody knows where."""
    history = write_history(folder / "h.parquet", calls_of_days(1)[:3])
    table = parquet.read_table(history)
    for name in ("latitude", "longitude"):
        column = pa.array([0.5, 2.0, None])
        table = table.set_column(table.column_names.index(name), name, column)
    parquet.write_table(table, history)
    return history


def test_areas_are_those_of_the_polygons_given(tmp_path: Path, first_response: Policy) -> None:
    areas, history = one_area("Center", 0), three_places(tmp_path)

    calls = calls_of(history, first_response, areas=areas).calls

    assert calls.areas == ("Center",)
    assert calls.area.tolist() == [0, -1, -1]
    assert np.isnan(calls.latitude[2])


def test_areas_of_another_city_and_codes_that_nobody_put_into_words_are_told(
    tmp_path: Path, first_response: Policy
) -> None:
    areas, history = one_area("Far", 9), three_places(tmp_path)
    unknown = write_history(tmp_path / "u.parquet", [Call("a", MONDAY, None)])

    with pytest.raises(HistoryError, match="give areas of its city"):
        calls_of(history, first_response, areas=areas)
    with pytest.raises(HistoryError, match="put the city's codes under 'natures'"):
        calls_of(unknown, first_response)


def test_a_call_without_a_nature_is_counted_and_left_out(
    tmp_path: Path, first_response: Policy
) -> None:
    calls = [Call("a", MONDAY, None), Call("b", MONDAY + timedelta(minutes=90), "noise")]
    history = write_history(tmp_path / "h.parquet", calls)

    demand = calls_of(history, first_response)

    assert demand.left_out == {NO_NATURE: 1}
    # The period of one day begins at the midnight before the first call that is kept.
    assert (demand.calls.start, demand.calls.days) == (MONDAY, 1)
    assert demand.calls.minute.tolist() == [90]


SMALL = """
policy: two ways
version: "1"
title: {en: Two ways}
about: {en: Two ways.}
inputs:
  nature:
    type: choice
    label: {en: Nature}
    always known: true
    values: {noise: {en: Noise}, fight: {en: Fight}}
tables:
  who:
    title: {en: Who}
    hit: first
    outputs:
      team: {label: {en: Team}, values: {police: {en: Police}, mediator: {en: Mediator}}}
    rules:
      - {id: a, when: {nature: '"fight"'}, then: {team: police}, because: {en: A.}, source: S}
      - {id: b, when: {}, then: {team: mediator}, because: {en: B.}, source: S}
"""


def test_a_policy_without_priority_has_the_usual_needs(tmp_path: Path) -> None:
    calls = [Call("a", MONDAY, "noise"), Call("b", MONDAY, "fight"), Call("c", MONDAY, "picnic")]
    demand = calls_of(write_history(tmp_path / "h.parquet", calls), parse_policy(SMALL))

    assert demand.calls.responders == ("police", "mediator")
    assert demand.calls.responder.tolist() == [1, 0]
    assert demand.calls.priority.tolist() == [3, 3]
    assert np.isnan(demand.calls.target).all()
    assert demand.calls.backup.tolist() == [-1, -1]
    assert demand.left_out == {NO_NATURE: 1}
    assert (demand.settled, demand.drawn) == (2, {})


def test_calls_may_get_one_of_very_many_outcomes(tmp_path: Path) -> None:
    teams = [f"team_{number}" for number in range(200)]
    rules = [
        {"id": team, "when": {"floor": str(number)}, "then": {"team": team}}
        for number, team in enumerate(teams)
    ]
    tree = {
        "policy": "tall house",
        "version": "1",
        "inputs": {
            "nature": {"type": "choice", "values": ["noise"], "always known": True},
            "floor": {"type": "number", "range": "[0..199]", "integer": True},
        },
        "tables": {
            "who": {
                "hit": "first",
                "outputs": {"team": {"values": teams}},
                "rules": [
                    {**one, "because": "It is their floor.", "source": "S"}
                    for one in [*rules, {"id": "rest", "when": {}, "then": {"team": teams[0]}}]
                ],
            }
        },
    }
    history = write_history(tmp_path / "h.parquet", [Call("a", MONDAY, "noise")])
    policy = parse_policy(json.dumps(tree))

    for team in teams:
        demand = calls_of(history, policy, answers="most", unarmed=[team])
        (responder,) = demand.calls.responder
        assert demand.calls.responders[responder] == team


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_file(), reason=f"there is no real file {REAL}")
def test_the_real_calls_meet_the_shipped_policy(tmp_path: Path, first_response: Policy) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    read_history(REAL, "milwaukee", tmp_path / "m.parquet", now=now)

    demand = calls_of(tmp_path / "m.parquet", first_response)
    rates = fit_rates(demand.calls).rates

    assert sum(demand.left_out.values()) + len(demand.calls) == 33_968
    assert demand.calls.days == 21
    # The file has a hole of 22 and a half hours, and ends in the afternoon.
    assert rates.holes == ((23_730, 25_080), (29_655, 30_240))


def test_a_history_of_officers_alone_is_no_demand(tmp_path: Path, first_response: Policy) -> None:
    history = write_history(
        tmp_path / "h.parquet", [Call("a", MONDAY, "noise", started_by="officer")]
    )

    with pytest.raises(HistoryError, match="no call for help"):
        calls_of(history, first_response)


def test_the_calls_alone_are_the_same_and_nothing_is_looked_into(
    week: Path, first_response: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = calls_of(week, first_response, seed=3).calls
    monkeypatch.delattr("lamplighter.policy.replay.possible.Possible.sets_of")
    alone = calls_alone(week, first_response, seed=3)
    for name in whole.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(alone, name), getattr(whole, name))
