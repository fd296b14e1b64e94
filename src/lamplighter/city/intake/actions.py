"""Taking a call: it is decided, saved and journalled in one transaction, once."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import Act, act
from lamplighter.city.policies.answers import Fact, usable_answers
from lamplighter.city.policies.interview import NATURE
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.refusal import Refusal

from .deciding import apply_override, decision_from
from .models import MOST_URGENT_FIRST, Call, Channel, Decision, Incident, Neighborhood
from .queries import neighborhood_at

# A caller's clock and ours may differ by this much before a time counts as in the future.
CLOCK_SKEW = timedelta(minutes=2)
# Files write 1900-01-01 for "never", and a year before 1 could never be read again: one such call
# would take every board and list with it.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NewCall:
    """A call as somebody or a program hands it in. `id` is made by whoever makes the call record.

    `facts` are the policy's inputs that are known; `"unknown"` means asked and not known.
    """

    id: uuid.UUID
    channel: str
    received_at: datetime
    facts: Mapping[str, Fact]
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    neighborhood_id: int | None = None
    callback: str = ""
    narrative: str = ""
    simulated: bool = False
    join_incident: uuid.UUID | None = None
    override_responder: str = ""
    override_reason: str = ""

    def digest(self) -> str:
        """The same for the same call, so that a repeated submission is known as such."""
        content = json.dumps(asdict(self), cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class TakenCall:
    """What taking a call made, or, for a repeated submission, what it had made (`repeated`)."""

    call: Call
    decision: Decision
    repeated: bool = field(default=False)


def take_call(new: NewCall, *, by: User, now: datetime) -> TakenCall:
    """Save a call with its decision, in a new incident or an open one that it joins.

    1. A call that is here already is given back unchanged: sending twice changes nothing.
    2. Place and time are checked; the policy in force decides, with what is missing as unknown.
    3. Incident, call, decision and journal entries commit together or not at all.
    4. Of two copies sent at the same instant one loses on the primary key, and is given the other.

    Raises Refusal, in one sentence, for a call without a place, outside the city, in the future,
    of an unknown nature or with facts that the policy does not know.
    """
    if taken := _taken_before(new):
        return taken
    for name in ("address", "callback", "narrative"):
        _check_length(name, getattr(new, name))
    place = _place_of(new)
    if new.received_at > now + CLOCK_SKEW:
        raise Refusal(
            "call-in-the-future",
            _("The time of the call is in the future: check the time."),
            field="received_at",
        )
    if new.received_at < EARLIEST:
        raise Refusal(
            "call-too-early",
            _("The time of the call is too long ago to be true: check the time."),
            field="received_at",
        )
    if new.channel not in Channel.values:
        raise Refusal(
            "unknown-channel",
            _("The call's channel is not one of ours: choose how the call came."),
            field="channel",
        )
    current = in_force(FIRST_RESPONSE, now)
    made = decision_from(current, new.facts, by=by, now=now)
    apply_override(made, new.override_responder, new.override_reason)
    nature = str(new.facts[NATURE])
    try:
        with act(by, now) as done:
            incident = _incident_for(new, nature, place, done)
            call = Call(
                id=new.id,
                incident=incident,
                channel=new.channel,
                nature=nature,
                received_at=min(new.received_at, now),
                taken_at=now,
                taken_by=by,
                callback=new.callback,
                narrative=new.narrative,
                simulated=new.simulated,
                request_digest=new.digest(),
                **place,
            )
            call.save(force_insert=True)
            made.call = call
            made.save(force_insert=True)
            done.record(
                "call taken",
                call_id=call.id,
                incident_id=incident.id,
                channel=call.channel,
                nature=nature,
                simulated=call.simulated,
            )
            _record_decision(
                done, "decision overridden" if made.override_responder else "call decided", made
            )
            if new.join_incident is not None:
                _name_after_most_urgent(incident.id, done)
    except IntegrityError:
        if taken := _taken_before(new):
            return taken
        raise
    return TakenCall(call, made)


def redecide(
    call: Call,
    facts: Mapping[str, Fact],
    *,
    by: User,
    now: datetime,
    note: str = "",
    keep_override: bool = True,
) -> Decision:
    """Decide again with what has been learned since; the earlier decision stays on record.

    1. The incident is locked: nobody closes it, and nobody else replaces the decision meanwhile.
    2. New facts are laid over those of the standing decision that the policy in force still asks
       for, and it decides. What was said besides is added to the call's notes.
    3. Where a person sends somebody else, that stands until it is given up (`keep_override`).
    4. What changes nothing writes nothing: the same information sent twice is one decision.
    """
    with act(by, now) as done:
        before = _standing_decision(call)
        _add_note(call, note.strip(), done)
        current = in_force(FIRST_RESPONSE, now)
        known = {**usable_answers(current.policy, before.facts), **facts}
        made = decision_from(current, known, by=by, now=now)
        if keep_override:
            made.override_responder = before.override_responder
            made.override_reason = before.override_reason
        if _says_the_same(made, before):
            return before
        made.call, made.supersedes = call, before
        made.save(force_insert=True)
        _record_decision(done, "call decided", made)
        _name_after_most_urgent(call.incident_id, done)
    return made


def override_decision(
    call: Call, responder: str, reason: str, *, by: User, now: datetime
) -> Decision:
    """Send somebody else than the policy says, for a reason that the record keeps."""
    with act(by, now) as done:
        before = _standing_decision(call)
        made = Decision.objects.get(pk=before.pk)
        made.pk, made._state.adding = Decision._meta.pk.get_default(), True
        made.call, made.supersedes, made.made_at, made.made_by = call, before, now, by
        apply_override(made, responder, reason, required=True)
        if _says_the_same(made, before):
            return before
        made.save(force_insert=True)
        _record_decision(done, "decision overridden", made)
    return made


def _taken_before(new: NewCall) -> TakenCall | None:
    call = Call.objects.select_related("incident").filter(pk=new.id).first()
    if call is None:
        return None
    if call.request_digest != new.digest():
        raise Refusal(
            "call-id-used",
            _("Another call was saved under this identifier: give the new call its own."),
            status=409,
            field="id",
        )
    return TakenCall(call, call.decisions.get(superseded_by=None), repeated=True)


def _check_length(name: str, text: str) -> None:
    limit = Call._meta.get_field(name).max_length
    if len(text) > limit:
        raise Refusal(
            "too-long",
            _("The text is longer than the %(limit)s characters that can be kept: shorten it.")
            % {"limit": limit},
            field=name,
        )


def _place_of(new: NewCall) -> dict[str, object]:
    """The columns of the place, completed with the neighbourhood that the point lies in."""
    address = new.address.strip()
    if (new.latitude is None) != (new.longitude is None):
        raise Refusal(
            "half-a-point",
            _("The point on the map has only one coordinate: set the pin again."),
            field="place",
        )
    if not address and new.latitude is None:
        raise Refusal(
            "no-place",
            _("The call has no place: write an address or set the pin on the map."),
            field="place",
        )
    neighborhood_id = new.neighborhood_id
    if new.latitude is not None and new.longitude is not None:
        neighborhood = neighborhood_at(new.latitude, new.longitude)
        if neighborhood is None:
            raise Refusal(
                "outside-the-city",
                _("The place is outside the city: check the pin, or hand the call to that city."),
                field="place",
            )
        neighborhood_id = neighborhood.pk
    elif neighborhood_id is not None and not _is_ours(neighborhood_id):
        raise Refusal(
            "no-neighborhood",
            _("The city has no such neighborhood: choose one of the list."),
            field="place",
        )
    return {
        "address": address,
        "latitude": new.latitude,
        "longitude": new.longitude,
        "neighborhood_id": neighborhood_id,
    }


def _is_ours(neighborhood_id: int) -> bool:
    return Neighborhood.objects.filter(pk=neighborhood_id).exists()


def _incident_for(new: NewCall, nature: str, place: dict[str, object], done: Act) -> Incident:
    if new.join_incident is None:
        incident = Incident(nature=nature, opened_at=done.now, **place)
        incident.save(force_insert=True)
        done.record("incident opened", incident_id=incident.id, nature=nature)
        return incident
    # Locked, so that the incident cannot be closed between this look and the commit.
    joined = Incident.objects.select_for_update().filter(pk=new.join_incident).first()
    if joined is None or joined.closed_at is not None:
        raise Refusal(
            "incident-closed",
            _("That incident is closed: save the call as a new incident."),
            status=409,
            field="join_incident",
        )
    done.record("call joined incident", call_id=new.id, incident_id=joined.id)
    return joined


def _standing_decision(call: Call) -> Decision:
    """The call's decision that stands, its incident locked and open."""
    incident = Incident.objects.select_for_update().get(pk=call.incident_id)
    if incident.closed_at is not None:
        raise Refusal(
            "incident-closed",
            _("That incident is closed: take a new call for what happens now."),
            status=409,
        )
    return Decision.objects.select_related("policy").get(call=call, superseded_by=None)


