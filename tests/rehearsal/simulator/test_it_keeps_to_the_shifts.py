"""Units work when their shifts say, on the clocks of the city, with their breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import numpy as np
import pytest

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.simulator.codes import COMING
from lamplighter.rehearsal.simulator.draws import key_of
from lamplighter.rehearsal.simulator.duty import hours_of_week, units_of
from lamplighter.rehearsal.simulator.kernel import run
from lamplighter.rehearsal.simulator.plan import make_scenario
from lamplighter.rehearsal.simulator.state import new_state
from lamplighter.rehearsal.teams import Shift
from tests.rehearsal.simulator.scenarios import (
    ALWAYS,
    fixed,
    make_calls,
    make_kind,
    make_teams,
    make_units,
)

DAY = Shift(ALWAYS.days, time(8), time(16))


def test_a_shift_follows_the_clocks_when_they_change() -> None:
    # Chicago, Saturday to Monday; on Sunday 2026-03-08 the hour from two to three is left out.
    calls = make_calls(
        [], 3.0, start=datetime(2026, 3, 7, 6, tzinfo=UTC), time_zone="America/Chicago"
    )
    (unit,) = units_of(calls, make_teams(units=[make_units("team", DAY)]))
    begins = [window.begins for window in unit.windows]
    assert begins == [8 * 60, (24 + 7) * 60, (48 + 7) * 60]
    hours = hours_of_week(calls)
    assert hours[:3].tolist() == [120, 121, 122]
    assert hours[24:28].tolist() == [144, 145, 147, 148]


def test_shifts_that_overlap_are_units_of_their_own() -> None:
    shifts = (replace(DAY, number=2), Shift(ALWAYS.days, time(12), time(20)))
    units = units_of(make_calls([]), make_teams(units=[make_units("team", *shifts)]))
    assert [unit.name for unit in units] == ["team 1", "team 2", "team 3"]


def test_a_unit_finishes_its_call_and_then_goes_home() -> None:
    teams = make_teams([make_kind(on_scene=fixed(60))], [make_units("team", DAY)])
    run = simulate(make_calls([15.5 * 60, 15.75 * 60], 2.0), teams, seed=1)
    assert run.cleared[0] == 16.5 * 60
    assert run.dispatched[1] == (24 + 8) * 60
    # Overtime, half an hour of it, counts as on duty.
    assert run.on_duty.sum() == pytest.approx(2 * 8 * 60 + 30)


def test_a_break_comes_when_the_unit_is_free() -> None:
    shift = replace(DAY, break_minutes=30.0, break_after=120.0)
    teams = make_teams([make_kind(on_scene=fixed(60))], [make_units("team", shift)])
    run = simulate(make_calls([9.5 * 60, 10 * 60]), teams, seed=1)
    assert run.dispatched.tolist() == [9.5 * 60, 11 * 60]


def test_a_break_that_is_due_the_minute_a_unit_is_free_goes_before_who_waits() -> None:
    shift = replace(DAY, break_minutes=30.0, break_after=120.0)
    teams = make_teams([make_kind(on_scene=fixed(60))], [make_units("team", shift)])
    run = simulate(make_calls([9 * 60, 9.25 * 60]), teams, seed=1)
    assert run.dispatched.tolist() == [9 * 60, 10.5 * 60]


def test_a_unit_that_is_free_the_minute_its_shift_ends_goes_home() -> None:
    teams = make_teams([make_kind(on_scene=fixed(60))], [make_units("team", DAY)])
    run = simulate(make_calls([15 * 60, 15.25 * 60], 2.0), teams, seed=1)
    assert run.dispatched.tolist() == [15 * 60, (24 + 8) * 60]


def test_who_is_off_duty_does_not_keep_a_call_waiting() -> None:
    police = make_kind("police", unlimited=True, to_arrive=fixed(7))
    kind = make_kind(takes_over="police", waits_at_most=30)
    teams = make_teams([kind, police], [make_units("team", DAY)])
    run = simulate(make_calls([60, 7.75 * 60]), teams, seed=1)
    assert run.status.tolist() == [Status.TAKEN_OVER, Status.SERVED]
    assert run.reason[0] == Reason.OUTSIDE_HOURS
    # At once, for nobody comes on duty in time; the other call waits a quarter of an hour.
    np.testing.assert_array_equal(run.dispatched, [60, 480])


def test_the_ends_of_long_breaks_have_their_place_however_few_the_calls() -> None:
    hours = [
        Shift(frozenset(range(7)), time(hour), time((hour + 1) % 24), hour == 23, 1, 1440, 0)
        for hour in range(24)
    ]
    made = make_scenario(make_calls([], days=3.0), make_teams(units=[make_units("team", *hours)]))
    state = new_state(made.plan, made.on_duty, key_of(1, 0))

    assert run(made.plan, state) > 0
    coming = int(state.counters[COMING])
    assert 20 < coming <= len(state.events)
