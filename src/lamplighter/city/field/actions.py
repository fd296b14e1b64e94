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
from lamplighter.city.dispatch.queries import crewed_by
from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal

from .models import Encounter, Help, Need


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
    if made := _made_before(new):
        return made
    assignment = crewed_by(by).select_related("unit").filter(pk=new.assignment_id).first()
    if assignment is None:
        raise Refusal(
            "no-assignment", _("This is not a call of yours: go back to your calls."), status=404
        )
    _check_codes(new)
    encounter = Encounter(
        id=new.id,
        assignment=assignment,
        recorded_at=now,
        recorded_by=by,
        met=new.met,
        outcome=new.outcome,
        needs=list(new.needs),
        offered=list(new.offered),
        accepted=list(new.accepted),
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
    if not set(new.accepted) <= set(new.offered):
        raise Refusal(
            "accepted-not-offered",
            _("Something was accepted that was not offered: mark it as offered too."),
            field="accepted",
        )
    nobody = new.met == Encounter.Met.NOT_FOUND
    if nobody and (new.needs or new.offered or new.person_name.strip()):
        raise Refusal(
            "nobody-found",
            _(
                "Nobody was found, yet needs, offers or a name are given: clear them, or say whom you met."
            ),
            field="met",
        )
    if nobody != (new.outcome == Encounter.Outcome.NO_CONTACT):
        raise Refusal(
            "outcome-does-not-fit",
            _("The outcome does not fit: 'No contact' belongs to 'Nobody found', and only there."),
            field="outcome",
        )


def _known(given: Iterable[str], allowed: Iterable[str], field: str, sentence: str) -> None:
    if not set(given) <= set(allowed):
        raise Refusal("unknown-code", sentence, field=field)
