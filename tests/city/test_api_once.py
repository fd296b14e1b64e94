"""Idempotency keys: the same request twice is done once, also when both come at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.models import IdempotencyKey
from lamplighter.city.api.once import purge_expired
from lamplighter.city.dispatch.models import Shift
from lamplighter.city.intake.models import Call
from lamplighter.city.journal.models import Entry
from tests.city.conftest import WELFARE_CHECK


@pytest.fixture
def a_shift(units, now):
    """A request that has no identifier of its own: only the key can tell that it was repeated."""
    return {
        "unit_id": str(units.van_3.pk),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=8)).isoformat(),
    }


@pytest.mark.django_db
def test_the_same_request_is_done_once_and_answered_twice(api_of, people, a_shift):
    api = api_of(people.manager)
    shifts = Shift.objects.count()
    first = api.post("/shifts", a_shift, Idempotency_Key="monday")
    again = api.post("/shifts", a_shift, Idempotency_Key="monday")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert Shift.objects.count() == shifts + 1
    assert api.post("/shifts", a_shift, Idempotency_Key="tuesday").json() != first.json()


@pytest.mark.django_db
def test_a_key_is_for_one_request(api_of, people, a_shift, now):
    api = api_of(people.manager)
    api.post("/shifts", a_shift, Idempotency_Key="monday")
    other = {**a_shift, "ends_at": (now + timedelta(hours=4)).isoformat()}
    refused = api.post("/shifts", other, Idempotency_Key="monday")
    assert (refused.status_code, refused.json()["code"]) == (409, "key-used")
    assert (
        api_of(people.administrator).post("/shifts", other, Idempotency_Key="monday").status_code
        == 201
    ), "another person's keys are another person's"


@pytest.mark.django_db
def test_a_refusal_frees_the_key(api_of, people, a_shift, now):
    api = api_of(people.manager)
    wrong = {**a_shift, "ends_at": now.isoformat()}
    assert api.post("/shifts", wrong, Idempotency_Key="monday").status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert api.post("/shifts", a_shift, Idempotency_Key="monday").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 121, "tab\there"])
def test_a_key_must_be_usable(api_of, people, a_shift, key):
    refused = api_of(people.manager).post("/shifts", a_shift, Idempotency_Key=key)
    assert (refused.status_code, refused.json()["code"]) == (400, "key-not-usable")


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(api_of, people, a_shift, now):
    api = api_of(people.manager)
    first = api.post("/shifts", a_shift, Idempotency_Key="monday").json()
    IdempotencyKey.objects.update(created_at=now - timedelta(hours=24))
    assert api.post("/shifts", a_shift, Idempotency_Key="monday").json() != first
    assert purge_expired(now) == 0
    assert purge_expired(now + timedelta(hours=26)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_copies_at_once_one_waits_and_is_given_the_answer(api_of, people, a_shift):
    """Eight at once, each on its own connection; without the key each would make a shift."""
    shifts, copies = Shift.objects.count(), 8
    start, answers = threading.Barrier(copies), []
    programs = [api_of(people.manager) for _copy in range(copies)]

    def send(api):
        start.wait()
        answers.append(api.post("/shifts", a_shift, Idempotency_Key="monday"))
        connection.close()

    threads = [threading.Thread(target=send, args=(api,)) for api in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replay" in answer.headers for answer in answers) == copies - 1
    assert Shift.objects.count() == shifts + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_copies_of_a_call_at_once_one_is_saved(api_of, people, city, now):
    """Without a key the call's own identifier does it."""
    copies = 6
    body = {
        "id": str(uuid7()),
        "channel": "988",
        "received_at": now.isoformat(),
        "facts": WELFARE_CHECK,
        "address": "12 Lantern Street",
    }
    start, answers = threading.Barrier(copies), []
    programs = [api_of(people.call_taker) for _copy in range(copies)]

    def send(api):
        start.wait()
        answers.append(api.post("/calls", body))
        connection.close()

    threads = [threading.Thread(target=send, args=(api,)) for api in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * 5
    assert Call.objects.count() == 1
    assert Entry.objects.filter(verb="call taken").count() == 1
