"""Rows and encounters with their codes in words, ready for the templates."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lamplighter.city.field.actions import Confided
from lamplighter.city.field.models import Encounter, Help, Need
from lamplighter.city.field.queries import SeenEncounter
from lamplighter.city.intake.models import Incident, Responder

from .waiting import Wait, wait_for_help


@dataclass(frozen=True)
class Row:
    """One incident of the list."""

    incident: Incident
    nature: str
    responder: str
    responder_label: str
    wait: Wait | None


def rows_of(incidents: Iterable[Incident], natures: Mapping[str, str], now: datetime) -> list[Row]:
    """Rows of `listed_incidents`, in words."""
    return [_row(incident, natures, now) for incident in incidents]


def _row(incident: Incident, natures: Mapping[str, str], now: datetime) -> Row:
    sent = incident.sent_responder or ""
    wait = None
    if incident.first_call_at and incident.target_minutes is not None:
        wait = wait_for_help(
            incident.first_call_at,
            incident.first_on_scene_at,
            incident.target_minutes,
            until=incident.closed_at or now,
        )
    return Row(
        incident=incident,
        nature=natures.get(incident.nature, incident.nature.replace("_", " ")),
        responder=sent,
        responder_label=str(Responder(sent).label) if sent else "",
        wait=wait,
    )


@dataclass(frozen=True)
class ShownEncounter:
    """An encounter in words, as far as it may be seen, with what was confided when asked for."""

    seen: SeenEncounter
    met: str
    outcome: str
    codes_shown: bool
    needs: tuple[str, ...]
    accepted: tuple[str, ...]
    declined: tuple[str, ...]
    transport: str
    confided: Confided | None


def shown_encounters(
    seen: Iterable[SeenEncounter], confided: Mapping[uuid.UUID, Confided]
) -> list[ShownEncounter]:
    """What may be seen of each encounter, in words."""
    return [
        ShownEncounter(
            seen=each,
            met=_label(Encounter.Met, each.met),
            outcome=_label(Encounter.Outcome, each.outcome),
            codes_shown=each.needs is not None,
            needs=_labels(Need, each.needs),
            accepted=_labels(Help, each.accepted),
            declined=_labels(Help, each.declined),
            transport=""
            if each.transport == Encounter.Transport.NONE
            else _label(Encounter.Transport, each.transport),
            confided=confided.get(each.id),
        )
        for each in seen
    ]


def _label(choices: type[Encounter.Met], code: str | None) -> str:
    return "" if code is None else str(choices(code).label)


def _labels(choices: type[Need], codes: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(str(choices(code).label) for code in codes or ())
