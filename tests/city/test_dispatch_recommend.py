"""Who should go: right kind, free, on shift, near; and the reason in words."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.actions import assign_unit, clear_assignment
from lamplighter.city.dispatch.board import read_board
from lamplighter.city.dispatch.models import Unit
from lamplighter.city.dispatch.needs import (
    NEXT_BEST,
    Sent,
    backup_sent_along,
    best_first,
    missing,
)
from lamplighter.city.dispatch.queries import missing_kinds
from lamplighter.city.dispatch.recommend import recommended_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommend(now):
    """The units recommended for a call, as call signs."""

    def signs(taken):
        return [unit.call_sign for unit in recommended_units(taken.call.incident, now).units]

    return signs


@pytest.fixture
def send(people, now):
    def send_unit(unit, taken, reason=""):
        return assign_unit(
            assignment_id=uuid7(),
            incident_id=taken.call.incident_id,
            unit_id=unit.pk,
            other_kind_reason=reason,
            by=people.dispatcher,
            now=now,
        )

    return send_unit


def test_the_nearest_unit_of_the_right_kind_comes_first(a_call, units, recommend, now):
    assert recommend(a_call())[:2] == ["VAN-1", "VAN-2"]
    Unit.objects.filter(pk=units.van_2.pk).update(latitude=40.005, longitude=-100.005)
    assert recommend(a_call())[:2] == ["VAN-2", "VAN-1"]


def test_each_unit_says_why(a_call, units, now):
    first, second, third = recommended_units(a_call().call.incident, now).units
    assert first.why == ("Right kind: Community team", "Free", "Less than 100 m away")
    assert (first.right_kind, first.needs_reason, first.minutes) == (True, False, 1)
    assert second.distance_km == pytest.approx(1.27, abs=0.02)
    assert third.why[0] == "Ambulance, not the kind that was decided"
    assert third.needs_reason


def test_off_shift_and_busy_units_are_not_offered(a_call, units, recommend, send):
    send(units.van_1, a_call())
    signs = recommend(a_call())
    assert signs[0] == "VAN-2"
    assert not {"VAN-1", "VAN-3"} & set(signs)


def test_when_none_of_the_right_kind_is_free_it_says_so_and_offers_the_next_best(
    a_call, units, send, now
):
    send(units.van_1, a_call())
    send(units.van_2, a_call())
    found = recommended_units(a_call().call.incident, now)
    assert found.advice == ("Community team: none is free now (2 on calls, 1 off shift).",)
    assert [unit.call_sign for unit in found.units] == ["MEDIC-1"]
    assert all(unit.needs_reason for unit in found.units)


def test_of_two_as_near_the_one_that_was_idle_longer_goes(
    a_call, units, recommend, send, people, now
):
    for unit, minutes in ((units.van_1, 5), (units.van_2, 50)):
        assignment = send(unit, a_call())
        clear_assignment(assignment.pk, "helped", by=people.dispatcher, now=now)
        type(assignment).objects.filter(pk=assignment.pk).update(
            assigned_at=now - timedelta(hours=2), cleared_at=now - timedelta(minutes=minutes)
        )
        Unit.objects.filter(pk=unit.pk).update(latitude=40.005, longitude=-100.006)
    assert recommend(a_call())[:2] == ["VAN-2", "VAN-1"]


def test_two_kinds_are_offered_side_by_side(a_call, units, recommend, send):
    taken = a_call(
        override_responder="ems_and_community_team", override_reason="Hurt, and calm with us."
    )
    assert set(recommend(taken)[:2]) == {"MEDIC-1", "VAN-1"}
    send(units.medic_1, taken)
    assert recommend(taken)[0] == "VAN-1"


def test_nobody_is_offered_when_everybody_needed_was_sent(a_call, units, recommend, send):
    taken = a_call()
    send(units.van_1, taken)
    assert recommend(taken) == []


def test_a_call_without_a_point_is_measured_from_its_neighborhood(a_call, units, city, now):
    taken = a_call(latitude=None, longitude=None, neighborhood_id=city.east_side.pk)
    (first, *_rest) = recommended_units(taken.call.incident, now).units
    assert first.call_sign == "VAN-2"
    assert first.distance_km is not None


def test_a_desk_is_offered_without_a_distance(a_call, units, now):
    taken = a_call(override_responder="crisis_line", override_reason="Wants to talk to somebody.")
    (first, *_rest) = recommended_units(taken.call.incident, now).units
    assert first.call_sign == "LINE-988"
    assert (first.distance_km, first.minutes) == (None, None)
    assert first.why == ("Right kind: Crisis line", "Free")


def test_nobody_unarmed_stands_in_for_police():
    assert set(NEXT_BEST["police"]) == {"co_response"}
    assert set(NEXT_BEST["co_response"]) == {"police"}


def test_every_kind_has_somebody_to_fall_back_on():
    assert all(NEXT_BEST.values())
    assert best_first(frozenset({"ems"})) == {"ems": 0, "fire": 1, "community_team": 2, "police": 3}


@pytest.mark.parametrize(
    ("sent", "still"),
    [
        ([], {"ems", "community_team"}),
        ([Sent("ems")], {"community_team"}),
        ([Sent("police", "no_unit_free")], {"ems"}),
        ([Sent("police", "no_unit_free"), Sent("fire", "nearer_unit")], set()),
        ([Sent("police", "backup")], {"ems", "community_team"}),
    ],
)
def test_a_stand_in_takes_one_place_and_the_ambulance_last(sent, still):
    assert missing(frozenset({"ems", "community_team"}), sent, []) == still


def test_backup_is_missing_until_it_comes_whoever_is_there():
    assert missing(frozenset({"community_team"}), [Sent("community_team")], ["police"]) == {
        "police"
    }
    assert missing(frozenset({"police"}), [Sent("co_response", "no_unit_free")], ["ems"]) == {"ems"}


@pytest.mark.parametrize(
    ("responder", "backup", "along"),
    [
        ("police", "with_team", {"ems"}),
        ("co_response", "with_team", {"ems"}),
        ("ems", "with_team", {"police"}),
        ("community_team", "with_team", {"police"}),
        ("police", "staged", set()),
        ("ems", "on_request", set()),
    ],
)
def test_backup_that_goes_along_is_the_other_kind_of_help(responder, backup, along):
    assert backup_sent_along(responder, backup) == along


def test_police_at_a_shooting_are_not_all_that_is_missing(a_call, units, people, now):
    shooting = {"nature": "shooting_or_stabbing", "weapon": True, "violence": "now"}
    taken = a_call(facts={**shooting, "injured": "serious"})
    assert (taken.decision.responder, taken.decision.backup) == ("police", "with_team")
    assert missing_kinds(taken.call.incident) == {"police", "ems"}
    assign_unit(
        assignment_id=uuid7(),
        incident_id=taken.call.incident_id,
        unit_id=units.medic_1.id,
        by=people.dispatcher,
        now=now,
    )
    assert missing_kinds(taken.call.incident) == {"police"}


def test_what_a_second_caller_saw_brings_the_ambulance_too(a_call, units):
    fight = a_call(facts={"nature": "fight", "weapon": True, "violence": "now"})
    joined = a_call(
        facts={"nature": "person_down", "breathing_and_awake": False, "injured": "serious"},
        join_incident=fight.call.incident_id,
    )
    assert fight.decision.priority <= joined.decision.priority
    assert {"police", "ems"} <= missing_kinds(fight.call.incident)
    [placed] = read_board(fight.call.taken_at).incidents
    assert {"police", "ems"} <= set(placed.missing)


def test_backup_that_was_not_needed_undoes_no_help(a_call, units, send, people, now):
    taken = a_call()
    helping, backup = send(units.van_1, taken), send(units.car_1, taken, "backup")
    clear_assignment(helping.pk, "helped", by=people.dispatcher, now=now)
    clear_assignment(backup.pk, "no_help_needed", by=people.dispatcher, now=now)
    taken.call.incident.refresh_from_db()
    assert taken.call.incident.closed_as == "helped"
