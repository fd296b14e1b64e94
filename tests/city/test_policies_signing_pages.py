"""What the pages of drafts and proposals say to whoever proposes, signs or goes back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lamplighter.city.accounts.models import Role
from lamplighter.city.policies.drafting import change_draft
from lamplighter.city.policies.proposing import withdraw_proposal

from .drafts import OTHER, draft_of, proposed, signed, someone

THIRD = OTHER.replace("2027-01-15", "2027-02-02").replace("Who comes when", "Who is sent when")


@pytest.fixture
def page_of(client, people, city):
    def read(name, thing, **headers):
        client.force_login(people.policy_author)
        return client.get(reverse(f"policies:{name}", args=[thing.pk]), headers=headers)

    return read


def test_a_proposal_that_was_withdrawn_says_so_and_leads_to_its_draft(page_of, people, now):
    author = people.policy_author
    proposal = proposed(author, now, days=2)
    assert "once two have signed" in page_of("proposal", proposal).content.decode()
    withdraw_proposal(proposal.pk, by=author, now=now)
    page = page_of("proposal", proposal).content.decode()
    assert "It was withdrawn" in page
    assert reverse("policies:draft", args=[proposal.draft_id]) in page
    assert "Was to be in force from" in page
    assert "once two have signed" not in page


def test_a_proposal_whose_draft_was_changed_says_so(page_of, people, now):
    author = people.policy_author
    proposal = proposed(author, now)
    change_draft(proposal.draft_id, OTHER + "# more\n", revision=1, by=author, now=now)
    assert "It ended when its draft was changed" in page_of("proposal", proposal).content.decode()


def test_who_proposes_or_signs_is_told_that_another_version_took_force(page_of, people, now):
    author, second = people.policy_author, someone("winona", Role.MANAGER)
    draft, waiting = draft_of(author, now, THIRD), proposed(author, now, THIRD)
    assert page_of("propose", draft).context["overtaken_by"] is None
    assert page_of("proposal", waiting).context["overtaken_by"] is None
    signed(proposed(author, now), people.manager, second, now=now)
    for page in (page_of("propose", draft), page_of("proposal", waiting)):
        assert page.context["overtaken_by"].version == "2027-01-15"
        assert "Version 2027-01-15 is in force now" in page.content.decode()


def test_who_goes_back_alone_does_it_at_once_and_is_asked_for_no_time(client, people, city, now):
    second = someone("winona", Role.MANAGER)
    signed(proposed(people.policy_author, now), people.manager, second, now=now)
    address = reverse("policies:go_back")
    client.force_login(people.administrator)
    alone = client.get(address)
    assert list(alone.context["form"].fields) == ["version", "reason"]
    client.force_login(people.manager)
    form = client.get(address).context["form"]
    assert list(form.fields) == ["version", "reason", "from_at"]
    sent = {"version": form.fields["version"].queryset.get().pk, "reason": "Back.", "do": "now"}
    client.force_login(people.administrator)
    client.post(address, sent)
    standing = client.get(reverse("policies:policy", args=["first-response"]))
    assert standing.context["shown"].stored.version == "2026-11-01"


def test_a_version_that_is_to_come_says_from_when(client, people, city, now):
    second = someone("winona", Role.MANAGER)
    late = signed(proposed(people.policy_author, now, days=2), people.manager, second, now=now)
    address = reverse("policies:version", args=["first-response", late.content_hash])
    page = client.get(address)
    assert page.context["shown"].since == now + timedelta(days=2)
    assert "In force from" in page.content.decode()
    assert "In force since" not in page.content.decode()
