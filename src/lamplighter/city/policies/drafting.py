"""Writing a draft: started, changed, kept beside another's, given up. Nothing typed is lost."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import Act, act
from lamplighter.city.refusal import Refusal
from lamplighter.policy import PolicyError, parse_policy

from .models import ConflictCopy, Draft, DraftRevision, PolicyVersion, Proposal

LONGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Kept:
    """What became of a change: a new revision, or a copy beside the one that came first."""

    draft: Draft
    conflict: ConflictCopy | None = None


def start_draft(
    text: str, *, name: str, base: PolicyVersion | None, by: User, now: datetime
) -> Draft:
    """Start a draft with this text; `name` stands until the text itself names its policy."""
    text = _usable(text)
    draft = Draft(
        name=name_in(text) or name,
        base=base,
        text=text,
        started_by=by,
        started_at=now,
        changed_by=by,
        changed_at=now,
    )
    with act(by, now) as done:
        draft.save(force_insert=True)
        if base is None or base.text != text:
            DraftRevision.objects.create(draft=draft, revision=1, text=text, by=by, at=now)
        done.record(
            "draft started",
            subject_id=draft.pk,
            base=None if base is None else base.content_hash,
        )
    return draft


def change_draft(draft_id: uuid.UUID, text: str, *, revision: int, by: User, now: datetime) -> Kept:
    """Keep a changed text, if the draft is still the one that was changed.

    1. The update asks for the revision that the writer had before them; its row count says who won.
    2. Whoever lost loses nothing: their text is kept as a copy, for them to choose.
    3. A proposal of the draft ends, and with it every signature: it was for the text before.
    """
    text = _usable(text)
    with act(by, now) as done:
        draft = _locked(draft_id)
        if draft.text == text:
            return Kept(draft)
        won = Draft.objects.filter(pk=draft_id, revision=revision, closed_at=None).update(
            text=text,
            revision=revision + 1,
            name=name_in(text) or draft.name,
            changed_by=by,
            changed_at=now,
        )
        if not won:
            return Kept(draft, _keep_beside(draft, text, revision, by, done))
        draft.refresh_from_db()
        DraftRevision.objects.create(draft=draft, revision=draft.revision, text=text, by=by, at=now)
        done.record("draft changed", subject_id=draft.pk, revision=draft.revision)
        _void_proposals(draft, done)
    return Kept(draft)


def resolve_conflict(
    conflict_id: uuid.UUID, *, take: str, revision: int, by: User, now: datetime
) -> Kept:
    """End a conflict: `take="copy"` makes the copy the draft's text, `take="draft"` leaves it.

    The copy stays in the record either way. Raises Refusal where the draft was changed again.
    """
    with act(by, now) as done:
        copy = ConflictCopy.objects.select_for_update().get(pk=conflict_id)
        draft = _locked(copy.draft_id)
        if copy.resolved_at is not None:
            return Kept(draft)
        if take == "copy":
            if draft.revision != revision or draft.closed_at is not None:
                raise Refusal(
                    "draft-moved-on",
                    _("The draft was changed again meanwhile: compare with what it says now."),
                    status=409,
                )
            draft.text, draft.revision = copy.text, revision + 1
            draft.name = name_in(copy.text) or draft.name
            draft.changed_by, draft.changed_at = by, now
            draft.save()
            # Whoever wrote the copy wrote this revision, whoever chose it.
            DraftRevision.objects.create(
                draft=draft, revision=draft.revision, text=copy.text, by=copy.by, at=now
            )
            _void_proposals(draft, done)
        copy.resolved_at = now
        copy.save(update_fields=["resolved_at"])
        done.record("draft conflict resolved", subject_id=draft.pk, copy=copy.pk, taken=take)
    return Kept(draft)


def discard_draft(draft_id: uuid.UUID, *, by: User, now: datetime) -> Draft:
    """Give a draft up; what was written stays in the record, and its proposal ends."""
    with act(by, now) as done:
        draft = _locked(draft_id)
        if draft.closed_at is None:
            draft.closed_at, draft.closed_as = now, Draft.Closed.DISCARDED
            draft.save(update_fields=["closed_at", "closed_as"])
            done.record("draft given up", subject_id=draft.pk)
            _void_proposals(draft, done)
    return draft


def authors_of(draft: Draft) -> set[uuid.UUID]:
    """Everybody who wrote any part of a draft, in a revision or in a copy beside it."""
    wrote = set(draft.revisions.values_list("by", flat=True))
    return wrote | set(draft.conflicts.values_list("by", flat=True))


def name_in(text: str) -> str:
    """The name that a text gives its policy; empty where it cannot be read."""
    try:
        return parse_policy(text).name[:80]
    except PolicyError:
        return ""


def _keep_beside(draft: Draft, text: str, revision: int, by: User, done: Act) -> ConflictCopy:
    copy = ConflictCopy.objects.create(
        draft=draft, based_on=revision, text=text, by=by, at=done.now
    )
    done.record("draft conflict kept", subject_id=draft.pk, copy=copy.pk, based_on=revision)
    return copy


def _void_proposals(draft: Draft, done: Act) -> None:
    for proposal in Proposal.objects.select_for_update().filter(draft=draft, ended_at=None):
        proposal.ended_at, proposal.ended_as = done.now, Proposal.Ended.EDITED
        proposal.save(update_fields=["ended_at", "ended_as"])
        done.record(
            "proposal voided",
            subject_id=proposal.pk,
            content_hash=proposal.content_hash,
            signatures=proposal.signatures.count(),
        )


def _locked(draft_id: uuid.UUID) -> Draft:
    return Draft.objects.select_for_update().get(pk=draft_id)


def _usable(text: str) -> str:
    """The text with the line ends of a file; refused where PostgreSQL cannot take it."""
    text = text.replace("\r\n", "\n")
    if "\0" in text or len(text) > LONGEST_TEXT:
        raise Refusal(
            "text-not-usable",
            _("The text is too long, or has a character that is none: shorten or clean it."),
            field="text",
        )
    return text
