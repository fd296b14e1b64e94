"""The tokens by which programs act as a person: made, shown once, found again, revoked."""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal

from .models import ApiToken, User

# A prefix lets a leaked token be recognised for what it is.
PREFIX = "lamplighter_"


# Written out, because every request of a program begins with it: building it anew each time took
# a tenth of what saving a call takes.
_FIND_USER = """
    SELECT person.*, token.digest AS token_digest
    FROM accounts_apitoken token
    JOIN accounts_user person ON person.id = token.user_id
    WHERE token.digest = %(digest)s
        AND token.revoked_at IS NULL
        AND (token.expires_at IS NULL OR token.expires_at > %(now)s)
        AND person.is_active
"""


@dataclass(frozen=True)
class NewToken:
    """A token just made. `secret` is known now and never again."""

    token: ApiToken
    secret: str


def issue_token(
    for_user: User, name: str, *, by: User | None, now: datetime, expires_at: datetime | None = None
) -> NewToken:
    """Make a token that acts as a person until it expires or is revoked."""
    if not name.strip():
        raise Refusal(
            "token-without-name",
            _("The token has no name: write which program will use it."),
            field="name",
        )
    if expires_at is not None and expires_at <= now:
        raise Refusal(
            "token-expired",
            _("The token would have expired already: choose a later day."),
            field="expires_at",
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with act(by, now) as done:
        token = ApiToken.objects.create(
            user=for_user,
            name=name.strip(),
            digest=_digest(secret),
            created_at=now,
            expires_at=expires_at,
        )
        done.record("token issued", subject_id=token.pk, acts_as=for_user.pk, expires_at=expires_at)
    return NewToken(token, secret)


def revoke_token(token_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """End a token at once; ending it twice keeps the first time."""
    with act(by, now) as done:
        if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now):
            done.record("token revoked", subject_id=token_id)


def user_of_token(secret: str, now: datetime) -> User | None:
    """The active person that a token acts as, in one query; None if it opens nothing (any more).

    The search goes by the digest, so the time that it takes tells nothing about the secret.
    """
    digest = _digest(secret)
    found = next(iter(User.objects.raw(_FIND_USER, {"digest": digest, "now": now})), None)
    if found is None or not hmac.compare_digest(found.token_digest, digest):
        return None
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
