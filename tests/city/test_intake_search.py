"""Finding what is happening by the words that callers use: the best match stands first."""

import pytest

from lamplighter.city.intake.search import search_natures
from lamplighter.history import natures
from lamplighter.policy import read_policy, shipped_policy


@pytest.fixture(scope="module")
def policy():
    return read_policy(shipped_policy("first_response"))


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("overdose", "en", "overdose"),
        ("over", "en", "overdose"),  # the beginning of a label
        ("can't breathe", "en", "medical_emergency"),
        ("cant breathe", "en", "medical_emergency"),  # without the apostrophe
        ("not mov", "en", "person_down"),  # the last word half typed
        ("voices hearing", "en", "mental_health_crisis"),  # in any order
        ("domestc violence", "en", "domestic_violence"),  # misspelt
        ("quiere morir", "es", "suicidal_person"),
        ("quiere morir", "en", "suicidal_person"),  # a call taker who hears Spanish
        ("convulsion", "es", "medical_emergency"),  # without the accent
        ("RUIDO", "es", "noise"),
        ("fire", "en", "fire"),
    ],
)
def test_the_best_match_stands_first(policy, typed, language, first):
    assert search_natures(policy, typed, language)[0].code == first


def test_what_begins_with_the_text_stands_before_what_only_has_it(policy):
    found = [one.label for one in search_natures(policy, "person", "en")]
    begins = [label.startswith("Person") for label in found]
    assert begins == sorted(begins, reverse=True)
    assert begins[0]


def test_a_whole_sentence_finds_what_its_rare_words_point_to(policy):
    found = search_natures(policy, "there is a man with a gun at the school", "en")
    assert found[0].code == "person_with_weapon"


def test_common_words_do_not_drown_a_full_match(policy):
    assert all("not" in one.words or one.words == "" for one in search_natures(policy, "not", "en"))
    assert [one.code for one in search_natures(policy, "not moving", "en")] == ["person_down"]


def test_it_says_by_which_words_it_was_found(policy):
    [found] = search_natures(policy, "talking to himself", "en")
    assert (found.label, found.words) == ("Mental health crisis", "talking to himself")


def test_labels_come_in_the_language_of_the_reader(policy):
    assert search_natures(policy, "noise", "es")[0].label == "Ruido"


def test_nothing_typed_shows_everything_in_the_policys_order(policy):
    declared = [value.value for value in policy.inputs["nature"].values]
    assert [one.code for one in search_natures(policy, "  ", "en")] == declared


def test_nonsense_finds_nothing(policy):
    assert search_natures(policy, "xyzzy qqq", "en") == ()


def test_every_nature_is_found_by_each_of_its_words(policy):
    for nature in natures():
        for language, words in (("en", nature.words_en), ("es", nature.words_es)):
            for word in words:
                found = [one.code for one in search_natures(policy, word, language)]
                assert nature.code in found, f"{nature.code} by {word}"
