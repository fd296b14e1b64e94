"""The rehearsal room as its people use it: run what is there, copy it, add a team, compare."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.city_server import RunningCity

from .words import Say

ROOM = "/rehearsal/"
FIRST = "Lanternfield, 2026"
# The first run on a machine compiles the simulator.
RUN_MS = 480_000

SignIn = Callable[..., Page]


def write_teams(page: Page, change: Callable[[str], str]) -> None:
    field = page.locator("[name=teams_text]")
    field.fill(change(field.input_value()))


@pytest.mark.timeout(1500)
def test_two_scenarios_are_run_and_compared(enter: SignIn, own_city: RunningCity) -> None:
    say = Say("en")
    page = enter("lucia")

    # A newcomer runs the sample city's own scenario: the room, then one press.
    page.get_by_role("link", name=say("Rehearsal room")).first.click()
    page.get_by_role("button", name=re.compile(f"^{say('Run it')}.*{FIRST}")).click()
    expect(page.get_by_role("heading", name=say("It is being run"))).to_be_visible()
    expect(
        page.get_by_role("heading", name="Who is on duty, and how busy are they?")
    ).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_role("img", name="Served, by who should go").first).to_be_visible()

    # Changed in the table: a mistake is named beside its field, and the text follows the table.
    page.get_by_role("link", name=say("Change and run again")).click()
    page.get_by_label(say("Name"), exact=True).fill("One more van")
    told = page.locator("#told")
    star = page.get_by_role("group", name="STAR", exact=True)
    day, evening = (star.get_by_label(say("Units"), exact=True).nth(place) for place in (0, 1))
    day.fill("-2")
    day.blur()
    expect(told).to_contain_text(say("It cannot be run yet"))
    wrong = star.locator(".mini__error").filter(has_text="0")
    expect(wrong.locator(".icon")).to_be_visible()
    expect(day).to_have_css("border-top-width", "2px")
    day.fill("3")
    evening.fill("3")
    evening.blur()
    expect(told).to_contain_text(say("It can be run"))
    expect(star.locator(".mini__error").filter(has_text="0")).to_have_count(0)

    # Changed in the text: a mistake is named with its line; mended, the table has what it says.
    page.get_by_text(say("The whole team file, as text")).click()
    expect(page.locator("[name=teams_text]")).to_have_value(re.compile("number: 3"))
    write_teams(page, lambda text: text.replace("number: 1", "number: -1", 1))
    expect(told).to_contain_text(re.compile(r"line \d+, column \d+: the number of a shift of STAR"))
    write_teams(page, lambda text: text.replace("number: -1", "number: 2"))
    expect(told).to_contain_text(say("It can be run"))
    expect(star.get_by_label(say("Units"), exact=True).nth(2)).to_have_value("2")
    # Enter saves; it does not press the first button that stands in the table.
    day.press("Enter")
    expect(
        page.get_by_role("heading", name="Who is on duty, and how busy are they?")
    ).to_be_visible(timeout=RUN_MS)
    page.get_by_role("link", name=f"Compare with “{FIRST}”").click()
    expect(page.get_by_role("heading", name=say("Scenarios side by side"))).to_be_visible()

    # A target is searched; stopped, it can be gone on with.
    page.get_by_role("link", name=FIRST).click()
    page.get_by_role("link", name=say("Search for the smallest teams")).click()
    page.get_by_role("button", name=say("Search"), exact=True).click()
    page.get_by_role("button", name=say("Stop it")).click()
    expect(page.get_by_role("button", name=say("Go on"))).to_be_visible()

    # Side by side: what differs first, in words with its interval; then what was changed.
    page.goto(own_city.url + ROOM)
    compare = page.get_by_role("button", name=say("Compare"), exact=True)
    expect(compare).to_be_disabled()
    for name in ("One more van", FIRST):
        page.locator("article", has=page.get_by_role("link", name=name)).locator("label").click()
    compare.click()
    expect(page.get_by_role("heading", name=say("Scenarios side by side"))).to_be_visible()
    finding = page.locator(".finding")
    expect(finding).to_contain_text(f"With “One more van” instead of “{FIRST}”")
    expect(finding).to_contain_text(
        re.compile(r"Of 100 calls for them, the teams reach [\d.]+ more \([\d.]+ to [\d.]+\)")
    )
    expect(finding).to_contain_text("more team hours a week")
    expect(page.locator("ins", has_text="number: 3").first).to_be_visible()
    expect(page.get_by_role("img", name="Who came").first).to_be_visible()
    expect(page.locator("#map-served").get_by_role("img", name="What B changes")).to_be_visible()
    expect(page.get_by_role("table", name=say("Minutes to arrival"))).to_contain_text(
        "below the poverty line"
    )

    # The same in Spanish, for somebody who only reads along.
    say = Say("es")
    reader = enter("noor", language="es", scheme="dark", width=390, height=844)
    reader.goto(page.url)
    expect(reader.get_by_role("heading", name=say("Scenarios side by side"))).to_be_visible()
    expect(reader.locator(".finding")).to_contain_text("De 100 llamadas para ellos")
    reader.goto(own_city.url + ROOM)
    expect(reader.get_by_role("link", name=say("New scenario"))).to_have_count(0)
    expect(reader.get_by_role("button", name=say("Compare"), exact=True)).to_be_visible()


def test_a_run_can_be_stopped_and_without_scripts_the_page_comes_again(
    enter: SignIn, own_city: RunningCity, open_context: Callable[..., BrowserContext]
) -> None:
    page = enter("esme", java_script_enabled=False)
    page.goto(own_city.url + ROOM + "new/")
    page.get_by_label("Name", exact=True).fill("A long one")
    page.get_by_text("How it is run").click()
    page.get_by_label("How often it is run").fill("200")
    page.get_by_role("button", name="Save and run").click()
    expect(page.get_by_role("heading", name="It is being run")).to_be_visible()
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_text("Esme Calder stopped the run.")).to_be_visible()
    expect(page.get_by_role("button", name="Run it")).to_be_visible()


def test_areas_that_are_too_large_are_told_before_they_are_sent(
    enter: SignIn, own_city: RunningCity
) -> None:
    say = Say("en")
    page = enter("lucia")
    page.goto(own_city.url + ROOM + "areas/new/")
    page.get_by_label(say("Name"), exact=True).fill("Districts")
    field = page.locator("[name=file]")
    assert field.get_attribute("data-most") == "20000000"
    # The same with a file that is quickly handed over.
    field.evaluate("field => { field.dataset.most = 10 }")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    field.set_input_files({"name": "a.geojson", "mimeType": "text/plain", "buffer": b"x" * 11})
    page.get_by_role("button", name=say("Read the files")).click()
    wrong = page.locator(".usa-form-group--error .usa-error-message")
    expect(wrong).to_have_text(say("The file is larger than 20 MB: give simpler outlines."))
    expect(wrong.locator(".icon")).to_be_visible()
    expect(field).to_be_focused()
    assert "POST" not in sent
    expect(page.get_by_label(say("Name"), exact=True)).to_have_value("Districts")
    field.set_input_files({"name": "a.geojson", "mimeType": "text/plain", "buffer": b"x"})
    expect(wrong).to_have_count(0)
