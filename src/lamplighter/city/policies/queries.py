"""Which policy is in force."""

import gc
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy, parse_policy

from .models import Activation, PolicyVersion

FIRST_RESPONSE = "first response"


@dataclass(frozen=True)
class InForce:
    """A stored version with its compiled policy; `until` where a later one has replaced it."""

    stored: PolicyVersion
    policy: Policy
    since: datetime
    until: datetime | None = None


# Policies by content hash. A hash names one content for ever, so nothing in here grows old.
_compiled: dict[str, Policy] = {}
_KEPT = 32
_made_ready: set[str] = set()


def compiled(version: PolicyVersion) -> Policy:
    """The policy of a stored version, read once a process; until then its text is not fetched."""
    policy = _compiled.get(version.content_hash)
    if policy is None:
        if len(_compiled) >= _KEPT:
            _compiled.clear()
            _made_ready.clear()
        policy = _compiled[version.content_hash] = parse_policy(version.text)
    return policy


def in_force(name: str, now: datetime) -> InForce:
    """The version of a policy that decides at `now`; refused in one sentence if there is none."""
    found = in_force_or_none(name, now)
    if found is None:
        raise Refusal(
            "no-policy",
            _("No policy is in force for this: ask an administrator to put one in force."),
            status=503,
        )
    return found


def in_force_or_none(name: str, now: datetime) -> InForce | None:
    """The version of a policy that decides at `now`, if there is one."""
    activation = (
        Activation.objects.filter(policy__name=name, from_at__lte=now, withdrawn_at=None)
        .select_related("policy")
        .defer("policy__text")
        .order_by("-from_at", "-id")
        .first()
    )
    if activation is None:
        return None
    policy = compiled(activation.policy)
    _make_ready(policy)
    return InForce(activation.policy, policy, activation.from_at)


def _make_ready(policy: Policy) -> None:
    """Once a process, lay out the questions of a policy that calls are answered by.

    Beside the request: a call taker should not wait for what only later questions need.
    """
    if policy.content_hash not in _made_ready:
        _made_ready.add(policy.content_hash)
        Thread(target=_lay_out, args=[policy], daemon=True).start()


def _lay_out(policy: Policy) -> None:
    policy.engine.make_ready()
    # What is laid out stays for long. To go through all of it for what may be dropped, again and
    # again, would hold up whoever is answered just then.
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def stored_version(name: str, content_hash: str, now: datetime) -> InForce | None:
    """The version with this hash, if it was ever in force or is signed, with its latest time."""
    activations = Activation.objects.filter(policy__name=name, withdrawn_at=None)
    latest = (
        activations.filter(policy__content_hash=content_hash)
        .select_related("policy")
        .order_by("-from_at", "-id")
        .first()
    )
    if latest is None:
        return None
    later = activations.filter(from_at__gt=latest.from_at, from_at__lte=now).exclude(
        policy=latest.policy
    )
    next_at = later.order_by("from_at", "id").values_list("from_at", flat=True).first()
    return InForce(latest.policy, compiled(latest.policy), latest.from_at, next_at)
