"""Proposing a text, signing exactly it, and what follows: in force at a set time, or withdrawn."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.journal.actions import Act, act
from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy

from .checking import result_of
from .drafting import authors_of
from .models import Activation, Draft, PolicyVersion, Proposal, ProposalAuthor, Signature
from .needed import check_needed
from .queries import FIRST_RESPONSE, in_force_or_none

SIGNATURES = 2
LONGEST_NAME = 80


@dataclass(frozen=True)
class NewProposal:
    """What is asked to be signed: why, and from when on it is to decide."""

    reason: str
    from_at: datetime


def propose_draft(
    draft_id: uuid.UUID, new: NewProposal, *, revision: int, by: User, now: datetime
) -> Proposal:
    """Freeze a draft's text by its hash, for two people who did not write it to sign.

    Raises Refusal where the draft was changed meanwhile, where it cannot be read or fails its
    check, where nothing is changed, and where the time has passed.
    """
    with act(by, now) as done:
        draft = Draft.objects.select_for_update().get(pk=draft_id)
        if draft.revision != revision or draft.closed_at is not None:
            raise Refusal(
                "draft-moved-on",
                _("The draft was changed again meanwhile: read it again, then propose it."),
                status=409,
            )
        policy = _checked(draft.text)
        if draft.conflicts.filter(resolved_at=None).exists():
            raise Refusal(
                "draft-has-conflict",
                _("Somebody's copy waits beside this draft: choose between the two first."),
                status=409,
            )
        standing = in_force_or_none(policy.name, now)
        if standing and standing.stored.content_hash == policy.content_hash:
            raise Refusal(
                "nothing-changed",
                _("The draft says what the policy in force says: change something first."),
            )
        taken = PolicyVersion.objects.filter(name=policy.name, version=policy.version[:40])
        if taken.exclude(content_hash=policy.content_hash).exists():
            raise Refusal(
                "version-taken",
                _("An earlier version has the name %(version)s: give this one its own.")
                % {"version": policy.version},
            )
        proposal = _new_proposal(policy, draft.text, new, by, now)
        proposal.draft, proposal.draft_revision = draft, draft.revision
        return _save(proposal, authors_of(draft) | {by.pk}, done)


def propose_return(version_id: uuid.UUID, new: NewProposal, *, by: User, now: datetime) -> Proposal:
    """Propose to go back to an earlier version; it too needs a reason and two signatures."""
    with act(by, now) as done:
        version = PolicyVersion.objects.get(pk=version_id)
        policy = _checked(version.text)
        _check_was_in_force(version, now)
        proposal = _new_proposal(policy, version.text, new, by, now)
        proposal.restores = version
        return _save(proposal, {by.pk}, done)


def sign(proposal_id: uuid.UUID, content_hash: str, *, by: User, now: datetime) -> Proposal:
    """Sign exactly this content. With the second signature it takes force at its time.

    Raises Refusal for whoever wrote a part of it, for other content than was proposed, and for a
    proposal that has ended. PostgreSQL refuses the same.
    """
    with act(by, now) as done:
        proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
        if proposal.ended_at is not None or Activation.objects.filter(proposal=proposal).exists():
            raise Refusal("proposal-ended", _("This proposal is not open any more."), status=409)
        if content_hash != proposal.content_hash:
            raise Refusal(
                "other-content",
                _("This is not the content that was proposed: read it again, then sign."),
                status=409,
            )
        if proposal.authors.filter(user=by).exists():
            raise Refusal(
                "author-signs",
                _("Whoever wrote or proposed it does not sign it: somebody else must."),
                status=403,
            )
        _checked(proposal.text)
        try:
            with transaction.atomic():
                Signature.objects.create(
                    proposal=proposal, by=by, content_hash=content_hash, at=now
                )
        except IntegrityError:
            raise Refusal(
                "signed-already", _("You have signed this already."), status=409
            ) from None
        done.record("proposal signed", subject_id=proposal.pk, content_hash=content_hash)
        if proposal.signatures.count() >= SIGNATURES:
            _put_in_force(proposal, done)
    return proposal


def withdraw_proposal(proposal_id: uuid.UUID, *, by: User, now: datetime) -> Proposal:
    """Take a proposal back before it decides; what it would have become does not take force.

    Raises Refusal where it is in force: then only another version takes its place.
    """
    with act(by, now) as done:
        proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
        if proposal.ended_at is not None:
            return proposal
        activation = Activation.objects.select_for_update().filter(proposal=proposal).first()
        if activation is not None:
            if activation.from_at <= now:
                raise Refusal(
                    "in-force-already",
                    _("It is in force already: propose another version, or go back to one."),
                    status=409,
                )
            activation.withdrawn_at, activation.withdrawn_by = now, by
            activation.save(update_fields=["withdrawn_at", "withdrawn_by"])
            if proposal.draft_id is not None:
                Draft.objects.filter(pk=proposal.draft_id).update(closed_at=None, closed_as="")
        proposal.ended_at, proposal.ended_as = now, Proposal.Ended.WITHDRAWN
        proposal.save(update_fields=["ended_at", "ended_as"])
        done.record(
            "proposal withdrawn", subject_id=proposal.pk, content_hash=proposal.content_hash
        )
    return proposal


def roll_back_now(version_id: uuid.UUID, reason: str, *, by: User, now: datetime) -> Activation:
    """In an emergency: back at once to a version that was in force, by one administrator."""
    if not by.has_role(Role.ADMINISTRATOR):
        raise Refusal(
            "not-an-administrator",
            _("Only an administrator goes back alone: propose it, and have it signed by two."),
            status=403,
        )
    _check_reason(reason)
    with act(by, now) as done:
        version = PolicyVersion.objects.get(pk=version_id)
        _check_was_in_force(version, now)
        made = Activation.objects.create(
            policy=version,
            from_at=now,
            by=by,
            kind=Activation.Kind.EMERGENCY,
            reason=reason.strip(),
        )
        done.record(
            "policy brought back in an emergency",
            subject_id=version.pk,
            name=version.name,
            version=version.version,
            content_hash=version.content_hash,
        )
    return made


def _new_proposal(policy: Policy, text: str, new: NewProposal, by: User, now: datetime) -> Proposal:
    _check_reason(new.reason)
    if new.from_at < now.replace(second=0, microsecond=0):
        raise Refusal(
            "time-has-passed",
            _("This time has passed: choose one that is still to come."),
            field="from_at",
        )
    standing = in_force_or_none(policy.name, now)
    return Proposal(
        against=None if standing is None else standing.stored,
        name=policy.name,
        version=policy.version[:40],
        content_hash=policy.content_hash,
        text=text,
        reason=new.reason.strip(),
        check_passed=True,
        from_at=new.from_at,
        proposed_by=by,
        proposed_at=now,
    )


def _save(proposal: Proposal, authors: set[uuid.UUID], done: Act) -> Proposal:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            "proposed-already",
            _("This draft is proposed already: it can be signed, or withdrawn."),
            status=409,
        ) from None
    ProposalAuthor.objects.bulk_create(
        ProposalAuthor(proposal=proposal, user_id=author) for author in sorted(authors)
    )
    done.record(
        "policy proposed",
        subject_id=proposal.pk,
        name=proposal.name,
        version=proposal.version,
        content_hash=proposal.content_hash,
        from_at=proposal.from_at,
    )
    return proposal


def _put_in_force(proposal: Proposal, done: Act) -> None:
    version, _made = PolicyVersion.objects.get_or_create(
        name=proposal.name,
        content_hash=proposal.content_hash,
        defaults={
            "version": proposal.version,
            "text": proposal.text,
            "stored_at": done.now,
        },
    )
    from_at = max(proposal.from_at, done.now)
    Activation.objects.create(
        policy=version,
        from_at=from_at,
        by=proposal.proposed_by,
        kind=Activation.Kind.SIGNED,
        proposal=proposal,
        reason=proposal.reason,
    )
    if proposal.draft_id is not None:
        Draft.objects.filter(pk=proposal.draft_id).update(
            closed_at=done.now, closed_as=Draft.Closed.SIGNED
        )
    done.record(
        "policy activated",
        subject_id=version.pk,
        name=proposal.name,
        version=proposal.version,
        content_hash=proposal.content_hash,
        from_at=from_at,
    )


def _checked(text: str) -> Policy:
    """The policy of a text, if it can be read, passes its check and has what the city needs."""
    policy, _problems, report = result_of(text)
    if policy is None or report is None:
        raise Refusal(
            "not-a-policy",
            _("The draft cannot be read as a policy yet: mend what the check names."),
        )
    if len(policy.name) > LONGEST_NAME:
        raise Refusal(
            "name-too-long",
            _("The name of the policy is longer than %(most)s letters: shorten it.")
            % {"most": LONGEST_NAME},
        )
    if policy.name == FIRST_RESPONSE:
        check_needed(policy)
    if not report.passed:
        raise Refusal(
            "check-failed",
            _("The check of this policy fails: mend what it names, then propose it."),
        )
    return policy


def _check_was_in_force(version: PolicyVersion, now: datetime) -> None:
    before = version.activations.filter(from_at__lte=now, withdrawn_at=None)
    standing = in_force_or_none(version.name, now)
    if not before.exists() or (standing and standing.stored == version):
        raise Refusal(
            "not-an-earlier-version",
            _("Choose a version that was in force before, and is not now."),
            field="version",
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "no-reason",
            _("Say why: whoever signs, and everybody who reads the policy, will read it."),
            field="reason",
        )
