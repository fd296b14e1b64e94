"""What signers are told that changes: all that counts, in their language and in the other one."""

import tracemalloc
from itertools import combinations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.city.policies.changes import _longest_rising, changes_between
from lamplighter.policy import parse_policy

from .drafts import SHIPPED, draft_of

LAMPS = """\
policy: lamps
version: "1"
title: {en: "Lamps", es: "Faroles"}
about: {en: "Who looks after them.", es: "Quién los cuida."}
inputs:
  dark:
    type: boolean
    label: {en: "Dark", es: "Oscuro"}
    ask: {en: "Is it dark?", es: "¿Está oscuro?"}
    help: {en: "Look up.", es: "Mire arriba."}
    safety: true
  lamp:
    values:
      out: {en: "Out", es: "Apagada"}
      broken: {en: "Broken", es: "Rota"}
    label: {en: "Lamp", es: "Farol"}
    when unknown: out
  age:
    type: number
    range: "[0..100]"
    integer: true
    label: {en: "Age", es: "Edad"}
outcome: [who, soon]
tables:
  care:
    title: {en: "Who cares", es: "Quién cuida"}
    hit: first
    outputs:
      who:
        label: {en: "Who", es: "Quién"}
        values:
          mender: {en: "Mender", es: "Reparador"}
          nobody: {en: "Nobody", es: "Nadie"}
      soon: {type: boolean, label: {en: "Soon", es: "Pronto"}}
    rules:
      - id: mend
        when: {lamp: '"broken"', age: "< 5"}
        then: {who: mender, soon: true}
        because: {en: "It is dark.", es: "Está oscuro."}
        source: "Habit"
      - id: look
        when: {dark: "true"}
        then: {who: mender, soon: false}
        because: {en: "It may be.", es: "Puede ser."}
        source: "Habit"
      - id: rest
        when: {}
        then: {who: nobody, soon: false}
        because: {en: "It is light.", es: "Hay luz."}
        source: "Habit"
promises:
  - id: mended
    says: {en: "It is mended.", es: "Se arregla."}
    source: "Law"
    never: dark = true and who = "nobody"
  - id: slow
    says: {en: "Nobody runs.", es: "Nadie corre."}
    never: who = "nobody" and soon = true
"""
LINES = LAMPS.splitlines(keepends=True)
OUT, BROKEN = LINES[13:15]
DARK, LAMP = "".join(LINES[5:11]), "".join(LINES[11:17])
WHO, SOON = "".join(LINES[28:33]), LINES[33]
MEND, LOOK = "".join(LINES[35:40]), "".join(LINES[40:45])
MENDED, SLOW = "".join(LINES[51:55]), "".join(LINES[55:58])
# What is written otherwise, and what is told of it; to readers of Spanish otherwise where the
# program says it.
EDITS = [
    ('"Lamps"', '"Lights"', "Lights"),
    ('"Faroles"', '"Luces"', "Luces"),
    ('"Who looks after them."', '"All of it."', "All of it."),
    ("Quién los cuida.", "Todo.", "Todo."),
    ('"Dark"', '"Night"', "Night"),
    ('"Oscuro"', '"Noche"', "Noche"),
    ("Is it dark?", "Is it night?", "Is it night?"),
    ("¿Está oscuro?", "¿Hay luz?", "¿Hay luz?"),
    ("Look up.", "Look.", "Look."),
    ("Mire arriba.", "Mire.", "Mire."),
    ("    safety: true\n", "", "asked before all others", "antes que todas"),
    ("when unknown: out", "when unknown: broken", "Broken", "Rota"),
    ("    when unknown: out\n", "    always known: true\n", "Always known", "Siempre"),
    ('"Rota"', '"Quebrada"', "Quebrada"),
    ("[0..100]", "[0..99]", "[0..99]"),
    ("    integer: true\n", "", "Whole numbers only", "números enteros"),
    (DARK + LAMP, LAMP + DARK, "Moved", "Cambió de lugar"),
    (OUT + BROKEN, BROKEN + OUT, "Its values, in their order", "Sus valores, en su orden"),
    ("outcome: [who, soon]", "outcome: [who]", "what the policy answers", "responde la política"),
    ("Who cares", "Who helps", "Who helps"),
    ("Quién cuida", "Quién ayuda", "Quién ayuda"),
    ("hit: first", "hit: any", "say the same", "dicen lo mismo"),
    ("Reparador", "Técnico", "Técnico"),
    (WHO + SOON, SOON + WHO, "Moved", "Cambió de lugar"),
    ('"< 5"', '"< 6"', "under 6", "menos de 6"),
    (', age: "< 5"', "", "anything", "lo que sea"),
    ("Está oscuro.", "No se ve.", "No se ve."),
    ("It is light.", "It is day.", "It is day."),
    ('source: "Habit"', 'source: "Law 5"', "Law 5"),
    ("{who: nobody, soon: false}", "{who: nobody, soon: true}", "Yes", "Sí"),
    ("id: look", "id: glance", "Puede ser.", "It may be."),
    (MEND + LOOK, LOOK + MEND, "Rule moved", "Regla movida"),
    ("Se arregla.", "Se repara.", "Se repara."),
    ("It is mended.", "It is fixed.", "It is fixed."),
    ('"Law"', '"Bylaw"', "Bylaw"),
    ("dark = true and", "dark = false and", "dark = false"),
    (MENDED + SLOW, SLOW + MENDED, "Moved", "Cambió de lugar"),
    (SLOW, "", "Nobody runs.", "Nadie corre."),
    ("policy: lamps", "policy: lights", "lights"),
]


