"""Who may open a stream, and whether they still may: session, person and role."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.models import Shift
from lamplighter.city.dispatch.queries import BOARD_READERS, crewed_by

# Each stream with the roles that it opens to.
BOARD, UNIT = "board", "unit"
OPENS_TO: dict[str, tuple[Role, ...]] = {BOARD: BOARD_READERS, UNIT: (Role.RESPONDER,)}


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, with the units whose crew they are on."""

    session_key: str
    user_id: uuid.UUID
    roles: frozenset[str]
    unit_ids: frozenset[uuid.UUID] = field(default=frozenset())

    def may_open(self, stream: str) -> bool:
        return bool(self.roles & set(OPENS_TO[stream]))


def session_key_of(cookies: str) -> str:
    """The session's key from a Cookie header; empty when there is none, or none that we made."""
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return ""
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel and morsel.value.isalnum() else ""


def visitors(session_keys: Collection[str], now: datetime) -> dict[str, Visitor]:
    """Those of these sessions that are valid now, in a constant number of queries.

    Like Django's own look at a session: it is not over, the person exists and is active, the
    password is the one of the sign-in, and the way of signing in is still allowed.
    """
    sessions = {}
    for stored in Session.objects.filter(session_key__in=session_keys, expire_date__gt=now):
        content = stored.get_decoded()
        if content.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
            sessions[stored.session_key] = content
    people = _people(content.get(SESSION_KEY) for content in sessions.values())
    found = {}
    for key, content in sessions.items():
        person = people.get(str(content.get(SESSION_KEY)))
        if person is None or not _same_password(person, content.get(HASH_SESSION_KEY, "")):
            continue
        found[key] = Visitor(key, person.pk, frozenset(person.roles))
    return _with_units(found, now)


def _people(ids: Iterable[object]) -> dict[str, User]:
    people = User.objects.filter(pk__in={str(pk) for pk in ids if pk}, is_active=True)
    return {str(person.pk): person for person in people}


def _same_password(person: User, session_hash: str) -> bool:
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, known) for known in hashes)


def _with_units(found: dict[str, Visitor], now: datetime) -> dict[str, Visitor]:
    """Crews hear of the units that they are on now, and of those whose call they still have."""
    responders = {one.user_id for one in found.values() if one.may_open(UNIT)}
    if not responders:
        return found
    units: dict[uuid.UUID, set[uuid.UUID]] = {pk: set() for pk in responders}
    on_shift = Shift.crew.through.objects.filter(
        user_id__in=responders, shift__starts_at__lte=now, shift__ends_at__gt=now
    )
    for user_id, unit_id in on_shift.values_list("user_id", "shift__unit_id"):
        units[user_id].add(unit_id)
    # One question for everybody: it is asked again and again while streams are open.
    at_work = crewed_by(*responders).filter(cleared_at=None)
    for user_id, unit_id in at_work.values_list("unit__shifts__crew", "unit_id"):
        units[user_id].add(unit_id)
    return {
        key: Visitor(one.session_key, one.user_id, one.roles, frozenset(units.get(one.user_id, ())))
        for key, one in found.items()
    }


def host_is_ours(host: str) -> bool:
    """Whether the Host header names this city (settings.ALLOWED_HOSTS)."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def origin_is_ours(origin: str, host: str) -> bool:
    """Whether a page of this origin may read a stream: a named one, or one of the same host.

    Pages and streams share a host but, without a proxy, not a port; the session cookie goes to
    the host whatever the port, so an origin on the same host gains nothing that it had not. Outside
    the sample city pages come by HTTPS only: a page that came without it may be anybody's.
    """
    if origin in settings.PAGES_ORIGINS:
        return True
    domain, _port = split_domain_port(host)
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    came_safely = parts.scheme == "https" or settings.SAMPLE_CITY
    return bool(domain) and came_safely and parts.hostname == domain.strip("[]")
