"""A column that no rule tests yet stays in the draft, and says nothing in the policy."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.city.policies.changes import changes_between
from lamplighter.city.policies.drafting import change_draft
from lamplighter.city.policies.grid import read_sheet, write_sheet
from lamplighter.city.policies.models import ConflictCopy
from lamplighter.city.policies.proposing import NewProposal, propose_draft
from lamplighter.city.refusal import Refusal
from lamplighter.policy import parse_policy
from lamplighter.policy.dmn import policy_to_dmn
from lamplighter.policy.sheet import policy_to_csv

from .declared import SMALL, keep, lines_changed, of
from .drafts import OTHER, SHIPPED, draft_of

ANOTHER = """\
  pace:
    hit: first
    outputs: {time: [today, later]}
    rules:
      - id: some-day
        then: {time: later}
        because: "It is light."
        source: "Habit"
"""
CHAINED = SMALL.replace("\npromises:", ANOTHER + "\npromises:")


def columns(text, table):
    return table_of(text, table)["columns"]


def table_of(text, name):
    return next(one for one in read_sheet(text).content["tables"] if one["name"] == name)


def opened(text, **wanted):
    """The text after somebody opened these columns in the grid and kept it."""
    return write_sheet(text, {"columns": wanted}).text


@pytest.mark.parametrize(
    ("was", "gone", "added"),
    [
        ('when: {age: "< 5"}', 'when: {age: "< 5"}', 'when: {age: "< 5", lamp: "-"}'),
        ('when: {age: "< 5", }', 'when: {age: "< 5", }', 'when: {age: "< 5", lamp: "-", }'),
        ("when: {}  # any", "when: {}  # any", 'when: {lamp: "-"}  # any'),
        ('when:\n          age: "< 5"  # new', None, '  lamp: "-"'),
        ("# whatever it is", None, 'when: {lamp: "-"}'),
    ],
)
def test_it_stands_in_the_first_rule_and_every_other_sign_stays(was, gone, added):
    first = SMALL[SMALL.index("      - id: mend") : SMALL.index("      # the rest")]
    text = SMALL.replace(first, "").replace('when: {age: "< 5"}', was, 1)
    new = opened(text, care=[*columns(text, "care"), "lamp"])
    assert columns(new, "care") == ["lamp", *columns(text, "care")]
    pad = " " * 8
    assert lines_changed(text, new) == ([pad + gone] if gone else [], [pad + added])
    assert parse_policy(new).content_hash == parse_policy(text).content_hash
    # It is there, and nothing is written a second time.
    assert opened(new, care=columns(new, "care")) == new


def test_the_policy_says_the_same_and_is_taken_out_as_the_same():
    tables = read_sheet(OTHER).content["tables"]
    new = opened(OTHER, **{table["name"]: table["available"] for table in tables})
    assert [one["columns"] for one in read_sheet(new).content["tables"]] == [
        one["available"] for one in tables
    ]
    old, same = parse_policy(OTHER), parse_policy(new)
    assert same.content_hash == old.content_hash
    assert [table.columns for table in same.tables] == [table.columns for table in old.tables]
    assert changes_between(old, same, "en").count == 0, "nothing is shown to signers"
    assert policy_to_csv(same) == policy_to_csv(old)
    assert policy_to_dmn(same) == policy_to_dmn(old)


def test_it_goes_from_rule_to_rule_until_one_tests_it():
    new = opened(SMALL, care=["dark", "lamp", "age"])
    assert new == SMALL, "each of them is tested"
    # The only rule that tests it is taken out: it stays as it stood in the grid.
    kept = {"tables": {"care": [{"keep": 1}, {"keep": 2}]}, "columns": {"care": ["dark", "age"]}}
    new = write_sheet(SMALL, kept).text
    assert columns(new, "care") == ["dark", "age"]
    # And so is the rule in which it stands.
    kept = {"tables": {"care": [{"keep": 1}]}, "columns": {"care": ["dark", "age"]}}
    new = write_sheet(new, kept).text
    assert columns(new, "care") == ["dark", "age"]
    # Whoever tests it in a rule that has it open says so there.
    rule = table_of(new, "care")["rules"][0] | {"when": {"dark": "true", "age": "-"}}
    written = write_sheet(new, {"tables": {"care": [rule]}, "columns": {"care": ["dark"]}}).text
    assert columns(written, "care") == ["dark"]
    assert '"-"' not in written


def test_what_a_table_may_not_look_at_is_not_written():
    new = opened(CHAINED, care=["who", "time", "nothing"], pace=["time", "who"])
    assert columns(new, "care") == ["dark", "lamp", "age"]
    assert columns(new, "pace") == ["who"]
    # Nor is a cell written a second time that is there and cannot be read.
    wrong = CHAINED.replace("""'"broken", "out"'  # either""", "[broken, out]")
    assert opened(wrong, care=["lamp"]) == wrong
    # Of a table that gives a list nothing can be tested, so that it is not offered either.
    gathers = keep(CHAINED, "table", "care", hit="collect")
    assert table_of(gathers, "pace")["available"] == ["dark", "lamp", "age"]
    assert opened(gathers, pace=["who"]) == gathers


