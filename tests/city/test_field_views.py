"""The pages of a team on its phone, as plain forms send and read them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lamplighter.city.accounts.models import Role, User, new_id
from lamplighter.city.dispatch.actions import clear_assignment, start_shift, take_step
from lamplighter.city.dispatch.models import BackupRequest
from lamplighter.city.field.models import Encounter

from .sending import NAME, NOTE, an_encounter, form_of, nobody, record, send


@pytest.fixture
def sent(a_call, people, units, now):
    taken = a_call(
        facts={"weapon": False, "danger": "unknown", "injured": "minor"},
        narrative="He sits on the curb and shivers.",
        callback="555-0142",
    )
    reason = "" if taken.decision.sent_responder == "community_team" else "nearer_unit"
    return send(taken.call.incident, units.van_1, by=people.dispatcher, now=now, because=reason)


@pytest.fixture
def phone(client, people):
    client.force_login(people.responder)
    return client


def at(name, assignment):
    return reverse(f"field:{name}", args=[assignment.pk])


def words_of(page):
    """What a person reads: no tags, one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


class TestMyCalls:
    def test_with_one_call_it_is_that_call(self, phone, sent):
        assert phone.get(reverse("field:my_calls")).url == at("assignment", sent)

    def test_without_a_call_it_says_until_when_the_shift_is_and_with_whom(
        self, phone, people, units, now
    ):
        mate = User.objects.create(username="mate", first_name="Joss", roles=[Role.RESPONDER])
        units.van_1.shifts.get().crew.add(mate)

        page = phone.get(reverse("field:my_calls"))

        assert "No call now" in words_of(page)
        assert "Joss" in words_of(page)
        assert 'http-equiv="refresh"' in page.text

    def test_off_shift_it_says_so(self, client, people):
        nobody_on = User.objects.create(username="off", roles=[Role.RESPONDER])
        client.force_login(nobody_on)

        assert "You are not on shift" in words_of(client.get(reverse("field:my_calls")))

    def test_a_line_with_several_calls_lists_them(self, client, a_call, people, units, now):
        silas = User.objects.create(username="silas", roles=[Role.RESPONDER])
        units.line.shifts.get().crew.add(silas)
        for _ in range(2):
            send(
                a_call().call.incident,
                units.line,
                by=people.dispatcher,
                now=now,
                because="no_unit_free",
            )
        client.force_login(silas)

        page = client.get(reverse("field:my_calls"))

        assert page.status_code == 200
        assert page.text.count('class="big-button') == 2

    def test_calls_of_this_shift_stay_in_reach(self, phone, people, sent, now):
        clear_assignment(sent.pk, "helped", by=people.responder, now=now)

        page = phone.get(reverse("field:my_calls"))

        assert at("assignment", sent) in page.text
        assert "Helped" in words_of(page)

    def test_it_asks_the_database_no_more_for_many_past_calls(
        self, phone, a_call, people, units, now, django_assert_max_num_queries
    ):
        for _ in range(3):
            past = send(a_call().call.incident, units.van_1, by=people.dispatcher, now=now)
            clear_assignment(past.pk, "helped", by=people.responder, now=now)
        with django_assert_max_num_queries(12):
            phone.get(reverse("field:my_calls"))


