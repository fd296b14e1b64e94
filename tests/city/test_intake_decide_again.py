"""New information and overrides: a chain of decisions, of which the last one stands."""

import threading

import pytest
from django.db import connection

from lamplighter.city.intake.actions import override_decision, redecide
from lamplighter.city.intake.models import Call, Decision, Incident
from lamplighter.city.journal.models import Entry
from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.models import PolicyVersion
from lamplighter.city.refusal import Refusal

pytestmark = pytest.mark.django_db


def chain(call: Call) -> list[Decision]:
    """The decisions of a call, the first one first."""
    decisions = [call.decisions.get(supersedes=None)]
    while later := call.decisions.filter(supersedes=decisions[-1]).first():
        decisions.append(later)
    return decisions


def test_a_weapon_that_is_mentioned_later_changes_who_goes(a_call, people, now):
    taken = a_call()
    made = redecide(taken.call, {"weapon": True}, by=people.call_taker, now=now)
    assert taken.decision.responder == "community_team"
    assert made.responder != "community_team"
    assert made.facts["nature"] == "welfare_check"
    assert chain(taken.call) == [taken.decision, made]


def test_the_same_information_sent_twice_is_one_decision(a_call, people, now):
    call = a_call().call
    made = redecide(call, {"weapon": True}, by=people.call_taker, now=now)
    again = redecide(call, {"weapon": True}, by=people.call_taker, now=now)
    assert again == made
    assert Entry.objects.filter(verb="call decided").count() == 2  # when taken, and now


def test_a_wrong_fact_changes_nothing(a_call, people, now):
    taken = a_call()
    with pytest.raises(Refusal, match="fact-not-understood"):
        redecide(taken.call, {"weapon": "perhaps"}, by=people.call_taker, now=now, note="hm")
    assert chain(taken.call) == [taken.decision]
    assert Call.objects.get().narrative == ""


def test_an_override_stands_when_more_is_learned(a_call, people, now):
    call = a_call().call
    override_decision(call, "police", "He asked for an officer.", by=people.dispatcher, now=now)
    made = redecide(call, {"substance_use": True}, by=people.call_taker, now=now)
    assert (made.sent_responder, made.responder) == ("police", "community_team")
    assert made.override_reason == "He asked for an officer."
    assert Entry.objects.filter(verb="decision overridden").count() == 1


def test_the_policy_is_followed_again_when_the_override_is_given_up(a_call, people, now):
    call = a_call().call
    override_decision(call, "police", "He asked for an officer.", by=people.dispatcher, now=now)
    made = redecide(call, {}, by=people.dispatcher, now=now, keep_override=False)
    assert (made.sent_responder, made.override_reason) == ("community_team", "")
    assert len(chain(call)) == 3


def test_one_override_follows_another(a_call, people, now):
    call = a_call().call
    override_decision(call, "police", "first", by=people.dispatcher, now=now)
    made = override_decision(call, "ems", "second", by=people.call_taker, now=now)
    again = override_decision(call, "ems", "second", by=people.call_taker, now=now)
    assert [one.sent_responder for one in chain(call)] == ["community_team", "police", "ems"]
    assert made.made_by == people.call_taker
    assert again.pk == made.pk


@pytest.mark.parametrize(
    ("responder", "reason", "code"),
    [
        ("", "why", "override-without-responder"),
        ("dragon", "why", "override-without-responder"),
        ("police", "  ", "override-without-reason"),
    ],
)
def test_an_override_needs_somebody_to_send_and_a_reason(
    a_call, people, now, responder, reason, code
):
    taken = a_call()
    with pytest.raises(Refusal, match=code):
        override_decision(taken.call, responder, reason, by=people.dispatcher, now=now)
    assert chain(taken.call) == [taken.decision]


def test_a_closed_incident_is_decided_no_more(a_call, people, now):
    call = a_call().call
    Incident.objects.update(closed_at=now, closed_as="helped")
    with pytest.raises(Refusal, match="incident-closed"):
        redecide(call, {"weapon": True}, by=people.call_taker, now=now)
    with pytest.raises(Refusal, match="incident-closed"):
        override_decision(call, "police", "why", by=people.dispatcher, now=now)


def test_the_nature_that_is_learned_names_the_incident(a_call, people, now):
    call = a_call().call
    redecide(call, {"nature": "overdose"}, by=people.call_taker, now=now)
    call.refresh_from_db()
    assert call.incident.nature == "overdose"
    assert call.nature == "welfare_check"  # what was first said stays


def test_what_is_said_besides_is_kept_with_its_time_and_not_journalled(a_call, people, now):
    call = a_call(narrative="Sits on the steps.").call
    redecide(call, {"weapon": True}, by=people.call_taker, now=now, note="Has a knife now.")
    redecide(call, {"weapon": True}, by=people.call_taker, now=now, note="Has a knife now.")
    notes = Call.objects.get().narrative.splitlines()
    assert notes[0] == "Sits on the steps."
    assert notes[1].endswith("Has a knife now.")
    assert len(notes) == 2
    assert not any("knife" in str(entry.data) for entry in Entry.objects.all())


def test_a_short_note_is_kept_though_the_notes_end_with_it(a_call, people, now):
    call = a_call(narrative="By the casino").call
    redecide(call, {}, by=people.call_taker, now=now, note="no")
    assert Call.objects.get().narrative.splitlines()[1].endswith(" no")


def test_facts_that_a_new_policy_no_longer_asks_for_are_left_behind(a_call, people, now):
    call = a_call(facts={"no_shelter": True}).call
    stored = PolicyVersion.objects.get()
    text = stored.text.replace("no_shelter", "lives_outside")
    activate(text, by=people.administrator, from_at=now, now=now)
    made = redecide(call, {"weapon": True}, by=people.call_taker, now=now)
    assert "no_shelter" not in made.facts
    assert made.facts["weapon"] is True
    assert made.policy != stored


@pytest.mark.django_db(transaction=True)
def test_two_people_who_learn_something_at_once_lose_neither(a_call, people, now):
    call = a_call().call
    learned = [{"weapon": True}, {"injured": "serious"}]
    together = threading.Barrier(len(learned))

    def learn(facts):
        together.wait()
        try:
            redecide(Call.objects.get(pk=call.pk), facts, by=people.call_taker, now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=learn, args=[facts]) for facts in learned]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decisions = chain(call)
    assert len(decisions) == 3
    assert (decisions[-1].facts["weapon"], decisions[-1].facts["injured"]) == (True, "serious")
