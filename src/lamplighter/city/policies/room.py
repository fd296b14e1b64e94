"""What the policy room shows: drafts being written, proposals to sign, what is to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from lamplighter.city.accounts.models import Role, User

from .models import Activation, ConflictCopy, Draft, PolicyVersion, Proposal, Rehearsal
from .proposing import SIGNATURES
from .queries import InForce

# An author writes; whoever runs the programs signs too; an administrator keeps the place running,
# reads along, and may go back alone in an emergency.
IN_THE_ROOM = (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR)
WRITES = (Role.POLICY_AUTHOR,)
SIGNS = (Role.POLICY_AUTHOR, Role.MANAGER)

# The version that a draft gives itself, also where nothing else of its text can be read.
_VERSION = Func(
    F("text"),
    Value(r"""(?n)^version:\s*["']?([^"'#\s]+)"""),
    function="substring",
    output_field=CharField(),
)


@dataclass(frozen=True)
class ProposalRow:
    """A proposal with what stands between it and being in force, for one reader."""

    proposal: Proposal
    activation: Activation | None
    signed: int
    signed_by_me: bool
    written_by_me: bool
    now: datetime

    @property
    def missing(self) -> int:
        return max(0, SIGNATURES - self.signed)

    @property
    def state(self) -> str:
        """`ended`, `open`, `coming` or `in_force` (which it may have been in the past)."""
        if self.proposal.ended_at is not None:
            return "ended"
        if self.activation is None:
            return "open"
        return "coming" if self.activation.from_at > self.now else "in_force"

    @property
    def may_withdraw(self) -> bool:
        return self.state in {"open", "coming"}


def open_drafts() -> QuerySet[Draft]:
    """Drafts that are being written, the one that changed last first; `version` as they call it."""
    return (
        Draft.objects.filter(closed_at=None)
        .select_related("base", "changed_by", "started_by")
        .annotate(
            waiting=Count("conflicts", filter=Q(conflicts__resolved_at=None)),
            version=_VERSION,
        )
        .defer("text", "base__text")
        .order_by("-changed_at")
    )


def proposals_for(user: User, now: datetime) -> list[ProposalRow]:
    """The proposals of the room, open ones first, then the latest."""
    rows = (
        Proposal.objects.select_related("proposed_by", "restores", "activation")
        .defer("text", "restores__text")
        .prefetch_related("signatures", "authors")
        .order_by("-proposed_at")[:50]
    )
    found = [proposal_row(row, user, now) for row in rows]
    order = {"open": 0, "coming": 1}
    return sorted(found, key=lambda row: order.get(row.state, 2))


def proposal_row(proposal: Proposal, user: User, now: datetime) -> ProposalRow:
    """Where a proposal stands, for one reader."""
    signatures = list(proposal.signatures.all())
    return ProposalRow(
        proposal=proposal,
        activation=getattr(proposal, "activation", None),
        signed=len(signatures),
        signed_by_me=any(signature.by_id == user.pk for signature in signatures),
        written_by_me=any(author.user_id == user.pk for author in proposal.authors.all()),
        now=now,
    )


def overtaken_by(started_from: PolicyVersion | None, now: InForce | None) -> PolicyVersion | None:
    """The version that took force since a text was begun, or proposed, from another one."""
    if started_from is None or now is None or started_from.pk == now.stored.pk:
        return None
    return now.stored


def waiting_copies(draft: Draft) -> QuerySet[ConflictCopy]:
    """Copies beside a draft that nobody has chosen about, oldest first."""
    return draft.conflicts.filter(resolved_at=None).select_related("by").order_by("at", "id")


def last_rehearsal(content_hash: str) -> Rehearsal | None:
    """The latest finished rehearsal of exactly this content."""
    return (
        Rehearsal.objects.filter(content_hash=content_hash, found__isnull=False)
        .select_related("history", "against", "asked_by")
        .order_by("-asked_at", "-id")
        .first()
    )


def versions_to_return_to(name: str, now: datetime) -> QuerySet[PolicyVersion]:
    """Versions that were in force before and are not now, the latest first."""
    past = Activation.objects.filter(policy__name=name, from_at__lte=now, withdrawn_at=None)
    standing = past.order_by("-from_at", "-id").values_list("policy", flat=True).first()
    return (
        PolicyVersion.objects.filter(pk__in=past.values("policy"))
        .exclude(pk=standing)
        .defer("text")
        .order_by("-stored_at", "-id")
    )


def names_of_policies() -> Iterable[str]:
    """The policies that the city has, by name."""
    return PolicyVersion.objects.order_by("name").values_list("name", flat=True).distinct()
