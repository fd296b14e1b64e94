"""What people read in the policy: both languages, plain, with a reason and a source."""

from __future__ import annotations

from collections.abc import Iterator

from lamplighter.policy import Policy, Words

# A word of a commercial or police kind that has a plainer one.
AVOIDED = ("subject", "offender", "suspect", "vagrant", "junkie", "EDP", "ProQA", "sujeto")
LONGEST_QUESTION_IN_WORDS = 12


# The programs, studies and norms whose facts docs/first-response.md states.
KNOWN_SOURCES = (
    *("STAR, Denver", "CIRU, Denver", "LEAD", "Homeless Outreach Team", "Case Manager Hub"),
    *("CAHOOTS", "Albuquerque Community Safety", "CRT, Colorado Springs", "HEART, Durham"),
    *("Mobile crisis, Lane County", "Center for American Progress", "CAP, LEAP", "NICJR"),
    *("NFPA 1225", "Three dispatch models", "Philadelphia and Tucson", "988"),
)


def words_of(policy: Policy) -> Iterator[tuple[str, Words]]:
    """Every text that somebody reads, with the place where it stands."""
    yield "title", policy.title
    for name, declared in policy.inputs.items():
        yield f"label of {name}", declared.label
        for text in (declared.ask, declared.help):
            if text is not None:
                yield f"question {name}", text
        for choice in declared.values:
            yield f"{name} {choice.value}", choice.label
    for table in policy.tables:
        yield f"title of {table.name}", table.title
        for name, output in table.outputs.items():
            yield f"label of {name}", output.label
            for choice in output.values:
                yield f"{name} {choice.value}", choice.label
        for rule in table.rules:
            yield f"because of {rule.id}", rule.because
    for promise in policy.promises:
        yield f"promise {promise.id}", promise.says


def test_every_text_is_in_both_languages(policy: Policy) -> None:
    same_in_both = {"No", "Animal", "Hospital"}
    for place, words in words_of(policy):
        assert words.en.strip(), place
        assert words.es, place
        assert words.es.strip(), place
        assert words.es != words.en or words.en in same_in_both, place


def test_every_text_speaks_of_persons_in_plain_words(policy: Policy) -> None:
    for place, words in words_of(policy):
        for text in (words.en, words.es or ""):
            spoken = {word.strip('.,;:()"¿?¡!') for word in text.split()}
            assert not spoken & set(AVOIDED), place


def test_every_question_can_be_asked_in_one_breath(policy: Policy) -> None:
    for name, declared in policy.inputs.items():
        assert declared.ask is not None, name
        assert declared.ask.en.endswith("?"), name
        assert (declared.ask.es or "").startswith("¿"), name
        assert len(declared.ask.en.split()) <= LONGEST_QUESTION_IN_WORDS, name
        assert len((declared.ask.es or "").split()) <= LONGEST_QUESTION_IN_WORDS, name


def test_every_fact_but_the_nature_says_what_unknown_is_taken_for(policy: Policy) -> None:
    for name, declared in policy.inputs.items():
        assert declared.always_known == (name == "nature")
        assert (declared.when_unknown is None) == (name == "nature")


def test_unknown_is_taken_for_the_dangerous_answer(policy: Policy) -> None:
    taken_for = {name: declared.when_unknown for name, declared in policy.inputs.items()}
    assert taken_for["weapon"] is True
    assert taken_for["violence"] == "threat"
    assert taken_for["breathing_and_awake"] is False
    assert taken_for["injured"] == "serious"
    assert taken_for["suicide_means"] is True
    assert taken_for["agrees_to_help"] is False


def test_every_rule_names_its_source_or_says_that_it_is_a_house_rule(policy: Policy) -> None:
    for table in policy.tables:
        for rule in table.rules:
            house_rule = rule.source.startswith("House rule: ")
            assert house_rule or any(name in rule.source for name in KNOWN_SOURCES), rule.id


def test_first_response_has_the_three_tables_in_order(policy: Policy) -> None:
    assert [table.name for table in policy.tables] == ["risk", "response", "dispatch"]
    assert sum(len(table.rules) for table in policy.tables) >= 40
