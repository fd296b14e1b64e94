"""Facts, answers and promises written by forms: only what was touched changes in the text."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.city.policies.declaring.places import declared_in, field_at
from lamplighter.city.policies.grid import read_sheet
from lamplighter.city.refusal import Refusal
from lamplighter.policy import PolicyError, parse_policy

from .declared import SMALL, do, every, keep, lines_changed, of
from .drafts import SHIPPED, draft_of


@pytest.mark.parametrize("text", [SMALL, SHIPPED])
def test_a_form_that_changed_nothing_changes_nothing(text):
    for kind, name, table in every(text):
        assert keep(text, kind, name, table) == text


def test_one_word_changes_one_line():
    new = keep(SMALL, "input", "dark", label={"en": "Is it dark", "es": "Oscuro"})
    assert lines_changed(SMALL, new) == (
        ['    label: {en: "Dark", es: "Oscuro"}'],
        ['    label: {en: "Is it dark", es: "Oscuro"}'],
    )


def test_a_value_without_words_is_called_as_the_library_calls_it():
    text = SMALL.replace("[mender, nobody]", '[mender, nobody, "-1", self-harm]')
    values = of(text, "output", "who", "care")["values"]
    assert [one["label"]["en"] for one in values] == ["Mender", "Nobody", "-1", "Self harm"]
    more = {"value": "-2", "label": {"en": "", "es": ""}, "was": ""}
    new = keep(text, "output", "who", "care", values=[*values, more])
    assert '"-2": {en: "-2"}' in new


def test_a_fact_is_added_with_all_that_it_may_say():
    values = [
        {"value": "up", "label": {"en": "Up", "es": "Arriba"}},
        {"value": "down here", "label": {"en": "", "es": ""}},
    ]
    new = keep(
        SMALL, "input", "", name="place", type="choice", values=values, safety=True,
        label={"en": "Where", "es": "Dónde"}, ask={"en": "Where is it?", "es": "¿Dónde está?"},
        taken="down here",
    )  # fmt: skip
    place = parse_policy(new).inputs["place"]
    assert place.domain.values == ("up", "down here")
    assert (place.label.es, place.ask.es, place.safety) == ("Dónde", "¿Dónde está?", True)
    assert place.when_unknown == "down here"
    assert lines_changed(SMALL, new)[0] == []
    assert [*parse_policy(new).inputs] == ["dark", "lamp", "age", "place"]


def test_a_fact_under_another_name_has_it_in_cells_and_promises():
    values = of(SMALL, "input", "lamp")["values"]
    values[1] |= {"value": "smashed"}
    new = keep(SMALL, "input", "lamp", name="light", values=values)
    assert lines_changed(SMALL, new)[1] == [
        "  light:",
        '      smashed: {en: "Broken", es: "Rota"}',
        """          light: '"smashed", "out"'  # either""",
        '      dark = true and light = "smashed" and who = "nobody"',
        """    never: '(dark or light = "out") and who = "nobody"'""",
    ]
    assert "# broken glass counts" in new
    parse_policy(new)


def test_an_answer_under_another_name_has_it_in_rules_and_promises():
    values = of(SMALL, "output", "who")["values"]
    values[1] |= {"value": "no one", "label": {"en": "No one", "es": "Nadie"}}
    new = keep(SMALL, "output", "who", "care", name="goes", values=values)
    policy = parse_policy(new)
    assert policy.tables[0].outputs["goes"].domain.values == ("mender", "no one")
    assert [rule.then["goes"] for rule in policy.tables[0].rules] == ["mender", "no one", "no one"]
    assert 'goes = "no one"' in policy.promises[0].never
    assert "# the rest" in new


def test_answers_in_another_order_keep_their_words_and_remarks():
    values = of(SMALL, "input", "lamp")["values"]
    new = keep(SMALL, "input", "lamp", values=values[::-1])
    assert parse_policy(new).inputs["lamp"].domain.values == ("broken", "out")
    assert sorted(new.splitlines()) == sorted(SMALL.splitlines())
    at = new.splitlines().index("      # broken glass counts")
    assert "broken:" in new.splitlines()[at + 1]


def test_a_new_answer_is_given_by_every_rule_at_first():
    values = [{"value": value, "label": {}} for value in ("today", "later")]
    new = keep(
        SMALL, "output", "", "care", name="time", type="choice", values=values, first="later"
    )
    policy = parse_policy(new)
    assert {rule.then["time"] for rule in policy.tables[0].rules} == {"later"}
    assert policy.outcome == ("who", "time")
    back = do(new, "remove", "output", "time", "care")
    assert parse_policy(back).content_hash == parse_policy(SMALL).content_hash


