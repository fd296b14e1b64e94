"""The pages of a team on its phone, as plain forms send and read them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lamplighter.city.accounts.models import Role, User, new_id
from lamplighter.city.dispatch.actions import clear_assignment, start_shift, take_step
from lamplighter.city.dispatch.models import BackupRequest

from .sending import at, send, words_of


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
