"""A decision is explained from the version that made it, whatever is in force when it is read."""

from datetime import timedelta

import pytest

from lamplighter.city.accounts.models import Role
from lamplighter.city.policies.models import PolicyVersion
from lamplighter.city.policies.proposing import roll_back_now
from lamplighter.city.policies.queries import in_force

from .drafts import OTHER, proposed, signed, someone


@pytest.fixture
def second(people):
    return someone("winona", Role.MANAGER)


def _incident(client, call, language):
    page = client.get(f"/incidents/{call.incident_id}/", headers={"accept-language": language})
    return page.content.decode()


def test_it_names_version_and_hash_after_a_change_a_return_and_in_another_language(
    client, people, second, a_call, now
):
    first = PolicyVersion.objects.get()
    before = a_call().decision
    rule = before.hits[-1]["rule"]
    changed = OTHER.replace(f"- id: {rule}\n", f"- id: {rule}-anew\n")
    assert changed != OTHER
    signed(proposed(people.policy_author, now, changed), people.manager, second, now=now)
    under_second = a_call().decision
    later = now + timedelta(minutes=1)
    roll_back_now(first.pk, "Too early.", by=people.administrator, now=later)
    assert in_force("first response", later).stored == first

    client.force_login(people.manager)
    for language, word in (("en", "Decided by the policy"), ("es", "Lo decidió la norma")):
        old = _incident(client, before.call, language)
        assert word in old
        assert first.content_hash in old
        assert f"versions/{first.content_hash}/#rule-{rule}" in old
        new = _incident(client, under_second.call, language)
        second_version = PolicyVersion.objects.exclude(pk=first.pk).get()
        assert "2027-01-15" in new
        assert f"versions/{second_version.content_hash}/#rule-{rule}-anew" in new
        address = f"/policies/first-response/versions/{second_version.content_hash}/"
        stored = client.get(address, headers={"accept-language": language}).content.decode()
        assert f'id="rule-{rule}-anew"' in stored
        file = client.get(f"{address}policy.yaml").content.decode()
        assert file == changed


def test_the_history_says_which_version_decided_when_and_who_signed_it(
    client, people, second, city, now
):
    signed(proposed(people.policy_author, now), people.manager, second, now=now)
    page = client.get("/policies/first-response/history/").content.decode()
    assert page.index("Version 2027-01-15") < page.index("Version 2026-11-01")
    assert people.manager.display_name in page
    assert "Winona" in page
    assert "A title in plainer words." in page
