"""A decision in words: which facts were known, which rules hit and why, as its policy says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.intake.models import Decision
from lamplighter.city.policies.queries import compiled
from lamplighter.policy import Policy
from lamplighter.policy.model import ChoiceValue, Words

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
    """Put a stored decision in words; its policy must be loaded with it (`select_related`)."""
    policy = compiled(decision.policy)
    facts = {name: value for name, value in decision.facts.items() if value != NOT_KNOWN}
    # Unknown is what was asked in vain and what the rules looked at in vain.
    unknown = set(decision.unknown) | (set(decision.facts) - set(facts))
    not_asked = set(policy.inputs) - set(facts) - unknown
    return Explained(
        policy_name=policy.name,
        policy_version=decision.policy.version,
        nature=nature_label(policy, str(decision.facts.get("nature", ""))),
        known=tuple(
            _fact(policy, name, facts[name])
            for name in policy.inputs
            if name in facts and name != "nature"
        ),
        unknown=tuple(_unknown(policy, name) for name in policy.inputs if name in unknown),
        not_asked=tuple(_unknown(policy, name) for name in policy.inputs if name in not_asked),
        hits=tuple(_hit(policy, hit) for hit in decision.hits),
    )


def nature_label(policy: Policy, nature: str) -> str:
    """What is happening, as the policy calls it."""
    asked = policy.inputs.get("nature")
    return _label_of(asked.values if asked else (), nature)


def _fact(policy: Policy, name: str, value: Any) -> ExplainedFact:
    asked = policy.inputs[name]
    return ExplainedFact(name, _said(asked.label), _label_of(asked.values, value), known=True)


def _unknown(policy: Policy, name: str) -> ExplainedFact:
    asked = policy.inputs[name]
    taken_for = "" if asked.when_unknown is None else _label_of(asked.values, asked.when_unknown)
    return ExplainedFact(name, _said(asked.label), _("Not known"), known=False, taken_for=taken_for)


def _hit(policy: Policy, hit: dict[str, Any]) -> RuleHit:
    table = next(table for table in policy.tables if table.name == hit["table"])
    return RuleHit(
        table=table.name,
        title=_said(table.title),
        rule=hit["rule"],
        because=_said(Words(hit["because"]["en"], hit["because"]["es"])),
        source=hit["source"],
        said=tuple(
            Said(name, _said(table.outputs[name].label), _label_of(table.outputs[name].values, v))
            for name, v in hit["outputs"].items()
        ),
    )


def _label_of(values: Iterable[ChoiceValue], value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for choice in values:
        if choice.value == value:
            return _said(choice.label)
    return str(value).replace("_", " ")


def _said(words: Words) -> str:
    return words.in_language(get_language() or "en")
