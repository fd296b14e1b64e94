"""The call form in a real browser: by keys alone, on a phone, without scripts, without a server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, TimeoutError, expect


@pytest.fixture
def call_form(sign_in):
    """The call form of a call taker, ready for typing: `call_form(language="es", width=390)`."""

    def opened(**context) -> Page:
        page = sign_in("rosa", **context)
        page.goto(page.url + "calls/new/")
        return page

    return opened


def say(page: Page, words: str) -> None:
    """Type what is happening and take the best match."""
    page.locator("#nature-search").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("#questions :focus")).to_be_visible()


def press(page: Page, key: str) -> None:
    """Answer by a key, and wait until another question stands."""
    before = question(page)
    page.keyboard.press(key)
    expect(page.locator(f'[data-asked][data-question="{before}"]')).to_have_count(0)


def draft(page: Page) -> str | None:
    """What this tab would bring back after a reload."""
    return page.evaluate("sessionStorage.getItem('lamplighter.call-draft')")


def question(page: Page) -> str:
    return page.locator("[data-asked]").get_attribute("data-question") or ""


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


@contextmanager
def next_request_held(page: Page) -> Iterator[None]:
    """The form's next request is on its way when the block ends, and never gets its answer."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held or route.request.method != "POST":
            route.fallback()
        else:
            held.append(route)

    page.route("**/calls/new/", hold)
    yield
    for _ in range(1500):
        if held:
            return
        page.wait_for_timeout(10)
    pytest.fail("The form sent no request.")


def move_pin(page: Page) -> None:
    """Set the pin: it is asked about after a moment of rest, whatever else is on its way."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    try:
        with page.expect_response(lambda got: got.url.endswith("/calls/new/")):
            page.get_by_role("button", name="Set a pin").click()
    except TimeoutError:
        at = page.locator("[name=latitude]").input_value()
        said = page.locator("#problems").inner_text()
        pytest.fail(f"Nothing was answered about the pin at {at!r}; sent {sent}; said {said!r}.")


def test_the_question_comes_into_focus_though_a_pin_overtakes_it(call_form):
    page = call_form()
    page.locator("#nature-search").focus()
    page.keyboard.type("fight")
    with next_request_held(page):
        page.keyboard.press("Enter")
    expect(page.locator("#questions")).to_have_attribute("aria-busy", "true")
    move_pin(page)
    expect(page.locator("#questions :focus")).to_be_visible()


def test_an_answer_is_kept_though_a_pin_overtakes_it(call_form):
    page = call_form()
    say(page, "fight")
    asked = question(page)
    with next_request_held(page):
        page.keyboard.press("u")
    move_pin(page)
    expect(page.locator(f'.fact--given[data-question="{asked}"]')).to_be_visible()


def test_a_key_answers_while_a_pin_is_asked_about(call_form):
    page = call_form()
    say(page, "fight")
    with next_request_held(page):
        page.get_by_role("button", name="Set a pin").click()
    page.keyboard.press("Escape")  # back to the question
    press(page, "u")


def test_a_press_is_heard_though_the_pin_is_answered_under_the_finger(call_form):
    page = call_form()
    say(page, "fight")
    asked = question(page)
    page.get_by_role("button", name="Set a pin").click()
    page.locator("[data-asked] button").first.hover()
    page.mouse.down()
    expect(page.locator("#id_neighborhood")).not_to_have_value("")
    page.mouse.up()
    expect(page.locator(f'.fact--given[data-question="{asked}"]')).to_be_visible()


def lose(page: Page, address: str, times: int) -> None:
    """The next requests to an address that bring something get no answer, so many of them."""
    lost: list[Route] = []

    def lose_one(route: Route) -> None:
        if route.request.method != "POST" or len(lost) == times:
            route.fallback()
        else:
            lost.append(route)
            route.abort()

    page.route(address, lose_one)


def test_an_answer_that_got_lost_is_sent_once_more(call_form):
    page = call_form()
    say(page, "fight")
    lose(page, "**/calls/new/", times=1)
    press(page, "u")
    expect(page.locator("#problems")).to_be_empty()


def test_what_came_back_is_kept_until_the_server_has_it(call_form):
    page = call_form()
    say(page, "fight")
    asked = question(page)
    press(page, "u")
    lose(page, "**/calls/new/", times=2)
    page.reload()
    expect(page.locator("#problems")).to_contain_text("could not be reached")
    page.get_by_role("button", name="Set a pin").click()
    expect(page.locator(f'.fact--given[data-question="{asked}"]')).to_be_visible()


def test_an_arrow_goes_along_what_was_typed_before_it_is_found(call_form):
    page = call_form()
    early: list[Route] = []
    typed: list[str] = []
    page.route("**/natures/", lambda route: route.continue_() if typed else early.append(route))
    page.locator("#nature-search").focus()
    page.keyboard.type("won't leave")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    typed.append("all of it")
    for route in early:
        route.continue_()
    expect(page.locator("#nature-search")).to_have_value("Person asked to leave")


def test_a_search_that_got_lost_is_told_and_chooses_nothing_else(call_form):
    page = call_form()
    page.locator("#nature-search").focus()
    page.keyboard.insert_text("fi")
    expect(page.locator("#nature-list [role=option]").first).to_be_visible()
    lose(page, "**/natures/", times=2)
    page.keyboard.insert_text("ght")
    expect(page.locator("#nature-list")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("could not be reached")
    expect(page.locator("#fact-nature")).to_have_value("")
    page.keyboard.press("Enter")
    expect(page.locator("#nature-search")).to_have_value("Fight")


def test_a_map_that_did_not_come_is_told_and_the_call_is_taken(running_city, sign_in):
    page = sign_in("rosa")
    page.route("**/chunks/maplibre-*.js", lambda route: route.abort())
    page.goto(f"{running_city.url}/calls/new/")
    expect(page.locator("#map")).to_contain_text("The map could not be fetched")
    page.locator("#id_address").fill("12 Lantern Street")
    say(page, "fight")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")


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
