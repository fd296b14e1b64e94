"""Recording what a team found and did."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.dispatch.queries import crewed_by
from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal

from .models import Encounter, Help, Need
from .queries import Sight, visible_encounters

NAME_LENGTH = 120
NOTE_LENGTH = 4000


@dataclass(frozen=True)
class NewEncounter:
    """What a team saw and did with one person, who may stay unnamed."""

    id: uuid.UUID
    assignment_id: uuid.UUID
    met: str
    outcome: str
    needs: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    transport: str = Encounter.Transport.NONE.value
    person_name: str = ""
    note: str = ""

    def digest(self) -> str:
        content = json.dumps(asdict(self), cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def record_encounter(new: NewEncounter, *, by: User, now: datetime) -> Encounter:
    """Save an encounter, once: the same one sent twice from a phone is given back unchanged.

    Only the crew that was sent may record it. The journal keeps codes, never the name or the note.
    """
    assignment = crewed_by(by).select_related("unit").filter(pk=new.assignment_id).first()
    if assignment is None:
        raise Refusal(
            "no-assignment", _("This is not a call of yours: go back to your calls."), status=404
        )
    if made := _made_before(new):
        return made
    _check_codes(new)
    encounter = Encounter(
        id=new.id,
        assignment=assignment,
        recorded_at=now,
        recorded_by=by,
        met=new.met,
        outcome=new.outcome,
        needs=_each_once(new.needs),
        offered=_each_once(new.offered),
        accepted=_each_once(new.accepted),
        transport=new.transport,
        person_name=new.person_name.strip(),
        note=new.note.strip(),
        request_digest=new.digest(),
    )
    try:
        with act(by, now) as done:
            encounter.save(force_insert=True)
            done.record(
                "encounter recorded",
                incident_id=assignment.incident_id,
                unit_id=assignment.unit_id,
                subject_id=encounter.id,
                call_sign=assignment.unit.call_sign,
                met=encounter.met,
                needs=encounter.needs,
                offered=encounter.offered,
                accepted=encounter.accepted,
                transport=encounter.transport,
                outcome=encounter.outcome,
                named=bool(encounter.person_name),
            )
    except IntegrityError:
        if made := _made_before(new):
            return made
        raise
    return encounter


@dataclass(frozen=True)
class Confided:
    """What a person told a team: their name, and the team's note."""

    name: str
    note: str


def look_at_names(incident_id: uuid.UUID, *, by: User, now: datetime) -> dict[uuid.UUID, Confided]:
    """Names and notes of an incident's encounters, for the crew that recorded them.

    There is no other way to them; each encounter shown is journalled as looked at.
    """
    confided: dict[uuid.UUID, Confided] = {}
    with act(by, now) as done:
        mine = visible_encounters(by).filter(
            assignment__incident_id=incident_id, sight=Sight.ALL.value
        )
        for encounter in mine.defer(None).select_related("assignment"):
            if not encounter.person_name and not encounter.note:
                continue
            confided[encounter.id] = Confided(encounter.person_name, encounter.note)
            done.record(
                "encounter looked at",
                incident_id=incident_id,
                unit_id=encounter.assignment.unit_id,
                subject_id=encounter.id,
            )
    return confided


def suggested_disposition(encounters: Iterable[Encounter]) -> str:
    """How a call most likely ends, from what was recorded; empty when nothing was.

    The best that happened counts: one person helped makes it helped, though others declined.
    """
    seen = list(encounters)
    if not seen:
        return ""
    met = {encounter.met for encounter in seen}
    given_on = {Encounter.Outcome.HANDED_OVER, Encounter.Outcome.ARREST}
    if all(encounter.outcome in given_on for encounter in seen):
        return Assignment.Cleared.HANDED_OVER.value
    if Encounter.Met.ENGAGED in met:
        return Assignment.Cleared.HELPED.value
    if Encounter.Met.DECLINED in met:
        return Assignment.Cleared.DECLINED.value
    return Assignment.Cleared.NO_PERSON_FOUND.value


def _made_before(new: NewEncounter) -> Encounter | None:
    made = Encounter.objects.filter(pk=new.id).first()
    if made is not None and made.request_digest != new.digest():
        raise Refusal(
            "encounter-id-used",
            _("Another encounter has this identifier: start a new one."),
            status=409,
        )
    return made


def _check_codes(new: NewEncounter) -> None:
    _known([new.met], Encounter.Met.values, "met", _("Say whom you met."))
    _known([new.outcome], Encounter.Outcome.values, "outcome", _("Say how it ended."))
    _known([new.transport], Encounter.Transport.values, "transport", _("Say where the ride went."))
    _known(new.needs, Need.values, "needs", _("A need is not on the list: choose from the list."))
    offers = _("An offer is not on the list: choose from the list.")
    _known(new.offered, Help.values, "offered", offers)
    _fits(new.person_name, NAME_LENGTH, "person_name", _("The name is too long: shorten it."))
    _fits(new.note, NOTE_LENGTH, "note", _("The note is too long: shorten it."))
    if not set(new.accepted) <= set(new.offered):
        raise Refusal(
            "accepted-not-offered",
            _("Something was accepted that was not offered: mark it as offered too."),
            field="accepted",
        )
    nobody = new.met == Encounter.Met.NOT_FOUND
    rode = new.transport != Encounter.Transport.NONE
    if nobody and (new.needs or new.offered or new.person_name.strip() or rode):
        raise Refusal(
            "nobody-found",
            _(
                "Nobody was found, yet needs, offers, a ride or a name are given:"
                " clear them, or say whom you met."
            ),
            field="met",
        )
    if nobody != (new.outcome == Encounter.Outcome.NO_CONTACT):
        raise Refusal(
            "outcome-does-not-fit",
            _("The outcome does not fit: 'No contact' belongs to 'Nobody found', and only there."),
            field="outcome",
        )


def _each_once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _known(given: Iterable[str], allowed: Iterable[str], field: str, sentence: str) -> None:
    if not set(given) <= set(allowed):
        raise Refusal("unknown-code", sentence, field=field)


def _fits(text: str, length: int, field: str, sentence: str) -> None:
    if "\0" in text:
        raise Refusal(
            "unreadable-text",
            _("The text has a sign that cannot be kept: type it again."),
            field=field,
        )
    if len(text.strip()) > length:
        raise Refusal("text-too-long", sentence, field=field)
