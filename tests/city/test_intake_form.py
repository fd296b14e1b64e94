"""The call form: what a call taker posts, and what comes of it."""

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from lamplighter.city.intake.models import Call

pytestmark = pytest.mark.django_db


@pytest.fixture
def call_taker(client: Client, people) -> Client:
    client.force_login(people.call_taker, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def typed(now):
    """A call as the form sends it: an address, what is happening, nothing else known."""

    def form(**more):
        return {
            "id": str(uuid7()),
            "opened_at": now.isoformat(),
            "channel": "911",
            "address": "12 Lantern Street",
            "fact-nature": "welfare_check",
            "do": "save",
        } | more

    return form


def test_a_call_is_saved_and_its_incident_shown(call_taker, typed):
    form = typed()
    answer = call_taker.post("/calls/new/", form)
    call = Call.objects.get(pk=form["id"])
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/incidents/{call.incident_id}/"
    assert call.address == "12 Lantern Street"


def test_the_empty_form_opens(call_taker):
    answer = call_taker.get("/calls/new/")
    assert answer.status_code == 200
    assert "Who goes" in answer.content.decode()
