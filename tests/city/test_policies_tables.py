"""Tables of a draft written by forms: added, given answers, moved, chained, taken out."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.city.policies.changes import changes_between
from lamplighter.city.policies.declaring.places import field_at
from lamplighter.city.policies.grid import read_sheet, write_sheet
from lamplighter.city.refusal import Refusal
from lamplighter.policy import parse_policy
from lamplighter.policy.hit_words import HIT_POLICIES

from .declared import SMALL, do, keep, lines_changed, of
from .drafts import SHIPPED, draft_of

# A second table, which looks at what the first one gives.
SECOND = """\

  # When somebody comes.
  pace:
    title: {en: "How fast", es: "Qué tan rápido"}
    hit: first  # from the top
    outputs:
      time: [today, later]
    rules:
      - id: soon
        when: {who: '"mender"', dark: "true"}
        then: {time: today}
        because: "It is dark."
        source: "Habit"

      - id: some-day
        when: {}
        then: {time: later}
        because: "It is light."
        source: "Habit"
"""
CHAINED = SMALL.replace("\npromises:", SECOND + "\npromises:")
YES_OR_NO = {"name": "first_of_all", "type": "boolean", "first": "false"}


def tables(text):
    """Each table as the grid has it: name, title, hit policy, columns, answers."""
    return [
        (one["name"], one["title"], one["hit"], set(one["columns"]), one["outputs"])
        for one in read_sheet(text).content["tables"]
    ]


def with_reasons(text):
    """The text in which the rules that a form began have a reason and a source."""
    return text.replace('en: ""', 'en: "So it is."').replace('source: ""', 'source: "Us"')


def test_a_table_is_added_given_an_answer_and_looked_at_by_one_below():
    new = keep(SMALL, "table", "", name="worth", title={"en": "Is it worth it", "es": "Vale"},
               hit="unique")  # fmt: skip
    assert tables(new)[-1] == ("worth", {"en": "Is it worth it", "es": "Vale"}, "unique", set(), [])
    new = keep(new, "output", "", "worth", **YES_OR_NO)
    assert lines_changed(SMALL, new)[0] == []
    new = do(new, "move", "table", "worth", by=-1)
    sheet = read_sheet(new).content
    assert "first_of_all" in sheet["tables"][1]["available"]
    rule = sheet["tables"][1]["rules"][0] | {"when": {"first_of_all": "true"}}
    care = [rule, {"keep": 1}, {"keep": 2}]
    policy = parse_policy(with_reasons(write_sheet(new, {"tables": {"care": care}}).text))
    assert [table.name for table in policy.tables] == ["worth", "care"]
    assert policy.tables[0].rules[0].then == {"first_of_all": False}
    assert policy.tables[1].columns == ("age", "first_of_all")


def test_a_title_and_who_decides_change_their_lines_and_no_other():
    new = keep(CHAINED, "table", "pace", title={"en": "How soon", "es": "Qué tan pronto"})
    assert lines_changed(CHAINED, new) == (
        ['    title: {en: "How fast", es: "Qué tan rápido"}'],
        ['    title: {en: "How soon", es: "Qué tan pronto"}'],
    )
    new = keep(CHAINED, "table", "pace", hit="priority", name="speed")
    assert lines_changed(CHAINED, new)[1] == ["  speed:", "    hit: priority"]
    assert "# When somebody comes." in new
    # A table without a title gets one above how it decides.
    new = keep(CHAINED, "table", "care", title={"en": "Who cares", "es": ""})
    assert lines_changed(CHAINED, new) == ([], ['    title: {en: "Who cares"}'])
    assert new.index("Who cares") < new.index("hit: first")


def test_what_a_table_no_longer_looks_at_stays_in_the_others():
    new = keep(CHAINED, "table", "pace", leaves=["dark", "who"])
    rules = {rule.id: rule for table in parse_policy(new).tables for rule in table.rules}
    assert rules["soon"].when == {}
    assert set(rules["mend"].when) == {"dark", "lamp"}
    assert lines_changed(CHAINED, new) == (
        ["""        when: {who: '"mender"', dark: "true"}"""],
        [],
    )


def test_a_table_that_is_taken_out_is_looked_at_by_no_rule_and_not_part_of_the_outcome():
    text = CHAINED.replace("\ntables:", "\noutcome: [who, time]\n\ntables:")
    assert of(text, "table", "care")["rules"] == ["soon"]
    assert of(text, "table", "care")["promises"] == ["broken-is-mended", "nobody-for-nothing"]
    new = do(text, "remove", "table", "care")
    assert tables(new) == [tables(text)[1][:3] + ({"dark"}, ["time"])]
    assert "outcome: [time]" in new
    # Promises stay, for somebody to mend; remarks stay where they stood.
    assert 'who = "nobody"' in new
    assert "# When somebody comes." in new
    assert do(CHAINED, "remove", "table", "pace") == SMALL
    with pytest.raises(Refusal, match="the-last-one"):
        do(new, "remove", "table", "pace")


def test_a_table_that_stands_too_high_still_shows_what_it_looks_at():
    new = do(CHAINED, "move", "table", "pace", by=-1)
    assert [one[0] for one in tables(new)] == ["pace", "care"]
    assert read_sheet(new).content["tables"][0]["columns"] == ["dark", "who"]
    assert '        source: "Habit"\n\n  care:\n' in new


def test_a_table_whose_last_rule_was_taken_out_is_still_a_grid():
    none = write_sheet(CHAINED, {"tables": {"pace": []}}).text
    assert read_sheet(none).content["tables"][1]["rules"] == []
    assert write_sheet(none, {}).text == none
    inline = none.replace("rules:\n      []", "rules: []")
    assert write_sheet(inline, {}).text == inline != none
    rule = {"id": "all", "when": {}, "then": {"time": "later"}, "en": "So.", "source": "Us"}
    again = write_sheet(inline, {"tables": {"pace": [rule]}})
    assert parse_policy(again.text).tables[1].rules[0].then == {"time": "later"}
    assert again.place(again.text.splitlines().index('      - id: "all"') + 1) == ("pace", 0)


def test_an_answer_may_be_a_step_on_the_way():
    assert of(CHAINED, "output", "who")["outcome"] is True
    new = keep(CHAINED, "output", "who", "care", outcome=False)
    assert parse_policy(new).outcome == ("time",)
    assert lines_changed(CHAINED, new) == ([], ["outcome: [time]"])
    assert of(new, "output", "who")["outcome"] is False
    # What is new is part of it, unless somebody says otherwise.
    more = keep(new, "output", "", "care", **YES_OR_NO)
    assert parse_policy(more).outcome == ("first_of_all", "time")
    assert parse_policy(keep(new, "output", "who", "care", outcome=True)).outcome == ("who", "time")
    with pytest.raises(Refusal) as refused:
        keep(new, "output", "time", "pace", outcome=False)
    assert refused.value.field == "outcome"


@pytest.mark.parametrize(
    ("was", "fields", "field"),
    [
        ("", {"name": "", "hit": "first"}, "name"),
        ("", {"name": "a b", "hit": "first"}, "name"),
        ("", {"name": "care", "hit": "first"}, "name"),
        ("care", {"name": "pace"}, "name"),
        ("", {"name": "worth", "hit": ""}, "hit"),
        ("care", {"hit": "last"}, "hit"),
    ],
)
def test_what_cannot_be_written_is_refused_beside_its_field(was, fields, field):
    with pytest.raises(Refusal) as refused:
        keep(CHAINED, "table", was, **fields)
    assert refused.value.field == field


def test_how_a_table_decides_is_told_of_its_field_and_in_spanish():
    line = CHAINED.splitlines().index("    hit: first  # from the top") + 1
    found = field_at(CHAINED, line)
    assert (found.kind, found.name, found.table, found.field) == ("table", "pace", "", "hit")


@pytest.mark.parametrize("hit", HIT_POLICIES)
def test_every_way_to_decide_that_is_offered_can_be_read(hit):
    new = keep(SMALL, "table", "", name="worth", title={"en": "Worth"}, hit=hit)
    new = keep(new, "output", "", "worth", name="cents", type="number", range="[0..9]", first="1")
    if hit in ("priority", "output order"):
        values = [{"value": value, "label": {}} for value in ("1", "2")]
        new = keep(new, "output", "cents", "worth", type="choice", values=values)
        new = new.replace("cents: 1", 'cents: "1"')
    table = parse_policy(with_reasons(new)).tables[-1]
    assert " ".join(filter(None, [table.hit, table.aggregate])) == hit


NAMES = st.sampled_from(["care", "pace", "worth", "sight"])
STEPS = st.one_of(
    st.tuples(st.just("add"), NAMES, st.text(max_size=20), st.sampled_from([*HIT_POLICIES])),
    st.tuples(st.just("title"), NAMES, st.text(min_size=1, max_size=20)),
    st.tuples(st.just("hit"), NAMES, st.sampled_from([*HIT_POLICIES])),
    st.tuples(st.just("leave"), NAMES, st.sampled_from(["dark", "lamp", "age", "who"])),
    st.tuples(st.just("move"), NAMES, st.sampled_from([-1, 1])),
    st.tuples(st.just("remove"), NAMES),
)


@given(st.lists(STEPS, max_size=8))
def test_whatever_is_done_to_tables_is_read_back(steps):
    text, wished = CHAINED, [list(one) for one in tables(CHAINED)]
    for what, name, *more in steps:
        at = next((n for n, one in enumerate(wished) if one[0] == name), None)
        if (at is None) != (what == "add") or (what == "remove" and len(wished) == 1):
            continue
        if what == "add":
            title = said(more[0])
            text = keep(text, "table", "", name=name, title=title, hit=more[1])
            text = keep(text, "output", "", name, **YES_OR_NO | {"name": f"{name}_it"})
            wished.append([name, shown(title, name), more[1], set(), [f"{name}_it"]])
        elif what == "title":
            title = said(more[0])
            text = keep(text, "table", name, title=title)
            wished[at][1] = shown(title, name)
        elif what == "hit":
            text = keep(text, "table", name, hit=more[0])
            wished[at][2] = more[0]
        elif what == "leave":
            text = keep(text, "table", name, leaves=more)
            wished[at][3] = wished[at][3] - set(more)
        elif what == "move":
            text = do(text, "move", "table", name, by=more[0])
            if 0 <= at + more[0] < len(wished):
                wished.insert(at + more[0], wished.pop(at))
        else:
            text = do(text, "remove", "table", name)
            gone = wished.pop(at)[4]
            for one in wished:
                one[3] = one[3] - set(gone)
        assert tables(text) == [tuple(one) for one in wished]
    # Whatever stands outside the tables stands as it stood.
    assert text[: text.index("tables:")] == CHAINED[: CHAINED.index("tables:")]
    assert text[text.index("promises:") :] == CHAINED[CHAINED.index("promises:") :]


def said(typed):
    """A title in both languages, as a form sends what was typed and a text can say it."""
    words = "".join(c if c.isprintable() else " " for c in typed).split()
    return {"en": " ".join(words), "es": " ".join(words)}


def shown(title, name):
    """A title as the grid shows it: a table that has none is called by its name."""
    return title if title["en"] else {"en": name, "es": ""}


def test_signers_read_what_changes_in_a_table_as_a_whole():
    old = parse_policy(CHAINED)
    hit = parse_policy(keep(CHAINED, "table", "pace", hit="unique", title={"en": "How soon"}))
    (change,) = changes_between(old, hit, "en").tables
    assert [(part.before, part.after) for part in change.parts] == [
        ("How fast", "How soon"),
        (HIT_POLICIES["first"].en, HIT_POLICIES["unique"].en),
    ]
    new = keep(CHAINED, "table", "", name="worth", title={"en": "Worth"}, hit="any")
    new = parse_policy(with_reasons(keep(new, "output", "", "worth", **YES_OR_NO)))
    found = changes_between(old, new, "en")
    assert [(one.kind, one.name) for one in found.tables] == [("added", "worth")]
    assert [(one.kind, one.id) for one in found.answers] == [("added", "first_of_all")]
    assert [one.kind for one in changes_between(new, old, "es").tables] == ["removed"]
    step = parse_policy(keep(CHAINED, "output", "who", "care", outcome=False))
    assert [(one.kind, one.id) for one in changes_between(old, step, "en").answers] == [
        ("changed", "who")
    ]
    assert changes_between(old, old, "en").count == 0


def test_signers_read_what_changes_in_facts_answers_and_promises():
    old = parse_policy(SHIPPED)
    safe = SHIPPED.index("- id: known-weapon-not-unarmed-alone")
    never = SHIPPED.index("never:", safe)
    text = SHIPPED[:never] + SHIPPED[never:].replace(
        "weapon = true", "weapon = true and danger = true", 1
    )
    at = text.index("  weapon:")
    text = text[:at] + text[at:].replace("when unknown: true", "when unknown: false", 1)
    text = text.replace('{en: "Threats", es: "Amenazas"}', '{en: "Menaces", es: "Amagos"}', 1)
    found = changes_between(old, parse_policy(text), "en")
    told = {
        one.id: [(part.label, part.before, part.after) for part in one.parts]
        for one in (*found.promises, *found.questions)
    }
    taken = "When nobody knows, it is taken for"
    assert told["weapon"] == [(taken, "Yes", "No")]
    # Of all that it can be, only what differs; and what it is taken for has its new name.
    assert told["violence"] == [
        ("What it can be", "Threats", "Menaces"),
        (taken, "Threats", "Menaces"),
    ]
    ((label, before, after),) = told["known-weapon-not-unarmed-alone"]
    assert label == "What must never happen, as an expression"
    assert after == before.replace("weapon = true", "weapon = true and danger = true")
    step = parse_policy(keep(CHAINED, "output", "who", "care", outcome=False))
    (answer,) = changes_between(parse_policy(CHAINED), step, "es").answers
    assert [(part.before, part.after) for part in answer.parts] == [("Sí", "No")]


class TestThePage:
    """What the form of a table sends, and what comes back."""

    def test_it_is_checked_before_it_is_kept(self, city, people, now, client):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now, SHIPPED)
        form = {"name": "risk", "title": of(SHIPPED, "table", "risk")["title"]}
        change = {"do": "keep", "kind": "table", "was": "risk", "form": form | {"hit": "collect"}}
        found = self.send(client, "check", draft, change).json()
        assert any(problem["cell"] == "risk" for problem in found["problems"])
        change["form"]["hit"] = "collect sum"
        found = self.send(client, "check", draft, change, HTTP_ACCEPT_LANGUAGE="es").json()
        told = next(one for one in found["problems"] if one["in"])
        assert (told["in"]["kind"], told["in"]["field"], told["language"]) == ("table", "hit", "es")
        assert told["message"].startswith("hit: collect sum necesita un número")
        change["form"]["hit"] = "unique"
        kept = self.send(client, "change", draft, change).json()
        assert kept["sheet"]["tables"][0]["hit"] == "unique"

    @pytest.mark.parametrize("form", [7, {"leaves": 7}, {"leaves": [7]}, {"title": "x"}])
    def test_what_is_no_form_is_refused_in_a_sentence(self, city, people, now, client, form):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now, SHIPPED)
        change = {"do": "keep", "kind": "table", "was": "", "form": form}
        answer = self.send(client, "change", draft, change)
        assert answer.status_code == 400
        assert answer.json()["sentence"]

    @staticmethod
    def send(client, name, draft, change, **headers):
        address = reverse(f"policies:{name}", args=[draft.pk])
        body = json.dumps({"revision": 1, "edits": {}, "change": change})
        return client.post(address, body, content_type="application/json", **headers)
