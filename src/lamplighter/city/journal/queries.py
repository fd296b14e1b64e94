"""Reading the journal: the story of an incident, and whether the chain still holds."""

import hashlib
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from .models import Entry

_FIRST = hashlib.sha256(b"lamplighter").digest()
_ROWS = """
    SELECT seq, concat_ws(chr(31), seq, (extract(epoch FROM at) * 1000000)::bigint,
           coalesce(actor_id::text, ''), verb, coalesce(call_id::text, ''),
           coalesce(incident_id::text, ''), coalesce(unit_id::text, ''), subject_id, data::text),
           previous_hash, hash
    FROM journal_entry ORDER BY seq
"""


def story(incident_id: uuid.UUID, call_ids: list[uuid.UUID]) -> QuerySet[Entry]:
    """Every entry about an incident or one of its calls, oldest first, actors loaded."""
    return (
        Entry.objects.filter(Q(incident_id=incident_id) | Q(call_id__in=call_ids))
        .select_related("actor")
        .order_by("seq")
    )


@dataclass(frozen=True)
class Verification:
    """What recomputing the chain found: how many entries, and the first that does not hold."""

    entries: int
    broken_at: int | None
    reason: str

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def verify() -> Verification:
    """Recompute every hash in Python, apart from the trigger that made it.

    An entry changed, removed, inserted between others or cut from the end is found; the number of
    the first entry that does not hold is given.
    """
    previous, expected = _FIRST, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM journal_head")
        head_seq, head_hash = cursor.fetchone()
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(5_000):
            for seq, content, previous_hash, digest in rows:
                expected += 1
                if seq != expected:
                    return Verification(expected - 1, expected, "an entry is missing")
                if bytes(previous_hash) != previous:
                    return Verification(expected, seq, "it does not follow the entry before it")
                previous = hashlib.sha256(previous + content.encode()).digest()
                if bytes(digest) != previous:
                    return Verification(expected, seq, "its content was changed")
    if (expected, previous) != (head_seq, bytes(head_hash)):
        return Verification(expected, expected + 1, "entries are missing at the end")
    return Verification(expected, None, "")
