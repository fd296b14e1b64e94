"""The page of a policy as a file: opened from a disk, on a phone, on paper, without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from lamplighter.policy import read_policy, shipped_policy
from lamplighter.policy.page import policy_page


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "policy.html"
    path.write_text(policy_page(read_policy(shipped_policy("first_response"))), encoding="utf-8")
    return path


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_it_has_no_barrier_in_either_language(open_context, check_axe, file, scheme, width):
    page = open_context(scheme=scheme, width=width).new_page()
    page.goto(file.as_uri())
    check_axe(page)
    page.get_by_role("radio", name="Español").check(force=True)
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_language_is_switched_without_scripts(open_context, file):
    page = open_context(java_script_enabled=False).new_page()
    page.goto(file.as_uri())
    english = page.get_by_role("heading", name="Who answers a call for help")
    spanish = page.get_by_role("heading", name="Quién responde a una llamada de ayuda")
    expect(english).to_be_visible()
    expect(spanish).to_be_hidden()
    page.get_by_text("Español").click()
    expect(spanish).to_be_visible()
    expect(english).to_be_hidden()


def test_it_asks_the_network_for_nothing(open_context, file):
    page = open_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]


def test_on_paper_it_is_light_and_without_what_only_a_screen_needs(open_context, file):
    page = open_context(scheme="dark").new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_role("banner")).to_be_hidden()


def test_on_a_phone_a_table_is_folded_until_an_address_leads_into_it(open_context, file):
    page = open_context(java_script_enabled=False, width=375, height=800).new_page()
    page.goto(file.as_uri())
    rule = page.locator("#en-rule-suspicion-report")
    expect(rule).to_be_hidden()
    page.get_by_role("link", name="Who goes").click()
    expect(rule).to_be_visible()
    expect(page.locator(".fold[open]")).to_have_count(1)


def test_on_a_wide_screen_and_on_paper_no_table_is_folded(open_context, file):
    page = open_context(width=375, height=800).new_page()
    page.goto(file.as_uri())
    rule, fold = page.locator("#en-rule-suspicion-report"), page.locator(".in-en .fold > summary")
    page.emulate_media(media="print")
    expect(rule).to_be_visible()
    expect(fold.first).to_be_hidden()
    page.emulate_media(media="screen")
    expect(rule).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(rule).to_be_visible()
    expect(fold.first).to_be_hidden()