def changed_by(*edits):
    text = LAMPS
    for old, new, *_told in edits:
        text = text.replace(old, new, 1)
    return text


def page_of(old, new, language):
    with override(language):
        changes = changes_between(parse_policy(old), parse_policy(new), language)
        return render_to_string("policies/changes.html", {"changes": changes})


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit[1].strip()[:30])
def test_each_thing_that_counts_is_told_to_readers_of_both_languages(edit):
    told = edit[2:] * (2 if len(edit) == 3 else 1)
    text = changed_by(edit)
    assert parse_policy(text).content_hash != parse_policy(LAMPS).content_hash
    for language, words in zip(("en", "es"), told, strict=True):
        assert words in page_of(LAMPS, text, language)


@given(st.lists(st.sampled_from(EDITS), unique=True), st.sampled_from(["en", "es"]))
def test_nothing_changes_only_where_nothing_does(edits, language):
    old, new = parse_policy(LAMPS), parse_policy(changed_by(*edits))
    for one, other in ((old, new), (new, old)):
        changes = changes_between(one, other, language)
        assert changes.same == (old.content_hash == new.content_hash)
        assert (changes.count == 0) == changes.same


def test_words_of_the_other_language_stand_below_those_that_stay():
    (change,) = (
        changes_between(
            parse_policy(LAMPS), parse_policy(changed_by(("Hay luz.", "Hay sol."))), "en-us"
        )
        .tables[0]
        .rules
    )
    assert [(part.label, part.before, part.after, part.language) for part in change.parts] == [
        ("Because", "It is light.", "It is light.", ""),
        ("Because, in Spanish", "Hay luz.", "Hay sol.", "es"),
    ]


def parts_of(old, new, kind, language):
    with override(language):
        (change,) = getattr(changes_between(parse_policy(old), parse_policy(new), language), kind)
    return [(part.label, part.before, part.after) for part in change.parts]


def test_what_was_emptied_is_nothing_now():
    emptied = changed_by(('    source: "Law"\n', ""))
    for language, source, nothing in (("en", "Source", "nothing"), ("es", "Fuente", "nada")):
        assert parts_of(LAMPS, emptied, "promises", language) == [(source, "Law", nothing)]
        assert parts_of(emptied, LAMPS, "promises", language) == [(source, "", "Law")]


def test_bounds_are_told_as_words_or_as_they_are_written():
    """Whoever signs reads neither the dash of a cell nor the days since 1970."""
    number = 'type: number\n    range: "[0..100]"\n    integer: true'
    date = "type: date\n    range: '>= date(\"2026-01-01\")'"
    for language, anything in (("en", "Any value"), ("es", "Cualquier valor")):
        (endless,) = parts_of(LAMPS, changed_by(("[0..100]", "-")), "questions", language)
        assert endless[1:] == ("[0..100]", anything)
        dated = changed_by((number, date), (', age: "< 5"', ""))
        told = parts_of(LAMPS, dated, "questions", language)
        assert ("[0..100]", '>= date("2026-01-01")') in [part[1:] for part in told]


def test_layout_is_no_change_and_another_version_is_named():
    quiet = changed_by(("hit: first", "hit:   first  # from the top"))
    assert "Nothing changes in what it says." in page_of(LAMPS, quiet, "en")
    later = page_of(LAMPS, changed_by(('version: "1"', 'version: "2"')), "en")
    assert "Nothing changes" not in later
    assert "1 → 2" in later


def test_what_is_new_is_told_with_its_words_in_the_other_language():
    told = page_of(changed_by((DARK, ""), (LOOK, ""), (MENDED, "")), LAMPS, "en")
    for words in ("Oscuro", "¿Está oscuro?", "Puede ser.", "Se arregla."):
        assert words in told


def test_a_rule_that_is_changed_and_moved_says_both():
    text = changed_by((MEND + LOOK, LOOK + MEND), ('"< 5"', '"< 6"'), ("It may be.", "It may."))
    (table,) = changes_between(parse_policy(LAMPS), parse_policy(text), "en").tables
    places = [part for rule in table.rules for part in rule.parts if part.name == "place"]
    assert [(part.label, part.before, part.after) for part in places] in (
        [("Place", "2", "1")],
        [("Place", "1", "2")],
    )


def test_a_draft_that_cannot_be_read_is_not_said_to_change_nothing(city, people, now, client):
    client.force_login(people.policy_author)
    draft = draft_of(people.policy_author, now, SHIPPED.replace("inputs:", "input:", 1))
    page = client.get(reverse("policies:propose", args=[draft.pk])).content.decode()
    assert "Nothing changes" not in page
    assert "What changes cannot be told" in page


def test_memory_grows_with_the_rules_of_a_table_and_not_with_their_square():
    places = [*range(2500, 5000), *range(2500)]
    tracemalloc.start()
    assert len(_longest_rising(places)) == 2500
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@given(st.permutations(range(7)))
def test_as_few_as_possible_count_as_moved(places):
    rising = _longest_rising(places)
    assert rising == sorted(rising)
    assert [place for place in places if place in rising] == rising
    every = (one for size in range(8) for one in combinations(places, size))
    assert len(rising) == max(len(one) for one in every if list(one) == sorted(one))
