"""The list of incidents: what may be seen, narrowed, page by page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lamplighter.city.dispatch.actions import clear_assignment, close_incident, take_step
from lamplighter.city.incidents.queries import Wanted, listed_incidents
from lamplighter.city.intake.actions import override_decision

from .sending import send

LIST = "/incidents/"


def listed(user, **wanted):
    return {incident.pk for incident in listed_incidents(user, Wanted(**wanted))}


@pytest.fixture
def three(a_call, people, now):
    """A welfare check, a fight with a weapon, and a noise that was closed."""
    check = a_call().call.incident
    fight = a_call(facts={"nature": "fight", "weapon": True, "violence": "now"}).call.incident
    noise = a_call(facts={"nature": "noise"}).call.incident
    close_incident(noise.pk, "caller_cancelled", by=people.dispatcher, now=now)
    return check, fight, noise


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "manager", "administrator"])
def test_those_who_run_calls_see_all(role, people, three):
    assert listed(getattr(people, role)) == {each.pk for each in three}


def test_a_team_sees_the_incidents_it_was_sent_to(people, units, three, now):
    check, fight, _noise = three
    send(check, units.van_1, by=people.dispatcher, now=now)
    send(fight, units.car_1, by=people.dispatcher, now=now)

    assert listed(people.responder) == {check.pk}
    assert listed(people.officer) == {fight.pk}


def test_a_closed_incident_keeps_its_place(people, units, three, now):
    check, *_ = three
    sent = send(check, units.van_1, by=people.dispatcher, now=now)
    clear_assignment(sent.pk, "helped", by=people.responder, now=now)

    assert listed(people.responder, state="closed") == {check.pk}


def test_it_narrows_to_open_or_closed_nature_responder_and_day(people, three, now):
    check, fight, noise = three
    who = people.dispatcher

    assert listed(who, state="open") == {check.pk, fight.pk}
    assert listed(who, state="closed") == {noise.pk}
    assert listed(who, nature="fight") == {fight.pk}
    assert listed(who, responder="police") == {fight.pk}
    today = timezone.localdate(now)
    assert listed(who, day=today) == {each.pk for each in three}
    assert listed(who, day=today - timedelta(days=1)) == set()


def test_who_goes_is_whom_a_person_chose_when_they_changed_it(a_call, people, now):
    taken = a_call()
    override_decision(taken.call, "outreach_team", "They know him", by=people.dispatcher, now=now)

    assert listed(people.dispatcher, responder="outreach_team") == {taken.call.incident_id}
    assert listed(people.dispatcher, responder="community_team") == set()


def test_a_day_is_a_day_of_the_citys_clock(a_call, people, now):
    incident = a_call().call.incident
    # 05:30 UTC is the evening before in Denver, in winter and in summer.
    incident.opened_at = now.replace(hour=5, minute=30)
    incident.save()
    evening = (incident.opened_at - timedelta(days=1)).date()

    with timezone.override("America/Denver"):
        assert listed(people.dispatcher, day=evening) == {incident.pk}
        assert listed(people.dispatcher, day=incident.opened_at.date()) == set()


def test_a_row_tells_how_long_people_waited(client, a_call, people, units, now):
    incident = a_call(received_at=now - timedelta(minutes=8)).call.incident
    sent = send(incident, units.van_1, by=people.dispatcher, now=now)
    take_step(sent.pk, "on_scene", by=people.responder, now=now + timedelta(minutes=4))
    client.force_login(people.dispatcher)

    page = client.get(LIST)

    assert re.search(r"12 of \d+ min", page.text)
    assert "Help is there" in page.text


def test_pages_keep_what_was_asked(client, a_call, people):
    for _ in range(27):
        a_call()
    client.force_login(people.dispatcher)

    first = client.get(LIST, {"state": "open"})
    assert "27 incidents" in first.text
    assert "?state=open&amp;page=2" in first.text
    second = client.get(LIST, {"state": "open", "page": 2})
    assert second.text.count('scope="row"') == 2
    # A page beyond the last shows the last: a bookmark stays good.
    assert client.get(LIST, {"page": 99}).text.count('scope="row"') == 2


def test_nothing_found_and_nothing_there_are_told_apart(client, a_call, people):
    client.force_login(people.dispatcher)
    assert "No incident yet" in client.get(LIST).text

    a_call()
    assert "No incident like that" in client.get(LIST, {"state": "closed"}).text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"day": "yesterday"}, "Write the day as year-month-day"),
        ({"state": "half"}, "Choose open, closed or all."),
        ({"nature": "dragon"}, "Choose from the list."),
        ({"responder": "wizard"}, "Choose from the list."),
    ],
)
def test_what_cannot_be_read_is_said_and_narrows_nothing(client, a_call, people, asked, said):
    a_call()
    client.force_login(people.dispatcher)

    page = client.get(LIST, asked)

    assert page.status_code == 200
    assert said in page.text
    assert page.text.count('scope="row"') == 1


def test_it_asks_the_database_no_more_for_a_full_page(
    client, a_call, people, units, now, django_assert_num_queries
):
    client.force_login(people.dispatcher)
    send(a_call().call.incident, units.van_1, by=people.dispatcher, now=now)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(12):
        a_call()
    with django_assert_num_queries(len(one)):
        client.get(LIST)
