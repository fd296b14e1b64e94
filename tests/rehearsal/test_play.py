"""A history comes to a city in its own order and rhythm, and simulated teams answer it."""

import random
from datetime import timedelta

import pytest

from lamplighter.history import StartedBy
from lamplighter.rehearsal.answers import load_rates
from lamplighter.rehearsal.caller import Caller
from lamplighter.rehearsal.city_api import CityGone, CityRefused
from lamplighter.rehearsal.durations import Durations
from lamplighter.rehearsal.play import Pace, Player
from lamplighter.rehearsal.streets import Streets
from lamplighter.rehearsal.team import Teams
from tests.rehearsal.conftest import CITY, NOON, refused

# Sent after 1 minute, there after 10, done after 20 more: so that tests can say when what happens.
STEADY = Durations((1.0,) * 8, (10.0,) * 8, (20.0,) * 8)


@pytest.fixture
def a_player(small_city, clock):
    def make(*, speed=60.0, teams=True, seed=7, **pace):
        generator = random.Random(seed)
        desk = small_city.api()
        return Player(
            Caller(desk, load_rates(), Streets.of(CITY), generator),
            Teams(desk, small_city.crews(), generator) if teams else None,
            pace=Pace(speed, speed, **pace),
            durations=STEADY,
            generator=generator,
            clock=clock,
            sleep=clock.sleep,
        )

    return make


def times_of(small_city, what):
    return [(at - NOON).total_seconds() for at, _who, did in small_city.log if did == what]


def test_calls_keep_their_order_and_gaps_divided_by_the_speed(a_player, small_city, row):
    report = a_player(teams=False).play([row(0), row(10), row(15)])
    assert report.calls == 3
    first, second, third = times_of(small_city, "POST /calls")
    assert (second - first, third - second) == pytest.approx((10, 5))


def test_calls_are_marked_as_simulated_and_come_now(a_player, small_city, row):
    a_player(teams=False).play([row(0)])
    (call,) = small_city.calls.values()
    assert call["simulated"] is True
    assert call["received_at"].startswith("2026-12-01T12:00")
    assert call["facts"]["nature"] == "welfare_check"
    assert "weapon" in call["facts"]


def test_the_same_seed_gives_the_same_facts(a_player, small_city, row):
    def facts(seed):
        small_city.calls.clear()
        a_player(teams=False, seed=seed).play([row(n) for n in range(30)])
        return [call["facts"] for call in small_city.calls.values()]

    assert facts(1) == facts(1)
    assert facts(1) != facts(2)


def test_officers_and_calls_without_a_nature_are_skipped_and_counted(a_player, small_city, row):
    rows = [row(0, started_by=StartedBy.OFFICER), row(1, nature=None), row(2)]
    report = a_player(teams=False).play(rows)
    assert dict(report.skipped) == {"started by officers": 1, "no nature of ours": 1}
    assert len(small_city.calls) == 1


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": 43.04, "longitude": -87.91, "place": "5TH ST, MILWAUKEE"},
        {"latitude": None, "longitude": None},
        {"place": "OUTSIDE, but in the box of the city"},
    ],
)
def test_a_call_from_elsewhere_is_put_on_a_street_of_this_city(a_player, small_city, row, place):
    report = a_player(teams=False).play([row(0, **place)])
    (call,) = small_city.calls.values()
    assert report.moved == 1
    assert call["address"].endswith("Lantern Street")
    assert call["latitude"] == pytest.approx(40.005)


def test_a_team_is_sent_takes_every_step_and_records_whom_it_met(a_player, small_city, row):
    report = a_player().play([row(0)])
    said = [
        (round((at - NOON).total_seconds()), who, did.split("/")[-1])
        for at, who, did in small_city.log
        if did.startswith("POST /assignments") or did == "POST /encounters"
    ]
    assert said == [
        (1, "desk", "assignments"),
        (2, "VAN-1", "steps"),
        (3, "VAN-1", "steps"),
        (11, "VAN-1", "steps"),
        (31, "VAN-1", "encounters"),
        (31, "VAN-1", "clear"),
    ]
    assert (report.units_sent, report.cleared) == (1, 1)