def test_the_forms_count_it_as_no_test_and_take_it_out_again():
    new = opened(CHAINED, pace=["age", "who"])
    for kind, name in (("input", "age"), ("output", "who"), ("table", "care")):
        assert of(new, kind, name)["rules"] == of(CHAINED, kind, name)["rules"]
    left = keep(new, "table", "pace", leaves=["age", "who"])
    assert columns(left, "pace") == []
    assert parse_policy(left).content_hash == parse_policy(CHAINED).content_hash
    # It has the new name of what it shows.
    assert columns(keep(new, "input", "age", name="years"), "pace") == ["years", "who"]


@given(st.data())
def test_whatever_is_opened_and_touched_the_rules_say_the_same(data):
    edits = {"tables": {}, "columns": {}}
    plain = {"tables": edits["tables"]}
    for table in read_sheet(CHAINED).content["tables"]:
        rules = [
            rule if data.draw(st.booleans()) else {"keep": place}
            for place, rule in enumerate(table["rules"])
        ]
        edits["tables"][table["name"]] = data.draw(st.permutations(rules))
        names = st.sampled_from([*table["available"], "time", "nothing"])
        edits["columns"][table["name"]] = data.draw(st.lists(names, unique=True))
    written = write_sheet(CHAINED, edits)
    policy = parse_policy(written.text)
    same = parse_policy(write_sheet(CHAINED, plain).text)
    assert policy.content_hash == same.content_hash
    for table in policy.tables:
        wanted = set(edits["columns"][table.name])
        shown = table_of(written.text, table.name)
        assert set(shown["columns"]) >= wanted & set(shown["available"])
        for number, rule in enumerate(table.rules):
            assert written.place(rule.line) == (table.name, number)


class TestTheDraft:
    """What is kept, for whom."""

    def test_it_is_there_when_the_page_is_loaded_again(self, city, people, now, client):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now)
        wanted = [*columns(OTHER, "risk"), "caller"]
        assert self.save(client, draft, wanted) == {"revision": 2}
        draft.refresh_from_db()
        assert set(columns(draft.text, "risk")) == set(wanted)
        page = client.get(reverse("policies:draft", args=[draft.pk]))
        assert page.context["state"]["sheet"]["tables"][0]["columns"] == columns(draft.text, "risk")
        assert page.context["checked"].passed

    def test_who_opened_it_while_another_wrote_keeps_it_in_a_copy(self, city, people, now, client):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now)
        change_draft(draft.pk, OTHER + "# first\n", revision=1, by=people.manager, now=now)
        answer = self.save(client, draft, [*columns(OTHER, "risk"), "caller"])
        copy = ConflictCopy.objects.get()
        assert answer == {"conflict": reverse("policies:conflict", args=[copy.pk])}
        assert "caller" in columns(copy.text, "risk")

    def test_alone_it_is_nothing_to_sign(self, city, people, now):
        text = opened(SHIPPED, risk=["caller"])
        draft = draft_of(people.policy_author, now, text)
        with pytest.raises(Refusal, match="nothing-changed"):
            propose_draft(
                draft.pk, NewProposal("So.", now), revision=1, by=people.policy_author, now=now
            )

    @staticmethod
    def save(client, draft, wanted):
        body = {"revision": 1, "edits": {"columns": {"risk": wanted}}}
        address = reverse("policies:save", args=[draft.pk])
        return client.post(address, json.dumps(body), content_type="application/json").json()
