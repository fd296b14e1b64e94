"""How long people waited, against what was promised."""

import doctest
from datetime import UTC, datetime, timedelta

import pytest

from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.incidents import waiting
from lamplighter.city.incidents.waiting import wait_for_help

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def wait(minutes, target=10, *, now=0):
    reached = None if minutes is None else NOON + timedelta(minutes=minutes)
    return wait_for_help(NOON, reached, target, until=NOON + timedelta(minutes=now))


def test_its_example_holds():
    assert doctest.testmod(waiting).failed == 0


@pytest.mark.parametrize(
    ("minutes", "late"), [(9, False), (10, False), (10.5, True), (11, True), (-1, False)]
)
def test_it_is_late_from_the_first_second_after_the_target(minutes, late):
    assert wait(minutes).late is late


def test_while_nobody_came_the_wait_goes_on():
    waiting_still = wait(None, now=25)

    assert (waiting_still.minutes, waiting_still.over, waiting_still.late) == (25, False, True)


@pytest.mark.parametrize(("minutes", "target"), [(0, 10), (10, 10), (300, 10), (1, 120), (0, 0)])
def test_bar_and_mark_stay_within_the_picture(minutes, target):
    shown = wait(minutes, target)

    assert 0 <= shown.bar <= 90
    assert 0 <= shown.mark <= 90


def test_a_team_is_there_when_it_arrives_and_a_line_when_it_takes_the_call():
    times = {"accepted_at": NOON, "on_scene_at": NOON + timedelta(minutes=9)}

    assert Assignment(one_at_a_time=True, **times).reached_at == times["on_scene_at"]
    assert Assignment(one_at_a_time=False, **times).reached_at == times["accepted_at"]
