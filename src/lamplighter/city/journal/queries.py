"""Reading the journal: the story of an incident, and whether the chain still holds."""

import hashlib
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from .models import Entry

_FIRST = hashlib.sha256(b"lamplighter").digest()
# Head and entries in one statement, so that they are of one instant: the city may be running.
_ROWS = """
    SELECT head.seq, head.hash, e.seq, e.previous_hash, e.hash,
           concat_ws(chr(31), e.seq, (extract(epoch FROM e.at) * 1000000)::bigint,
               coalesce(e.actor_id::text, ''), e.verb, coalesce(e.call_id::text, ''),
               coalesce(e.incident_id::text, ''), coalesce(e.unit_id::text, ''), e.subject_id,
               e.data::text)
    FROM journal_head head LEFT JOIN journal_entry e ON true
    ORDER BY e.seq
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
    the first entry that does not hold is given. The server hands over some rows at a time: a
    city's journal of years does not fit into memory.
    """
    previous, expected, head = _FIRST, 0, (0, _FIRST)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(5_000):
            head = rows[0][:2]
            for _head_seq, _head_hash, seq, previous_hash, digest, content in rows:
                if seq is None:  # a head without any entry
                    break
                expected += 1
                if seq != expected:
                    return Verification(expected - 1, expected, "an entry is missing")
                if bytes(previous_hash) != previous:
                    return Verification(expected, seq, "it does not follow the entry before it")
                previous = hashlib.sha256(previous + content.encode()).digest()
                if bytes(digest) != previous:
                    return Verification(expected, seq, "its content was changed")
    if (expected, previous) != (head[0], bytes(head[1])):
        return Verification(expected, expected + 1, "entries are missing at the end")
    return Verification(expected, None, "")
