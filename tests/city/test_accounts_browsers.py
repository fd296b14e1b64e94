"""Wrong passwords: counted by name from wherever, and apart where somebody signed in before."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client

from lamplighter.city.accounts.actions import deactivate_person, reactivate_person, reset_password
from lamplighter.city.accounts.browsers import COOKIE, KNOWN_FOR, PEOPLE_AT_A_DESK, remember
from lamplighter.city.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a lantern in the window"
LOCKED = "wrong too often"


@pytest.fixture
def kim(people):
    return _with_password(people.dispatcher)


@pytest.fixture
def desk(kim):
    """A browser in which Kim has signed in, and out again."""
    browser = Client()
    assert _signs_in(browser, kim)
    browser.post("/accounts/logout/")
    return browser


def _with_password(person, password=PASSWORD):
    person.set_password(password)
    person.save()
    return person


def _try(browser, person, password, address="127.0.0.1"):
    form = {"login": person.username, "password": password}
    return browser.post("/accounts/login/", form, REMOTE_ADDR=address)


def _signs_in(browser, person, password=PASSWORD, address="127.0.0.1"):
    _try(browser, person, password, address)
    return SESSION_KEY in browser.session


def _guess(person, times=10, cookie=None):
    """Wrong passwords, each from an address of its own; gives what the last one was told."""
    for number in range(times):
        browser = Client()
        if cookie is not None:
            browser.cookies[COOKIE] = cookie
        answer = _try(browser, person, "a guess", f"203.0.113.{number}")
    return answer.content.decode()


def _cookie_of(browser):
    return browser.cookies[COOKIE].value


class TestAnUnknownBrowser:
    def test_is_locked_after_ten_from_wherever(self, kim):
        assert LOCKED not in _guess(kim, 10)
        answer = _try(Client(), kim, PASSWORD, "198.51.100.4").content.decode()
        assert LOCKED in answer
        assert "a browser in which you signed in before" in answer
        assert not _signs_in(Client(), kim, address="198.51.100.5")

    def test_is_told_so_in_spanish(self, kim):
        _guess(kim)
        browser = Client(headers={"accept-language": "es"})
        assert (
            "un navegador en el que ya haya iniciado sesión"
            in _try(browser, kim, PASSWORD).content.decode()
        )

    def test_is_counted_by_whatever_name_and_port_it_calls_the_city(self, kim):
        for port in range(10):
            form = {"login": kim.username, "password": "a guess"}
            host = f"localhost:{8000 + port}"
            Client().post(
                "/accounts/login/", form, headers={"host": host}, REMOTE_ADDR=f"203.0.113.{port}"
            )
        assert not _signs_in(Client(), kim, address="198.51.100.4")

    def test_is_counted_for_one_name_alone(self, kim, people):
        _guess(kim)
        assert _signs_in(Client(), _with_password(people.call_taker))

    def test_stays_locked_however_many_other_names_are_counted(self, kim):
        _guess(kim)
        for number in range(1_000):
            cache.set(f"another-name-{number}", [0.0])
        assert not _signs_in(Client(), kim, address="198.51.100.4")


class TestAKnownBrowser:
    def test_gets_in_while_others_guess(self, kim, desk):
        _guess(kim)
        assert not _signs_in(Client(), kim, address="198.51.100.4")
        assert _signs_in(desk, kim)

    def test_gets_in_while_a_colleague_guesses_at_the_same_address(self, kim, desk):
        stranger = Client()
        assert [_try(stranger, kim, "a guess").status_code for _ in range(6)][-1] == 429
        assert _signs_in(desk, kim)

    def test_is_locked_by_itself(self, kim, desk):
        assert LOCKED not in _guess(kim, 10, _cookie_of(desk))
        answer = _try(desk, kim, PASSWORD, "198.51.100.4").content.decode()
        assert LOCKED in answer
        assert "in which you signed in before" not in answer
        assert "sign in with another browser" in answer
        assert _signs_in(Client(), kim, address="198.51.100.4")

    def test_is_locked_after_five_from_one_address(self, kim, desk):
        assert [_try(desk, kim, "mistyped").status_code for _ in range(5)][-1] == 429
        assert _try(desk, kim, PASSWORD).status_code == 429

    def test_does_not_suffer_from_its_stolen_cookie_after_the_next_sign_in(self, kim, desk):
        stolen = _cookie_of(desk)
        assert _signs_in(desk, kim)
        _guess(kim, 10, stolen)
        desk.post("/accounts/logout/")
        assert _signs_in(desk, kim)

    def test_is_known_for_all_who_work_there(self, kim, desk, people):
        other = _with_password(people.call_taker)
        assert _signs_in(desk, other)
        for person in (kim, other):
            _guess(person)
            assert _signs_in(desk, person)

    def test_stays_known_where_the_password_is_changed(self, kim, desk):
        assert _signs_in(desk, kim)
        fresh = "another lantern, of my own"
        form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
        desk.post("/accounts/password/", form)
        _guess(kim)
        desk.post("/accounts/logout/")
        assert _signs_in(desk, kim, fresh)


class TestACookieThatDoesNotHelp:
    """Whoever has one of these is counted with all unknown browsers."""

    @pytest.fixture
    def is_unknown(self, kim):
        def with_this(cookie, password=PASSWORD):
            _guess(kim)
            browser = Client()
            browser.cookies[COOKIE] = cookie
            return not _signs_in(browser, kim, password, "198.51.100.4")

        return with_this

    def test_another_persons(self, desk, people, is_unknown):
        browser = Client()
        assert _signs_in(browser, _with_password(people.call_taker))
        assert is_unknown(_cookie_of(browser))

    @pytest.mark.parametrize(
        "tampered",
        [
            lambda cookie: cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
            lambda cookie: "x" + cookie,
            lambda cookie: cookie.partition(":")[0],
            lambda _cookie: "é:::",
            lambda _cookie: "",
        ],
    )
    def test_a_tampered_one(self, desk, is_unknown, tampered):
        assert is_unknown(tampered(_cookie_of(desk)))

    def test_an_expired_one(self, kim, now, is_unknown):
        assert is_unknown(_cookie_made(now - KNOWN_FOR - timedelta(minutes=1), kim))

    def test_one_that_somebody_else_at_the_desk_has_renewed(self, kim, people, now, is_unknown):
        old = _cookie_made(now - KNOWN_FOR - timedelta(minutes=1), kim)
        assert is_unknown(_cookie_made(now, people.call_taker, old))

    def test_one_of_an_earlier_password(self, kim, desk, people, now, is_unknown):
        given = reset_password(kim.pk, by=people.administrator, now=now).password
        assert is_unknown(_cookie_of(desk), given)

    def test_one_of_somebody_who_does_not_work_here_any_more(self, kim, desk, people, now):
        _guess(kim)
        deactivate_person(kim.pk, by=people.administrator, now=now)
        assert LOCKED in _try(desk, kim, PASSWORD).content.decode()
        reactivate_person(kim.pk, by=people.administrator, now=now)
        assert _signs_in(desk, kim)

    def test_that_of_the_twenty_first_before(self, kim, now, is_unknown):
        cookie = _cookie_made(now, kim)
        for number in range(PEOPLE_AT_A_DESK):
            cookie = _cookie_made(now, User(username=f"colleague{number}"), cookie)
        assert len(cookie) < 3_000
        assert is_unknown(cookie)


def _cookie_made(at, person, before=None):
    """The cookie that a browser was given at a time."""
    request, response = HttpRequest(), HttpResponse()
    if before is not None:
        request.COOKIES[COOKIE] = before
    remember(request, response, person, at)
    return response.cookies[COOKIE].value


class TestTheCookie:
    def test_goes_to_sign_in_alone_and_to_no_script(self, desk, settings):
        kept = desk.cookies[COOKIE]
        assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/accounts/", True, "Lax")
        assert not kept["secure"], "the sample city has no HTTPS"
        assert kept["max-age"] == int(KNOWN_FOR.total_seconds())

    def test_travels_by_https_alone_in_a_real_city(self, kim, now, settings):
        settings.SESSION_COOKIE_SECURE = True
        response = HttpResponse()
        remember(HttpRequest(), response, kim, now)
        assert response.cookies[COOKIE]["secure"]

    def test_does_not_say_who_signed_in(self, kim, desk):
        from django.core.signing import b64_decode

        content = b64_decode(_cookie_of(desk).partition(":")[0].encode()).decode()
        for word in (kim.username, str(kim.pk), kim.pk.hex, kim.password):
            assert word not in content

    def test_is_not_given_before_the_second_step(self, kim, settings):
        from allauth.mfa.adapter import get_adapter
        from allauth.mfa.models import Authenticator

        secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
        Authenticator.objects.create(user=kim, type="totp", data={"secret": secret})
        browser = Client()
        assert _try(browser, kim, PASSWORD).headers["Location"] == "/accounts/second-step/enter/"
        assert COOKIE not in browser.cookies

    def test_does_not_stand_for_the_second_step(self, kim, desk):
        from allauth.mfa.adapter import get_adapter
        from allauth.mfa.models import Authenticator

        secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
        Authenticator.objects.create(user=kim, type="totp", data={"secret": secret})
        assert not _signs_in(desk, kim)
        for _ in range(10):
            desk.post("/accounts/second-step/enter/", {"code": "000000"})
        answer = desk.post("/accounts/second-step/enter/", {"code": "000000"})
        assert "Too many wrong tries" in answer.content.decode()


def test_a_new_password_from_the_administrator_opens_at_once(kim, people, now):
    browser = Client()
    for _ in range(12):
        _try(browser, kim, "forgotten")
    assert not _signs_in(browser, kim)
    given = reset_password(kim.pk, by=people.administrator, now=now).password
    assert _signs_in(browser, kim, given)


def test_no_address_and_no_name_goes_into_a_log(kim, desk, caplog):
    with caplog.at_level(logging.WARNING):
        _guess(kim, 12)
        for _ in range(6):
            _try(desk, kim, "mistyped")
    written = caplog.text
    assert "203.0.113" not in written
    assert kim.username not in written
