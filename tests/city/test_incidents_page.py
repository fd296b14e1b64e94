"""The whole story of an incident on one page, for each reader as much as they may see."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lamplighter.city.accounts.models import new_id
from lamplighter.city.dispatch.actions import ask_backup, clear_assignment, take_step
from lamplighter.city.incidents.story import story_for
from lamplighter.city.intake.actions import override_decision
from lamplighter.city.journal.models import Entry

from .sending import NAME, NOTE, record, send

SAID = "He walks in the road and talks to the lamps."
REASON = "The outreach team has known him for years"


@pytest.fixture
def taken(a_call, now):
    return a_call(
        received_at=now - timedelta(minutes=1),
        facts={"substance_use": "unknown"},
        narrative=SAID,
        callback="555-0142",
    )


@pytest.fixture
def story(taken, people, units, now, a_call):
    """A whole story: a van goes, a second call joins, backup is asked and comes, both record."""
    incident = taken.call.incident
    van = send(incident, units.van_1, by=people.dispatcher, now=now)
    for minutes, step in ((1, "accepted"), (2, "en_route"), (14, "on_scene")):
        take_step(van.pk, step, by=people.responder, now=now + timedelta(minutes=minutes))
    a_call(join_incident=incident.pk)
    ask_backup(
        request_id=new_id(),
        assignment_id=van.pk,
        kind="police",
        reason="violence",
        by=people.responder,
        now=now + timedelta(minutes=15),
    )
    car = send(incident, units.car_1, by=people.dispatcher, now=now + timedelta(minutes=16))
    record(van, by=people.responder, now=now + timedelta(minutes=30))
    clear_assignment(car.pk, "no_help_needed", by=people.officer, now=now + timedelta(minutes=31))
    clear_assignment(van.pk, "helped", by=people.responder, now=now + timedelta(minutes=32))
    return incident


def page_for(client, user, incident):
    client.force_login(user)
    return client.get(reverse("incidents:incident", args=[incident.pk]))


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_it_tells_what_happened_in_sentences_with_minutes_since_the_call(client, people, story):
    words = words_of(page_for(client, people.dispatcher, story))

    for sentence in (
        "Call taken: Check on someone",
        "The policy decided: Community team",
        "VAN-1 was sent (Community team)",
        "VAN-1 arrived",
        "Another call joined this incident",
        "VAN-1 asked for backup: Police",
        "Why: Violence or a threat.",
        "VAN-1 recorded an encounter",
        "VAN-1 ended its part: Helped",
        "The incident closed: Helped",
    ):
        assert sentence in words
    assert "+15 min" in words
    assert "Dispatcher_Kim" in words


def test_it_explains_the_decision_by_its_rules_with_reason_source_and_link(client, people, story):
    page = page_for(client, people.manager, story)
    words = words_of(page)

    link = re.search(
        r'href="([^"]*/policies/first-response/versions/[0-9a-f]{64}/)#rule-([\w-]+)"', page.text
    )
    assert link
    assert client.get(link[1]).text.count(f'id="rule-{link[2]}"') == 1
    assert "Source:" in words
    assert "no longer in force" not in words
    assert re.search(r"Alcohol or drug use Not known", words)
    assert re.search(r"Weapon No ", words)


def test_it_shows_the_wait_against_the_target_in_numbers_and_as_a_bar(client, people, story):
    page = page_for(client, people.manager, story)

    assert re.search(r"Help was there after 15 min ; the target was \d+ min", words_of(page))
    assert re.search(r'<rect class="wait__bar" [^>]*width="[\d.]+"', page.text)
    assert "style=" not in page.text


@pytest.mark.parametrize(
    ("who", "hears_caller"),
    [
        ("call_taker", True),
        ("dispatcher", True),
        ("responder", True),
        ("officer", True),
        ("manager", False),
        ("administrator", False),
    ],
)
def test_what_the_caller_said_goes_to_those_who_answer(client, people, story, who, hears_caller):
    words = words_of(page_for(client, getattr(people, who), story))

    assert (SAID in words) == hears_caller
    assert ("555-0142" in words) == hears_caller


@pytest.mark.parametrize(
    ("who", "outcome", "codes"),
    [
        ("responder", True, True),
        ("manager", True, True),
        ("dispatcher", True, False),
        ("call_taker", True, False),
        ("administrator", False, False),
        ("officer", False, False),
    ],
)
def test_what_a_team_found_is_shown_as_far_as_the_reader_needs_it(
    client, people, story, who, outcome, codes
):
    """Both on the encounter's card and in the timeline, where the journal's codes would tell it."""
    words = words_of(page_for(client, getattr(people, who), story))

    assert ("Taken to care" in words) == outcome
    assert ("A place to stay" in words) == codes
    assert ("A shelter place" in words) == codes
    assert NAME not in words
    assert NOTE not in words


def test_the_story_for_police_has_no_code_of_what_a_person_told_the_team(people, story):
    told = [each for each in story_for(people.officer, story) if "encounter" in each.verb]

    assert [each.data for each in told] == [{"call_sign": "VAN-1"}]


def test_the_crew_sees_name_and_note_when_it_asks_and_the_look_is_journalled(client, people, story):
    plain = page_for(client, people.responder, story)
    assert "Show names and notes" in words_of(plain)
    assert not Entry.objects.filter(verb="encounter looked at").exists()

    asked = client.post(reverse("incidents:names", args=[story.pk]))

    assert NAME in words_of(asked)
    assert NOTE in words_of(asked)
    assert asked.headers["Cache-Control"].count("no-store") == 1
    assert Entry.objects.get(verb="encounter looked at").actor == people.responder


@pytest.mark.parametrize("who", ["officer", "manager", "dispatcher", "call_taker", "administrator"])
def test_nobody_else_is_offered_names_nor_given_them(client, people, story, who):
    page = page_for(client, getattr(people, who), story)
    assert "Show names and notes" not in words_of(page)

    asked = client.post(reverse("incidents:names", args=[story.pk]))

    assert NAME not in asked.text
    assert NOTE not in asked.text
    assert not Entry.objects.filter(verb="encounter looked at").exists()


def test_names_are_not_shown_to_a_link(client, people, story):
    client.force_login(people.responder)

    page = client.get(reverse("incidents:names", args=[story.pk]))

    assert page.url == reverse("incidents:incident", args=[story.pk])


def test_a_crew_that_was_not_sent_does_not_find_it(client, people, taken):
    incident = taken.call.incident
    for user in (people.responder, people.officer):
        assert page_for(client, user, incident).status_code == 404
        assert client.post(reverse("incidents:names", args=[incident.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "reads"), [("manager", True), ("dispatcher", True), ("administrator", False)]
)
def test_an_override_stands_with_its_reason_and_what_the_policy_said(
    client, people, taken, now, who, reads
):
    override_decision(taken.call, "outreach_team", REASON, by=people.dispatcher, now=now)

    words = words_of(page_for(client, getattr(people, who), taken.call.incident))

    assert "The policy said: Community team." in words
    assert (REASON in words) == reads
    assert "Before that," in words


@pytest.mark.parametrize(
    ("who", "may"),
    [("call_taker", True), ("dispatcher", True), ("manager", False), ("administrator", False)],
)
def test_facts_and_overrides_are_offered_to_those_at_the_phone(client, people, taken, who, may):
    page = page_for(client, getattr(people, who), taken.call.incident)

    assert (reverse("intake:add_facts", args=[taken.call.pk]) in page.text) == may
    assert (reverse("intake:override", args=[taken.call.pk]) in page.text) == may


def test_a_closed_incident_takes_no_more_facts(client, people, story):
    page = page_for(client, people.dispatcher, story)

    assert "/facts/" not in page.text


def test_it_speaks_spanish(client, people, story):
    client.force_login(people.manager)
    page = client.get(
        reverse("incidents:incident", args=[story.pk]), headers={"accept-language": "es"}
    )
    words = words_of(page)

    assert "Qué pasó" in words
    assert "VAN-1 llegó" in words
    assert "VAN-1 arrived" not in words


def test_it_asks_the_database_no_more_when_more_happened(client, people, story, a_call, units, now):
    page_for(client, people.manager, story)
    with CaptureQueriesContext(connection) as before:
        page_for(client, people.manager, story)
    other = a_call().call.incident
    for _ in range(4):
        a_call(join_incident=other.pk)
    for unit in (units.van_1, units.van_2, units.car_1, units.medic_1):
        send(other, unit, by=people.dispatcher, now=now, because="backup")
    van = other.assignments.get(unit=units.van_1)
    for _ in range(3):
        record(van, by=people.responder, now=now)
    with CaptureQueriesContext(connection) as after:
        page_for(client, people.manager, other)

    assert len(after) <= len(before)
