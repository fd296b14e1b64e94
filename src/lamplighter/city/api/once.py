"""Idempotency keys: a request that comes twice is done once and answered twice."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import IdempotencyKey, User
from lamplighter.city.refusal import Refusal

KEPT = timedelta(hours=24)
# Kept a little longer than promised, so that no answer is deleted while it is being given.
DELETED_AFTER = KEPT + timedelta(hours=1)
LONGEST_KEY = 120
PURGE_EVERY = 20
PURGE_AT_MOST = 1_000

# One statement: a new key is taken, an expired one taken over, a living one left alone. Of two
# copies at the same instant the second waits here until the first has committed or given up.
_TAKE_KEY = """
    INSERT INTO accounts_idempotencykey (user_id, key, request_digest, created_at)
    VALUES (%(user)s, %(key)s, %(digest)s, %(now)s)
    ON CONFLICT (user_id, key) DO UPDATE
        SET request_digest = excluded.request_digest, created_at = excluded.created_at,
            status = NULL, body = NULL
        WHERE accounts_idempotencykey.created_at <= %(expired)s
    RETURNING id
"""


def answer_once(
    request: HttpRequest, user: User, status: int, verb: Callable[[], bytes]
) -> HttpResponse:
    """Do a verb and keep its answer with the request's key, in one transaction.

    1. Without an Idempotency-Key the verb is simply done: it is a transaction of its own.
    2. With one, the key's row goes in first; whoever sent the same key first is waited for.
    3. A key that is there already gives the stored answer, or a refusal if the request differs.
    4. A verb that refuses or fails takes its key back with it: nothing happened, so the same key
       may be sent again.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return json_answer(verb(), status)
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Refusal(
            "key-not-usable",
            _("The Idempotency-Key must have 1 to 120 printable characters: choose another."),
            field="Idempotency-Key",
        )
    now = timezone.now()
    with transaction.atomic():
        taken = _take(user, key, _digest(request), now)
        if taken is None:
            return _answer_given(user, key, _digest(request))
        body = verb()
        IdempotencyKey.objects.filter(pk=taken).update(status=status, body=json.loads(body))
    if taken % PURGE_EVERY == 0:
        purge_expired(now)
    return json_answer(body, status)


def purge_expired(now: datetime) -> int:
    """Forget answers older than a day, some at a time, so that no request waits long for it."""
    gone = IdempotencyKey.objects.filter(created_at__lte=now - DELETED_AFTER)
    old = gone.values("pk")[:PURGE_AT_MOST]
    deleted, _by_model = IdempotencyKey.objects.filter(pk__in=old).delete()
    return deleted


def _take(user: User, key: str, digest: str, now: datetime) -> int | None:
    """The number of the key's row if the key is ours now, None if it was used before."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_KEY,
            {"user": user.pk, "key": key, "digest": digest, "now": now, "expired": now - KEPT},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _answer_given(user: User, key: str, digest: str) -> HttpResponse:
    given = IdempotencyKey.objects.get(user=user, key=key)
    if given.request_digest != digest:
        raise Refusal(
            "key-used",
            _("This Idempotency-Key was used for another request: send this one with its own."),
            status=409,
            field="Idempotency-Key",
        )
    answer = json_answer(json.dumps(given.body).encode(), given.status)
    answer.headers["Idempotent-Replay"] = "true"
    return answer


def json_answer(body: bytes, status: int) -> HttpResponse:
    """An answer that nobody on the way may keep: it may hold what a person told us."""
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def _digest(request: HttpRequest) -> str:
    """The same for the same request: method, address and body."""
    content = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(content).hexdigest()
