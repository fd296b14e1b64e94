"""Browsers in which a person has signed in: wrong passwords typed there are counted apart.

Elsewhere they are counted by name, from wherever they come: whoever uses that count up keeps
nobody out who is where they signed in before (docs/decisions/0041).
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from .models import User

COOKIE = "known_browser"
KNOWN_FOR = timedelta(days=90)
# The people of some shifts share a desk; whoever was there last longest ago is dropped.
PEOPLE_AT_A_DESK = 20
# By the mark of a person: what their count here is called, and since when, in seconds.
_Known = dict[str, tuple[str, int]]


def count_of(request: HttpRequest, username: str, now: datetime) -> str:
    """What the count of this browser is called, where this person has signed in; else nothing."""
    known = _known(request, now)
    person = User.objects.filter(username=username, is_active=True).first() if known else None
    name, _since = known.get(_mark(person), ("", 0)) if person else ("", 0)
    return name


def remember(request: HttpRequest, response: HttpResponse, person: User, now: datetime) -> None:
    """Know this browser as one of this person. Each time under a new name: a stolen cookie then
    uses up a count of its own, and not the one of the browser that it was stolen from."""
    known = _known(request, now)
    known.pop(_mark(person), None)
    known[_mark(person)] = (secrets.token_urlsafe(12), int(now.timestamp()))
    response.set_cookie(
        COOKIE,
        _signer().sign_object(dict(list(known.items())[-PEOPLE_AT_A_DESK:])),
        max_age=KNOWN_FOR,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest, now: datetime) -> _Known:
    try:
        known: _Known = _signer().unsign_object(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return {}
    oldest = (now - KNOWN_FOR).timestamp()
    return {mark: (name, since) for mark, (name, since) in known.items() if since > oldest}


def _mark(person: User) -> str:
    """Stands for a person and their present password; nobody can tell either from it."""
    about = f"{person.pk} {person.password}"
    return salted_hmac("lamplighter.known-browser", about, algorithm="sha256").hexdigest()[:32]


def _signer() -> Signer:
    return Signer(salt="lamplighter.known-browser")
