"""The door: a start page for each role, and one-click sign-in in the sample city only."""

import pytest
from django.contrib.auth import SESSION_KEY
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.models import Role
from lamplighter.city.dispatch.actions import assign_unit
from lamplighter.city.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_it_leads_each_role_to_its_work(client, people, units, role):
    client.force_login(people.by_role()[role])
    page = client.get("/").content.decode()
    ways = {
        "call_taker": "/calls/new/",
        "dispatcher": "/board/",
        "responder": "/field/",
        "manager": "/incidents/",
        "administrator": "/people/",
        "policy_author": "/policies/room/",
    }
    assert f'class="card" href="{ways[role]}"' in page


def test_what_waits_on_the_start_page_is_what_waits_on_the_board(
    client, a_call, units, people, now
):
    shooting = {"nature": "shooting_or_stabbing", "weapon": True, "violence": "now"}
    half_answered = a_call(facts={**shooting, "injured": "serious"})
    assign_unit(
        assignment_id=uuid7(),
        incident_id=half_answered.call.incident_id,
        unit_id=units.medic_1.pk,
        by=people.dispatcher,
        now=now,
    )
    client.force_login(people.dispatcher)
    today = client.get("/").context["today"]
    assert today.waiting == 1, "an ambulance was sent, the police are still missing"
    assert today.units_on_shift - today.units_free == 1


def test_it_signs_in_with_one_click_in_the_sample_city(client, people):
    assert people.dispatcher.username in client.get("/demo/").content.decode()
    answer = client.post("/demo/", {"username": people.dispatcher.username})
    assert answer.headers["Location"] == "/"
    assert client.session[SESSION_KEY] == str(people.dispatcher.pk)
    entry = Entry.objects.get(verb="signed in")
    assert (entry.actor_id, entry.data) == (people.dispatcher.pk, {"how": "demo"})


def test_it_lists_the_crews_on_shift(client, people, units):
    page = client.get("/demo/").content.decode()
    assert "VAN-1" in page
    assert f'value="{people.responder.username}"' in page
    assert "VAN-3" not in page


def test_it_signs_nobody_in_with_one_click_in_a_real_city(client, people, settings):
    settings.SAMPLE_CITY = False
    assert client.post("/demo/", {"username": people.dispatcher.username}).status_code == 404
    assert SESSION_KEY not in client.session
    assert client.get("/demo/").status_code == 404
    assert b'name="username"' not in client.get("/").content