def _add_note(call: Call, note: str, done: Act) -> None:
    """Put words under the call's notes, with the time; sent twice, they are there once."""
    call.refresh_from_db(fields=["narrative"])
    # The whole of the last note: "no" is news where the notes end with "casino".
    last = re.compile(rf"(\A|^\d\d:\d\d ){re.escape(note)}\Z", re.MULTILINE)
    if not note or last.search(call.narrative):
        return
    told_at = timezone.localtime(done.now).strftime("%H:%M")
    notes = f"{call.narrative}\n{told_at} {note}".strip()
    _check_length("narrative", notes)
    call.narrative = notes
    call.save(update_fields=["narrative"])
    done.record("note added", call_id=call.id, incident_id=call.incident_id)


def _says_the_same(made: Decision, before: Decision) -> bool:
    return all(
        getattr(made, name) == getattr(before, name)
        for name in ("facts", "policy_id", "override_responder", "override_reason")
    )


def _name_after_most_urgent(incident_id: uuid.UUID, done: Act) -> None:
    """An incident, locked by now, bears the nature of its most urgent call."""
    standing = Decision.objects.filter(call__incident_id=incident_id, superseded_by=None)
    nature = standing.order_by(*MOST_URGENT_FIRST).values_list(f"facts__{NATURE}", flat=True)[0]
    incident = Incident.objects.get(pk=incident_id)
    if incident.nature == nature:
        return
    done.record("nature changed", incident_id=incident_id, was=incident.nature, nature=nature)
    incident.nature = nature
    incident.save(update_fields=["nature"])


def _record_decision(done: Act, verb: str, made: Decision) -> None:
    done.record(
        verb,
        call_id=made.call_id,
        incident_id=made.call.incident_id,
        subject_id=made.id,
        responder=made.sent_responder,
        policy_says=made.responder,
        risk=made.risk,
        priority=made.priority,
        target_minutes=made.target_minutes,
        rules=[hit["rule"] for hit in made.hits],
        policy_hash=made.policy.content_hash,
        policy_version=made.policy.version,
    )