def test_a_unit_without_a_crew_is_stepped_by_the_dispatcher_and_meets_nobody(
    small_city, clock, row
):
    generator, desk = random.Random(1), small_city.api()
    Player(
        Caller(desk, load_rates(), Streets.of(CITY), generator),
        Teams(desk, {}, generator),
        pace=Pace(60, 60),
        durations=STEADY,
        generator=generator,
        clock=clock,
        sleep=clock.sleep,
    ).play([row(0)])
    assert [a["status"] for a in small_city.assignments.values()] == ["cleared"]
    assert small_city.encounters == []


def test_an_incident_to_which_a_person_sent_somebody_is_left_to_them(a_player, small_city, row):
    player = a_player()
    tell = player._tell

    def a_person_is_faster(text):
        tell(text)
        if small_city.incidents and not small_city.assignments:
            small_city.assign("by-a-person", next(iter(small_city.incidents)), "VAN-2")

    player._tell = a_person_is_faster
    report = player.play([row(0)])
    assert report.units_sent == 0
    assert set(small_city.assignments) == {"by-a-person"}


def test_a_unit_whose_step_a_person_took_is_left_to_them(a_player, small_city, clock, row):
    player = a_player()
    sleep = clock.sleep

    def a_person_accepts(seconds):
        sleep(seconds)
        for assignment in small_city.assignments.values():
            if clock.now > NOON + timedelta(seconds=5):
                assignment["status"] = "on_scene"

    player._sleep = a_person_accepts
    report = player.play([row(0)])
    assert report.cleared == 0
    assert small_city.encounters == []


def test_when_nobody_is_free_the_call_waits_for_a_unit_of_its_kind(a_player, small_city, row):
    report = a_player().play([row(0), row(1), row(2)])
    assert report.units_sent == 3
    assert report.cleared == 3


def test_a_next_best_unit_goes_when_the_right_kind_stays_busy(a_player, small_city, row):
    small_city.units = {"VAN-1": "community_team", "CAR-1": "co_response"}
    a_player().play([row(0), row(1)])
    assert [a["unit"] for a in small_city.assignments.values()] == ["VAN-1", "CAR-1"]


def test_a_restart_of_the_city_loses_nothing_and_takes_nothing_twice(a_player, small_city, row):
    player = a_player(teams=False)
    small_city.down_for, small_city.lose_answers = 5, 4
    report = player.play([row(0), row(10)])
    assert report.calls == 2
    assert len(small_city.calls) == len(small_city.incidents) == 2


def test_a_play_ends_when_the_city_stays_away(a_player, small_city, row):
    small_city.down_for = 10_000
    with pytest.raises(CityGone):
        a_player().play([row(0)])


def test_a_play_ends_at_once_when_its_token_is_not_good(a_player, small_city, row, monkeypatch):
    monkeypatch.setattr(small_city, "_take", lambda body: refused("token-needed", 401))
    with pytest.raises(CityRefused, match="token-needed"):
        a_player().play([row(0)])


def test_a_refused_call_is_counted_and_the_next_one_comes(a_player, small_city, row, monkeypatch):
    take = small_city._take
    monkeypatch.setattr(
        small_city,
        "_take",
        lambda body: refused("no-place") if body["address"] == "nowhere" else take(body),
    )
    report = a_player(teams=False).play([row(0, place="nowhere"), row(1)])
    assert (dict(report.refused), report.calls) == ({"no-place": 1}, 1)


def test_however_fast_calls_come_no_closer_than_the_limit(a_player, small_city, row):
    a_player(speed=1e9, teams=False).play([row(n) for n in range(11)])
    at = times_of(small_city, "POST /calls")
    assert min(b - a for a, b in zip(at, at[1:], strict=False)) >= 0.199


def test_the_first_calls_fill_an_empty_board(a_player, small_city, row):
    a_player(teams=False, begin_with=3).play([row(n * 10) for n in range(6)])
    at = times_of(small_city, "POST /calls")
    assert at[2] - at[0] < 2
    assert at[5] - at[4] == pytest.approx(10)


def test_nobody_waits_longer_for_the_next_call_than_the_longest_gap(a_player, small_city, row):
    a_player(teams=False, longest_gap=4).play([row(0), row(2), row(60)])
    first, second, third = times_of(small_city, "POST /calls")
    assert (second - first, third - second) == pytest.approx((2, 4))
