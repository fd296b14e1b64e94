"""The words of the board for the codes that it shows, in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.intake.models import Incident, Responder
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy

from .models import Assignment, BackupRequest, UnitKind
from .rows import KIND_ICONS, STATE_ICONS


def policy_words(now: datetime) -> dict[str, dict[str, str]]:
    """Natures and risks as the policy in force names them; empty when none is in force."""
    try:
        policy = in_force(FIRST_RESPONSE, now).policy
    except Refusal:
        return {"nature": {}, "risk": {}}
    return {"nature": input_words(policy, "nature"), "risk": output_words(policy, "risk")}


def input_words(policy: Policy, name: str) -> dict[str, str]:
    """The labels of an input's values, in the reader's language."""
    language = get_language() or "en"
    return {each.value: each.label.in_language(language) for each in policy.inputs[name].values}


def output_words(policy: Policy, name: str) -> dict[str, str]:
    """The labels of an output's values, in the reader's language."""
    language = get_language() or "en"
    return {each.value: each.label.in_language(language) for each in policy.output(name).values}


def state_words() -> dict[str, str]:
    """What a unit may be doing."""
    return {
        "off_shift": _("Off shift"),
        "free": _("Free"),
        "assigned": _("Assigned"),
        "accepted": _("Accepted"),
        "en_route": _("On the way"),
        "on_scene": _("On scene"),
        "cleared": _("Cleared"),
    }


def board_words(now: datetime) -> dict[str, Any]:
    """Every code of the board with its words, and the icons beside them."""
    return {
        **policy_words(now),
        "state": state_words(),
        "kind": _labels(UnitKind),
        "responder": _labels(Responder),
        "other_kind_reason": _labels(Assignment.OtherKind),
        "backup_reason": _labels(BackupRequest.Reason),
        "cleared": _labels(Assignment.Cleared),
        "closed": _labels(Incident.Closed),
        "kind_icon": KIND_ICONS,
        "state_icon": STATE_ICONS,
    }


def _labels(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}
