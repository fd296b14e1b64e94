"""What Erlang's formula asks for by the hour, the shifts that cover it, and where units stand."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.calls import HOURS_OF_WEEK
from lamplighter.rehearsal.outcome import Reason, Run, Status
from lamplighter.rehearsal.queueing import erlang_a
from lamplighter.rehearsal.staffing import Need, StaffingError, Target, parse_target, target
from lamplighter.rehearsal.staffing.places import Reach, best_places, in_turn
from lamplighter.rehearsal.staffing.slots import cover_of
from lamplighter.rehearsal.staffing.starting import cover_need, need_of
from lamplighter.rehearsal.staffing.target import Scores, Tally, counted_calls, score_of
from lamplighter.rehearsal.teams import Shift
from tests.rehearsal.staffing.cities import DAY, NIGHT, make_city
from tests.rehearsal.staffing.people import COMMUNITY, EVERY_DAY

TARGET = Target()
COMMUNITY_ONLY = frozenset({"community"})


def test_each_hour_gets_what_its_calls_need() -> None:
    city = make_city(calls_a_day=200, days=70)
    counted = counted_calls(city, COMMUNITY_ONLY, TARGET)
    need = need_of(city, counted, COMMUNITY, 8.0, TARGET)
    assert sum(need.calls) == pytest.approx(len(counted) / 10)  # of ten weeks
    assert need.service == 38.0
    for calls, units in zip(need.calls, need.units, strict=True):
        queue = erlang_a(calls, 38 / 60, units, 1.0)
        assert queue.served_within(12 / 60) >= 0.9
        assert erlang_a(calls, 38 / 60, units - 1, 1.0).served_within(12 / 60) < 0.9
    assert min(need.units[8:20]) > max(need.units[:7])


def test_rates_that_are_given_count_and_not_the_calls() -> None:
    city = make_city(calls_a_day=200, days=7)
    counted = counted_calls(city, COMMUNITY_ONLY, TARGET)
    even = np.full(HOURS_OF_WEEK, 2.0)
    need = need_of(city, counted, COMMUNITY, 8.0, TARGET, even)
    assert need.calls == (2.0,) * HOURS_OF_WEEK
    assert len(set(need.units)) == 1
    assert erlang_a(2.0, 38 / 60, need.units[0], 1.0).served_within(12 / 60) >= 0.9


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    begins, length = draw(st.integers(0, 23)), draw(st.integers(1, 24))
    ends = begins + length
    if ends < 24:
        return Shift(days, time(begins), time(ends))
    return Shift(days, time(begins), time(min(ends - 24, begins)), next_day=True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(shifts(), min_size=1, max_size=5),
    st.lists(st.integers(0, 9), min_size=HOURS_OF_WEEK, max_size=HOURS_OF_WEEK),
)
def test_shifts_cover_the_need_and_none_is_needless(chosen: list[Shift], units: list[int]) -> None:
    need = Need("community", 30.0, (0.0,) * HOURS_OF_WEEK, tuple(units))
    numbers = cover_need(need, chosen)
    cover = np.ceil([cover_of(shift) for shift in chosen])
    reachable = cover.max(axis=0) > 0
    assert (numbers @ cover >= units)[reachable].all()
    for place, number in enumerate(numbers):
        fewer = [*numbers[:place], number - 1, *numbers[place + 1 :]]
        assert number == 0 or (fewer @ cover < units)[reachable].any()


def test_a_shift_covers_the_hours_that_it_works() -> None:
    late = Shift(frozenset({6}), time(22, 30), time(2), next_day=True)
    cover = cover_of(late)
    assert cover[6 * 24 + 22 :] == (0.5, 1.0)
    assert cover[:3] == (1.0, 1.0, 0.0)
    assert sum(cover_of(DAY)) == sum(cover_of(NIGHT)) == 84
    assert sum(cover_of(Shift(EVERY_DAY, time(0), time(0), next_day=True))) == 168


reaches = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.floats(0, 40), min_size=width, max_size=width), min_size=1, max_size=20
    )
)


@given(reaches, st.floats(0.1, 0.9))
def test_the_first_unit_stands_where_most_are_in_time(
    minutes: list[list[float]], busy: float
) -> None:
    reach = Reach(tuple(range(len(minutes[0]))), np.array(minutes))
    (first,) = best_places(reach, 15.0, busy, [0] * len(minutes[0]), 1)
    covered = (np.array(minutes) <= 15).sum(axis=0)
    assert covered[first] == covered.max()
    assert in_turn(reach, 15.0, busy, 1) == (first,)


def test_the_next_unit_stands_where_nobody_is_yet() -> None:
    reach = Reach((4, 7), np.array([[5.0, 30.0]] * 6 + [[30.0, 5.0]] * 4))
    assert in_turn(reach, 15.0, 0.3, 4) == (4, 7, 4, 7)
    # Where units are mostly busy, the larger part gets the second one too.
    assert in_turn(reach, 15.0, 0.8, 3) == (4, 4, 7)


def test_between_equals_the_way_is_short() -> None:
    reach = Reach((0, 1), np.array([[14.0, 3.0]] * 5))
    assert in_turn(reach, 15.0, 0.5, 1) == (1,)


def test_without_places_units_are_spread() -> None:
    assert in_turn(Reach((3, 5), np.empty((0, 2))), 15.0, 0.5, 4) == (3, 5, 3, 5)


def test_a_score_counts_what_the_target_speaks_of() -> None:
    city = make_city(days=1)
    city = replace(city, responder=np.zeros(len(city), np.int16)).only(np.arange(6))
    statuses = [
        (Status.SERVED, Reason.NONE, 10.0),
        (Status.SERVED, Reason.NONE, 20.0),
        (Status.SERVED, Reason.NONE, 20.1),
        (Status.TAKEN_OVER, Reason.NO_UNIT_FREE, 15.0),
        (Status.TAKEN_OVER, Reason.POLICE_FIRST, 5.0),  # not the staffing's to mend
        (Status.UNSERVED, Reason.STILL_WAITING, np.nan),
    ]
    run = Run(
        seed=1,
        status=np.array([one[0] for one in statuses], np.int8),
        reason=np.array([one[1] for one in statuses], np.int8),
        kind=np.zeros(6, np.int16),
        unit=np.zeros(6, np.int32),
        dispatched=city.minute,
        arrived=city.minute + np.array([one[2] for one in statuses]),
        cleared=city.minute,
        backup=np.zeros(6, bool),
        busy=np.array([[30.0], [600.0]]),
        on_duty=np.array([[60.0], [600.0]]),
        kinds=("community", "police"),
        unit_names=("van", "car"),
        unit_kinds=("community", "police"),
        events=6,
    )
    counted = counted_calls(city, COMMUNITY_ONLY, TARGET)
    score = score_of(city, run, [counted, counted[:0]], ["community", "medics"], TARGET)
    assert score.kinds == (Tally(5, 3, 2), Tally(0, 0, 0))  # nobody calls medics
    scores = Scores((score, score))
    assert scores.met(0).within.mean == scores.met(0, 1).within.mean == pytest.approx(2 / 5)
    assert scores.met(0).fall_back.mean == pytest.approx(2 / 5)
    assert (scores.met(1).within.mean, scores.met(1).fall_back.mean) == (1.0, 0.0)
    assert score.busy == 0.5


def test_targets_are_read_as_people_write_them() -> None:
    assert doctest.testmod(target).failed == 0
    assert parse_target("90% within 20 min") == Target(0.9, 20, 0.05)
    wanted = Target(0.85, 30, 0.1)
    assert parse_target(str(wanted)) == wanted


@pytest.mark.parametrize(
    "text", ["soon", "90 within 20", "190 % within 20 minutes", "90 % within 0"]
)
def test_a_target_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(StaffingError):
        parse_target(text)


def test_hours_of_a_target_are_hours_of_week() -> None:
    with pytest.raises(StaffingError, match="hours of week from 0 to 167"):
        Target(hours=frozenset({168}))
