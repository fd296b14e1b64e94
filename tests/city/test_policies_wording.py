"""Cells in words: what a council member reads is what the cell accepts, in both languages."""

import pytest

from lamplighter.city.policies.wording import Condition, PolicyWords
from lamplighter.policy import UNKNOWN, parse_policy, read_policy, shipped_policy
from lamplighter.policy.errors import ProofError

TEXT = """
policy: a small one
version: "1"
title: {en: "A small one", es: "Una pequeña"}
about: {en: "For reading.", es: "Para leer."}
inputs:
  what:
    type: choice
    label: {en: "What", es: "Qué"}
    values:
      noise: {en: "Noise", es: "Ruido"}
      fire: {en: "Fire", es: "Fuego"}
      fight: {en: "Fight", es: "Pelea"}
  weapon:
    type: boolean
    label: {en: "Weapon", es: "Arma"}
    when unknown: true
  age:
    type: number
    label: {en: "Age", es: "Edad"}
    range: "[0..120]"
tables:
  answer:
    title: {en: "Who goes", es: "Quién va"}
    hit: first
    outputs:
      responder:
        values:
          fire: {en: "Fire department", es: "Bomberos"}
          police: {en: "Police", es: "Policía"}
    rules:
      - id: one
        when: {what: '"fire"', weapon: "false", age: ">= 18"}
        then: {responder: fire}
        because: {en: "It burns.", es: "Arde."}
        source: "House rule"
      - id: two
        when: {what: 'not("noise")', weapon: "true", age: "[1..5)"}
        then: {responder: police}
        because: {en: "Somebody may be hurt.", es: "Alguien puede salir lastimado."}
        source: "House rule"
      - id: three
        when: {what: '"noise","fight",unknown', age: "< 18, [40..50], 65, (70..80]"}
        then: {responder: police}
        because: {en: "In doubt.", es: "En la duda."}
        source: "House rule"
      - id: rest
        when: {}
        then: {responder: police}
        because: {en: "What is left.", es: "Lo que queda."}
        source: "House rule"
"""


@pytest.fixture(scope="module")
def small():
    return parse_policy(TEXT)


def conditions(policy, rule: str, language: str = "en") -> dict[str, Condition]:
    words = PolicyWords(policy, language)
    [table] = policy.tables
    found = next(one for one in words.table(table).rules if one.id == rule)
    return {condition.name: condition for condition in found.conditions}


def test_a_value_is_its_label(small):
    assert conditions(small, "one")["what"].alternatives == ("Fire",)
    assert conditions(small, "one", "es")["what"].alternatives == ("Fuego",)
    assert conditions(small, "one", "es")["what"].label == "Qué"


def test_what_unknown_is_taken_for_is_said(small):
    yes, no = conditions(small, "two")["weapon"], conditions(small, "one")["weapon"]
    assert (yes.alternatives, yes.or_unknown) == (("Yes",), True)
    assert (no.alternatives, no.or_unknown) == (("No",), False)
    assert conditions(small, "two", "es")["weapon"].alternatives == ("Sí",)


def test_a_negation_names_what_is_left_out(small):
    condition = conditions(small, "two")["what"]
    assert (condition.anything_but, condition.alternatives) == (True, ("Noise",))


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("what", '!= "noise"', (True, ("Noise",), False)),
        ("what", "not(unknown)", (False, ("anything that is known",), False)),
        ("weapon", "not(null)", (False, ("anything that is known",), False)),
        ("age", "not(null)", (False, ("anything that is known",), False)),
        ("age", "not([0..5])", (False, ("over 5",), False)),
        ("age", "not(18)", (False, ("under 18", "over 18"), False)),
        # What unknown is taken for is not among what is left out.
        ("weapon", "not(false)", (False, ("Yes",), True)),
    ],
)
def test_a_negation_is_said_so_that_it_can_be_read_in_one_way(column, cell, says):
    old = 'what: \'not("noise")\', weapon: "true", age: "[1..5)"'
    assert TEXT.count(old) == 1
    changed = parse_policy(TEXT.replace(old, f"{column}: '{cell}'"))
    found = conditions(changed, "two")[column]
    assert (found.anything_but, found.alternatives, found.or_unknown) == says


def test_unknown_in_a_cell_is_said(small):
    condition = conditions(small, "three")["what"]
    assert (condition.alternatives, condition.or_unknown) == (("Noise", "Fight"), True)


@pytest.mark.parametrize(
    ("rule", "language", "words"),
    [
        ("one", "en", ("18 or more",)),
        ("two", "en", ("from 1 to under 5",)),
        ("three", "en", ("under 18", "from 40 to 50", "65", "over 70, up to 80")),
        ("three", "es", ("menos de 18", "de 40 a 50", "65", "más de 70, hasta 80")),
    ],
)
def test_numbers_are_said_as_people_say_them(small, rule, language, words):
    assert conditions(small, rule, language)["age"].alternatives == words


def test_a_rule_without_conditions_has_none(small):
    assert conditions(small, "rest") == {}


def test_values_of_facts_are_said(small):
    words = PolicyWords(small, "es")
    said = [words.value(*fact) for fact in [("weapon", True), ("what", UNKNOWN), ("age", 41)]]
    assert said == ["Sí", "no se sabe", "41"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_code_is_left_in_the_policy_that_ships(language):
    policy = read_policy(shipped_policy("first_response"))
    words = PolicyWords(policy, language)
    said = [
        text
        for table in policy.tables
        for rule in words.table(table).rules
        for text in (
            [words for c in rule.conditions for words in (c.label, *c.alternatives)]
            + [result.words for result in rule.results]
        )
    ]
    assert said
    assert not [text for text in said if "_" in text or not text]


def test_what_cannot_be_read_is_told_in_the_readers_language_with_that_language_named():
    from lamplighter.city.policies.checking import check_text

    shipped = shipped_policy("first_response").read_text(encoding="utf-8")
    wrong = shipped.replace("nature: '\"fire\"'", "nature: '\"fyre\"'", 1)
    told = check_text(wrong, "es").problems[0]
    assert (told.message, told.language) == (
        '"fyre" no es un valor de nature; ¿quiso decir fire?',
        "es",
    )
    no_yaml = check_text("policy: [first", "es").problems[0]
    assert no_yaml.language == "es"


def test_a_proof_that_was_given_up_is_told_in_the_readers_language(monkeypatch):
    from lamplighter.city.policies import checking
    from lamplighter.policy.sentences import say

    def give_up(policy):
        raise ProofError(say("proof.given-up", why="timeout"))

    monkeypatch.setattr(checking, "check", give_up)
    shipped = shipped_policy("first_response").read_text(encoding="utf-8")
    told = checking.check_text(shipped + "# once more\n", "es").problems[0]
    assert (told.message, told.language) == (
        "la comprobación se dio por vencida (timeout), así que nada queda demostrado",
        "es",
    )


def test_what_the_check_finds_is_in_the_language_of_the_page():
    from django.utils.translation import override

    from lamplighter.city.policies.checking import check_text

    only_fires = TEXT[: TEXT.index("      - id: two")]
    with override("es"):
        found = check_text(only_fires, "es").found
    told = {one.kind: one.says for one in found}
    (gap,) = (one for one in found if one.kind == "gap")
    assert dict(gap.call)["Todo lo demás"] == "no se sabe"
    assert told["gap"] == "Ninguna regla de «Quién va» vale para esta llamada: agregue una."
    assert told["unreached"] == (
        "Ninguna llamada recibe responder police de la tabla answer; agregue una regla que lo dé, "
        "o quite el valor."
    )
