"""The public page of the policy in a real browser: to read, to try, to share, on a phone."""

import re

import pytest
from playwright.sync_api import expect

ADDRESS = "/policies/first-response/"


def test_trying_it_answers_at_once_and_the_address_can_be_shared(running_city, open_context):
    page = open_context().new_page()
    page.goto(running_city.url + ADDRESS)
    page.get_by_label("What is happening").select_option("fire")
    expect(page.locator("#trial .decision__outcome")).to_contain_text("Fire department")
    page.wait_for_url(re.compile("nature=fire"))
    shared = open_context(java_script_enabled=False).new_page()
    shared.goto(page.url)
    expect(shared.locator("#trial .decision__outcome")).to_contain_text("Fire department")
    page.locator("#trial .rule-reasons a").first.click()
    rule = page.locator("tr:target")
    expect(rule).to_be_in_viewport()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_it_has_no_barrier(running_city, open_context, check_axe, language, scheme, width):
    page = open_context(language=language, scheme=scheme, width=width).new_page()
    page.goto(f"{running_city.url}{ADDRESS}?nature=welfare_check&violence=none")
    expect(page.locator("h1")).to_contain_text("call" if language == "en" else "llamada")
    check_axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "nothing stands outside the window"
