"""The chosen call as the dispatcher reads it: who is to go and why, who could go, who was sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.intake.models import Decision, Incident, Responder
from lamplighter.city.intake.queries import most_urgent_decision
from lamplighter.city.policies.queries import compiled
from lamplighter.policy import Policy

from .board import BoardAssignment, BoardBackup, BoardIncident
from .models import Assignment, BackupRequest, UnitKind
from .recommend import Recommendation, Recommended
from .rows import KIND_ICONS
from .words import input_words, output_words, state_words

# Within this time a recall is an undo: one key, without a question.
UNDO_SECONDS = 60


@dataclass(frozen=True)
class Reason:
    """One rule that hit: what it decided, and why."""

    rule: str
    because: str
    source: str


@dataclass(frozen=True)
class Told:
    """What is known of the call, in the words of the policy's questions."""

    label: str
    value: str


@dataclass(frozen=True)
class Step:
    """One moment of an assignment."""

    state: str
    words: str
    at: datetime | None


@dataclass(frozen=True)
class Asked:
    """Backup that a team asks for, in words."""

    call_sign: str
    kind: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class SentUnit:
    """A unit that was sent, with its steps; open until it is cleared."""

    assignment: BoardAssignment
    kind: str
    steps: tuple[Step, ...]
    why: str
    ended: str

    @property
    def is_open(self) -> bool:
        return self.assignment.cleared_at is None


@dataclass(frozen=True)
class Choice:
    """Everything that stands in the middle of the board for one call."""

    incident: BoardIncident
    nature: str
    team: str
    icon: str
    policy_team: str
    plan: tuple[Told, ...]
    asked: tuple[Asked, ...]
    reasons: tuple[Reason, ...]
    told: tuple[Told, ...]
    not_known: tuple[str, ...]
    override_reason: str
    policy_version: str
    sent: tuple[SentUnit, ...]
    missing: tuple[str, ...]
    options: tuple[Recommended, ...]
    advice: tuple[str, ...]


def choice_of(incident: Incident, placed: BoardIncident, recommended: Recommendation) -> Choice:
    """Put the words to an incident that was loaded by `with_calls`."""
    decision = most_urgent_decision(incident)
    policy = compiled(decision.policy)
    language = get_language() or "en"
    return Choice(
        incident=placed,
        nature=input_words(policy, "nature").get(placed.nature, placed.nature),
        team=_label(Responder, placed.responder),
        icon=KIND_ICONS[placed.responder],
        policy_team=_label(Responder, placed.policy_responder),
        plan=tuple(_plan(decision, policy, language)),
        asked=tuple(_asked(request) for request in placed.backup),
        reasons=tuple(
            Reason(hit["rule"], hit["because"].get(language) or hit["because"]["en"], hit["source"])
            for hit in decision.hits
        ),
        told=tuple(_told(decision, policy, language)),
        not_known=tuple(
            policy.inputs[name].label.in_language(language)
            for name in decision.unknown
            if name in policy.inputs
        ),
        override_reason=decision.override_reason,
        policy_version=decision.policy.version,
        sent=tuple(_sent(assignment) for assignment in placed.assignments),
        missing=recommended.missing,
        options=recommended.units,
        advice=recommended.advice,
    )


def _plan(decision: Decision, policy: Policy, language: str) -> Iterator[Told]:
    """What the policy wants beside the team: backup, and what comes after."""
    for name in ("backup", "handover"):
        value = getattr(decision, name)
        if value != "none":
            label = policy.output(name).label.in_language(language)
            yield Told(label, output_words(policy, name).get(value, value))


def _told(decision: Decision, policy: Policy, language: str) -> list[Told]:
    told = []
    for name, fact in decision.facts.items():
        if name == "nature" or fact == "unknown" or name not in policy.inputs:
            continue
        asked = policy.inputs[name]
        if isinstance(fact, bool):
            value = _("yes") if fact else _("no")
        else:
            labels = {each.value: each.label.in_language(language) for each in asked.values}
            value = labels.get(str(fact), str(fact))
        told.append(Told(asked.label.in_language(language), value))
    return told


def _sent(assignment: BoardAssignment) -> SentUnit:
    words = state_words()
    steps = [
        Step(state, words[state], getattr(assignment, f"{state}_at"))
        for state in ("assigned", "accepted", "en_route", "on_scene")
    ]
    return SentUnit(
        assignment=assignment,
        kind=_label(UnitKind, assignment.kind),
        steps=tuple(steps),
        why=_label(Assignment.OtherKind, assignment.other_kind_reason),
        ended=_label(Assignment.Cleared, assignment.cleared_as),
    )


def _asked(request: BoardBackup) -> Asked:
    return Asked(
        call_sign=request.call_sign,
        kind=_label(UnitKind, request.kind),
        reason=_label(BackupRequest.Reason, request.reason),
        at=request.asked_at,
    )


def _label(choices: type[TextChoices], code: str) -> str:
    return str(choices(code).label) if code else ""
