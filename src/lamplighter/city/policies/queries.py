"""Which policy is in force."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy, parse_policy

from .models import Activation, PolicyVersion

FIRST_RESPONSE = "first response"


@dataclass(frozen=True)
class InForce:
    """A stored version with its compiled policy."""

    stored: PolicyVersion
    policy: Policy
    since: datetime


@lru_cache(maxsize=32)
def _compiled(content_hash: str, text: str) -> Policy:
    return parse_policy(text)


def compiled(version: PolicyVersion) -> Policy:
    """The policy of a stored version, read once a process."""
    return _compiled(version.content_hash, version.text)


def in_force(name: str, now: datetime) -> InForce:
    """The version of a policy that decides at `now`; refused in one sentence if there is none."""
    activation = (
        Activation.objects.filter(policy__name=name, from_at__lte=now)
        .select_related("policy")
        .order_by("-from_at", "-id")
        .first()
    )
    if activation is None:
        raise Refusal(
            "no-policy",
            _("No policy is in force for this: ask an administrator to put one in force."),
            status=503,
        )
    return InForce(activation.policy, compiled(activation.policy), activation.from_at)
