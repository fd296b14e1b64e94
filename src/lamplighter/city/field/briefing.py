"""What a team must know before it arrives: what, where, why this team, how safe, who else."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Prefetch

from lamplighter.city.dispatch.models import Assignment, BackupRequest
from lamplighter.city.dispatch.words import state_words
from lamplighter.city.intake.models import Call, Decision, Incident, Responder
from lamplighter.city.intake.queries import most_urgent_decision

from .explained import Explained, ExplainedFact, explain

# The answer to each question of safety that lets a team breathe; any other answer is a warning.
_CALM: dict[str, object] = {
    "weapon": False,
    "violence": "none",
    "danger": False,
    "crime_now": False,
    "injured": "no",
    "breathing_and_awake": True,
    "suicidal_thoughts": False,
    "suicide_means": False,
    "child_at_risk": False,
}


class Tone(Enum):
    WARNING = "warning"
    UNKNOWN = "unknown"
    CALM = "calm"


@dataclass(frozen=True)
class SafetyFact:
    label: str
    value: str
    tone: Tone


@dataclass(frozen=True)
class CallerNote:
    """What a caller said, and how to call back."""

    received_at: datetime
    channel: str
    narrative: str
    callback: str


@dataclass(frozen=True)
class OtherUnit:
    call_sign: str
    kind: str
    kind_label: str
    status: str
    status_label: str


@dataclass(frozen=True)
class Briefing:
    """One incident as the team that is sent to it needs it."""

    incident: Incident
    nature: str
    risk: str
    priority: int
    first_call_at: datetime
    due_at: datetime
    target_minutes: int
    sent: str
    why: str
    changed_because: str
    answers_backup: BackupRequest | None
    handover: str
    safety: tuple[SafetyFact, ...]
    more: tuple[ExplainedFact, ...]
    notes: tuple[CallerNote, ...]
    others: tuple[OtherUnit, ...]
    backup_asked: tuple[BackupRequest, ...]

    @property
    def take_care(self) -> bool:
        """Whether a danger is known, or one is not ruled out."""
        return any(fact.tone is not Tone.CALM for fact in self.safety)


def brief(assignment: Assignment) -> Briefing:
    """Everything a team needs about the incident it is sent to, in a constant number of queries."""
    incident = _loaded(assignment.incident_id)
    decision = most_urgent_decision(incident)
    calls = list(incident.calls.all())
    explained = {standing.pk: explain(standing) for call in calls for standing in call.standing}
    facts = [(standing, explained[standing.pk]) for call in calls for standing in call.standing]
    deciding = explained[decision.pk]
    first = min(call.received_at for call in calls)
    safety = _safety(facts)
    return Briefing(
        incident=incident,
        nature=deciding.nature,
        risk=decision.risk,
        priority=decision.priority,
        first_call_at=first,
        due_at=first + timedelta(minutes=decision.target_minutes),
        target_minutes=decision.target_minutes,
        sent=str(Responder(decision.sent_responder).label),
        why=deciding.because("responder"),
        changed_because=decision.override_reason,
        answers_backup=_answered_by(assignment),
        handover="" if decision.handover == "none" else deciding.said("handover"),
        safety=safety,
        more=_more(facts),
        notes=tuple(
            CallerNote(call.received_at, call.get_channel_display(), call.narrative, call.callback)
            for call in calls
            if call.narrative or call.callback
        ),
        others=tuple(_other_units(incident, assignment)),
        backup_asked=tuple(assignment.backup_requests.order_by("asked_at", "id")),
    )


def _loaded(incident_id: uuid.UUID) -> Incident:
    standing = Decision.objects.filter(superseded_by=None).select_related("policy")
    calls = Call.objects.order_by("received_at", "id").prefetch_related(
        Prefetch("decisions", standing, to_attr="standing")
    )
    return (
        Incident.objects.select_related("neighborhood")
        .prefetch_related(Prefetch("calls", calls), "assignments__unit")
        .get(pk=incident_id)
    )


def _answered_by(assignment: Assignment) -> BackupRequest | None:
    return (
        BackupRequest.objects.filter(answered_by=assignment)
        .select_related("assignment__unit")
        .first()
    )


def _safety(decisions: Iterable[tuple[Decision, Explained]]) -> tuple[SafetyFact, ...]:
    """What is known of each danger, warnings first; of several calls the worst answer counts."""
    worst: dict[str, SafetyFact] = {}
    rank = [Tone.WARNING, Tone.CALM, Tone.UNKNOWN]
    for decision, explained in decisions:
        for fact in (*explained.known, *explained.unknown, *explained.not_asked):
            if fact.name not in _CALM:
                continue
            tone = Tone.UNKNOWN
            if fact.known:
                calm = decision.facts[fact.name] == _CALM[fact.name]
                tone = Tone.CALM if calm else Tone.WARNING
            known = worst.get(fact.name)
            if known is None or rank.index(tone) < rank.index(known.tone):
                worst[fact.name] = SafetyFact(fact.label, fact.value, tone)
    thoughts = worst.get("suicidal_thoughts")
    if thoughts is not None and thoughts.tone is Tone.CALM:
        worst.pop("suicide_means", None)  # without thoughts of suicide, nobody asks for the means
    in_order = [worst[name] for name in _CALM if name in worst]
    return tuple(fact for tone in Tone for fact in in_order if fact.tone is tone)


def _more(decisions: Iterable[tuple[Decision, Explained]]) -> tuple[ExplainedFact, ...]:
    """What else is known; of several calls the first to say it."""
    known: dict[str, ExplainedFact] = {}
    for _decision, explained in decisions:
        for fact in explained.known:
            if fact.name not in _CALM:
                known.setdefault(fact.name, fact)
    return tuple(known.values())


def _other_units(incident: Incident, mine: Assignment) -> Iterable[OtherUnit]:
    words = state_words()
    for other in sorted(incident.assignments.all(), key=lambda each: each.assigned_at):
        if other.pk != mine.pk:
            yield OtherUnit(
                other.unit.call_sign,
                other.unit.kind,
                str(other.unit.get_kind_display()),
                other.status,
                words[other.status],
            )
