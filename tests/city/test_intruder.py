"""Somebody who wants in, or wants the city down: each test is a way that was open once."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.address import address_of
from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.actions import (
    ask_backup,
    assign_unit,
    start_shift,
)
from lamplighter.city.field.queries import seen_encounters
from lamplighter.city.intake import search
from lamplighter.city.intake.actions import override_decision
from lamplighter.city.intake.models import Call, City
from lamplighter.city.live.app import LiveApp
from lamplighter.city.live.door import BOARD, Visitor, origin_is_ours, session_key_of
from lamplighter.city.live.hub import STREAMS_A_PERSON, Hub
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.refusal import Refusal
from lamplighter.city.sample.actions import NotASample, open_city
from tests.support.apart import run_apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def van_sent(a_call, units, people, now):
    """The community team is on a call."""
    return assign_unit(
        assignment_id=uuid7(),
        incident_id=a_call().call.incident_id,
        unit_id=units.van_1.pk,
        by=people.dispatcher,
        now=now,
    )


class TestOneCallTakesTheCityDown:
    @pytest.mark.parametrize(
        "at", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+23:59", "1900-01-01T00:00:00Z"]
    )
    def test_a_call_of_a_year_that_cannot_be_read_again_is_refused(self, client, people, at):
        client.force_login(people.call_taker)
        form = {"do": "save", "id": str(uuid4()), "channel": "911", "address": "12 Lantern Street"}
        answer = client.post(
            "/calls/new/", form | {"fact-nature": "welfare_check", "opened_at": at}
        )
        assert answer.status_code == 422
        assert not Call.objects.exists()
        assert client.get("/board/").status_code == 200

    def test_a_long_text_is_not_looked_up_word_by_word(self, city, now, monkeypatch):
        looked_up = []
        monkeypatch.setattr(
            search, "get_close_matches", lambda word, *_, **__: looked_up.append(word)
        )
        policy = in_force(FIRST_RESPONSE, now).policy
        search.search_natures(policy, " ".join(f"qz{number}x" for number in range(3_000)), "en")
        assert 0 < len(looked_up) <= search.LONGEST_TEXT / 2

    def test_one_person_cannot_open_streams_without_end(self):
        mine, theirs = _visitor(), _visitor()
        hub = Hub()
        hub.ready.set()
        for _ in range(STREAMS_A_PERSON):
            hub.open(BOARD, mine)
        assert _status_of_one_more_stream(hub, mine) == 429
        assert _status_of_one_more_stream(hub, theirs) == 200
        hub.close(next(iter(hub.streams)))
        assert _status_of_one_more_stream(hub, mine) == 200

    def test_a_shift_without_an_end_is_refused(self, units, people, now):
        end = datetime.max.replace(tzinfo=UTC)
        with pytest.raises(Refusal, match="shift-too-long"):
            _plan(units.van_3, [people.responder], now, end, people, now)


def _visitor():
    return Visitor("key", uuid4(), frozenset({Role.DISPATCHER.value}))


def _status_of_one_more_stream(hub, visitor):
    """What the live process answers to this person; whoever reads leaves again at once."""

    async def known(_session_key):
        return visitor

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        statuses.extend([message["status"]] if "status" in message else [])

    headers = [(b"host", b"localhost"), (b"cookie", b"sessionid=somebody")]
    scope = {"type": "http", "method": "GET", "path": "/live/board", "headers": headers}
    statuses, app = [], LiveApp()
    hub.visitor, app.hub = known, hub
    run_apart(app(scope, receive, send))
    return statuses[0]


def _plan(unit, crew, starts_at, ends_at, people, now):
    return start_shift(
        unit, starts_at=starts_at, ends_at=ends_at, crew=crew, by=people.manager, now=now
    )


class TestReadingWhatIsNotMeantForOne:
    def test_nobody_is_put_on_a_crew_after_the_fact(self, van_sent, units, people, now):
        before = now - timedelta(minutes=10)
        with pytest.raises(Refusal, match="shift-in-the-past"):
            _plan(units.van_1, [people.officer], before, now + timedelta(hours=1), people, now)
        assert not seen_encounters(people.officer, van_sent.incident_id)

    def test_why_the_policy_was_overridden_is_not_read_on_the_board_by_an_administrator(
        self, client, a_call, people, units, now
    ):
        taken = a_call()
        why = "Caller asked for officer Zebulon"
        override_decision(taken.call, "police", why, by=people.dispatcher, now=now)
        for person, reads in ((people.dispatcher, True), (people.administrator, False)):
            client.force_login(person)
            for path in ("/board/", f"/board/calls/{taken.call.incident_id}/"):
                assert ("Zebulon" in client.get(path).content.decode()) is reads

    def test_nothing_stays_behind_for_the_next_at_this_desk(self, client, people, a_call):
        incident = a_call().call.incident_id
        client.force_login(people.dispatcher)
        for path in ("/", "/board/", f"/board/calls/{incident}/", f"/incidents/{incident}/"):
            assert "no-store" in client.get(path).headers["Cache-Control"]

    def test_words_of_a_caller_do_not_stand_in_an_address(self, client, people):
        client.force_login(people.call_taker)
        assert client.get("/calls/natures/?q=zebulon+has+a+knife").status_code == 405
        found = client.post("/calls/natures/", {"q": "knife"}).json()["found"]
        assert "weapon" in str(found)

    @pytest.mark.parametrize(
        ("origin", "is_ours"),
        [
            ("https://city.example", True),
            ("https://city.example:8443", True),
            ("http://city.example", False),
            ("https://city.example.evil.example", False),
            ("null", False),
            ("http://[", False),
        ],
    )
    def test_streams_of_a_real_city_are_read_by_its_own_safe_pages(self, settings, origin, is_ours):
        settings.SAMPLE_CITY = False
        assert origin_is_ours(origin, "city.example") is is_ours

    @pytest.mark.parametrize("cookies", ['sessionid="\\000aaaaaaaaaaa"', "sessionid=../../x"])
    def test_a_stream_is_not_asked_for_by_a_key_that_was_never_given(self, cookies):
        assert session_key_of(cookies) == ""


class TestActingAsSomebodyElse:
    def test_a_team_cannot_call_itself_back(self, api_of, van_sent, people):
        answer = api_of(people.responder).post(
            f"/assignments/{van_sent.pk}/clear", {"cleared_as": "recalled"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "recalled-by-dispatch")
        van_sent.refresh_from_db()
        assert van_sent.cleared_at is None

    def test_another_crews_request_for_backup_is_not_given_back(
        self, van_sent, a_call, units, people, now
    ):
        theirs = ask_backup(
            request_id=uuid7(),
            assignment_id=van_sent.pk,
            kind="police",
            reason="weapon",
            by=people.responder,
            now=now,
        )
        with pytest.raises(Refusal, match="backup-id-used"):
            ask_backup(
                request_id=theirs.pk,
                assignment_id=uuid7(),
                kind="ems",
                reason="medical",
                by=people.officer,
                now=now,
            )

    def test_a_temporary_password_is_changed_to_another(self, people):
        people.responder.set_password("a lantern in the window")
        with pytest.raises(ValidationError):
            validate_password("a lantern in the window", people.responder)
        validate_password("a lamp in the hall", people.responder)

    def test_a_real_city_that_is_started_as_a_sample_signs_nobody_in(self, client, people):
        City.objects.update(is_sample=False)
        assert people.dispatcher.first_name not in client.get("/").content.decode()
        assert client.get("/demo/").status_code == 404
        assert client.post("/demo/", {"username": "dispatcher_kim"}).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_nothing_invented_is_put_into_a_real_city(self, people, tmp_path, now):
        City.objects.update(is_sample=False)
        with pytest.raises(NotASample):
            open_city(tmp_path, now=now, progress=print)
        assert not User.objects.filter(username="player").exists()


_REAL_CITY = """
import django; django.setup()
from django.conf import settings
from django.test import Client
for path in ("/", "/accounts/login/", "/api/v1/calls", "/static/built/app.css"):
    answer = Client(headers={"host": "city.example"}).get(path)
    print(answer.status_code, answer.headers["Location"])
