"""The board: what is open, what waits, who is free, always as the database has it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.actions import (
    ask_backup,
    assign_unit,
    clear_assignment,
    close_incident,
    recall_assignment,
    take_step,
)
from lamplighter.city.dispatch.board import read_board
from lamplighter.city.dispatch.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(people, units, now):
    """Send a unit to a call: `send(units.van_1, taken)`."""

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


def unit_of(board, call_sign):
    return next(unit for unit in board.units if unit.call_sign == call_sign)


def test_it_shows_a_call_that_waits_with_who_is_to_go(a_call, units, now):
    taken = a_call()
    (incident,) = read_board(now).waiting()
    assert incident.id == taken.call.incident_id
    assert (incident.nature, incident.responder) == ("welfare_check", "community_team")
    assert (incident.address, incident.neighborhood) == ("12 Lantern Street", "West Side")
    assert incident.missing == ("community_team",)
    assert (incident.priority, incident.target_minutes) == (
        taken.decision.priority,
        taken.decision.target_minutes,
    )
    assert not incident.simulated
    assert incident.calls == 1


def test_it_reads_any_number_of_calls_in_the_same_number_of_queries(
    a_call, units, now, send, django_assert_num_queries
):
    first, *_ = [a_call() for _ in range(3)]
    send(units.van_1, first)
    with django_assert_num_queries(7):
        read_board(now)
    for _ in range(5):
        a_call()
    with django_assert_num_queries(7):
        assert len(read_board(now).incidents) == 8


def test_it_says_what_every_unit_is_doing(a_call, units, now, send, people):
    assignment = send(units.van_1, a_call())
    states = {unit.call_sign: unit.state for unit in read_board(now).units}
    assert states == {
        "VAN-1": "assigned",
        "VAN-2": "free",
        "VAN-3": "off_shift",
        "CAR-1": "free",
        "MEDIC-1": "free",
        "LINE-988": "free",
    }
    for step in ("accepted", "en_route", "on_scene"):
        take_step(assignment.pk, step, by=people.responder, now=now)
        assert unit_of(read_board(now), "VAN-1").state == step


def test_a_unit_is_free_again_the_moment_its_call_is_closed(a_call, units, now, send, people):
    taken = a_call()
    assignment = send(units.van_1, taken)
    clear_assignment(assignment.pk, "helped", by=people.responder, now=now)
    board = read_board(now)
    assert board.incidents == ()
    assert unit_of(board, "VAN-1").state == "free"
    assert unit_of(board, "VAN-1").incidents == ()


def test_a_recalled_unit_is_free_and_its_call_waits_again(a_call, units, now, send, people):
    taken = a_call()
    assignment = send(units.van_1, taken)
    assert read_board(now).waiting() == []
    recall_assignment(assignment.pk, by=people.dispatcher, now=now)
    board = read_board(now)
    assert [incident.id for incident in board.waiting()] == [taken.call.incident_id]
    assert unit_of(board, "VAN-1").state == "free"
    again = send(units.van_1, taken)
    assert again.pk != assignment.pk


def test_recalling_twice_is_recalling_once(a_call, units, now, send, people):
    assignment = send(units.van_1, a_call())
    recalled = recall_assignment(assignment.pk, by=people.dispatcher, now=now)
    later = now + timedelta(seconds=5)
    again = recall_assignment(assignment.pk, by=people.dispatcher, now=later)
    assert again.cleared_at == recalled.cleared_at == now


def test_a_unit_out_of_service_is_gone_from_the_board(units, now):
    Unit.objects.filter(pk=units.van_2.pk).update(retired_at=timezone.now())
    assert "VAN-2" not in {unit.call_sign for unit in read_board(now).units}


def test_a_shift_that_ends_changes_the_state_without_any_act(units, now):
    later = now + timedelta(hours=4)
    assert read_board(now).next_change() == later
    assert unit_of(read_board(later), "VAN-1").state == "off_shift"


def test_two_kinds_are_needed_and_the_call_waits_until_both_are_sent(a_call, units, now, send):
    taken = a_call(
        facts={"nature": "overdose"},
        override_responder="ems_and_community_team",
        override_reason="The caller says that the person is calm and hurt.",
    )
    (waiting,) = read_board(now).waiting()
    assert waiting.missing == ("community_team", "ems")
    send(units.medic_1, taken)
    (waiting,) = read_board(now).waiting()
    assert waiting.missing == ("community_team",)
    send(units.van_1, taken)
    assert read_board(now).waiting() == []
    assert len(read_board(now).being_answered()) == 1


def test_backup_that_is_asked_for_makes_the_call_wait_again(a_call, units, now, send, people):
    taken = a_call()
    assignment = send(units.van_1, taken)
    ask_backup(
        request_id=uuid7(),
        assignment_id=assignment.pk,
        kind="police",
        reason="weapon",
        by=people.responder,
        now=now,
    )
    (waiting,) = read_board(now).waiting()
    assert waiting.missing == ("police",)
    assert [(asked.call_sign, asked.kind, asked.reason) for asked in waiting.backup] == [
        ("VAN-1", "police", "weapon")
    ]
    car = send(units.car_1, taken)
    assert read_board(now).waiting() == []
    recall_assignment(car.pk, by=people.dispatcher, now=now)
    (waiting,) = read_board(now).waiting()
    assert waiting.missing == ("police",), "backup that was recalled is asked for again"


def test_a_second_unit_of_the_same_kind_may_be_asked_for_as_backup(
    a_call, units, now, send, people
):
    taken = a_call()
    assignment = send(units.van_1, taken)
    ask_backup(
        request_id=uuid7(),
        assignment_id=assignment.pk,
        kind="community_team",
        reason="another_skill",
        by=people.responder,
        now=now,
    )
    (waiting,) = read_board(now).waiting()
    assert waiting.missing == ("community_team",)


def test_it_orders_priority_one_first_then_what_is_late_then_by_priority(a_call, now):
    def call(minutes_ago, **facts):
        return a_call(received_at=now - timedelta(minutes=minutes_ago), facts=facts)

    late = call(24 * 60, nature="noise")
    fresh = call(0, nature="welfare_check")
    fire = call(0, nature="fire", danger=True)
    order = [incident.id for incident in read_board(now).waiting()]
    assert order == [each.call.incident_id for each in (fire, late, fresh)]


def test_a_team_that_asks_for_backup_stands_beside_priority_one(a_call, units, now, send, people):
    quiet = a_call()
    fresh = a_call(facts={"violence": "threat"})
    assert fresh.decision.priority < quiet.decision.priority
    assignment = send(units.van_1, quiet)
    ask_backup(
        request_id=uuid7(),
        assignment_id=assignment.pk,
        kind="police",
        reason="violence",
        by=people.responder,
        now=now,
    )
    order = [incident.id for incident in read_board(now).waiting()]
    assert order == [quiet.call.incident_id, fresh.call.incident_id]


def test_a_closed_call_is_gone(a_call, now, people, units):
    taken = a_call()
    close_incident(taken.call.incident_id, "caller_cancelled", by=people.dispatcher, now=now)
    assert read_board(now).incidents == ()


def test_it_can_read_only_what_changed(a_call, units, now, send):
    first, _second = a_call(), a_call()
    send(units.van_1, first)
    board = read_board(now, incident_ids=[first.call.incident_id], unit_ids=[units.van_1.pk])
    assert [incident.id for incident in board.incidents] == [first.call.incident_id]
    assert [unit.call_sign for unit in board.units] == ["VAN-1"]
    assert board.units[0].incidents == (first.call.incident_id,)


def test_a_wait_begins_with_the_call_not_with_its_saving(a_call, now):
    a_call(received_at=now - timedelta(minutes=12), facts={"nature": "noise"})
    (waiting,) = read_board(now).waiting()
    assert waiting.target_minutes - waiting.minutes_left(now) == 12


def test_a_desk_is_there_when_it_takes_the_call(a_call, units, people, now):
    taken = a_call()
    sent = assign_unit(
        assignment_id=uuid7(),
        incident_id=taken.call.incident_id,
        unit_id=units.line.id,
        by=people.dispatcher,
        now=now,
        other_kind_reason="caller_declined",
    )
    take_step(sent.pk, "accepted", by=people.dispatcher, now=now)
    (placed,) = read_board(now).incidents
    assert placed.helped_since == now
    assert placed.minutes_left(now + timedelta(hours=3)) == placed.target_minutes
