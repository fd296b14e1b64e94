"""Two people who did not write it sign exactly what was proposed; then it decides, at its time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from lamplighter.city.accounts.models import Role
from lamplighter.city.journal.models import Entry
from lamplighter.city.policies.drafting import change_draft
from lamplighter.city.policies.models import Activation, PolicyVersion, Proposal, Signature
from lamplighter.city.policies.proposing import (
    NewProposal,
    propose_draft,
    propose_return,
    roll_back_now,
    sign,
    withdraw_proposal,
)
from lamplighter.city.policies.queries import in_force
from lamplighter.city.policies.record import spells
from lamplighter.city.refusal import Refusal

from .drafts import FAILING, OTHER, SHIPPED, draft_of, proposed, signed, someone

NAME = "first response"


@pytest.fixture
def author(people):
    return people.policy_author


@pytest.fixture
def signer(people):
    return people.manager


@pytest.fixture
def second(people):
    return someone("winona", Role.MANAGER)


def test_with_the_second_signature_it_takes_force(city, author, signer, second, now):
    proposal = signed(proposed(author, now), signer, now=now)
    assert in_force(NAME, now).stored.version == "2026-11-01"
    signed(proposal, second, now=now)
    standing = in_force(NAME, now)
    assert standing.stored.content_hash == proposal.content_hash
    assert standing.stored.text == OTHER
    assert Activation.objects.get(proposal=proposal).kind == "signed"


def test_it_takes_force_at_its_time_and_not_before(city, author, signer, second, now):
    signed(proposed(author, now, days=2), signer, second, now=now)
    assert in_force(NAME, now + timedelta(days=1)).stored.version == "2026-11-01"
    assert in_force(NAME, now + timedelta(days=2)).stored.version == "2027-01-15"


def test_it_never_takes_force_before_it_is_signed(city, author, signer, second, now):
    later = now + timedelta(hours=5)
    signed(proposed(author, now, hours=1), signer, second, now=later)
    assert Activation.objects.latest("id").from_at == later


def test_whoever_wrote_any_part_of_it_does_not_sign(city, author, signer, second, now):
    other_author = someone("jonas", Role.POLICY_AUTHOR)
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "\n# seen\n", revision=1, by=other_author, now=now)
    draft.refresh_from_db()
    new = NewProposal("Plainer.", now)
    proposal = propose_draft(draft.pk, new, revision=2, by=signer, now=now)
    for wrote in (author, other_author, signer):
        with pytest.raises(Refusal) as refused:
            sign(proposal.pk, proposal.content_hash, by=wrote, now=now)
        assert refused.value.code == "author-signs"
    assert not Signature.objects.exists()


def test_whoever_wrote_a_copy_that_lost_wrote_a_part_too(city, author, signer, now):
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "# one\n", revision=1, by=author, now=now)
    lost = change_draft(draft.pk, OTHER + "# two\n", revision=1, by=signer, now=now)
    assert lost.conflict is not None
    lost.conflict.resolved_at = now
    lost.conflict.save()
    proposal = propose_draft(draft.pk, NewProposal("x", now), revision=2, by=author, now=now)
    with pytest.raises(Refusal, match="author-signs"):
        sign(proposal.pk, proposal.content_hash, by=signer, now=now)


def test_the_same_person_signs_once(city, author, signer, now):
    proposal = signed(proposed(author, now), signer, now=now)
    with pytest.raises(Refusal, match="signed-already"):
        sign(proposal.pk, proposal.content_hash, by=signer, now=now)
    assert in_force(NAME, now).stored.version == "2026-11-01"


def test_other_content_than_was_proposed_is_not_signed(city, author, signer, now):
    proposal = proposed(author, now)
    with pytest.raises(Refusal, match="other-content"):
        sign(proposal.pk, "0" * 64, by=signer, now=now)


def test_any_edit_voids_the_signatures(city, author, signer, second, now):
    proposal = signed(proposed(author, now), signer, now=now)
    change_draft(proposal.draft_id, OTHER + "\n# one more\n", revision=1, by=author, now=now)
    proposal.refresh_from_db()
    assert proposal.ended_as == "edited"
    with pytest.raises(Refusal, match="proposal-ended"):
        sign(proposal.pk, proposal.content_hash, by=second, now=now)
    again = propose_draft(
        proposal.draft_id, NewProposal("Again.", now), revision=2, by=author, now=now
    )
    signed(again, second, now=now)
    assert in_force(NAME, now).stored.version == "2026-11-01", "one signature is not two"


def test_what_fails_its_check_is_not_proposed(city, author, now):
    with pytest.raises(Refusal, match="check-failed"):
        proposed(author, now, FAILING)
    with pytest.raises(Refusal, match="not-a-policy"):
        proposed(author, now, "policy: first response")
    with pytest.raises(Refusal, match="nothing-changed"):
        proposed(author, now, SHIPPED + "\n# a remark\n")
    assert not Proposal.objects.exists()


def test_a_time_that_has_passed_is_refused(city, author, now):
    with pytest.raises(Refusal, match="time-has-passed"):
        proposed(author, now, days=-1)


def test_it_can_be_withdrawn_before_it_begins_and_not_after(city, author, signer, second, now):
    proposal = signed(proposed(author, now, days=2), signer, second, now=now)
    withdraw_proposal(proposal.pk, by=signer, now=now + timedelta(days=1))
    assert in_force(NAME, now + timedelta(days=3)).stored.version == "2026-11-01"
    proposal.refresh_from_db()
    draft = proposal.draft
    assert draft.closed_at is None, "the author can go on"
    again = propose_draft(draft.pk, NewProposal("x", now), revision=1, by=author, now=now)
    signed(again, signer, second, now=now)
    with pytest.raises(Refusal, match="in-force-already"):
        withdraw_proposal(again.pk, by=signer, now=now)


def test_going_back_needs_two_signatures_and_a_reason(city, author, signer, second, now):
    first = PolicyVersion.objects.get()
    signed(proposed(author, now - timedelta(hours=2)), signer, second, now=now - timedelta(hours=1))
    with pytest.raises(Refusal, match="no-reason"):
        propose_return(first.pk, NewProposal(" ", now), by=signer, now=now)
    back = propose_return(first.pk, NewProposal("It sent too few.", now), by=author, now=now)
    signed(back, signer, now=now)
    assert in_force(NAME, now).stored.version == "2027-01-15"
    signed(back, second, now=now)
    assert in_force(NAME, now).stored == first
    shown = spells(NAME, now)
    assert [spell.version for spell in shown] == ["2026-11-01", "2027-01-15", "2026-11-01"]
    assert [spell.now for spell in shown] == [True, False, False]
    assert [len(spell.signers) for spell in shown] == [2, 2, 0]


def test_in_an_emergency_an_administrator_goes_back_alone(
    city, people, author, signer, second, now
):
    first = PolicyVersion.objects.get()
    signed(proposed(author, now - timedelta(hours=2)), signer, second, now=now - timedelta(hours=1))
    with pytest.raises(Refusal, match="not-an-administrator"):
        roll_back_now(first.pk, "It sends nobody.", by=signer, now=now)
    made = roll_back_now(first.pk, "It sends nobody.", by=people.administrator, now=now)
    assert made.kind == "emergency"
    assert in_force(NAME, now).stored == first
    assert Entry.objects.filter(verb="policy brought back in an emergency").exists()


def test_a_version_that_never_decided_is_not_gone_back_to(city, people, author, now):
    standing = PolicyVersion.objects.get()
    with pytest.raises(Refusal, match="not-an-earlier-version"):
        roll_back_now(standing.pk, "Why not.", by=people.administrator, now=now)


def test_the_journal_has_each_act_and_no_reason_that_somebody_typed(
    city, author, signer, second, now
):
    signed(proposed(author, now), signer, second, now=now)
    verbs = list(Entry.objects.filter(verb__contains="p").values_list("verb", flat=True))
    assert [verb for verb in verbs if "propos" in verb] == [
        "policy proposed",
        "proposal signed",
        "proposal signed",
    ]
    assert not Entry.objects.filter(data__icontains="plainer").exists()


class TestPostgresRefusesWhatPythonWouldNot:
    """Each guard, met by a program that goes around the verbs."""

    @pytest.fixture
    def proposal(self, city, author, now):
        return proposed(author, now)

    def refused(self, what, words):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            what()

    def test_a_signature_of_an_author(self, proposal, author, now):
        self.refused(lambda: self.put(proposal, author, now), "whoever wrote it")

    def test_a_signature_on_other_content(self, proposal, signer, now):
        self.refused(lambda: self.put(proposal, signer, now, "0" * 64), "not the content")

    def test_a_signature_on_what_has_ended(self, proposal, signer, now):
        withdraw_proposal(proposal.pk, by=signer, now=now)
        self.refused(lambda: self.put(proposal, signer, now), "has ended")

    def test_a_signature_on_what_failed_its_check(self, proposal, signer, now):
        failing = Proposal.objects.get(pk=proposal.pk)
        failing.pk, failing.check_passed, failing.draft = None, False, None
        failing.restores = PolicyVersion.objects.get()
        failing.id = Proposal().id
        failing.save(force_insert=True)
        self.refused(lambda: self.put(failing, signer, now), "check of this proposal failed")

    def test_a_second_signature_of_one_person(self, proposal, signer, now):
        self.put(proposal, signer, now)
        self.refused(lambda: self.put(proposal, signer, now), "one_signature_a_person")

    def test_a_changed_proposal(self, proposal):
        change = Proposal.objects.filter(pk=proposal.pk)
        self.refused(lambda: change.update(text="another"), "never changes")

    def test_a_changed_signature(self, proposal, signer, now):
        self.put(proposal, signer, now)
        self.refused(lambda: Signature.objects.update(at=now), "stay as they are")

    def test_a_changed_version(self, proposal):
        self.refused(lambda: PolicyVersion.objects.update(text="another"), "never changes")

    def test_force_with_one_signature(self, proposal, signer, now):
        self.put(proposal, signer, now)
        self.refused(lambda: self.put_in_force(proposal, now), "two signatures are needed")

    def test_an_emergency_with_what_was_never_in_force(self, proposal, signer, now):
        version = self.version_of(proposal, now)
        self.refused(
            lambda: Activation.objects.create(
                policy=version, from_at=now, by=signer, kind="emergency", reason="x"
            ),
            "never in force",
        )

    def test_a_backdated_activation(self, proposal, signer, second, now):
        signed(proposal, signer, second, now=now)
        moved = Activation.objects.filter(proposal=proposal)
        self.refused(
            lambda: moved.update(from_at=now - timedelta(days=9)), "changed by another version"
        )
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM policies_activation WHERE kind = 'signed'")

    @staticmethod
    def put(proposal, by, now, content_hash=None):
        Signature.objects.create(
            proposal=proposal, by=by, at=now, content_hash=content_hash or proposal.content_hash
        )

    @staticmethod
    def version_of(proposal, now):
        return PolicyVersion.objects.create(
            name=proposal.name,
            version=proposal.version,
            content_hash=proposal.content_hash,
            text=proposal.text,
            stored_at=now,
        )

    def put_in_force(self, proposal, now):
        Activation.objects.create(
            policy=self.version_of(proposal, now), from_at=now, kind="signed", proposal=proposal
        )
