"""Programs take calls by the same verb as the page, and are answered in one shape."""

import pytest
from uuid_utils.compat import uuid7

from lamplighter.city.intake.models import Call, Decision, Incident
from lamplighter.city.journal.models import Entry
from tests.city.conftest import WELFARE_CHECK

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_body(now, city):
    def body(**changes):
        return {
            "id": str(uuid7()),
            "channel": "911",
            "received_at": now.isoformat(),
            "facts": WELFARE_CHECK,
            "address": "12 Lantern Street",
            "latitude": city.inside[0],
            "longitude": city.inside[1],
            **changes,
        }

    return body


def test_it_takes_a_call(api_of, people, a_body):
    answer = api_of(people.call_taker).post("/calls", a_body())
    assert answer.status_code == 201
    taken = answer.json()
    call = Call.objects.get(pk=taken["id"])
    assert str(call.incident_id) == taken["incident_id"]
    assert taken["decision"]["responder"] == "community_team"
    assert taken["decision"]["hits"][0]["because"]["es"]
    assert list(Entry.objects.filter(call_id=call.id).values_list("verb", flat=True)) == [
        "call taken",
        "call decided",
    ]


def test_it_gives_back_a_call_that_was_sent_twice(api_of, people, a_body):
    api, body = api_of(people.call_taker), a_body()
    first, second = api.post("/calls", body).json(), api.post("/calls", body).json()
    assert second == {**first, "repeated": True}
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"address": "", "latitude": None, "longitude": None}, 400, "no-place", "place"),
        ({"latitude": 41.0}, 400, "outside-the-city", "place"),
        ({"received_at": "2999-01-01T00:00:00Z"}, 400, "call-in-the-future", "received_at"),
        ({"received_at": "2026-11-01T10:00:00"}, 422, "not-valid", "received_at"),
        ({"facts": {"nature": "alien_landing"}}, 400, "unknown-nature", "nature"),
        ({"channel": "pigeon"}, 400, "unknown-channel", "channel"),
        ({"colour": "blue"}, 422, "not-valid", "body"),
    ],
)
def test_it_says_in_one_sentence_what_is_wrong(api_of, people, a_body, change, status, code, field):
    answer = api_of(people.call_taker).post("/calls", a_body(**change))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
    assert problem["sentence"].endswith((".", "Z."))
    assert (Call.objects.count(), Decision.objects.count(), Incident.objects.count()) == (0, 0, 0)


def test_it_takes_a_call_in_few_queries(api_of, people, a_body, django_assert_num_queries):
    """Token, call sent before?, map changed?, policy in force; begin, three rows, journal, end."""
    api = api_of(people.call_taker)
    api.post("/calls", a_body())  # reads the policy and the map, once a process
    with django_assert_num_queries(10):
        api.post("/calls", a_body())
