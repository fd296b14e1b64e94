"""What goes in and out of the API about calls: the field's words, nothing of our tables."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from lamplighter.city.incidents.queries import CallShown
from lamplighter.city.intake.models import Decision
from lamplighter.city.policies.queries import InForce

from .reading import Time, text

Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Code = text(40)
FactValue = bool | int | FiniteFloat | Code
Facts = Annotated[
    dict[Code, FactValue],
    Field(
        max_length=60,
        description='The policy\'s inputs that are known; "unknown" means asked and not known.',
        examples=[{"nature": "welfare_check", "weapon": False, "violence": "unknown"}],
    ),
]


class In(BaseModel):
    """What comes in: a field that is not known is a mistake, not a wish to be passed over."""

    model_config = ConfigDict(extra="forbid")


class FactsIn(In):
    facts: Facts


class CallIn(In):
    id: UUID = Field(description="Made by whoever makes the call record: a UUID, best version 7.")
    channel: Code = Field(description="911, 988, 311, app, officer_request or on_view.")
    received_at: Time = Field(description="When the caller reached somebody, with its zone.")
    facts: Facts
    address: text(200) = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    neighborhood_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    callback: text(40) = Field("", description="The number to call back.")
    narrative: text(4000) = Field("", description="What was said; never journalled or logged.")
    simulated: bool = Field(False, description="Whether the call was made up.")
    join_incident: UUID | None = Field(None, description="The open incident that it belongs to.")
    override_responder: Code = ""
    override_reason: text(400) = ""


class OverrideIn(In):
    responder: Code = Field(description="Who goes instead.")
    reason: text(400)


class WordsOut(BaseModel):
    en: str
    es: str


class HitOut(BaseModel):
    """The rule that decided one table, and why."""

    table: str
    rule: str
    outputs: dict[str, Any]
    because: WordsOut
    source: str


class DecisionOut(BaseModel):
    id: UUID
    made_at: datetime
    responder: str = Field(description="Who is to go: the override if there is one.")
    policy_says: str
    risk: str
    priority: int = Field(description="1, the most urgent, to 5.")
    target_minutes: int
    backup: str
    handover: str
    override_reason: str
    facts: dict[str, Any]
    unknown: list[str] = Field(description="Inputs that mattered and that nobody knew.")
    hits: list[HitOut]
    policy_version: str
    policy_hash: str


class TakenCallOut(BaseModel):
    id: UUID
    incident_id: UUID
    repeated: bool = Field(description="Whether this very call had been saved before.")
    decision: DecisionOut


class CallOut(BaseModel):
    id: UUID
    incident_id: UUID
    channel: str
    nature: str
    received_at: datetime
    taken_at: datetime
    address: str
    latitude: float | None
    longitude: float | None
    callback: str = Field(description="Empty for those who need not call back.")
    narrative: str = Field(description="Empty for those who need not know what was said.")
    simulated: bool
    decision: DecisionOut


class AnswerOut(BaseModel):
    """What the policy says of some facts: decided, or still open with the next question."""

    decided: bool
    outcome: dict[str, Any] | None = Field(description="Who goes, how soon; when decided.")
    hits: list[HitOut]
    used: list[str] = Field(description="The inputs that the rules looked at; when decided.")
    unknown: list[str]
    possible: list[dict[str, Any]] = Field(description="Every outcome still possible; when open.")
    ask: str | None = Field(description="The input to ask next; when open.")
    question: WordsOut | None
    can_matter: list[str] = Field(description="Inputs whose answer can still change the outcome.")
    policy_version: str
    policy_hash: str


class PolicyOut(BaseModel):
    name: str
    version: str
    content_hash: str
    in_force_since: datetime
    title: WordsOut
    about: WordsOut
    text: str = Field(description="The policy itself, in YAML, as it decides.")


def decision_out(decision: Decision, *, may_see_reasons: bool = True) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        made_at=decision.made_at,
        responder=decision.sent_responder,
        policy_says=decision.responder,
        risk=decision.risk,
        priority=decision.priority,
        target_minutes=decision.target_minutes,
        backup=decision.backup,
        handover=decision.handover,
        override_reason=decision.override_reason if may_see_reasons else "",
        facts=decision.facts,
        unknown=decision.unknown,
        hits=[HitOut(**hit) for hit in decision.hits],
        policy_version=decision.policy.version,
        policy_hash=decision.policy.content_hash,
    )


def call_out(shown: CallShown, *, may_see_reasons: bool) -> CallOut:
    """A call as one person may see it."""
    call = shown.call
    return CallOut(
        id=call.id,
        incident_id=call.incident_id,
        channel=call.channel,
        nature=call.nature,
        received_at=call.received_at,
        taken_at=call.taken_at,
        address=call.address,
        latitude=call.latitude,
        longitude=call.longitude,
        callback=shown.callback,
        narrative=shown.narrative,
        simulated=call.simulated,
        decision=decision_out(shown.standing.decision, may_see_reasons=may_see_reasons),
    )


def policy_out(current: InForce) -> PolicyOut:
    policy = current.policy
    return PolicyOut(
        name=policy.name,
        version=policy.version,
        content_hash=policy.content_hash,
        in_force_since=current.since,
        title=WordsOut(en=policy.title.en, es=policy.title.es),
        about=WordsOut(en=policy.about.en, es=policy.about.es),
        text=current.stored.text,
    )
