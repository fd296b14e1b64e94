"""The page of a policy is one file that says all of it, in both languages, and loads nothing."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from lamplighter.policy import parse_policy, read_policy, shipped_policy
from lamplighter.policy.page import policy_page
from tests.policy.examples import SMALL
from tests.policy.test_hit_policies import HEARING, who_else

EVIL = "<script>alert(1)</script>\" onload='x"


class Elements(HTMLParser):
    """Every element with its attributes, and what was left open."""

    VOID = frozenset(["meta", "input", "br", "link", "img"])

    def __init__(self, page):
        super().__init__()
        self.found, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def policy():
    return read_policy(shipped_policy("first_response"))


@pytest.fixture(scope="module")
def page(policy):
    return policy_page(policy)


def in_language(page, language):
    return re.search(rf'<article lang="{language}".*?</article>', page, re.DOTALL)[0]


def test_it_has_every_rule_reason_question_and_promise_in_both_languages(policy, page):
    plain = page.replace("&#x27;", "'").replace("&quot;", '"')
    for language in ("en", "es"):
        shown = in_language(plain, language)
        for table in policy.tables:
            assert table.title.in_language(language) in shown
            for rule in table.rules:
                assert f'id="{language}-rule-{rule.id}"' in shown
                assert rule.because.in_language(language) in shown
                assert rule.source in shown
        for promise in policy.promises:
            assert promise.says.in_language(language) in shown
        for declared in policy.inputs.values():
            assert declared.ask.in_language(language) in shown
        assert policy.content_hash in shown
        assert policy.version in shown


def test_it_loads_nothing_and_runs_nothing(page):
    elements = Elements(page)
    assert elements.open == []
    tags = {tag for tag, _ in elements.found}
    assert not tags & {"script", "link", "img", "iframe", "form", "object"}
    for _, attributes in elements.found:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", page)
    assert "default-src 'none'" in page


def test_links_and_labels_have_a_place_that_stands_there_once(page):
    elements = Elements(page).found
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in elements:
        for name in ("aria-labelledby", "href"):
            if name in attributes:
                assert attributes[name].removeprefix("#") in ids


def test_a_table_has_headings_with_their_scope(page):
    headings = [attributes for tag, attributes in Elements(page).found if tag == "th"]
    assert {attributes["scope"] for attributes in headings} == {"col", "row"}


def test_the_language_that_is_asked_for_is_shown_first(policy):
    assert '<html lang="es">' in policy_page(policy, "es-MX")
    assert 'id="show-es" checked' in policy_page(policy, "es")
    assert "<title>Quién responde a una llamada de ayuda</title>" in policy_page(policy, "es")
    assert 'id="show-en" checked' in policy_page(policy, "fr")


def test_english_words_on_the_spanish_page_are_marked():
    shown = in_language(policy_page(parse_policy(SMALL)), "es")
    assert '<p lang="en">People get hurt in fights.</p>' in shown
    assert "<p>Un arma y una amenaza pueden matar.</p>" in shown


def test_what_a_policy_says_is_never_markup():
    said = EVIL.replace('"', '\\"')
    text = SMALL.replace("A small policy", said).replace("People get hurt in fights.", said)
    text = text.replace("Has anyone seen a weapon?", said).replace(
        "policy: small", f'policy: "{said}"'
    )
    page = policy_page(parse_policy(text))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not any("onload" in attributes for _, attributes in Elements(page).found)


def test_promises_have_their_status_where_a_report_is_given():
    policy = parse_policy(SMALL)
    assert "Stated; not proved here" in policy_page(policy)
    for status, says in (
        ("proved", "Proved for every possible call"),
        ("refuted", "Not kept: a call breaks it"),
        ("contradictory", "It cannot be kept with the others"),
    ):
        found = [SimpleNamespace(promise=promise, status=status) for promise in policy.promises]
        page = policy_page(policy, report=SimpleNamespace(promises=found))
        assert says in in_language(page, "en")
        assert "Stated; not proved here" not in page


@pytest.mark.parametrize(
    ("hit", "says"),
    [
        ("first", "the first rule that fits decides"),
        ("collect", "Every rule that fits counts; the answers are listed."),
        ("collect count", "The answer is how many rules fit."),
        ("rule order", "listed in the order of the rules"),
    ],
)
def test_each_table_says_how_it_decides(hit, says):
    assert says in policy_page(parse_policy(who_else(hit)))


def test_a_number_without_bounds_is_any_value():
    without = SMALL.replace('"[0..24)"', '"-"')
    assert without != SMALL
    page = policy_page(parse_policy(without), "en")
    assert "Any value" in page
    assert "A value in -" not in page


def test_dates_and_durations_are_shown_as_they_are_written():
    page = policy_page(parse_policy(HEARING))
    assert Elements(page).open == []
    assert "A value in" in page
