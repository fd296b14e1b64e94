"""From the facts of a call to a decision to save, or a sentence that says what is wrong."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.policies.answers import Fact, is_answer
from lamplighter.city.policies.interview import NATURE
from lamplighter.city.policies.queries import InForce
from lamplighter.city.refusal import Refusal
from lamplighter.policy import UNKNOWN, Open, Policy, decide

from .models import Decision, Responder


def decision_from(
    current: InForce, facts: Mapping[str, Fact], *, by: User, now: datetime
) -> Decision:
    """What the policy in force says of these facts, with what is missing as unknown; not saved."""
    check_facts(current.policy, facts)
    known = {name: UNKNOWN if value == "unknown" else value for name, value in facts.items()}
    answer = decide(current.policy, known, final=True)
    if isinstance(answer, Open):  # final=True leaves nothing open
        raise AssertionError("a final decision is open")
    outcome = answer.outcome
    return Decision(
        made_at=now,
        made_by=by,
        policy=current.stored,
        facts=dict(facts),
        unknown=list(answer.unknown),
        hits=answer.to_dict()["hits"],
        risk=next(hit.outputs["risk"] for hit in answer.hits if "risk" in hit.outputs),
        responder=outcome["responder"],
        priority=outcome["priority"],
        target_minutes=outcome["target_minutes"],
        backup=outcome["backup"],
        handover=outcome["handover"],
    )


def check_facts(policy: Policy, facts: Mapping[str, Fact]) -> None:
    """Refuse what the policy cannot use. Only names of the policy are repeated, never an answer."""
    if facts.get(NATURE) not in policy.inputs[NATURE].domain:
        raise Refusal(
            "unknown-nature",
            _("What is happening is not said: choose it from the list."),
            field=NATURE,
            data={"values": list(policy.inputs[NATURE].domain.values)},
        )
    for name, value in facts.items():
        declared = policy.inputs.get(name)
        if declared is None:
            raise Refusal(
                "unknown-fact",
                _("A fact is not one that the policy in force asks for: send only its questions."),
                field="facts",
                data={"facts": list(policy.inputs)},
            )
        if not is_answer(declared, value):
            raise Refusal(
                "fact-not-understood",
                _("The answer to “%(fact)s” is not one that the policy knows: answer it again.")
                % {"fact": declared.label.in_language(get_language() or "en")},
                field="facts",
                data={"fact": name, "values": str(declared.domain)},
            )


def apply_override(made: Decision, responder: str, reason: str, *, required: bool = False) -> None:
    """Note on a decision that a person sends somebody else, and why; both or neither."""
    if not responder and not reason.strip() and not required:
        return
    if responder not in Responder.values:
        raise Refusal(
            "override-without-responder",
            _("The override names nobody to send: choose who goes instead."),
            field="override_responder",
        )
    if not reason.strip():
        raise Refusal(
            "override-without-reason",
            _("The override has no reason: write why somebody else goes."),
            field="override_reason",
        )
    made.override_responder, made.override_reason = responder, reason.strip()
