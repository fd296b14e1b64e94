"""The call form in a real browser: by keys alone, on a phone, without scripts, without a server."""

import re

import pytest
from playwright.sync_api import Page, expect

from .interview import press, question, say


def draft(page: Page) -> str | None:
    """What this tab would bring back after a reload."""
    return page.evaluate("sessionStorage.getItem('lamplighter.call-draft')")


def test_a_call_is_taken_by_keys_alone(call_form):
    page = call_form()
    expect(page.locator("#id_address")).to_be_focused()
    page.keyboard.type("12 Lantern Street")
    page.keyboard.press("Enter")
    page.keyboard.type("hears voic")
    page.keyboard.press("Enter")
    expect(page.locator("#nature-search")).to_have_value("Mental health crisis")
    expect(page.locator("#questions :focus")).to_be_visible()
    asked = []
    while page.locator("[data-asked]").count():
        asked.append(question(page))
        press(page, "n" if page.locator("[data-asked] [data-key=n]").count() else "1")
    assert len(asked) == len(set(asked)) > 1
    expect(page.locator(".questions__done")).to_be_focused()
    expect(page.locator(".decision__settled")).to_be_visible()
    who = page.locator("#decision .decision__outcome").inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/incidents/[0-9a-f-]{36}/$"))
    expect(page.get_by_text("The call is saved.")).to_be_visible()
    page.get_by_role("link", name="Take another call").click()
    expect(page.locator("#id_address")).to_have_value("")
    assert who


def test_an_answer_changes_the_decision_at_once_and_can_be_changed(call_form):
    page = call_form()
    say(page, "check on someone")
    first = question(page)
    press(page, "u")
    assert question(page) != first
    given = page.locator(f'.fact--given[data-question="{first}"] [aria-pressed=true]')
    expect(given).to_have_text("Unknown")
    page.keyboard.press("Backspace")  # takes it back: it is asked again
    expect(page.locator(f'[data-asked][data-question="{first}"]')).to_be_visible()
    page.locator('.fact[data-question="violence"] button', has_text="Violence now").click()
    expect(page.locator("#decision")).to_contain_text("Immediate risk")
    expect(page.locator("#said")).not_to_be_empty()


def test_each_fact_is_one_stop_of_the_tab_key_and_arrows_go_along(call_form):
    page = call_form()
    say(page, "fight")
    rows = page.locator("#questions .known-facts .fact")
    first, second = (rows.nth(place).get_attribute("data-question") for place in range(2))
    page.keyboard.press("Tab")
    expect(page.locator(f'[data-question="{first}"] button').first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-question="{first}"] button').nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f'[data-question="{second}"] button').first).to_be_focused()


def test_letters_in_a_text_field_answer_nothing(call_form):
    page = call_form()
    say(page, "fight")
    before = question(page)
    page.locator("#id_narrative").fill("")
    page.locator("#id_narrative").press_sequentially("yes no unknown 1 2 3")
    assert question(page) == before
    expect(page.locator("#id_narrative")).to_have_value("yes no unknown 1 2 3")
    expect(page.locator(".fact--given")).to_have_count(0)


def test_a_reload_keeps_what_was_typed_until_it_is_saved(call_form):
    page = call_form()
    page.locator("#id_address").fill("12 Lantern Street")
    say(page, "fight")
    press(page, "u")
    page.locator("#id_narrative").fill("Two men at the bus stop")
    call_id = page.locator("[name=id]").input_value()
    page.reload()
    expect(page.locator("#nature-search")).to_have_value("Fight")
    expect(page.locator("#id_address")).to_have_value("12 Lantern Street")
    expect(page.locator("#id_narrative")).to_have_value("Two men at the bus stop")
    expect(page.locator("[name=id]")).to_have_value(call_id)
    expect(page.locator(".fact--given")).to_have_count(1)
    page.locator("[data-send]").click()
    page.wait_for_url("**/incidents/**")
    assert draft(page) is None
    page.goto(page.url.split("/incidents/")[0] + "/calls/new/")
    expect(page.locator("#id_address")).to_have_value("")


def test_signing_out_forgets_what_was_typed(call_form):
    page = call_form()
    page.locator("#id_narrative").fill("Two men at the bus stop")
    assert draft(page) is not None
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"://[^/]+/$"))
    assert draft(page) is None


