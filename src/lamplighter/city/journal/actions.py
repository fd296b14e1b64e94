"""Doing something on the record: one transaction, journalled as its last step."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

_INSERT = """
    INSERT INTO journal_entry
        (at, actor_id, verb, call_id, incident_id, unit_id, subject_id, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass
class Act:
    """What one transaction will have written in the journal when it commits."""

    actor: AbstractBaseUser | None
    now: datetime
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def record(
        self,
        verb: str,
        *,
        call_id: uuid.UUID | None = None,
        incident_id: uuid.UUID | None = None,
        unit_id: uuid.UUID | None = None,
        subject_id: object = "",
        **data: Any,
    ) -> None:
        """Note an act of the field's words (`call taken`), with codes and identifiers only."""
        self._rows.append(
            (
                self.now,
                None if self.actor is None else self.actor.pk,
                verb,
                call_id,
                incident_id,
                unit_id,
                str(subject_id),
                json.dumps(data, cls=DjangoJSONEncoder),
            )
        )


@contextmanager
def act(actor: AbstractBaseUser | None, now: datetime) -> Iterator[Act]:
    """Open the transaction of one verb; on leaving, journal what was recorded and commit.

    1. Everything inside happens in one transaction: an error leaves nothing half-written.
    2. The journal rows go in last. Sealing takes a lock on the head of the chain, held until the
       commit; taken last, it is held for the time of one commit and cannot deadlock with row locks.
    3. A trigger notifies the channel `journal`, which PostgreSQL delivers only if the commit holds:
       open boards hear of nothing that did not happen, and miss nothing that did.
    """
    with transaction.atomic():
        opened = Act(actor, now)
        yield opened
        if opened._rows:
            with connection.cursor() as cursor:
                cursor.executemany(_INSERT, opened._rows)
