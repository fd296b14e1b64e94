"""From accept to cleared, as a team does it on its phone, and told on the incident's page."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from lamplighter.city.accounts.models import new_id
from lamplighter.city.dispatch.actions import assign_unit
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.intake.actions import TakenCall

from .conftest import People, Units


@pytest.fixture
def sent(
    a_call: Callable[..., TakenCall], people: People, units: Units, now: datetime
) -> Assignment:
    """The community team, whose crew the responder is, is sent to a welfare check."""
    taken = a_call()
    return assign_unit(
        assignment_id=new_id(),
        incident_id=taken.call.incident_id,
        unit_id=units.van_1.pk,
        by=people.dispatcher,
        now=now,
    )


def test_a_team_accepts_goes_arrives_records_and_clears(
    client: Client, people: People, sent: Assignment
) -> None:
    client.force_login(people.responder)
    home = client.get(reverse("field:my_calls"))
    assert home.url == reverse("field:assignment", args=[sent.pk])

    for step in ("accepted", "en_route", "on_scene"):
        page = client.get(home.url)
        assert f'value="{step}"' in page.text
        client.post(reverse("field:step", args=[sent.pk]), {"step": step})

    record = reverse("field:record", args=[sent.pk])
    answer = client.post(
        record,
        {
            "id": uuid.UUID(int=7),
            "met": "engaged",
            "needs": ["shelter"],
            "help_shelter": "accepted",
            "help_ride": "offered",
            "outcome": "stayed",
            "person_name": "Rosalind",
            "then": "clear",
        },
    )
    assert answer.url == reverse("field:my_calls")

    sent.refresh_from_db()
    assert sent.cleared_as == "helped"
    encounter = sent.encounters.get()
    assert (encounter.accepted, encounter.declined) == (["shelter"], ["ride"])
    assert sent.incident.closed_as == "helped"

    page = client.get(reverse("incidents:incident", args=[sent.incident_id]))
    assert page.status_code == 200
    assert "Rosalind" not in page.text