def test_a_fact_that_is_taken_out_leaves_no_rule_that_tests_it():
    new = do(SMALL, "remove", "input", "age")
    assert "age" not in new
    assert parse_policy(new).tables[0].rules[1].when == {}
    with pytest.raises(PolicyError, match="no input or output dark"):
        parse_policy(do(SMALL, "remove", "input", "dark"))
    assert "# Asked first." in do(SMALL, "remove", "input", "dark")
    remark = SMALL.replace("  lamp:", "  # Of any kind.\n  lamp:", 1)
    assert "# Of any kind." in do(remark, "remove", "input", "dark")


def test_facts_and_promises_move_with_their_remarks():
    moved = do(SMALL, "move", "input", "dark", by=1)
    assert [*parse_policy(moved).inputs] == ["lamp", "dark", "age"]
    assert do(moved, "move", "input", "dark", by=-1) == SMALL
    assert do(SMALL, "move", "input", "dark", by=-1) == SMALL
    down = do(SMALL, "move", "promise", "broken-is-mended", by=1)
    assert [p.id for p in parse_policy(down).promises] == ["nobody-for-nothing", "broken-is-mended"]


def test_a_promise_is_built_from_parts():
    parts = [
        {"name": "lamp", "sense": "actual", "holds": True, "values": ['"broken"', '"out"']},
        {"name": "who", "sense": "known", "holds": False, "values": ['"mender"']},
    ]
    says = {"en": "Dark lamps are mended.", "es": "Se arreglan."}
    new = keep(SMALL, "promise", "", name="mended", says=says, source="Us", parts=parts)
    promise = parse_policy(new).promises[-1]
    assert promise.never == 'actual(lamp) in ("broken", "out") and who != "mender"'
    assert (promise.says.es, promise.source) == ("Se arreglan.", "Us")
    parts[1]["values"] = ['"nobody"']
    again = keep(new, "promise", "mended", parts=parts)
    assert lines_changed(new, again)[1] == [
        '      actual(lamp) in ("broken", "out") and who != "nobody"'
    ]
    # One that is more than a list of tests is changed as it is written.
    assert of(SMALL, "promise", "nobody-for-nothing")["parts"] is None
    free = keep(SMALL, "promise", "nobody-for-nothing", never="dark or who = nobody")
    assert parse_policy(free).promises[1].never == "dark or who = nobody"


def test_the_first_promise_and_none_at_all():
    none = SMALL[: SMALL.index("promises:")]
    part = {"name": "dark", "sense": "asked", "holds": False}
    says = {"en": "Dark is asked.", "es": ""}
    one = keep(none, "promise", "", name="dark-is-asked", says=says, parts=[part])
    assert parse_policy(one).promises[0].never == "not asked(dark)"
    empty = do(one, "remove", "promise", "dark-is-asked")
    assert parse_policy(empty).content_hash == parse_policy(none).content_hash
    again = keep(empty, "promise", "", name="dark-is-asked", says=says, parts=[part])
    assert parse_policy(again).content_hash == parse_policy(one).content_hash


