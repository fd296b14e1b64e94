"""A policy room in which something goes on: drafts, two texts of one, a proposal, a rehearsal.

Runs inside a sample city that was just built, in a process with the city's settings. It puts
nothing in force: the policy that the other tests know goes on deciding.
"""

from datetime import datetime
from pathlib import Path

from lamplighter.city.accounts.models import User
from lamplighter.city.policies.drafting import change_draft, start_draft
from lamplighter.city.policies.models import (
    CallFile,
    ImportedHistory,
    PolicyVersion,
    Proposal,
    Rehearsal,
)
from lamplighter.city.policies.proposing import (
    NewProposal,
    propose_draft,
    sign,
    withdraw_proposal,
)
from lamplighter.city.policies.rehearsing import rehearse

# Reasons that people typed, in their own language.
TYPED = ("Suspicion alone is worth a look.", "A first try.")


def play_room(now: datetime) -> dict[str, str]:
    """Make it all once; gives the identifiers by name."""
    if Proposal.objects.exists():
        return _made()
    people = {user.username: user for user in User.objects.all()}
    standing = PolicyVersion.objects.get()
    text = standing.text.replace('version: "2026-11-01"', 'version: "2027-01-15"')
    before, rule, after = text.partition("- id: suspicion-report")
    looked_at = before + rule + after.replace("responder: report_desk", "responder: police", 1)
    esme, jonas = people["esme"], people["jonas"]

    def draft_with(said: str) -> object:
        return start_draft(said, name=standing.name, base=standing, by=esme, now=now)

    two = draft_with(looked_at)
    change_draft(two.pk, looked_at + "# by Esme\n", revision=1, by=esme, now=now)
    change_draft(two.pk, looked_at + "# by Jonas\n", revision=1, by=jonas, now=now)
    broken = text.replace("then: {responder: police}", "then: {responder: community_team}", 1)
    draft_with(broken)
    draft_with("policy: [first response")
    proposed = draft_with(looked_at)
    _rehearse(proposed, standing, esme, now)
    new = NewProposal(TYPED[0], now)
    proposal = propose_draft(proposed.pk, new, revision=1, by=esme, now=now)
    sign(proposal.pk, proposal.content_hash, by=people["lucia"], now=now)
    other = draft_with(looked_at.replace('version: "2027-01-15"', 'version: "2027-02-15"'))
    ended = propose_draft(other.pk, NewProposal(TYPED[1], now), revision=1, by=esme, now=now)
    withdraw_proposal(ended.pk, by=esme, now=now)
    _call_file(esme, now)
    return _made()


def _call_file(by: User, now: datetime) -> None:
    """A call file that waits for somebody to say that its columns are what they seem to be."""
    from tempfile import TemporaryDirectory

    from lamplighter.city.policies.call_files.proposed import layout_of, without_places
    from lamplighter.history.describing import describe_file
    from tests.city.call_files import invented_calls

    with TemporaryDirectory() as folder:
        path = Path(folder) / "llamadas.csv"
        path.write_bytes(invented_calls())
        proposal = without_places(describe_file(path))
    CallFile.objects.create(
        name="2026",
        file_name=path.name,
        bytes=12_000,
        sha256="0" * 64,
        by=by,
        at=now,
        asked_at=now,
        proposal=proposal.to_dict(),
        layout=layout_of(proposal),
    )


def _rehearse(draft: object, standing: PolicyVersion, by: User, now: datetime) -> None:
    from lamplighter.policy import parse_policy

    for done in (True, False):
        asked = Rehearsal(
            draft=draft,
            revision=1,
            content_hash=parse_policy(draft.text).content_hash,
            text=draft.text,
            against=standing,
            history=ImportedHistory.objects.get(),
            asked_by=by,
            asked_at=now,
            beat_at=now,
            percent=100 if done else 40,
            done_at=now if done else None,
        )
        if done:
            asked.found = rehearse(asked, lambda _share: None)
        asked.save()


def _made() -> dict[str, str]:
    proposal = Proposal.objects.get(ended_at=None)
    rehearsals = Rehearsal.objects.order_by("asked_at", "id")
    drafts = proposal.draft.__class__.objects.order_by("id")
    return {
        "proposal": str(proposal.pk),
        "withdrawn": str(Proposal.objects.exclude(ended_at=None).get().pk),
        "calls": str(CallFile.objects.get().pk),
        "rehearsal": str(rehearsals[0].pk),
        "running": str(rehearsals[1].pk),
        "two": str(drafts[0].pk),
        "broken": str(drafts[1].pk),
        "unread": str(drafts[2].pk),
        "proposed": str(proposal.draft_id),
        "copy": str(drafts[0].conflicts.get().pk),
    }
