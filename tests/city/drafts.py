"""Drafts, proposals and signatures, made with the real verbs."""

from datetime import datetime, timedelta

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.policies.drafting import start_draft
from lamplighter.city.policies.models import Draft, PolicyVersion, Proposal
from lamplighter.city.policies.proposing import NewProposal, propose_draft, sign
from lamplighter.policy import shipped_policy

SHIPPED = shipped_policy("first_response").read_text(encoding="utf-8")
# A version of its own that says something else: somebody else's title.
OTHER = SHIPPED.replace('version: "2026-11-01"', 'version: "2027-01-15"').replace(
    "Who answers a call for help", "Who comes when somebody calls"
)
# Two calls to nobody: the first table has no rule for most calls.
FAILING = OTHER.replace("hit: first", "hit: unique", 1)


def someone(name: str, *roles: Role) -> User:
    """Somebody with these roles."""
    return User.objects.create(
        username=name, first_name=name.title(), roles=[role.value for role in roles]
    )


def draft_of(by: User, now: datetime, text: str = OTHER) -> Draft:
    """A draft that changes the version in force."""
    base = PolicyVersion.objects.order_by("stored_at").first()
    return start_draft(text, name="first response", base=base, by=by, now=now)


def proposed(by: User, now: datetime, text: str = OTHER, **later: float) -> Proposal:
    """A draft, proposed: `proposed(author, now, days=2)` for a time to come."""
    draft = draft_of(by, now, text)
    new = NewProposal("A title in plainer words.", now + timedelta(**later))
    return propose_draft(draft.pk, new, revision=draft.revision, by=by, now=now)


def signed(proposal: Proposal, *signers: User, now: datetime) -> Proposal:
    """Signed by these people, one after the other."""
    for signer in signers:
        sign(proposal.pk, proposal.content_hash, by=signer, now=now)
    proposal.refresh_from_db()
    return proposal
