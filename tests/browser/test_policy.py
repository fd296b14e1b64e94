"""The public page of the policy in a real browser: to read, to try, to share, on a phone."""

import re

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
