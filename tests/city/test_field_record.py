"""What a team records and how its part ends, as plain forms send it."""

import re

import pytest

from lamplighter.city.dispatch.actions import clear_assignment, take_step
from lamplighter.city.field.models import Encounter

from .sending import NAME, NOTE, an_encounter, at, form_of, nobody, record, words_of


class TestRecord:
    def test_nobody_found_takes_three_taps(self, phone, sent, people, now):
        take_step(sent.pk, "on_scene", by=people.responder, now=now)

        first = re.search(r'href="([^"]+/record/)"', phone.get(at("assignment", sent)).text)
        form = phone.get(first[1])  # 1: record and clear
        identifier = re.search(r'name="id" value="([^"]+)"', form.text)[1]
        phone.post(  # 2: nobody found; 3: save and clear
            first[1], {"id": identifier, "met": "not_found", "transport": "none", "then": "clear"}
        )

        sent.refresh_from_db()
        assert sent.cleared_as == "no_person_found"
        assert sent.encounters.get().outcome == "no_contact"
        assert sent.incident.closed_as == "no_person_found"

    def test_it_says_plainly_what_was_saved(self, phone, sent):
        page = phone.post(at("record", sent), form_of(nobody(sent)), follow=True)

        assert "Nobody found" in words_of(page)
        assert re.search(r"Saved at \d\d:\d\d", words_of(page))
        assert "VAN-1 is free again" in words_of(page)

    def test_what_was_offered_and_accepted_is_read_from_the_tiles(self, phone, sent):
        phone.post(at("record", sent), form_of(an_encounter(sent)))

        saved = sent.encounters.get()
        assert (saved.offered, saved.accepted) == (["shelter", "treatment"], ["shelter"])
        assert (saved.person_name, saved.note) == (NAME, NOTE)

    @pytest.mark.parametrize(
        ("different", "said"),
        [
            ({"met": ""}, "Say whom you met."),
            ({"met": "arrested"}, "Say whom you met."),
            ({"outcome": ""}, "Say how it ended."),
            ({"needs": ["money"]}, "A need is not on the list"),
            ({"transport": "spaceship"}, "Say where the ride went."),
            ({"help_talk": "maybe"}, "An offer is not on the list"),
            ({"cleared_as": "lost"}, "There is no such way to end a call"),
            ({"met": "not_found", "outcome": ""}, "Nobody was found, yet"),
            ({"note": "x" * 4001 + NOTE}, "The note is too long"),
            ({"id": "7"}, "The record has no identifier"),
        ],
    )
    def test_a_mistake_is_told_beside_it_and_what_was_typed_stays(
        self, phone, sent, different, said
    ):
        page = phone.post(at("record", sent), form_of(an_encounter(sent), **different))

        assert page.status_code == 422
        assert said in words_of(page)
        assert "Not saved yet. What you typed is still here." in words_of(page)
        assert f'value="{NAME}"' in page.text
        assert NOTE in page.text
        assert re.search(r'name="help_shelter" value="accepted"[^>]* checked', page.text)
        assert not Encounter.objects.exists()
        sent.refresh_from_db()
        assert sent.cleared_at is None

    def test_sent_twice_it_is_saved_once_and_cleared_once(self, phone, sent):
        form = form_of(an_encounter(sent))
        phone.post(at("record", sent), form)
        again = phone.post(at("record", sent), form, follow=True)

        assert again.status_code == 200
        assert "Saved at" in words_of(again)
        assert Encounter.objects.count() == 1

    def test_going_back_and_changing_a_saved_record_offers_to_save_another(
        self, phone, sent, people, now
    ):
        first = record(sent, by=people.responder, now=now)
        page = phone.post(
            at("record", sent), form_of(an_encounter(sent, id=first.pk, note="Another story"))
        )

        assert page.status_code == 422
        assert "saved before, with other content" in words_of(page)
        fresh = re.search(r'name="id" value="([^"]+)"', page.text)[1]
        assert fresh != str(first.pk)
        assert "Another story" in page.text

    def test_another_person_can_be_recorded_before_the_call_is_cleared(self, phone, sent):
        page = phone.post(
            at("record", sent), form_of(an_encounter(sent), then="another"), follow=True
        )

        assert "Record another person" in words_of(page)
        assert "Met and talked" in words_of(page)
        assert NAME not in page.text
        sent.refresh_from_db()
        assert sent.cleared_at is None

    def test_the_call_may_end_in_another_way_than_was_recorded(self, phone, sent):
        phone.post(at("record", sent), form_of(an_encounter(sent), cleared_as="handed_over"))

        sent.refresh_from_db()
        assert sent.cleared_as == "handed_over"

    def test_a_record_written_late_is_saved_and_the_call_stays_as_it_ended(
        self, phone, sent, people, now
    ):
        clear_assignment(sent.pk, "declined", by=people.responder, now=now)

        phone.post(at("record", sent), form_of(an_encounter(sent)))

        sent.refresh_from_db()
        assert (sent.cleared_as, sent.encounters.count()) == ("declined", 1)

    def test_a_call_recalled_meanwhile_keeps_the_record_and_says_what_happened(
        self, phone, sent, people, now
    ):
        form = form_of(an_encounter(sent))
        clear_assignment(sent.pk, "recalled", by=people.dispatcher, now=now)

        page = phone.post(at("record", sent), form, follow=True)

        assert Encounter.objects.count() == 1
        assert "Saved at" in words_of(page)
        assert "Recalled" in words_of(page)


class TestClear:
    def test_how_it_ends_is_suggested_by_what_was_recorded(self, phone, sent, people, now):
        record(sent, by=people.responder, now=now, met="declined", outcome="stayed", accepted=())

        page = phone.get(at("clear", sent))

        assert re.search(r'name="cleared_as" value="declined"[^>]* checked', page.text)

    def test_with_a_record_one_tap_clears(self, phone, sent, people, now):
        take_step(sent.pk, "on_scene", by=people.responder, now=now)
        record(sent, by=people.responder, now=now)

        page = phone.get(at("assignment", sent))
        assert 'name="cleared_as" value="helped"' in page.text
        phone.post(at("clear", sent), {"cleared_as": "helped"})

        sent.refresh_from_db()
        assert sent.cleared_as == "helped"

    def test_cleared_twice_the_first_stays_and_the_second_is_told_so(self, phone, sent):
        phone.post(at("clear", sent), {"cleared_as": "no_help_needed"})
        page = phone.post(at("clear", sent), {"cleared_as": "helped"}, follow=True)

        assert "Your part of this call has ended" in words_of(page)
        sent.refresh_from_db()
        assert sent.cleared_as == "no_help_needed"

    @pytest.mark.parametrize("given", ["", "lost", "recalled"])
    def test_it_ends_only_in_a_way_of_the_list(self, phone, sent, given):
        page = phone.post(at("clear", sent), {"cleared_as": given})

        assert page.status_code == 422
        assert "There is no such way to end a call" in words_of(page)
        sent.refresh_from_db()
        assert sent.cleared_at is None
