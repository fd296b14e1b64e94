"""What the call form shows: questions with their answers and keys, the decision, calls near by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.policies.answers import Fact, usable_answers, written
from lamplighter.city.policies.interview import NATURE, Interview, interview
from lamplighter.city.policies.queries import compiled
from lamplighter.city.policies.wording import Explained, PolicyWords
from lamplighter.policy import Input, Policy

from .models import Decision
from .queries import neighborhood_at, open_incidents_near

RESPONDER = "responder"


@dataclass(frozen=True)
class Answer:
    """One answer to a question, and the key that gives it."""

    value: str
    label: str
    key: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """A fact as it is asked: with the question's words, or only its label where it is listed."""

    name: str
    label: str
    words: str
    help: str
    answers: tuple[Answer, ...]
    is_number: bool
    given: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Questions:
    """The questions of a call as they stand, in the reader's words."""

    nature: Choice | None
    natures: tuple[Choice, ...]
    asked: Question | None
    answered: tuple[Question, ...]
    can_matter: tuple[Question, ...]
    cannot_matter: tuple[Question, ...]


@dataclass(frozen=True)
class Standing:
    """The decision as it stands, and whether answers can still change it."""

    explained: Explained
    settled: bool
    responder: Choice
    may_go: tuple[Choice, ...]
    policy_url: str
    version: str

    @property
    def may_go_instead(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.may_go if choice != self.responder)


@dataclass(frozen=True)
class Decided:
    """A saved decision in short: who goes, how soon, and whom the policy would have sent."""

    responder: Choice
    policy_says: Choice
    priority: int
    target_minutes: int
    risk: str
    override_reason: str


@dataclass(frozen=True)
class Nearby:
    """An open incident near the pin; its letter marks it on the map."""

    letter: str
    latitude: float
    longitude: float
    incident_id: str
    metres: int
    opened_at: datetime
    nature: str
    address: str


@dataclass(frozen=True)
class PlaceNow:
    """What is known of the pin: the neighbourhood it lies in, and open incidents near it."""

    neighborhood_id: int | None = None
    outside: bool = False
    nearby: tuple[Nearby, ...] = ()


def policy_address(policy: Policy) -> str:
    """Where the public reads this policy."""
    return reverse("policies:policy", args=[policy.name.replace(" ", "-")])


def interview_with(policy: Policy, facts: Mapping[str, Fact]) -> Interview:
    """The interview with those of the facts that the policy understands."""
    return interview(policy, usable_answers(policy, facts))


def questions_of(now_asked: Interview) -> Questions:
    words = PolicyWords(now_asked.policy, get_language() or "en")
    facts = {name: written(value) for name, value in now_asked.facts.items()}
    nature = now_asked.policy.inputs[NATURE]
    natures = tuple(Choice(v.value, words.say(v.label)) for v in nature.values)

    def shown(inputs: tuple[Input, ...]) -> tuple[Question, ...]:
        return tuple(
            _question(words, declared, facts.get(declared.name, "")) for declared in inputs
        )

    asked = now_asked.question
    return Questions(
        nature=next((choice for choice in natures if choice.value == facts.get(NATURE)), None),
        natures=natures,
        asked=shown((asked,))[0] if asked else None,
        answered=shown(now_asked.answered),
        can_matter=shown(now_asked.can_matter),
        cannot_matter=shown(now_asked.cannot_matter),
    )


def standing_of(now_asked: Interview) -> Standing | None:
    """The decision as it stands; None until what is happening is known."""
    if now_asked.decision is None:
        return None
    words = PolicyWords(now_asked.policy, get_language() or "en")
    explained = words.explain(now_asked.decision)
    responder = explained.results[RESPONDER]
    return Standing(
        explained=explained,
        settled=now_asked.settled,
        responder=Choice(str(responder.value), responder.words),
        may_go=tuple(Choice(code, words.value(RESPONDER, code)) for code in now_asked.responders),
        policy_url=policy_address(now_asked.policy),
        version=now_asked.policy.version,
    )


def decided(decision: Decision) -> Decided:
    """A saved decision, in the words of the policy that made it."""
    words = PolicyWords(compiled(decision.policy), get_language() or "en")
    sent, said = decision.sent_responder, decision.responder
    return Decided(
        Choice(sent, words.value(RESPONDER, sent)),
        Choice(said, words.value(RESPONDER, said)),
        decision.priority,
        decision.target_minutes,
        decision.risk,
        decision.override_reason,
    )


def responders_of(policy: Policy) -> list[tuple[str, str]]:
    """Everybody whom the policy can send, for a select."""
    words = PolicyWords(policy, get_language() or "en")
    return [(value.value, words.say(value.label)) for value in policy.output(RESPONDER).values]


def place_now(
    user: User, policy: Policy, latitude: float | None, longitude: float | None
) -> PlaceNow:
    """What lies at and around the pin."""
    if latitude is None or longitude is None:
        return PlaceNow()
    neighborhood = neighborhood_at(latitude, longitude)
    if neighborhood is None:
        return PlaceNow(outside=True)
    words = PolicyWords(policy, get_language() or "en")
    near = open_incidents_near(user, latitude, longitude)
    return PlaceNow(
        neighborhood.pk,
        nearby=tuple(
            Nearby(
                letter,
                one.incident.latitude,
                one.incident.longitude,
                str(one.incident.pk),
                one.metres,
                one.incident.opened_at,
                words.value(NATURE, one.incident.nature),
                one.incident.address,
            )
            for letter, one in zip("ABCDE", near, strict=False)
        ),
    )


def _question(words: PolicyWords, declared: Input, given: str) -> Question:
    answers = [
        Answer(value, label, key, value == given) for value, label, key in _answers(words, declared)
    ]
    return Question(
        name=declared.name,
        label=words.say(declared.label),
        words=words.say(declared.ask or declared.label),
        help=words.say(declared.help) if declared.help else "",
        answers=tuple(answers),
        is_number=declared.type == "number",
        given=given,
    )


def _answers(words: PolicyWords, declared: Input) -> list[tuple[str, str, str]]:
    """Each answer with its label and key: letters for yes, no and unknown, digits for choices."""
    if declared.type == "boolean":
        given = [
            ("true", words.value(declared.name, True), pgettext("the key that answers yes", "y")),
            ("false", words.value(declared.name, False), pgettext("the key that answers no", "n")),
        ]
    else:
        given = [
            (value.value, words.say(value.label), str(number) if number < 10 else "")
            for number, value in enumerate(declared.values, 1)
        ]
    if not declared.always_known:
        given.append(("unknown", _("Unknown"), pgettext("the key that answers unknown", "u")))
    return given
