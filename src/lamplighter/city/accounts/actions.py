"""Who works here: added, given roles, ended; every act on the record."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal

from .attempts import forget_failures
from .models import Agency, Role, User


@dataclass(frozen=True)
class NewPerson:
    """Somebody who starts to work here."""

    username: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]
    agency_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Added:
    """A person with the password that they change when they first sign in; shown once."""

    person: User
    password: str


def add_person(new: NewPerson, *, by: User | None, now: datetime) -> Added:
    """Add a person with a temporary password; `by` is None for a city's first administrator."""
    username = new.username.strip()
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise Refusal(
            "username-not-usable",
            _("A user name has letters, digits and @ . + - _ only: write it so."),
            field="username",
        ) from None
    password = secrets.token_urlsafe(12)
    person = User(
        username=username,
        first_name=new.first_name.strip(),
        last_name=new.last_name.strip(),
        roles=_roles(new.roles),
        agency=_agency(new.agency_id),
        password_is_temporary=True,
    )
    person.set_password(password)
    with act(by, now) as done:
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError:
            raise Refusal(
                "username-taken",
                _("Somebody here has this user name already: choose another."),
                status=409,
                field="username",
            ) from None
        done.record("person added", subject_id=person.pk, roles=person.roles)
    return Added(person, password)


def set_roles(person_id: uuid.UUID, roles: Iterable[str], *, by: User, now: datetime) -> User:
    """Change what somebody may do, from their next click on; the last administrator stays one."""
    with act(by, now) as done:
        person, is_last = _locked(person_id)
        wanted = _roles(roles)
        if is_last and Role.ADMINISTRATOR not in wanted:
            raise _last_administrator()
        if wanted != person.roles:
            before, person.roles = person.roles, wanted
            person.save(update_fields=["roles"])
            done.record("roles changed", subject_id=person.pk, was=before, roles=wanted)
    return person


def deactivate_person(person_id: uuid.UUID, *, by: User, now: datetime) -> User:
    """End somebody's work here: at once nothing opens to them, nor to programs acting as them.

    Their sessions are deleted too, so that no page of theirs keeps one alive.
    """
    with act(by, now) as done:
        person, is_last = _locked(person_id)
        if is_last:
            raise _last_administrator()
        if person.is_active:
            person.is_active = False
            person.save(update_fields=["is_active"])
            done.record(
                "person deactivated", subject_id=person.pk, sessions=_end_sessions(person, now)
            )
    return person


def reactivate_person(person_id: uuid.UUID, *, by: User, now: datetime) -> User:
    """Let somebody work here again, with the roles and tokens that they had."""
    with act(by, now) as done:
        person, _is_last = _locked(person_id)
        if not person.is_active:
            person.is_active = True
            person.save(update_fields=["is_active"])
            done.record("person reactivated", subject_id=person.pk)
    return person


def reset_password(person_id: uuid.UUID, *, by: User, now: datetime) -> Added:
    """Give somebody a new temporary password; whoever is signed in as them is signed out.

    Where the old one was wrong too often, the new one is taken at once.
    """
    password = secrets.token_urlsafe(12)
    with act(by, now) as done:
        person, _is_last = _locked(person_id)
        person.set_password(password)
        person.password_is_temporary = True
        person.save(update_fields=["password", "password_is_temporary"])
        forget_failures(person.username)
        done.record("password reset", subject_id=person.pk, sessions=_end_sessions(person, now))
    return Added(person, password)


def _locked(person_id: uuid.UUID) -> tuple[User, bool]:
    """A person, and whether they are the last administrator.

    All administrators are locked with them, in one order, so that two of them cannot end each
    other at once, nor wait for each other for ever.
    """
    administrator = Q(is_active=True, roles__contains=[Role.ADMINISTRATOR.value])
    rows = User.objects.filter(administrator | Q(pk=person_id)).order_by("pk").select_for_update()
    found = {user.pk: user for user in rows}
    if person_id not in found:
        raise Refusal("no-person", _("There is no such person: go back to the list."), status=404)
    administrators = [
        user.pk for user in found.values() if user.is_active and user.has_role(Role.ADMINISTRATOR)
    ]
    return found[person_id], administrators == [person_id]


def _last_administrator() -> Refusal:
    return Refusal(
        "last-administrator",
        _("This is the last administrator: first make somebody else one."),
        status=409,
    )


def _roles(roles: Iterable[str]) -> list[str]:
    """Known roles, each once, in the order of the work."""
    wanted = set(roles)
    if not wanted <= set(Role.values):
        raise Refusal(
            "unknown-role", _("A role is not one of ours: choose from the list."), field="roles"
        )
    return [role for role in Role.values if role in wanted]


def _agency(agency_id: uuid.UUID | None) -> Agency | None:
    if agency_id is None:
        return None
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise Refusal(
            "no-agency", _("There is no such agency: choose from the list."), field="agency"
        )
    return agency


def _end_sessions(person: User, now: datetime) -> int:
    """Delete a person's sessions, and count those that still opened something.

    A session names its person inside its data only, so all that have not expired are read. That
    is about as many as people at work: one ends after 30 idle minutes, and sign-in removes it.
    """
    ended = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=now)
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)