@pytest.mark.parametrize(
    ("kind", "was", "fields", "field"),
    [
        ("input", "", {"name": "a lamp", "type": "boolean"}, "name"),
        ("input", "dark", {"name": "lamp"}, "name"),
        ("input", "dark", {"name": "who"}, "name"),
        ("input", "dark", {"name": "asked"}, "name"),
        ("input", "lamp", {"values": []}, "values"),
        ("input", "lamp", {"values": [{"value": "a", "label": {}}] * 2}, "values.1"),
        ("input", "lamp", {"values": [{"value": "", "label": {}}]}, "values.0"),
        ("promise", "", {"name": "broken-is-mended", "says": {"en": "x"}, "never": "dark"}, "name"),
        ("promise", "", {"name": "x", "says": {}, "never": "dark"}, "says.en"),
        ("promise", "", {"name": "x", "says": {"en": "x"}}, "parts"),
        ("promise", "", {"name": "x", "says": {"en": "x"},
                         "parts": [{"name": "dark", "sense": "known", "values": []}]}, "parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_beside_its_field(kind, was, fields, field):
    with pytest.raises(Refusal) as refused:
        keep(SMALL, kind, was, **fields)
    assert refused.value.field == field


def test_the_last_fact_and_one_that_is_gone_are_refused():
    one = do(do(SMALL, "remove", "input", "age"), "remove", "input", "dark")
    with pytest.raises(Refusal, match="the-last-one"):
        do(one, "remove", "input", "lamp")
    with pytest.raises(Refusal, match="not-there"):
        do(SMALL, "remove", "input", "moon")


@given(
    st.text(min_size=1, max_size=30),
    st.sampled_from(["label", "ask", "help"]),
    st.sampled_from(["dark", "lamp", "age"]),
)
def test_whatever_is_typed_stays_in_its_field(typed, field, name):
    sent = typed.replace("\0", " ")
    try:
        new = keep(SMALL, "input", name, **{field: {"en": sent, "es": sent}})
    except Refusal:
        return
    label = of(new, "input", name)[field]["es"]
    assert [c for c in label if c.isalnum()] == [c for c in sent if c.isalnum()]
    # Everything else stands where it stood.
    rest = lines_changed(SMALL, new)[0]
    assert all(name in line or "label" in line for line in rest)


def test_a_line_of_the_text_belongs_to_its_field():
    found = field_at(SMALL, SMALL.splitlines().index('      out: {en: "Out", es: "Apagada"}') + 1)
    assert (found.kind, found.name, found.field, found.value) == ("input", "lamp", "values", "out")
    assert field_at(SMALL, 1) is None


class TestThePage:
    """What a form sends, and what comes back to stand beside its fields."""

    def test_a_change_is_checked_before_it_is_kept_and_kept_as_text(
        self, city, people, now, client
    ):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now, SHIPPED)
        form = of(SHIPPED, "input", "injured") | {"taken": "gone"}
        change = {"do": "keep", "kind": "input", "was": "injured", "table": "", "form": form}
        found = self.send(client, "check", draft, change).json()
        assert found["problems"][0]["in"] | {"start": 0, "end": 0} == {
            "kind": "input", "name": "injured", "table": "", "field": "when unknown", "value": "",
            "start": 0, "end": 0,
        }  # fmt: skip
        change["form"] = form | {"taken": "minor", "name": "hurt"}
        kept = self.send(client, "change", draft, change).json()
        assert kept["sheet"]["tables"][0]["rules"][3]["when"]["hurt"]
        draft.refresh_from_db()
        assert draft.revision == 1
        body = {"revision": 1, "from": kept["text"], "edits": {}}
        assert self.post(client, "save", draft, body).json() == {"revision": 2}
        draft.refresh_from_db()
        assert parse_policy(draft.text).inputs["hurt"].when_unknown == "minor"

    def test_what_cannot_be_written_names_its_field(self, city, people, now, client):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now, SHIPPED)
        form = {"name": "a b", "type": "boolean"}
        change = {"do": "keep", "kind": "input", "was": "", "form": form}
        found = self.send(client, "check", draft, change).json()
        assert (found["field"], found["sentence"][:12]) == ("name", "Write a name")
        assert self.send(client, "change", draft, change).status_code == 400

    @pytest.mark.parametrize(
        "change",
        [7, {}, {"do": "keep"}, {"do": "keep", "kind": "input", "form": {"name": 7}},
         {"do": "burn", "kind": "input", "was": "x"}, {"do": "move", "kind": "input", "by": 9},
         {"do": "keep", "kind": "promise", "form": {"name": "x", "parts": [{"sense": "x"}]}},
         {"do": "keep", "kind": "output", "was": "", "table": "none", "form": {"name": "x"}}],
    )  # fmt: skip
    def test_what_is_no_form_is_refused_in_a_sentence(self, city, people, now, client, change):
        client.force_login(people.policy_author)
        draft = draft_of(people.policy_author, now, SHIPPED)
        answer = self.send(client, "change", draft, change)
        assert answer.status_code in (400, 409)
        assert answer.json()["sentence"]

    def send(self, client, name, draft, change):
        return self.post(client, name, draft, {"revision": 1, "edits": {}, "change": change})

    @staticmethod
    def post(client, name, draft, body):
        address = reverse(f"policies:{name}", args=[draft.pk])
        return client.post(address, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    "inputs",
    [
        "inputs: &all\n  dark: *all\n",
        "a0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
        + "inputs: {dark: {label: *a11}}\n",
    ],
)
def test_a_text_that_refers_to_itself_is_no_grid(inputs):
    text = inputs + SMALL[SMALL.index("tables:") :]
    assert read_sheet(text) is None
    assert declared_in(text)["inputs"] == []
    assert field_at(text, 2) is None
