"""Taking a call: what is saved, what is refused and in which words; nothing is half-written."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from lamplighter.city.intake.actions import NewCall, take_call
from lamplighter.city.intake.models import Call, Decision, Incident
from lamplighter.city.journal.models import Entry
from lamplighter.city.refusal import Refusal
from tests.city.conftest import WELFARE_CHECK

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(city, now):
    """Somebody worries about a neighbor; nothing else is known yet."""
    return NewCall(
        id=uuid7(),
        channel="911",
        received_at=now,
        facts={"nature": "welfare_check"},
        address="12 Lantern Street",
    )


def nothing_was_written() -> bool:
    rows = (Call, Decision, Incident, Entry.objects.filter(verb__contains="call"))
    return not any(getattr(row, "objects", row).exists() for row in rows)


@pytest.mark.parametrize(
    ("wrong", "code", "sentence"),
    [
        (
            {"address": "   "},
            "no-place",
            "The call has no place: write an address or set the pin on the map.",
        ),
        (
            {"latitude": 41.0, "longitude": -100.0},
            "outside-the-city",
            "The place is outside the city: check the pin, or hand the call to that city.",
        ),
        (
            {"latitude": 40.005},
            "half-a-point",
            "The point on the map has only one coordinate: set the pin again.",
        ),
        (
            {"channel": "pigeon"},
            "unknown-channel",
            "The call's channel is not one of ours: choose how the call came.",
        ),
        (
            {"facts": {"nature": "dragon"}},
            "unknown-nature",
            "What is happening is not said: choose it from the list.",
        ),
        (
            {"facts": {}},
            "unknown-nature",
            "What is happening is not said: choose it from the list.",
        ),
        (
            {"facts": {"nature": "noise", "wepon": True}},
            "unknown-fact",
            "A fact is not one that the policy in force asks for: send only its questions.",
        ),
        (
            {"facts": {"nature": "noise", "weapon": "perhaps"}},
            "fact-not-understood",
            "The answer to “Weapon” is not one that the policy knows: answer it again.",
        ),
        (
            {"address": "x" * 201},
            "too-long",
            "The text is longer than the 200 characters that can be kept: shorten it.",
        ),
        (
            {"override_reason": "because"},
            "override-without-responder",
            "The override names nobody to send: choose who goes instead.",
        ),
        (
            {"override_responder": "police", "override_reason": " "},
            "override-without-reason",
            "The override has no reason: write why somebody else goes.",
        ),
    ],
)
def test_bad_input_gets_one_sentence_and_writes_nothing(new, people, now, wrong, code, sentence):
    with pytest.raises(Refusal) as refused:
        take_call(replace(new, **wrong), by=people.call_taker, now=now)
    assert (refused.value.code, refused.value.sentence) == (code, sentence)
    assert nothing_was_written()


def test_a_call_from_the_future_is_refused(new, people, now):
    late = replace(new, received_at=now + timedelta(minutes=3))
    with pytest.raises(Refusal, match="call-in-the-future"):
        take_call(late, by=people.call_taker, now=now)
    assert nothing_was_written()


def test_a_clock_that_runs_a_minute_ahead_is_forgiven(new, people, now):
    ahead = replace(new, received_at=now + timedelta(minutes=1))
    assert take_call(ahead, by=people.call_taker, now=now).call.received_at == now


def test_the_same_call_sent_twice_is_saved_once(new, people, now):
    first = take_call(new, by=people.call_taker, now=now)
    second = take_call(new, by=people.call_taker, now=now + timedelta(seconds=5))
    assert (second.call, second.decision, second.repeated) == (first.call, first.decision, True)
    assert Incident.objects.count() == Decision.objects.count() == 1
    assert Entry.objects.filter(verb="call taken").count() == 1


def test_another_call_under_the_same_identifier_is_refused(new, people, now):
    take_call(new, by=people.call_taker, now=now)
    with pytest.raises(Refusal, match="call-id-used") as refused:
        take_call(replace(new, address="Elsewhere 3"), by=people.call_taker, now=now)
    assert refused.value.status == 409
    assert Call.objects.get().address == "12 Lantern Street"


@pytest.mark.django_db(transaction=True)
def test_two_copies_sent_at_the_same_instant_are_one_call(new, people, now):
    together = threading.Barrier(4)
    taken = []

    def send():
        together.wait()
        try:
            taken.append(take_call(new, by=people.call_taker, now=now))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(one.repeated for one in taken) == [False, True, True, True]
    assert {one.decision.pk for one in taken} == {Decision.objects.get().pk}
    assert Incident.objects.count() == Call.objects.count() == 1
    assert Entry.objects.filter(verb="call taken").count() == 1


def test_what_nobody_knows_counts_toward_safety(new, people, now):
    decision = take_call(new, by=people.call_taker, now=now).decision
    assert decision.responder == "co_response"
    assert "violence" in decision.unknown


def test_the_journal_keeps_codes_and_never_what_was_said(new, people, now):
    told = replace(new, narrative="he hides behind the bakery", callback="720-555-0119")
    call = take_call(told, by=people.call_taker, now=now).call
    entries = Entry.objects.filter(call_id=call.id)
    assert [entry.verb for entry in entries] == ["call taken", "call decided"]
    for entry in entries:
        assert "bakery" not in str(entry.data)
        assert "555" not in str(entry.data)
        assert "Lantern Street" not in str(entry.data)


def test_an_override_is_saved_with_its_reason_beside_what_the_policy_says(new, people, now):
    instead = replace(new, override_responder="police", override_reason=" known to the officers ")
    taken = take_call(instead, by=people.call_taker, now=now)
    saved = Decision.objects.get(pk=taken.decision.pk)
    assert saved.sent_responder == "police"
    assert saved.responder == "co_response"
    assert saved.override_reason == "known to the officers"
    entry = Entry.objects.get(verb="decision overridden")
    assert (entry.data["responder"], entry.data["policy_says"]) == ("police", "co_response")


def test_a_call_joins_an_open_incident(new, people, now, a_call):
    first = a_call()
    joined = take_call(
        replace(new, join_incident=first.call.incident_id), by=people.call_taker, now=now
    )
    assert joined.call.incident_id == first.call.incident_id
    assert Entry.objects.filter(verb="call joined incident", call_id=new.id).exists()


def test_an_incident_bears_the_nature_of_its_most_urgent_call(new, people, now, a_call):
    first = a_call(facts={"nature": "noise"})
    shots = replace(new, facts={"nature": "shots_fired"}, join_incident=first.call.incident_id)
    take_call(shots, by=people.call_taker, now=now)
    assert Incident.objects.get().nature == "shots_fired"
    assert Entry.objects.get(verb="nature changed").data["was"] == "noise"


def test_a_calmer_call_that_joins_does_not_rename_the_incident(new, people, now, a_call):
    first = a_call(facts={"nature": "shots_fired"})
    noise = replace(
        new,
        facts=WELFARE_CHECK | {"nature": "noise"},
        join_incident=first.call.incident_id,
    )
    take_call(noise, by=people.call_taker, now=now)
    assert Incident.objects.get().nature == "shots_fired"


def test_of_two_calls_as_urgent_the_earlier_names_the_incident(new, people, now, a_call):
    """Both in the same second: the database's own order would be chance."""
    first = a_call(facts={"nature": "shots_fired"})
    for _ in range(5):
        doubt = replace(
            new,
            id=uuid7(),
            facts={"nature": "parking_problem"},
            join_incident=first.call.incident_id,
        )
        assert take_call(doubt, by=people.call_taker, now=now).decision.priority == 1
        assert Incident.objects.get().nature == "shots_fired"


def test_nobody_joins_a_closed_incident(new, people, now, a_call):
    incident = a_call().call.incident
    Incident.objects.filter(pk=incident.pk).update(closed_at=now, closed_as="helped")
    with pytest.raises(Refusal, match="incident-closed"):
        take_call(replace(new, join_incident=incident.pk), by=people.call_taker, now=now)
    assert not Call.objects.filter(pk=new.id).exists()
