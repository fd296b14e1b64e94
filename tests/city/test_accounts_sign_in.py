"""Signing in: by password, by a second step, locked after five failures, always on the record."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.urls import reverse

from lamplighter.city.journal.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "a lantern in the window"
LOGIN = "/accounts/login/"


@pytest.fixture
def kim(people):
    """A dispatcher with a password."""
    people.dispatcher.set_password(PASSWORD)
    people.dispatcher.save()
    return people.dispatcher


def _journalled():
    return [
        (entry.verb, entry.actor_id, entry.subject_id, entry.data)
        for entry in Entry.objects.exclude(verb="policy activated")
    ]


def _sign_in(client, username, password, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def test_it_signs_in_by_password_and_goes_where_one_wanted(client, kim):
    assert client.get("/board/").headers["Location"] == f"{LOGIN}?next=/board/"
    answer = _sign_in(client, kim.username, PASSWORD, next="/board/")
    assert answer.headers["Location"] == "/board/"
    assert client.session[SESSION_KEY] == str(kim.pk)
    assert _journalled() == [("signed in", kim.pk, str(kim.pk), {"how": "password"})]


def test_a_sign_in_removes_the_sessions_that_expired(client, kim, people, now):
    open_one, expired = type(client)(), type(client)()
    for browser in (open_one, expired):
        browser.force_login(people.manager)
    Session.objects.filter(pk=expired.session.session_key).update(expire_date=now)
    _sign_in(client, kim.username, PASSWORD)
    left = set(Session.objects.values_list("pk", flat=True))
    assert left == {open_one.session.session_key, client.session.session_key}


def test_it_shows_our_page_in_both_languages(client, kim):
    assert "You forgot your password?" in client.get(LOGIN).content.decode()
    client.post("/language/", {"language": "es", "next": LOGIN})
    page = client.get(LOGIN).content.decode()
    assert 'lang="es"' in page
    assert "Iniciar sesión" in page


def test_what_does_not_fit_is_told_in_both_languages_with_what_to_do(client, kim):
    page = _sign_in(client, kim.username, "wrong").content.decode()
    assert "No name here goes with this password. Look at both, and try again." in page
    client.post("/language/", {"language": "es", "next": LOGIN})
    page = _sign_in(client, "nobody", "wrong").content.decode()
    assert "Ningún usuario va con esta contraseña. Revise los dos e inténtelo otra vez." in page


def test_it_journals_the_way_out(client, kim):
    client.force_login(kim)
    client.post("/accounts/logout/")
    assert SESSION_KEY not in client.session
    assert _journalled()[-1] == ("signed out", kim.pk, str(kim.pk), {})


def test_it_journals_a_failure_without_what_was_typed(client, kim):
    assert _sign_in(client, kim.username, "my secret, mistyped").status_code == 200
    assert _sign_in(client, "my secret in the wrong field", "x").status_code == 200
    assert _journalled() == [
        ("sign-in failed", None, str(kim.pk), {"reason": "password"}),
        ("sign-in failed", None, "", {"reason": "nobody"}),
    ]


def test_a_failure_keeps_nothing_that_was_typed(client, kim):
    for _attempt in range(2):
        _sign_in(client, "my secret in the wrong field", "x", next="/calls/new/", note="private")
    (kept,) = AccessAttempt.objects.values()
    assert kept["failures_since_start"] == 2
    assert (kept["get_data"], kept["post_data"]) == ("", "")
    assert re.fullmatch("[0-9a-f]{64}", kept["username"])


def test_failures_are_forgotten_at_the_next_sign_in_after_the_lock(client, kim, now):
    _sign_in(client, "somebody else", "wrong")
    AccessAttempt.objects.update(attempt_time=now - timedelta(minutes=14))
    _sign_in(client, kim.username, PASSWORD)
    assert AccessAttempt.objects.count() == 1
    AccessAttempt.objects.update(attempt_time=now - timedelta(minutes=16))
    _sign_in(type(client)(), kim.username, PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_it_locks_after_five_failures(client, kim):
    for _attempt in range(4):
        assert _sign_in(client, kim.username, "wrong").status_code == 200
    locked = _sign_in(client, kim.username, "wrong")
    assert locked.status_code == 429
    assert "five times" in locked.content.decode()
    assert _sign_in(client, kim.username, PASSWORD).status_code == 429
    assert SESSION_KEY not in client.session
    assert ("sign-in locked", None, str(kim.pk), {}) in _journalled()


def test_a_success_sets_the_count_back(client, kim):
    for _round in range(2):
        for _attempt in range(4):
            _sign_in(client, kim.username, "wrong")
        assert _sign_in(client, kim.username, PASSWORD).status_code == 302
        client.post("/accounts/logout/")


def test_it_opens_nothing_but_a_change_of_a_temporary_password(client, kim):
    kim.password_is_temporary = True
    kim.save()
    client.force_login(kim)
    change = reverse("account_change_password")
    assert client.get("/board/").headers["Location"] == change
    page = client.get(change).content.decode()
    assert "Somebody else knows the password" in page
    fresh = "another lantern, of my own"
    client.post(change, {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    kim.refresh_from_db()
    assert not kim.password_is_temporary
    assert kim.check_password(fresh)
    assert client.get("/board/").status_code == 200
    assert _journalled()[-1][0] == "password changed"


def _code(secret):
    """The code that an app shows now (RFC 6238: HMAC-SHA1, 30 seconds, six digits)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 0x0F)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def within_a_step(monkeypatch):
    """Time stands still: no code changes between being read and being sent."""
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)


@pytest.fixture
def with_app(kim, within_a_step):
    """The dispatcher with an authenticator app; gives its secret."""
    secret = "JBSWY3DPEHPK3PXP"
    Authenticator.objects.create(
        user=kim,
        type=Authenticator.Type.TOTP,
        data={"secret": get_adapter().encrypt(secret)},
    )
    return secret


@pytest.mark.usefixtures("within_a_step")
def test_it_sets_up_a_second_step(client, kim, django_capture_on_commit_callbacks):
    _sign_in(client, kim.username, PASSWORD)
    assert reverse("mfa_index") in client.get("/").content.decode()
    confirm = client.get(reverse("mfa_activate_totp")).headers["Location"]
    assert "Is it still you?" in client.get(confirm).content.decode()
    page = client.post(confirm, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    kinds = set(Authenticator.objects.filter(user=kim).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert ("second step added", kim.pk, str(kim.pk), {"kind": "totp"}) in _journalled()
    assert client.get(reverse("mfa_index")).status_code == 200
    assert (
        "keep them where your phone is not"
        in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    )


def test_it_asks_for_the_second_step(client, kim, with_app):
    answer = _sign_in(client, kim.username, PASSWORD)
    second = reverse("mfa_authenticate")
    assert answer.headers["Location"] == second
    assert SESSION_KEY not in client.session
    assert "Enter your code" in client.get(second).content.decode()
    assert client.post(second, {"code": "000000"}).status_code == 200
    assert SESSION_KEY not in client.session
    client.post(second, {"code": _code(with_app)})
    assert client.session[SESSION_KEY] == str(kim.pk)
    assert [each[0] for each in _journalled()] == ["sign-in failed", "signed in"]


def test_wrong_codes_run_out(client, kim, with_app):
    _sign_in(client, kim.username, PASSWORD)
    for _attempt in range(10):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": _code(with_app)})
    assert SESSION_KEY not in client.session