def test_the_pin_fills_in_the_neighborhood_and_moves_by_keys(call_form):
    page = call_form()
    page.get_by_role("button", name="Set a pin").click()
    expect(page.locator(".map-pin")).to_be_focused()
    neighborhood = page.locator("#id_neighborhood")
    expect(neighborhood).not_to_have_value("")
    middle = neighborhood.input_value()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    expect(neighborhood).not_to_have_value(middle)


def test_an_open_call_near_by_is_joined_with_one_press(call_form):
    page = call_form()
    page.locator("#id_address").fill("Courthouse")
    page.get_by_role("button", name="Set a pin").click()
    say(page, "fight")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    incident = page.url
    page.get_by_role("link", name="Take another call").click()
    page.get_by_role("button", name="Set a pin").click()
    page.locator("#nearby label", has_text="Fight").first.click()
    expect(page.locator("#nature-search")).to_have_value("Fight")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    assert page.url == incident


def test_a_call_without_a_place_is_not_saved_and_nothing_is_lost(call_form):
    page = call_form()
    page.locator("#id_narrative").fill("Two men at the bus stop")
    say(page, "fight")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problems")).to_contain_text("The call has no place")
    expect(page.locator("#address-problem")).to_contain_text("The call has no place")
    expect(page.locator("#problems a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_address")).to_be_focused()
    expect(page.locator("#id_address")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_narrative")).to_have_value("Two men at the bus stop")
    page.keyboard.type("12 Lantern Street")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")


def test_a_lost_connection_loses_no_call(call_form):
    page = call_form()
    page.locator("#id_address").fill("12 Lantern Street")
    say(page, "fight")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problems")).to_contain_text("the call is not saved")
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")


def test_a_call_is_taken_without_scripts(running_city, open_context):
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{running_city.url}/demo/")
    page.locator('button[name="username"][value="rosa"]').first.click()
    page.wait_for_url(f"{running_city.url}/")
    page.goto(f"{running_city.url}/calls/new/")
    page.locator("#id_address").fill("12 Lantern Street")
    page.locator("#fact-nature").select_option("fight")
    page.get_by_role("button", name="Next question").click()
    page.locator("[data-asked] button").first.click()
    expect(page.locator(".fact--given")).to_have_count(1)
    expect(page.locator("#id_address")).to_have_value("12 Lantern Street")
    page.locator("[data-send]").click()
    expect(page.get_by_text("The call is saved.")).to_be_visible()


def test_new_information_shows_what_changes_before_it_is_saved(call_form):
    page = call_form()
    page.locator("#id_address").fill("12 Lantern Street")
    call_id = page.locator("[name=id]").input_value()
    say(page, "loud music")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    page.goto(page.url.split("/incidents/")[0] + f"/calls/{call_id}/facts/")
    page.locator("#other-facts, .known-facts").first.wait_for()
    say(page, "shots fired")
    expect(page.locator("#change")).to_contain_text("Until now")
    page.locator("#id_note").fill("It was not fireworks")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    expect(page.get_by_text("It was not fireworks")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("es", "dark", 390)]
)
def test_no_page_has_a_barrier(call_form, check_axe, language, scheme, width):
    page = call_form(language=language, scheme=scheme, width=width)
    check_axe(page)
    page.locator("#id_address").fill("12 Lantern Street")
    say(page, "overdose" if language == "en" else "sobredosis")
    say(page, "fight" if language == "en" else "pelea")
    press(page, page.locator("[data-asked] [data-key]").first.get_attribute("data-key"))
    page.locator("#nature-search").fill("a")
    expect(page.locator("#nature-list [role=option]").first).to_be_visible()
    check_axe(page)
    page.locator("#nature-search").press("Escape")
    page.locator("#id_address").fill("")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problems a")).to_be_focused()
    check_axe(page)
    page.locator("#id_address").fill("12 Lantern Street")
    call_id = page.locator("[name=id]").input_value()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    root = page.url.split("/incidents/")[0]
    for address in (f"/calls/{call_id}/facts/", f"/calls/{call_id}/override/"):
        page.goto(root + address)
        check_axe(page)
