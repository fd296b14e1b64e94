"""Storing a policy version and putting it in force."""

from datetime import datetime

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import act
from lamplighter.policy import parse_policy

from .models import Activation, PolicyVersion
from .needed import check_needed
from .queries import FIRST_RESPONSE


def activate(text: str, *, by: User | None, from_at: datetime, now: datetime) -> PolicyVersion:
    """Store a policy's text, once for each content, and put it in force from a time on.

    Raises PolicyError when the text is not a policy, and Refusal when calls are answered by it and
    it lacks what the city needs for that; then nothing is stored.
    """
    policy = parse_policy(text)
    if policy.name == FIRST_RESPONSE:
        check_needed(policy)
    with act(by, now) as done:
        version, _ = PolicyVersion.objects.get_or_create(
            name=policy.name,
            content_hash=policy.content_hash,
            defaults={"version": policy.version, "text": text, "stored_at": now},
        )
        Activation.objects.create(policy=version, from_at=from_at, by=by)
        done.record(
            "policy activated",
            subject_id=version.pk,
            name=policy.name,
            version=policy.version,
            content_hash=policy.content_hash,
            from_at=from_at,
        )
    return version