class TestTheCall:
    def test_it_says_what_where_why_and_how_safe(self, phone, sent):
        page = phone.get(at("assignment", sent))
        words = words_of(page)

        assert "Check on someone" in words
        assert "12 Lantern Street" in words
        assert 'href="geo:40.005,-100.005' in page.text
        assert "Why your team" in words
        assert "He sits on the curb and shivers." in words
        assert "555-0142" in words

    def test_what_is_not_known_is_marked_as_not_known(self, phone, sent):
        text = phone.get(at("assignment", sent)).text
        facts = dict(re.findall(r'safety__fact--(\w+)">.*?<span>([^<]+):</span>', text, re.S)[::-1])

        assert facts["unknown"] == "Danger around"
        assert facts["warning"] == "Hurt or ill"

    def test_a_danger_comes_before_the_map_and_calm_after_it(
        self, phone, sent, a_call, people, units, now
    ):
        def first(text):
            return min(
                ("safety", "where"), key=lambda part: text.index(f'aria-labelledby="{part}"')
            )

        assert first(phone.get(at("assignment", sent)).text) == "safety"
        clear_assignment(sent.pk, "helped", by=people.responder, now=now)
        calm = send(a_call().call.incident, units.van_1, by=people.dispatcher, now=now)
        assert first(phone.get(at("assignment", calm)).text) == "where"

    def test_the_units_already_there_are_named(self, phone, sent, people, units, now):
        other = send(sent.incident, units.car_1, by=people.dispatcher, now=now, because="backup")
        take_step(other.pk, "on_scene", by=people.officer, now=now)

        words = words_of(phone.get(at("assignment", sent)))

        assert "CAR-1" in words
        assert "On scene" in words

    def test_somebody_elses_call_is_not_found(self, client, people, sent):
        client.force_login(people.officer)
        for name in ("assignment", "record", "clear", "backup"):
            assert client.get(at(name, sent)).status_code == 404
        for name in ("step", "record", "clear", "backup"):
            assert client.post(at(name, sent), {}).status_code == 404

    def test_one_step_comes_next_at_a_time(self, phone, sent):
        for step, following in (
            ("accepted", "en_route"),
            ("en_route", "on_scene"),
            ("on_scene", None),
        ):
            phone.post(at("step", sent), {"step": step})
            offered = re.findall(
                r'name="step" value="(\w+)"', phone.get(at("assignment", sent)).text
            )
            assert offered == ([following] if following else [])

    def test_a_team_that_leaves_at_once_accepts_and_goes_in_one_tap(self, phone, sent):
        assert 'name="step" value="respond"' in phone.get(at("assignment", sent)).text

        page = phone.post(at("step", sent), {"step": "respond"}, follow=True)

        sent.refresh_from_db()
        assert sent.accepted_at is not None
        assert sent.accepted_at == sent.en_route_at
        assert 'value="respond"' not in page.text

    def test_a_step_that_cannot_be_taken_is_explained_and_changes_nothing(
        self, phone, sent, people, now
    ):
        clear_assignment(sent.pk, "recalled", by=people.dispatcher, now=now)

        page = phone.post(at("step", sent), {"step": "on_scene"})

        assert page.status_code == 409
        assert "Your part of this call has ended" in words_of(page)
        sent.refresh_from_db()
        assert sent.on_scene_at is None

    def test_steps_that_were_left_out_are_shown_as_not_tapped(self, phone, sent, people, now):
        take_step(sent.pk, "on_scene", by=people.responder, now=now)

        assert words_of(phone.get(at("assignment", sent))).count("not tapped") == 2

    def test_it_speaks_spanish(self, phone, sent):
        page = phone.get(at("assignment", sent), headers={"accept-language": "es"})

        assert "Seguridad" in words_of(page)
        assert "Por qué su equipo" in words_of(page)

    def test_it_asks_the_database_no_more_when_more_units_and_calls_are_there(
        self, phone, sent, a_call, people, units, now, django_assert_max_num_queries
    ):
        for unit in (units.car_1, units.medic_1, units.van_2):
            send(sent.incident, unit, by=people.dispatcher, now=now, because="backup")
        for _ in range(3):
            a_call(join_incident=sent.incident_id)
        with django_assert_max_num_queries(18):
            phone.get(at("assignment", sent))


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


class TestBackup:
    def test_who_and_why_are_two_taps_from_the_call(self, phone, sent):
        link = re.search(r'href="([^"]+/backup/)"', phone.get(at("assignment", sent)).text)[1]
        page = phone.get(link)
        identifier = re.search(r'name="id" value="([^"]+)"', page.text)[1]

        said = phone.post(
            link, {"id": identifier, "kind": "police", "reason": "weapon"}, follow=True
        )

        asked = BackupRequest.objects.get()
        assert (asked.assignment, asked.kind, asked.reason) == (sent, "police", "weapon")
        assert "Backup asked for: Police" in words_of(said)
        assert "Nobody sent yet." in words_of(said)

    def test_sent_twice_it_is_asked_once(self, phone, sent):
        form = {"id": str(new_id()), "kind": "ems", "reason": "medical"}
        phone.post(at("backup", sent), form)
        phone.post(at("backup", sent), form)

        assert BackupRequest.objects.count() == 1

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"reason": "weapon"}, "Choose who should come."),
            ({"kind": "police"}, "Choose why."),
            ({"kind": "traffic_desk", "reason": "weapon"}, "Choose who should come."),
        ],
    )
    def test_half_a_request_asks_for_the_other_half(self, phone, sent, form, said):
        page = phone.post(at("backup", sent), {"id": str(new_id()), **form})

        assert page.status_code == 422
        assert said in words_of(page)
        assert not BackupRequest.objects.exists()

    def test_after_the_call_is_cleared_it_is_refused(self, phone, sent, people, now):
        clear_assignment(sent.pk, "helped", by=people.responder, now=now)

        page = phone.post(
            at("backup", sent), {"id": str(new_id()), "kind": "police", "reason": "weapon"}
        )

        assert "Your part of this call has ended" in words_of(page)
        assert not BackupRequest.objects.exists()

    def test_the_team_that_answers_reads_whom_it_backs_and_why(
        self, phone, sent, people, units, now
    ):
        phone.post(
            at("backup", sent), {"id": str(new_id()), "kind": "police", "reason": "violence"}
        )
        car = send(sent.incident, units.car_1, by=people.dispatcher, now=now)
        officer = Client()
        officer.force_login(people.officer)

        words = words_of(officer.get(at("assignment", car)))

        assert "VAN-1 asked for backup: Violence or a threat." in words
        assert "Sent." in words_of(phone.get(at("assignment", sent)))


def test_a_crew_of_the_next_shift_does_not_get_the_calls_of_the_last(
    client, sent, people, units, now
):
    later = User.objects.create(username="later", roles=[Role.RESPONDER])
    start_shift(
        units.van_1,
        starts_at=now + timedelta(hours=4),
        ends_at=now + timedelta(hours=8),
        crew=[later],
        by=people.dispatcher,
        now=now,
    )
    client.force_login(later)

    assert client.get(at("assignment", sent)).status_code == 404
