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


PHONE = {"width": 375, "height": 800}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_on_a_phone_its_lists_are_folded_and_opened_by_key(running_city, open_context, scripts):
    page = open_context(java_script_enabled=scripts, **PHONE).new_page()
    page.goto(running_city.url + ADDRESS)
    rules = page.locator("#rule-suspicion-report")
    expect(rules).to_be_hidden()
    page.get_by_text(re.compile(r"^\d+ rules: Who goes$")).press("Enter")
    expect(rules).to_be_visible()
    expect(page.locator("#promises")).to_be_hidden()


@pytest.mark.parametrize(
    ("leads_to", "opened"),
    [
        ("#rule-suspicion-report", "#table-response"),
        ("#table-dispatch", "#table-dispatch"),
        ("#promises", "#promises"),
        ("#:~:text=Whoever%20it%20was%20has%20gone", "#table-response"),
    ],
)
def test_on_a_phone_an_address_or_a_search_opens_the_list_that_it_leads_into(
    running_city, open_context, leads_to, opened
):
    page = open_context(**PHONE).new_page()
    page.goto(running_city.url + ADDRESS + leads_to)
    expect(page.locator(opened)).to_be_visible()
    expect(page.locator(".phone-fold[open]")).to_have_count(1)


def test_on_a_wide_screen_and_on_paper_everything_stands_open(running_city, open_context):
    page = open_context().new_page()
    page.goto(running_city.url + ADDRESS)
    expect(page.locator("#rule-suspicion-report")).to_be_visible()
    expect(page.locator(".phone-fold > summary").first).to_be_hidden()
    page.set_viewport_size(PHONE)
    expect(page.locator("#rule-suspicion-report")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#rule-suspicion-report")).to_be_visible()
    expect(page.locator(".phone-fold > summary").first).to_be_hidden()


def test_facts_that_are_in_the_address_are_not_folded_away(running_city, open_context):
    page = open_context(**PHONE).new_page()
    page.goto(f"{running_city.url}{ADDRESS}?nature=fire")
    expect(page.locator("#try-weapon")).to_be_hidden()
    page.goto(f"{running_city.url}{ADDRESS}?nature=fire&weapon=false")
    expect(page.locator("#try-weapon")).to_be_visible()
