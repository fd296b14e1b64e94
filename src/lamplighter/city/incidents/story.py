"""The story of an incident, from its journal, as one person may read it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lamplighter.city.accounts.models import User
from lamplighter.city.field.queries import seen_encounters, shown_at
from lamplighter.city.intake.models import Incident
from lamplighter.city.journal.queries import story


@dataclass(frozen=True)
class Told:
    """One entry of the journal, with what the reader may see of its data."""

    seq: int
    at: datetime
    minutes: int
    actor: str
    verb: str
    call_id: uuid.UUID | None
    unit_id: uuid.UUID | None
    subject_id: str
    data: dict[str, Any]


def story_for(user: User, incident: Incident) -> list[Told]:
    """Every entry about an incident that this person may see, oldest first.

    `minutes` count from the first call. The journal holds codes of what a person needed and took;
    they must not pass by this way, so of an entry about an encounter only that is kept which
    `seen_encounters` would show, and an encounter that may not be known of is left out.
    """
    calls = list(incident.calls.order_by("received_at", "id").values_list("pk", "received_at"))
    began = calls[0][1] if calls else incident.opened_at
    sights = {str(seen.id): seen.sight for seen in seen_encounters(user, incident.pk)}
    told = []
    for entry in story(incident.pk, [pk for pk, _received_at in calls]):
        data = entry.data
        if entry.verb.startswith("encounter"):
            if entry.subject_id not in sights:
                continue
            sight = sights[entry.subject_id]
            data = {
                name: value
                for name, value in data.items()
                if name == "call_sign" or shown_at(sight, name)
            }
        told.append(
            Told(
                seq=entry.seq,
                at=entry.at,
                minutes=max(0, int((entry.at - began).total_seconds() // 60)),
                actor="" if entry.actor is None else entry.actor.display_name,
                verb=entry.verb,
                call_id=entry.call_id,
                unit_id=entry.unit_id,
                subject_id=entry.subject_id,
                data=data,
            )
        )
    # A clock that was behind may have journalled late what happened early.
    return sorted(told, key=lambda each: (each.at, each.seq))
