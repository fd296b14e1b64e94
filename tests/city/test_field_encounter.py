"""Recording what a team found and did: once, whole, and without the journal repeating it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lamplighter.city.field.actions import record_encounter, suggested_disposition
from lamplighter.city.field.models import Encounter
from lamplighter.city.journal.models import Entry
from lamplighter.city.refusal import Refusal

from .sending import NAME, NOTE, an_encounter, nobody, record, send


@pytest.fixture
def sent(a_call, people, units, now):
    return send(a_call().call.incident, units.van_1, by=people.dispatcher, now=now)


def test_an_encounter_is_saved_with_what_was_offered_accepted_and_so_declined(sent, people, now):
    saved = record(sent, by=people.responder, now=now)

    saved.refresh_from_db()
    assert (saved.offered, saved.accepted, saved.declined) == (
        ["shelter", "treatment"],
        ["shelter"],
        ["treatment"],
    )
    assert (saved.person_name, saved.note) == (NAME, NOTE)


def test_it_keeps_name_and_note_out_of_the_journal(sent, people, now):
    record(sent, by=people.responder, now=now)

    entry = Entry.objects.get(verb="encounter recorded")
    assert entry.data["met"] == "engaged"
    assert entry.data["named"] is True
    everything = " ".join(f"{e.verb} {e.subject_id} {e.data}" for e in Entry.objects.all())
    for told in (*NAME.split(), *(word for word in NOTE.split() if len(word) > 4)):
        assert told not in everything


def test_a_person_may_stay_unnamed(sent, people, now):
    record(sent, by=people.responder, now=now, person_name="  ")

    assert Entry.objects.get(verb="encounter recorded").data["named"] is False


def test_several_people_may_be_met_on_one_call(sent, people, now):
    record(sent, by=people.responder, now=now)
    record(sent, by=people.responder, now=now, met="declined", outcome="stayed", accepted=())

    assert sent.encounters.count() == 2


def test_sent_twice_it_is_saved_once(sent, people, now):
    new = an_encounter(sent)
    first = record_encounter(new, by=people.responder, now=now)
    again = record_encounter(new, by=people.responder, now=now + timedelta(minutes=3))

    assert (again.pk, again.recorded_at) == (first.pk, first.recorded_at)
    assert Entry.objects.filter(verb="encounter recorded").count() == 1


def test_other_content_under_the_same_identifier_is_refused_and_the_first_stays(sent, people, now):
    first = record(sent, by=people.responder, now=now)

    with pytest.raises(Refusal) as refused:
        record(sent, by=people.responder, now=now, id=first.pk, note="Something else")

    assert (refused.value.code, refused.value.status) == ("encounter-id-used", 409)
    assert Encounter.objects.get().note == NOTE


def test_another_crew_cannot_record_on_it_nor_learn_that_it_is_there(sent, people, now):
    for stranger in (people.officer, people.dispatcher, people.manager, people.administrator):
        with pytest.raises(Refusal) as refused:
            record(sent, by=stranger, now=now)
        assert (refused.value.code, refused.value.status) == ("no-assignment", 404)
    assert not Encounter.objects.exists()


def test_a_record_of_another_crew_cannot_be_read_by_guessing_its_identifier(sent, people, now):
    new = an_encounter(sent)
    record_encounter(new, by=people.responder, now=now)

    with pytest.raises(Refusal) as refused:
        record_encounter(new, by=people.officer, now=now)
    assert refused.value.code == "no-assignment"


def test_a_crew_may_add_a_record_after_it_has_cleared(sent, people, now):
    from lamplighter.city.dispatch.actions import clear_assignment

    clear_assignment(sent.pk, "helped", by=people.responder, now=now)

    assert record(sent, by=people.responder, now=now + timedelta(hours=1)).pk


@pytest.mark.parametrize(
    ("different", "code", "field"),
    [
        ({"met": "arrested"}, "unknown-code", "met"),
        ({"outcome": "vanished"}, "unknown-code", "outcome"),
        ({"transport": "spaceship"}, "unknown-code", "transport"),
        ({"needs": ("money",)}, "unknown-code", "needs"),
        ({"offered": ("advice",), "accepted": ()}, "unknown-code", "offered"),
        ({"accepted": ("detox",)}, "accepted-not-offered", "accepted"),
        ({"outcome": "no_contact"}, "outcome-does-not-fit", "outcome"),
        ({"person_name": "x" * 121}, "text-too-long", "person_name"),
        ({"note": "x" * 4001}, "text-too-long", "note"),
        ({"note": "a\0b"}, "unreadable-text", "note"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(sent, people, now, different, code, field):
    with pytest.raises(Refusal) as refused:
        record(sent, by=people.responder, now=now, **different)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Encounter.objects.exists()
    assert not Entry.objects.filter(verb="encounter recorded").exists()


@pytest.mark.parametrize(
    "different",
    [
        {"needs": ("food_or_clothes",)},
        {"offered": ("ride",)},
        {"person_name": "Somebody"},
        {"transport": "hospital"},
    ],
)
def test_nobody_found_leaves_nothing_to_say_about_a_person(sent, people, now, different):
    with pytest.raises(Refusal) as refused:
        record_encounter(nobody(sent, **different), by=people.responder, now=now)
    assert refused.value.code == "nobody-found"


def test_nobody_found_may_carry_a_note_about_the_place(sent, people, now):
    assert record_encounter(nobody(sent, note="Gate locked"), by=people.responder, now=now).pk


def test_the_same_need_said_twice_counts_once(sent, people, now):
    saved = record(sent, by=people.responder, now=now, needs=("shelter", "shelter"))

    assert saved.needs == ["shelter"]


def test_the_database_too_refuses_what_was_accepted_without_being_offered(sent, people, now):
    saved = record(sent, by=people.responder, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Encounter.objects.filter(pk=saved.pk).update(accepted=["detox"])


@pytest.mark.parametrize(
    ("met_and_outcome", "suggested"),
    [
        ([], ""),
        ([("not_found", "no_contact")], "no_person_found"),
        ([("declined", "stayed")], "declined"),
        ([("engaged", "stayed")], "helped"),
        ([("engaged", "hospital")], "helped"),
        ([("engaged", "handed_over")], "handed_over"),
        ([("declined", "arrest")], "handed_over"),
        ([("not_found", "no_contact"), ("engaged", "stayed")], "helped"),
        ([("declined", "stayed"), ("not_found", "no_contact")], "declined"),
        ([("engaged", "handed_over"), ("engaged", "stayed")], "helped"),
    ],
)
def test_how_the_call_ends_is_suggested_by_the_best_that_happened(met_and_outcome, suggested):
    recorded = [Encounter(met=met, outcome=outcome) for met, outcome in met_and_outcome]

    assert suggested_disposition(recorded) == suggested
