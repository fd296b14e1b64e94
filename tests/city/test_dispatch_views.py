"""The board's pages and acts: who may do what, and what they are told."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(client, people):
    client.force_login(people.dispatcher)
    return client


def post(client, name, pk, **body):
    return client.post(
        reverse(f"dispatch:{name}", args=[pk]), json.dumps(body), content_type="application/json"
    )


def assign(client, taken, unit, assignment_id=None, **more):
    return post(
        client,
        "assign",
        taken.call.incident_id,
        assignment_id=str(assignment_id or uuid7()),
        unit_id=str(unit.pk),
        **more,
    )


def test_the_first_paint_shows_calls_units_and_the_most_urgent_call(dispatcher, a_call, units):
    a_call(narrative="He says his name is Zebulon", callback="555 0100")
    page = dispatcher.get(reverse("dispatch:board")).content.decode()
    for words in ("Check on someone", "12 Lantern Street", "VAN-1", "Who can go", "Off shift"):
        assert words in page
    assert "Zebulon" not in page
    assert "555 0100" not in page


@pytest.mark.parametrize("role", ["call_taker", "manager", "administrator"])
def test_others_may_look_and_not_act(client, people, a_call, units, role):
    client.force_login(getattr(people, role))
    taken = a_call()
    assert client.get(reverse("dispatch:board")).status_code == 200
    assert client.get(reverse("dispatch:choice", args=[taken.call.incident_id])).status_code == 200
    assert assign(client, taken, units.van_1).status_code == 403
    assert not Assignment.objects.exists()


def test_a_responder_does_not_see_the_board(client, people, a_call, units):
    client.force_login(people.responder)
    assert client.get(reverse("dispatch:board")).status_code == 403


def test_the_chosen_call_says_who_goes_why_and_who_can_go(dispatcher, a_call, units):
    taken = a_call()
    page = dispatcher.get(reverse("dispatch:choice", args=[taken.call.incident_id]))
    text = page.content.decode()
    assert "Community team" in text
    assert taken.decision.hits[0]["because"]["en"][:30] in text.replace("&#x27;", "'")
    assert text.index("VAN-1") < text.index("VAN-2")
    assert "VAN-3" not in text


def test_assigning_answers_with_how_things_now_stand(dispatcher, a_call, units):
    taken = a_call()
    said = assign(dispatcher, taken, units.van_1).json()
    (incident,) = said["stands"]["incidents"]
    (unit,) = said["stands"]["units"]
    assert incident["assignments"][0]["call_sign"] == "VAN-1"
    assert unit["state"] == "assigned"


def test_a_key_pressed_twice_sends_one_unit_once(dispatcher, a_call, units):
    taken, pressed = a_call(), uuid7()
    first = assign(dispatcher, taken, units.van_1, pressed)
    second = assign(dispatcher, taken, units.van_1, pressed)
    assert first.status_code == second.status_code == 200
    assert Assignment.objects.count() == 1
    assert Entry.objects.filter(verb="unit assigned").count() == 1


def test_a_unit_that_somebody_else_took_is_refused_in_a_sentence(dispatcher, a_call, units):
    first, second = a_call(), a_call()
    assign(dispatcher, first, units.van_1)
    refused = assign(dispatcher, second, units.van_1)
    assert refused.status_code == 409
    said = refused.json()
    assert said["code"] == "unit-taken"
    assert said["sentence"] == "VAN-1 was sent to a call a moment ago: choose another unit."
    assert said["stands"]["units"][0]["state"] == "assigned"


def test_another_kind_of_unit_needs_a_reason(dispatcher, a_call, units):
    taken = a_call()
    refused = assign(dispatcher, taken, units.car_1)
    assert (refused.status_code, refused.json()["code"]) == (400, "other-kind-needs-reason")
    assert (
        assign(dispatcher, taken, units.car_1, other_kind_reason="no_unit_free").status_code == 200
    )


def test_a_unit_off_shift_is_refused(dispatcher, a_call, units):
    refused = assign(dispatcher, a_call(), units.van_3)
    assert (refused.status_code, refused.json()["code"]) == (400, "unit-off-shift")


def test_a_recall_frees_the_unit_and_the_journal_keeps_both(dispatcher, a_call, units):
    sent = assign(dispatcher, a_call(), units.van_1).json()
    said = post(dispatcher, "recall", sent["assignment_id"]).json()
    assert said["stands"]["units"][0]["state"] == "free"
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs[-2:] == ["unit assigned", "unit cleared"]


def test_a_call_is_closed_with_a_reason_and_only_when_no_unit_is_on_it(dispatcher, a_call, units):
    taken = a_call()
    pk = taken.call.incident_id
    assert post(dispatcher, "close", pk).json()["code"] == "unknown-disposition"
    sent = assign(dispatcher, taken, units.van_1).json()
    assert post(dispatcher, "close", pk, closed_as="helped").json()["code"] == "units-still-there"
    post(dispatcher, "recall", sent["assignment_id"])
    said = post(dispatcher, "close", pk, closed_as="caller_cancelled").json()
    assert said["stands"]["gone_incidents"] == [str(pk)]
    # Sent once more, as its answer got lost, it is the same closing; another one is refused.
    acts = Entry.objects.count()
    again = post(dispatcher, "close", pk, closed_as="caller_cancelled")
    assert (again.status_code, Entry.objects.count()) == (200, acts)
    assert post(dispatcher, "close", pk, closed_as="helped").json()["code"] == "incident-closed"


@pytest.mark.parametrize("body", ["{", "[]", '{"unit_id": "x"}'])
def test_what_cannot_be_read_is_refused_in_a_sentence(dispatcher, a_call, body):
    address = reverse("dispatch:assign", args=[a_call().call.incident_id])
    refused = dispatcher.post(address, body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["sentence"] == "The request could not be read: reload the page."


def test_the_board_speaks_spanish(dispatcher, a_call, units):
    a_call()
    page = dispatcher.get(reverse("dispatch:board"), headers={"accept-language": "es"})
    assert "Tablero" in page.content.decode()


def test_a_board_that_renews_itself_does_not_keep_the_session_alive(
    dispatcher, people, a_call, units
):
    def expires():
        return Session.objects.get(pk=dispatcher.session.session_key).expire_date

    address = reverse("dispatch:choice", args=[a_call().call.incident_id])
    before = expires()
    assert dispatcher.get(address, headers={"x-by-itself": "1"}).status_code == 200
    assert expires() == before
    dispatcher.get(address)
    assert expires() > before
