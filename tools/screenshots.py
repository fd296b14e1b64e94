"""Take the pictures of the README: a sample city of its own, played to look alive, page by page.

    python -m tools.screenshots [NAME…]

Writes docs/screenshots/NAME-light.png and NAME-dark.png; without a name, all of them.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.chromium import ARGUMENTS, find
from tests.support.city_server import running_city

from lamplighter.city.database import leave, start_embedded

from .small_png import small_png

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/screenshots"
MOST_BYTES = 250_000
PLAY = (
    "import django; django.setup()\n"
    "from datetime import UTC, datetime\n"
    "from tests.support.lively_city import play\n"
    "print(play(datetime.now(UTC)))"
)


def take_half_a_call(page: Page) -> None:
    """Where, what in plain words, and the first answers: a decision stands beside a question."""
    page.get_by_label("Address or place, in words").fill("Mill Cafe, Lamplighter Way")
    page.get_by_role("button", name="Closer").wait_for()
    page.locator("[data-pin-here]").press("Enter")
    page.get_by_role("textbox", name="Notes").fill(
        "He sits by the door and talks to himself. They have asked him twice."
    )
    page.locator("#nature-search").press_sequentially("won't leave")
    page.locator("#nature-list [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    for key in ("1", "1", "n"):
        asked = page.locator("[data-asked]")
        question = asked.get_attribute("data-question")
        page.keyboard.press(key)
        page.locator(f'[data-asked][data-question="{question}"]').wait_for(state="detached")
    page.locator("[data-asked]").wait_for()


def choose_a_call(page: Page) -> None:
    """The call that a community team can take."""
    page.get_by_role("link", name="Person asked to leave").click()
    chosen = page.get_by_role("region", name="The chosen call")
    chosen.get_by_role("button", name="STAR").first.wait_for()


def break_a_promise(page: Page) -> None:
    """A draft in which the community team goes to a threat, and what the check says of it."""
    page.get_by_role("button", name="Start a draft").click()
    page.get_by_role("button", name="Who goes ·").click()
    rule = page.locator("tbody tr", has=page.get_by_text("police-for-threat", exact=True))
    heads = page.locator(".sheet thead th").all_inner_texts()
    rule.locator("th, td").nth(heads.index("Who goes")).click()
    page.keyboard.press("Enter")
    page.keyboard.type("community_team")
    page.keyboard.press("Enter")
    page.locator(".found__item", has_text="Broken promise").first.wait_for()
    rule.scroll_into_view_if_needed()


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    who: str
    path: str
    width: int
    height: int
    then: Callable[[Page], None] | None = None


PICTURES = (
    Picture("home", "imani", "/", 1280, 760),
    Picture("call", "rosa", "/calls/new/", 1280, 860, take_half_a_call),
    Picture("board", "imani", "/board/", 1440, 900, choose_a_call),
    Picture("field-phone", "mara", "/field/", 390, 844),
    Picture("incident", "lucia", "/incidents/{incidents[bench]}/", 1280, 1100),
    Picture(
        "policy",
        "",
        "/policies/first-response/?nature=unwanted_person&injured=no&violence=none#try",
        1280,
        900,
    ),
    Picture("draft", "esme", "/policies/room/", 1440, 900, break_a_promise),
)


def take(picture: Picture, scheme: str, browser: Browser, city: str, made: dict[str, Any]) -> Path:
    """Take one picture; gives its file."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": picture.width, "height": picture.height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        page.goto(f"{city}/demo/")
        page.locator(f'button[value="{picture.who}"]').click()
        page.wait_for_url(f"{city}/")
    page.goto(city + picture.path.format_map(made))
    if picture.then is not None:
        picture.then(page)
    wait_until_drawn(page)
    file = FOLDER / f"{picture.name}-{scheme}.png"
    png = page.screenshot()
    page.goto("about:blank")
    file.write_bytes(small_png(page, png))
    context.close()
    return file


def wait_until_drawn(page: Page) -> None:
    """Fonts are there; what is live says so; the map has had the time to draw itself."""
    page.evaluate("document.fonts.ready")
    if page.locator("[data-live-state]").count():
        page.get_by_text("Live", exact=True).wait_for()
    if page.locator(".map canvas").count():
        page.wait_for_timeout(2_000)


@contextmanager
def lively_city() -> Iterator[tuple[str, dict[str, Any]]]:
    """A city of its own, with a dozen open calls; gives its address and what was made."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)  # the embedded server runs as its own user when this is root
        server, database = start_embedded(Path(home), "lamplighter")
        try:
            with running_city(database) as city:
                yield city.url, json.loads(city.run(PLAY))
        finally:
            leave(server)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="the pictures to take")
    wanted = parser.parse_args().names or [picture.name for picture in PICTURES]
    path = find()
    if path is None:
        print(
            "There is no Chromium on this machine: install one, or `playwright install chromium`."
        )
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    too_large = 0
    with lively_city() as (city, made), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for picture in PICTURES:
            for scheme in ("light", "dark"):
                if picture.name in wanted:
                    file = take(picture, scheme, browser, city, made)
                    size = file.stat().st_size
                    too_large += size > MOST_BYTES
                    print(f"{file.relative_to(ROOT)}  {size / 1000:.0f} kB")
        browser.close()
    if too_large:
        print(
            f"{too_large} pictures are larger than {MOST_BYTES / 1000:.0f} kB: take smaller ones."
        )
    return 1 if too_large else 0


if __name__ == "__main__":
    sys.exit(main())
