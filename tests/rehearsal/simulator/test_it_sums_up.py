"""Shares, waits, intervals and freed police minutes, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lamplighter.rehearsal.intervals import interval_of, t_value
from lamplighter.rehearsal.outcome import Dimension
from lamplighter.rehearsal.simulator import simulate, simulate_many
from lamplighter.rehearsal.summary import summarise
from lamplighter.rehearsal.teams import Share
from tests.rehearsal.simulator.scenarios import (
    exponential,
    fixed,
    make_calls,
    make_kind,
    make_teams,
    make_units,
)

POLICE = make_kind("police", unlimited=True, armed=True, to_arrive=fixed(6))
VAN = make_kind(takes_over="police", waits_at_most=5, minutes_if_police=fixed(30))
TEAMS = make_teams([VAN, POLICE], [make_units()])


def test_shares_and_waits_by_hand() -> None:
    calls = make_calls(
        [0, 2, 8, 700, 900],
        nature=[0, 0, 1, 1, -1],
        responder=[0, 0, 0, 0, 1],
        target=[5, 10, 1, 5, 5],
        natures=("welfare_check", "noise"),
        responders=("team", "nobody we know"),
    )
    summary = summarise(calls, TEAMS, [simulate(calls, TEAMS, seed=1)])
    whole = summary.whole
    assert (summary.not_rehearsed, whole.calls) == (1, 4)
    assert (whole.served.mean, whole.taken_over.mean, whole.nobody.mean) == (0.75, 0.25, 0)
    assert whole.by_kind["police"].mean == 0.25
    assert {name: one.mean for name, one in whole.unserved.items()} == {"no_unit_free": 0.25}
    # Waits until dispatch are 0, 5, 2 and 0; police are there 11 minutes after the call.
    assert whole.to_dispatch.mean.mean == 1.75
    assert whole.to_dispatch.p50.mean == 1
    assert whole.to_arrival.p90.mean == pytest.approx(np.percentile([0, 11, 2, 0], 90))
    assert whole.to_arrival.within_target is not None
    assert whole.to_arrival.within_target.mean == 0.5
    assert np.isnan(whole.served.low)
    natures = {group.label: group for group in summary.by[Dimension.NATURE]}
    assert natures["welfare_check"].served.mean == 0.5
    assert natures["noise"].calls == 2
    assert [group.label for group in summary.by[Dimension.HOUR]] == ["0", "11"]
    (unit,) = summary.units
    assert unit.calls.mean == 3
    assert unit.busy.mean == pytest.approx(30 / 1440)
    assert unit.by_hour[0] == pytest.approx(20 / 60)


def test_police_minutes_are_freed_where_a_van_came() -> None:
    calls = make_calls([0, 2, 8, 700])
    summary = summarise(calls, TEAMS, [simulate(calls, TEAMS, seed=1)])
    assert summary.police_hours_freed.mean == pytest.approx(3 * 30 / 60)


def test_backup_of_police_is_taken_off_what_is_freed() -> None:
    van = make_kind(
        minutes_if_police=fixed(30),
        backup_share=Share(1.0),
        backup_kind="police",
        backup_on_scene=fixed(12),
    )
    teams, calls = make_teams([van, POLICE], [make_units()]), make_calls([0, 60])
    summary = summarise(calls, teams, [simulate(calls, teams, seed=1)])
    assert summary.police_hours_freed.mean == pytest.approx(2 * 18 / 60)


def test_intervals_are_those_of_student() -> None:
    found = interval_of(np.array([1.0, 2.0, 4.0, np.nan]))
    half = 4.3027 * np.std([1, 2, 4], ddof=1) / np.sqrt(3)
    assert (found.low, found.high) == pytest.approx((7 / 3 - half, 7 / 3 + half))
    assert t_value(120) == pytest.approx(1.9799, abs=1e-4)


def test_a_summary_becomes_plain_values() -> None:
    calls, teams = make_calls([0, 1, 2, 30]), make_teams([make_kind(on_scene=exponential(5))])
    summary = summarise(calls, teams, simulate_many(calls, teams, seed=2, replications=5))
    waits = summary.whole.to_dispatch.mean
    assert waits.low < waits.mean < waits.high
    assert summary.to_dict()["whole"]["to_dispatch"]["mean"]["mean"] == waits.mean
    with pytest.raises(ValueError, match="at least one"):
        summarise(calls, teams, [])
