"""A stored decision in words: facts known and unknown, the rules that hit and why."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from lamplighter.city.intake.models import Decision
from lamplighter.city.policies.queries import compiled
from lamplighter.city.policies.wording import PolicyWords
from lamplighter.policy import Words

NOT_KNOWN = "unknown"


@dataclass(frozen=True)
class ExplainedFact:
    """A fact in words; where it is not known, what the policy takes that for, if it says so."""

    name: str
    label: str
    value: str
    known: bool
    taken_for: str = ""


@dataclass(frozen=True)
class Said:
    """One thing that a table answered: what, and which value."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class RuleHit:
    """The rule that decided one table, why, and where that comes from."""

    table: str
    title: str
    rule: str
    because: str
    source: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Explained:
    """A whole decision in the words of the policy that made it, in the reader's language."""

    policy_name: str
    policy_title: str
    policy_version: str
    nature: str
    known: tuple[ExplainedFact, ...]
    unknown: tuple[ExplainedFact, ...]
    not_asked: tuple[ExplainedFact, ...]
    hits: tuple[RuleHit, ...]

    def said(self, output: str) -> str:
        """The words of one output, such as `handover`; empty if no table answered it."""
        return next(
            (said.value for hit in self.hits for said in hit.said if said.name == output), ""
        )

    def because(self, output: str) -> str:
        """Why the rule that answered this output did so."""
        return next(
            (hit.because for hit in self.hits for said in hit.said if said.name == output), ""
        )


def explain(decision: Decision) -> Explained:
    """Put a stored decision in words; its policy must be loaded with it (`select_related`).

    The version that decided gives the labels, so the words are those of that day. Reasons and
    sources were stored with the decision and are read from there.
    """
    policy = compiled(decision.policy)
    words = PolicyWords(policy, get_language() or "en")
    facts = {name: value for name, value in decision.facts.items() if value != NOT_KNOWN}
    # Unknown is what was asked in vain and what the rules looked at in vain.
    unknown = set(decision.unknown) | (set(decision.facts) - set(facts))
    others = set(policy.inputs) - set(facts) - unknown
    return Explained(
        policy_name=policy.name,
        policy_title=words.say(policy.title),
        policy_version=decision.policy.version,
        nature=words.value("nature", decision.facts["nature"]),
        known=tuple(
            ExplainedFact(name, words.label(name), words.value(name, facts[name]), known=True)
            for name in policy.inputs
            if name in facts and name != "nature"
        ),
        unknown=tuple(_unknown(words, name) for name in policy.inputs if name in unknown),
        not_asked=tuple(_unknown(words, name) for name in policy.inputs if name in others),
        hits=tuple(_hit(words, hit) for hit in decision.hits),
    )


def _unknown(words: PolicyWords, name: str) -> ExplainedFact:
    when_unknown = words.policy.inputs[name].when_unknown
    taken_for = "" if when_unknown is None else words.value(name, when_unknown)
    not_known = words.value(name, NOT_KNOWN).capitalize()
    return ExplainedFact(name, words.label(name), not_known, known=False, taken_for=taken_for)


def _hit(words: PolicyWords, hit: dict[str, Any]) -> RuleHit:
    table = next(table for table in words.policy.tables if table.name == hit["table"])
    return RuleHit(
        table=table.name,
        title=words.say(table.title),
        rule=hit["rule"],
        because=words.say(Words(hit["because"]["en"], hit["because"]["es"])),
        source=hit["source"],
        said=tuple(
            Said(name, words.label(name), words.value(name, value))
            for name, value in hit["outputs"].items()
        ),
    )
