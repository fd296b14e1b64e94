"""Who sees what of an encounter: the crew all of it, everybody else as little as they need."""

from datetime import timedelta

import pytest

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.actions import start_shift
from lamplighter.city.field.actions import look_at_names
from lamplighter.city.field.queries import Sight, seen_encounters
from lamplighter.city.journal.models import Entry

from .sending import NAME, NOTE, record, send


@pytest.fixture
def incident(a_call):
    return a_call().call.incident


@pytest.fixture
def sent(incident, people, units, now):
    return send(incident, units.van_1, by=people.dispatcher, now=now)


@pytest.fixture
def encounter(sent, people, now):
    return record(sent, by=people.responder, now=now)


@pytest.fixture
def officer_there(incident, people, units, now):
    """A police car stands at the same place."""
    send(incident, units.car_1, by=people.dispatcher, now=now, because="backup")
    return people.officer


def seen_by(user, incident):
    (seen,) = seen_encounters(user, incident.pk)
    return seen


@pytest.mark.parametrize(
    ("who", "sight", "met", "needs", "has_more"),
    [
        ("responder", Sight.ALL, "engaged", ("shelter",), True),
        ("manager", Sight.CODES, "engaged", ("shelter",), False),
        ("dispatcher", Sight.OUTCOME, "engaged", None, False),
        ("call_taker", Sight.OUTCOME, "engaged", None, False),
        ("administrator", Sight.THAT_IT_WAS, None, None, False),
    ],
)
def test_each_role_sees_what_it_needs(
    who, sight, met, needs, has_more, encounter, people, incident
):
    seen = seen_by(getattr(people, who), incident)

    assert (seen.sight, seen.met, seen.needs, seen.has_more) == (sight, met, needs, has_more)
    assert (seen.outcome is None) == (met is None)
    for codes in (seen.offered, seen.accepted, seen.declined, seen.transport):
        assert (codes is None) == (needs is None)


def test_police_at_the_same_place_learn_only_that_an_encounter_took_place(
    encounter, officer_there, incident
):
    seen = seen_by(officer_there, incident)

    assert seen.sight == Sight.THAT_IT_WAS
    assert {seen.met, seen.outcome, seen.needs, seen.offered, seen.transport} == {None}


def test_names_and_notes_go_to_the_crew_alone(encounter, people, officer_there, incident, now):
    confided = look_at_names(incident.pk, by=people.responder, now=now)
    assert (confided[encounter.pk].name, confided[encounter.pk].note) == (NAME, NOTE)

    for other in (
        officer_there,
        people.manager,
        people.dispatcher,
        people.call_taker,
        people.administrator,
    ):
        assert look_at_names(incident.pk, by=other, now=now) == {}


def test_every_look_at_a_name_is_journalled_without_the_name(encounter, people, incident, now):
    look_at_names(incident.pk, by=people.responder, now=now)

    entry = Entry.objects.get(verb="encounter looked at")
    assert (entry.actor, entry.subject_id) == (people.responder, str(encounter.pk))
    assert entry.incident_id == incident.pk
    assert entry.data == {}


def test_a_look_that_shows_nothing_is_no_look(sent, people, incident, now):
    record(sent, by=people.responder, now=now, person_name="", note="")

    assert look_at_names(incident.pk, by=people.responder, now=now) == {}
    assert look_at_names(incident.pk, by=people.manager, now=now) == {}
    assert not Entry.objects.filter(verb="encounter looked at").exists()


def test_a_crew_sees_its_own_encounter_and_of_the_other_crew_only_that_it_was(
    encounter, officer_there, people, incident, now
):
    car = incident.assignments.get(unit__kind="police")
    record(car, by=officer_there, now=now, person_name="Another")

    for user, own, others in (
        (people.responder, "VAN-1", "CAR-1"),
        (officer_there, "CAR-1", "VAN-1"),
    ):
        sights = {each.call_sign: each.sight for each in seen_encounters(user, incident.pk)}
        assert sights == {own: Sight.ALL, others: Sight.THAT_IT_WAS}


def test_a_colleague_of_the_same_unit_on_a_later_shift_sees_nothing(
    encounter, people, units, incident, now
):
    later = User.objects.create(username="later", roles=[Role.RESPONDER.value])
    start_shift(
        units.van_1,
        starts_at=now + timedelta(hours=4),
        ends_at=now + timedelta(hours=8),
        crew=[later],
        by=people.dispatcher,
        now=now,
    )
    assert seen_encounters(later, incident.pk) == []


def test_roles_add_up(encounter, people, incident):
    people.administrator.roles = [Role.ADMINISTRATOR.value, Role.CALL_TAKER.value]

    assert seen_by(people.administrator, incident).sight == Sight.OUTCOME


def test_somebody_who_left_the_teams_for_the_desk_sees_as_the_desk_does(
    encounter, people, incident, now
):
    people.responder.roles = [Role.DISPATCHER.value]

    assert seen_by(people.responder, incident).sight == Sight.OUTCOME
    assert look_at_names(incident.pk, by=people.responder, now=now) == {}


def test_somebody_without_a_role_knows_of_no_encounter(encounter, people, incident):
    people.manager.roles = []
    people.responder.roles = []

    assert seen_encounters(people.manager, incident.pk) == []
    assert seen_encounters(people.responder, incident.pk) == []
