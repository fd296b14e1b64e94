"""What the rooms after this one need of the policy by which calls are answered."""

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy
from lamplighter.policy.model import Table

from .interview import NATURE

# Saved with each call, and shown on the board and to the teams.
OUTPUTS = ("risk", "responder", "priority", "target_minutes", "backup", "handover")
# How long the words are that a call is saved with, and between what its numbers lie.
LONGEST = {"risk": 20, "responder": 30, "backup": 30, "handover": 30}
NUMBERS = {"priority": (1, 5), "target_minutes": (0, 32_767)}
LONGEST_FACT = 40
# Whom the city can send. Intake names them for people; a test holds the two lists together.
RESPONDERS = frozenset(
    {
        "police",
        "fire",
        "ems",
        "co_response",
        "community_team",
        "ems_and_community_team",
        "outreach_team",
        "violence_interrupters",
        "mediation",
        "clinician_by_phone",
        "crisis_line",
        "traffic_desk",
        "report_desk",
        "self_service",
    }
)


def check_needed(policy: Policy) -> None:
    """Refuse a policy by which the next call could not be saved or shown."""
    missing = [NATURE] if NATURE not in policy.inputs else []
    missing += [name for name in OUTPUTS if name not in _decided(policy)]
    if missing:
        raise Refusal(
            "policy-lacks",
            _("The policy lacks what the city needs to answer a call (%(names)s): add it.")
            % {"names": ", ".join(missing)},
            field="text",
            data={"missing": missing},
        )
    declared = [value.value for value in policy.output("responder").values]
    unknown = [value for value in declared if value not in RESPONDERS]
    if unknown or not declared:
        raise Refusal(
            "policy-sends-unknown",
            _("The policy sends whom the city does not know (%(names)s): name its own responders.")
            % {"names": ", ".join(unknown) or "responder"},
            field="text",
            data={"unknown": unknown, "values": sorted(RESPONDERS)},
        )
    unfit = _unfit(policy)
    if unfit:
        raise Refusal(
            "policy-cannot-be-kept",
            _(
                "A call cannot be saved with this (%(names)s): let the nature be a choice and one "
                "rule decide each answer, keep names short, the priority from 1 to 5, and minutes "
                "whole."
            )
            % {"names": ", ".join(unfit)},
            field="text",
            data={"unfit": unfit},
        )


def _decided(policy: Policy) -> set[str]:
    """What the policy answers; its risk may be a step on the way to the answer."""
    steps = {name for table in policy.tables for name in table.outputs}
    return set(policy.outcome) | (steps & {"risk"})


def _unfit(policy: Policy) -> list[str]:
    """Facts and answers that could not be saved with a call."""
    unfit = [name for name in policy.inputs if len(name) > LONGEST_FACT]
    natures = policy.inputs[NATURE].values
    if not natures or any(len(nature.value) > LONGEST_FACT for nature in natures):
        unfit.append(NATURE)
    answers = ((table, name) for table in policy.tables for name in table.outputs)
    return unfit + [name for table, name in answers if not _fits(table, name)]


def _fits(table: Table, name: str) -> bool:
    """Whether what a table answers under a name can be saved; what is not saved always fits."""
    if name not in OUTPUTS:
        return True
    if table.gathers or table.aggregate in ("sum", "count"):
        return False
    values = [rule.then[name] for rule in table.rules]
    if name in LONGEST:
        return all(isinstance(value, str) and len(value) <= LONGEST[name] for value in values)
    least, most = NUMBERS[name]
    return all(
        isinstance(value, int | float) and least <= value <= most and value == int(value)
        for value in values
    )
