"""The parts of the look, in a real browser, on the pages of the gallery."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

REPOSITORY = Path(__file__).resolve().parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def gallery():
    """The address of a gallery that runs while the tests do."""
    if not (REPOSITORY / "src/lamplighter/city/static/built/app.js").exists():
        pytest.fail("The assets are not built: run `npm ci && npm run build` in web/.")
    command = [sys.executable, REPOSITORY / "tools/gallery.py", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield re.search(r"http://[\d.:]+", server.stdout.readline())[0]
        server.terminate()


@pytest.fixture
def open_page(gallery, browser):
    """Open a page of the gallery: `open_page("form", scheme="dark", language="es", width=320)`."""
    contexts = []

    def open_one(name="", *, scheme="light", language="en", width=1280, script="", **more):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=language,
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        page.goto(f"{gallery}/{name}")
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["", "form", "board", "field", "404", "500"])
@pytest.mark.parametrize(
    ("scheme", "language", "width"), [("light", "en", 320), ("dark", "es", 1280)]
)
def test_it_is_accessible_and_fits_its_window(open_page, name, scheme, language, width):
    page = open_page(name, scheme=scheme, language=language, width=width)
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_breaks_no_rule_of_the_security_policy(open_page):
    watch = """
        window.broken = []
        document.addEventListener('securitypolicyviolation', (event) => {
            window.broken.push(`${event.violatedDirective} ${event.blockedURI}`)
        })
    """
    page = open_page(script=watch)
    expect(page.locator(".map-pin")).to_be_visible()
    assert page.evaluate("window.broken") == []


def test_it_keeps_the_chosen_scheme_on_the_next_page(open_page, gallery):
    page = open_page(scheme="light")
    night = page.get_by_role("button", name="Dark colors")
    expect(night).to_have_attribute("aria-pressed", "false")
    night.click()
    page.goto(f"{gallery}/form")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    expect(page.get_by_role("button", name="Dark colors")).to_have_attribute("aria-pressed", "true")


def test_it_changes_the_language_without_scripts(open_page):
    page = open_page("form", java_script_enabled=False)
    expect(page.locator("[data-scheme-switch]")).to_be_hidden()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator(".skip-link")).to_have_text("Saltar a la parte principal")


def test_it_lists_the_shortcuts_and_lets_a_person_switch_them_off(open_page):
    page = open_page()
    page.keyboard.press("n")
    expect(page.locator(".toast")).to_have_count(1)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Show a notice")
    page.get_by_text("Single-key shortcuts are on").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".toast")).to_have_count(0)  # it goes by itself
    page.keyboard.press("n")
    assert page.locator(".toast").count() == 0
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_it_moves_the_pin_with_the_arrow_keys(open_page):
    page = open_page()
    pin = page.get_by_role("button", name="The place of the call")
    pin.focus()
    pin.press("ArrowUp")
    first = float(page.locator("#pin-place").inner_text().split(",")[1])
    pin.press("Shift+ArrowUp")
    second = float(page.locator("#pin-place").inner_text().split(",")[1])
    assert second - first > 2 * (first - 39.741) > 0


def test_it_says_so_where_no_map_can_be_drawn(open_page):
    page = open_page(script="HTMLCanvasElement.prototype.getContext = () => null")
    expect(page.locator("#map")).to_have_text(re.compile("cannot draw the map"))


FAKE_STREAM = """
    window.streams = []
    window.EventSource = class extends EventTarget {
        constructor(url) {
            super()
            this.url = String(url)
            document.documentElement.dataset.streams = window.streams.push(this)
        }
        close() { this.closed = true }
        say(name, data, id) {
            const more = { data: JSON.stringify(data), lastEventId: id }
            this.dispatchEvent(new MessageEvent(name, more))
        }
    }
"""


def test_it_shows_a_lost_stream_and_asks_for_what_was_missed(open_page):
    page = open_page("board", script=FAKE_STREAM)
    page.evaluate("streams[0].dispatchEvent(new Event('open'))")
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    page.evaluate("streams[0].say('call', { what: 'A call came in' }, '41')")
    expect(page.locator(".toast")).to_contain_text("A call came in")

    page.evaluate("streams[0].dispatchEvent(new Event('error'))")
    expect(page.locator("[data-live-state]")).to_have_text("Not live")
    expect(page.locator("[data-stale-bar]")).to_be_visible()

    expect(page.locator("html")).to_have_attribute("data-streams", "2")
    assert page.evaluate("streams[0].closed && streams[1].url.endsWith('/live?after=41')")
    page.evaluate("streams[1].dispatchEvent(new Event('open'))")
    expect(page.locator("[data-stale-bar]")).to_be_hidden()


def test_it_notices_a_stream_that_only_falls_silent(open_page):
    page = open_page("board", script=FAKE_STREAM)
    page.evaluate("streams[0].dispatchEvent(new Event('open'))")
    page.clock.install()
    page.reload()
    page.evaluate("streams[0].dispatchEvent(new Event('open'))")
    page.clock.run_for(20_000)
    page.evaluate("streams[0].say('beat', null, '')")
    page.clock.run_for(25_000)
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    page.clock.run_for(10_000)
    expect(page.locator("[data-live-state]")).to_have_text("Not live")


def test_it_leaves_at_once_after_three_escapes(open_page):
    page = open_page()
    page.route("https://www.weather.gov/", lambda route: route.fulfill(body="Sunny"))
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.gov/")


def test_it_says_late_in_a_word(open_page):
    page = open_page()
    late = page.locator(".age.is-late")
    expect(late).to_have_count(1)
    expect(late.get_by_text("late")).to_be_visible()