print(Client(headers={"host": "evil.example"}).get("/").status_code)
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
"""


def test_a_real_city_is_reached_by_https_alone():
    environment = {
        **os.environ,
        "LAMPLIGHTER_SAMPLE_CITY": "0",
        "LAMPLIGHTER_SECRET_KEY": "long and random enough for a test of one second",
        "LAMPLIGHTER_HOSTS": "city.example",
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
    }
    command = [sys.executable, "-c", _REAL_CITY]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split("\n")[:6] == [
        "301 https://city.example/",
        "301 https://city.example/accounts/login/",
        "301 https://city.example/api/v1/calls",
        "301 https://city.example/static/built/app.css",
        "400",
        "True True True",
    ]


class TestLockingAColleagueOut:
    @pytest.fixture
    def from_(self):
        def request(forwarded):
            return RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers=forwarded)

        return request

    def test_behind_a_proxy_each_is_counted_at_their_own_address(self, settings, from_):
        settings.SAMPLE_CITY = False
        assert address_of(from_({"x-forwarded-for": "203.0.113.9"})) == "203.0.113.9"
        assert address_of(from_({"x-forwarded-for": "10.1.1.1, 203.0.113.9"})) == "203.0.113.9"
        assert address_of(from_({"x-forwarded-for": "nonsense"})) == "127.0.0.1"

    def test_without_a_proxy_nobody_claims_an_address(self, from_):
        assert address_of(from_({"x-forwarded-for": "203.0.113.9"})) == "127.0.0.1"

    def test_wrong_passwords_from_elsewhere_lock_nobody_here(self, client, people, settings):
        settings.SAMPLE_CITY = False
        people.dispatcher.set_password("a lantern in the window")
        people.dispatcher.save()

        def sign_in(password, address):
            form = {"login": people.dispatcher.username, "password": password}
            return client.post(
                "/accounts/login/", form, headers={"x-forwarded-for": address}
            ).status_code

        statuses = [sign_in("a guess", "203.0.113.9") for _ in range(6)]
        assert statuses[-1] == 429
        assert sign_in("a lantern in the window", "198.51.100.4") == 302
