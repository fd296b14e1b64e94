"""The policy in force, for everybody to read, try and take along."""

from datetime import timedelta

import pytest
from lxml import html

from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.models import PolicyVersion
from lamplighter.policy import parse_policy, shipped_policy

pytestmark = pytest.mark.django_db
ADDRESS = "/policies/first-response/"


@pytest.fixture
def shipped() -> str:
    return shipped_policy("first_response").read_text(encoding="utf-8")


def test_anybody_reads_every_rule_with_its_reason_and_source(client, city, shipped):
    answer = client.get(ADDRESS)
    page = answer.content.decode()
    rules = [rule for table in parse_policy(shipped).tables for rule in table.rules]
    shown = [rule for table in answer.context["page"].tables for rule in table.rules]
    assert [(r.id, r.because, r.source) for r in shown] == [
        (r.id, r.because.en, r.source) for r in rules
    ]
    for rule in rules:
        assert f'id="rule-{rule.id}"' in page
    assert answer.context["page"].rules == len(rules)


def test_it_says_which_version_it_is_since_when_and_its_hash(client, city, shipped):
    policy = parse_policy(shipped)
    page = client.get(ADDRESS).content.decode()
    assert policy.version in page
    assert policy.content_hash in page


def test_each_part_of_the_page_has_an_address_of_its_own_whatever_a_table_is_called(
    client, city, shipped, now
):
    renamed = shipped.replace("  dispatch:\n", "  of-promises:\n").replace(
        "  response:\n", "  who goes:\n"
    )
    activate(renamed, by=None, from_at=now, now=now)
    page = html.fromstring(client.get(ADDRESS).content)
    ids = page.xpath("//article//@id")
    assert len(ids) == len(set(ids))
    named = [one for many in page.xpath("//article//@aria-labelledby") for one in many.split()]
    led_to = [address[1:] for address in page.xpath("//article//@href") if address[0] == "#"]
    assert len(named) > 5 < len(led_to)
    assert {*named, *led_to} <= set(ids)


@pytest.mark.parametrize(
    ("bounds", "english", "spanish"),
    [("[0..24)", "A number in [0..24)", "Un número en [0..24)"), ("-", "A number<", "Un número<")],
)
def test_a_number_is_said_to_lie_in_its_bounds_if_it_has_any(
    client, city, shipped, now, bounds, english, spanish
):
    hour = f'  hour:\n    type: number\n    range: "{bounds}"\n    ask: "What time is it?"\n'
    activate(
        shipped.replace("\ntables:\n", f"\n{hour}\ntables:\n", 1), by=None, from_at=now, now=now
    )
    assert english in client.get(ADDRESS).content.decode()
    assert spanish in client.get(ADDRESS, headers={"accept-language": "es"}).content.decode()


def test_it_speaks_spanish(client, city):
    page = client.get(ADDRESS, headers={"accept-language": "es"}).content.decode()
    assert "Quién responde a una llamada de ayuda" in page
    assert "¿Alguien ha visto o mencionado un arma?" in page


def test_facts_in_the_address_show_who_would_go_and_why(client, city):
    answer = client.get(ADDRESS, {"nature": "fire"})
    trial = answer.context["page"].trial
    assert trial.explained.results["responder"].value == "fire"
    assert [reason.rule for reason in trial.explained.reasons]
    assert '<option value="fire" selected>' in answer.content.decode()


def test_what_is_not_asked_yet_is_told_to_matter(client, city):
    trial = client.get(ADDRESS, {"nature": "welfare_check"}).context["page"].trial
    assert not trial.settled
    assert len(trial.may_go) > 1
    assert trial.open_questions


def test_facts_without_a_nature_send_nobody(client, city):
    answer = client.get(ADDRESS, {"weapon": "true"})
    assert answer.context["page"].trial.explained is None
    assert "without it nobody can be sent" in answer.content.decode()


def test_answers_that_the_policy_does_not_know_are_left_out_and_said(client, city):
    answer = client.get(ADDRESS, {"nature": "fire", "weapon": "<b>perhaps</b>", "utm": "x"})
    assert answer.context["page"].trial.left_out == 1
    page = answer.content.decode()
    assert "they were left out" in page
    assert "<b>perhaps" not in page


def test_the_file_is_given_as_it_was_put_in_force(client, city, shipped):
    answer = client.get(f"{ADDRESS}policy.yaml")
    assert answer.content.decode() == shipped
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert "first-response-" in answer.headers["Content-Disposition"]


def test_a_later_version_takes_its_place_and_the_earlier_one_can_still_be_read(
    client, city, shipped, now
):
    earlier = PolicyVersion.objects.get()
    text = shipped.replace("Who answers a call for help", "Who comes when somebody calls")
    later = activate(text, by=None, from_at=now - timedelta(hours=1), now=now)
    assert client.get(ADDRESS).context["page"].title == "Who comes when somebody calls"
    old = client.get(f"{ADDRESS}versions/{earlier.content_hash}/")
    assert old.context["page"].title == "Who answers a call for help"
    assert "A later version took its place" in old.content.decode()
    new = client.get(f"{ADDRESS}versions/{later.content_hash}/")
    assert "The policy in force" in new.content.decode()


def test_a_version_that_is_to_come_can_be_read_and_does_not_decide(client, city, shipped, now):
    text = shipped.replace("Who answers a call for help", "Who comes when somebody calls")
    planned = activate(text, by=None, from_at=now + timedelta(days=7), now=now)
    page = client.get(f"{ADDRESS}versions/{planned.content_hash}/").content.decode()
    assert "will be in force" in page
    assert client.get(ADDRESS).context["page"].title == "Who answers a call for help"


def test_a_version_that_nobody_put_in_force_is_not_found(client, city):
    assert client.get(f"{ADDRESS}versions/{64 * 'a'}/").status_code == 404


@pytest.mark.parametrize("address", ["/policies/no-such-policy/", "/policies/x/policy.yaml"])
def test_a_policy_that_is_not_there_is_not_found(client, city, address):
    assert client.get(address).status_code == 404
