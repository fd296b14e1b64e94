"""The call form while requests are late, lost, or overtaken by others."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from .interview import press, question, say


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
    with page.expect_response(lambda got: got.url.endswith("/calls/new/")):
        page.get_by_role("button", name="Set a pin").click()


def test_the_question_comes_into_focus_though_a_pin_overtakes_it(call_form):
    page = call_form(may_hold=True)
    page.locator("#nature-search").focus()
    page.keyboard.type("fight")
    with next_request_held(page):
        page.keyboard.press("Enter")
    expect(page.locator("#questions")).to_have_attribute("aria-busy", "true")
    move_pin(page)
    expect(page.locator("#questions :focus")).to_be_visible()


def test_an_answer_is_kept_though_a_pin_overtakes_it(call_form):
    page = call_form(may_hold=True)
    say(page, "fight")
    asked = question(page)
    with next_request_held(page):
        page.keyboard.press("u")
    move_pin(page)
    expect(page.locator(f'.fact--given[data-question="{asked}"]')).to_be_visible()


def test_a_key_answers_while_a_pin_is_asked_about(call_form):
    page = call_form(may_hold=True)
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
    page = call_form(may_hold=True)
    say(page, "fight")
    lose(page, "**/calls/new/", times=1)
    press(page, "u")
    expect(page.locator("#problems")).to_be_empty()


def test_what_came_back_is_kept_until_the_server_has_it(call_form):
    page = call_form(may_hold=True)
    say(page, "fight")
    asked = question(page)
    press(page, "u")
    lose(page, "**/calls/new/", times=2)
    page.reload()
    expect(page.locator("#problems")).to_contain_text("could not be reached")
    page.get_by_role("button", name="Set a pin").click()
    expect(page.locator(f'.fact--given[data-question="{asked}"]')).to_be_visible()


def test_an_arrow_goes_along_what_was_typed_before_it_is_found(call_form):
    page = call_form(may_hold=True)
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
    page = call_form(may_hold=True)
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
