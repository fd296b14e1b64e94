"""Many dispatchers press the same key in the same instant: one wins, the others are told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.actions import (
    ask_backup,
    assign_unit,
    close_incident,
    recall_assignment,
)
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.journal.models import Entry
from lamplighter.city.journal.queries import verify
from lamplighter.city.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 12


def all_at_once(acts):
    """Run every act in a thread of its own, released together; gives results and refusals."""
    gate = threading.Barrier(len(acts))

    def press(act):
        gate.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(press, acts))


def refusals(results):
    return [result.code for result in results if isinstance(result, Refusal)]


@pytest.fixture
def press(people, now):
    """What a dispatcher's key does: `press(taken, unit)` gives an act to be run later."""

    def assigning(taken, unit, assignment_id=None, reason=""):
        return lambda: assign_unit(
            assignment_id=assignment_id or uuid7(),
            incident_id=taken.call.incident_id,
            unit_id=unit.pk,
            other_kind_reason=reason,
            by=people.dispatcher,
            now=now,
        )

    return assigning


def test_of_many_who_send_one_unit_to_different_calls_one_wins(a_call, units, press):
    results = all_at_once([press(a_call(), units.van_1) for _ in range(CROWD)])
    assert refusals(results) == ["unit-taken"] * (CROWD - 1)
    (sent,) = Assignment.objects.all()
    (winner,) = [result for result in results if isinstance(result, Assignment)]
    assert winner.pk == sent.pk
    (entry,) = Entry.objects.filter(verb="unit assigned")
    assert (entry.subject_id, entry.incident_id) == (str(sent.pk), sent.incident_id)
    assert verify().holds


def test_of_many_who_send_one_unit_to_one_call_one_wins(a_call, units, press):
    taken = a_call()
    results = all_at_once([press(taken, units.van_1) for _ in range(CROWD)])
    assert refusals(results) == ["unit-taken"] * (CROWD - 1)
    assert Assignment.objects.count() == 1
    assert verify().holds


def test_one_key_pressed_many_times_sends_once_and_nobody_is_refused(a_call, units, press):
    taken, pressed = a_call(), uuid7()
    results = all_at_once([press(taken, units.van_1, pressed) for _ in range(CROWD)])
    assert refusals(results) == []
    assert {result.pk for result in results} == {pressed}
    assert Entry.objects.filter(verb="unit assigned").count() == 1
    assert verify().holds


def test_a_desk_takes_many_calls_at_once(a_call, units, press):
    acts = [press(a_call(), units.line, reason="caller_declined") for _ in range(CROWD)]
    assert refusals(all_at_once(acts)) == []
    assert Assignment.objects.filter(unit=units.line, cleared_at=None).count() == CROWD


def test_one_closing_sent_many_times_is_one_and_nobody_is_refused(a_call, people, now):
    closed = a_call().call.incident_id
    results = all_at_once(
        [lambda: close_incident(closed, "caller_cancelled", by=people.dispatcher, now=now)] * CROWD
    )
    assert refusals(results) == []
    assert Entry.objects.filter(verb="incident closed").count() == 1
    assert verify().holds


def test_a_call_is_never_closed_while_a_unit_is_sent_to_it(a_call, units, press, people, now):
    for _ in range(CROWD):
        taken = a_call()

        def close(taken=taken):
            return close_incident(
                taken.call.incident_id, "caller_cancelled", by=people.dispatcher, now=now
            )

        results = all_at_once([press(taken, units.van_1), close])
        assert len(refusals(results)) == 1
        assert refusals(results)[0] in {"incident-closed", "units-still-there"}
        for sent in Assignment.objects.filter(cleared_at=None):
            assert sent.incident.closed_at is None
            recall_assignment(sent.pk, by=people.dispatcher, now=now)
    assert verify().holds


def test_a_unit_recalled_by_many_is_recalled_once(a_call, units, press, people, now):
    sent = press(a_call(), units.van_1)()
    results = all_at_once(
        [lambda: recall_assignment(sent.pk, by=people.dispatcher, now=now)] * CROWD
    )
    assert refusals(results) == []
    assert Entry.objects.filter(verb="unit cleared").count() == 1
    assert verify().holds


def test_backup_asked_for_by_many_taps_is_asked_for_once(a_call, units, press, people, now):
    sent, tapped = press(a_call(), units.van_1)(), uuid7()

    def tap():
        return ask_backup(
            request_id=tapped,
            assignment_id=sent.pk,
            kind="police",
            reason="weapon",
            by=people.responder,
            now=now,
        )

    asked = all_at_once([tap] * CROWD)
    assert {each.pk for each in asked} == {tapped}
    assert Entry.objects.filter(verb="backup asked").count() == 1
