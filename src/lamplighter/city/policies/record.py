"""Which version was in force from when to when, and who signed it: for everybody to read."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from .models import Activation, Signature


@dataclass(frozen=True)
class Spell:
    """A stretch of time in which one version decided; `until` is None while it does.

    `coming`: it is signed, and takes force at `since`. `before` is the version that it followed.
    """

    activation: Activation
    since: datetime
    until: datetime | None
    coming: bool
    now: bool
    signers: tuple[Signature, ...]
    before: Activation | None

    @property
    def version(self) -> str:
        return self.activation.policy.version

    @property
    def content_hash(self) -> str:
        return self.activation.policy.content_hash


def spells(name: str, now: datetime) -> list[Spell]:
    """The times in force of a policy, latest first, those to come above all."""
    signatures = Signature.objects.select_related("by").order_by("at", "id")
    rows = list(
        Activation.objects.filter(policy__name=name, withdrawn_at=None)
        .select_related("policy", "by", "proposal")
        .prefetch_related(Prefetch("proposal__signatures", queryset=signatures))
        .defer("policy__text", "proposal__text")
        .order_by("from_at", "id")
    )
    found: list[Spell] = []
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        coming = row.from_at > now
        until = after.from_at if after else None
        found.append(
            Spell(
                activation=row,
                since=row.from_at,
                until=until,
                coming=coming,
                now=not coming and (until is None or until > now),
                signers=tuple(row.proposal.signatures.all()) if row.proposal else (),
                before=rows[place - 1] if place else None,
            )
        )
    return found[::-1]
