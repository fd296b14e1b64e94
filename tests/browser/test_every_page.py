"""Every page as everybody: no barrier, no error, nothing cut off, and all of it in one language.

Each page is looked at in English, light, on a wide screen, and in Spanish, dark, on a phone.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from lamplighter.policy import read_policy, shipped_policy
from tests.support.city_server import RunningCity
from tests.support.lively_room import TYPED

from .every_page import (
    NO_PAGE,
    NOBODY,
    PASSWORD,
    PEOPLE_WITH_PASSWORDS,
    REFUSED,
    VISITS,
    Visit,
    address_names,
    names_of_things,
    sign_in_by_password,
)

# Words that stand on many pages in English, and that Spanish does not have.
ENGLISH = re.compile(
    r"\b(the|and|of|with|for|is|are|was|were|you|your|this|that|there|they|what|when|where|who|why|"
    r"how|not|yes|all|any|by|from|to|at|on|in|an|call|calls|unit|units|team|teams|send|sent|save|"
    r"saved|open|close|closed|waiting|answered|board|time|name|names|search|show|help|somebody|"
    r"nobody|person|people|unknown|rule|rules|reason|sign|minutes|ago|needs|record|add)\b",
    re.IGNORECASE,
)

# What a reader or a screen reader meets, without what is marked as English.
READ_ALL = """() => {
  const page = document.documentElement.cloneNode(true);
  for (const one of page.querySelectorAll('[lang=en]:not(html), script, style, template, noscript'))
    one.remove();
  const named = ['aria-label', 'title', 'placeholder', 'alt'];
  const parts = [...page.querySelectorAll('*')];
  const said = parts.flatMap((part) => named.map((name) => part.getAttribute(name)));
  for (const part of parts) part.append(' | ');
  return [page.textContent, ...said.filter(Boolean)].join(' | ');
}"""


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    language: str
    scheme: str
    width: int
    height: int


WIDE = Look("en", "light", 1280, 900)
PHONE = Look("es", "dark", 390, 844)
NARROWEST = 320


@pytest.fixture(scope="module")
def made(running_city: RunningCity) -> Iterator[dict[str, Any]]:
    """A city in which something goes on, so that no page is empty."""
    code = (
        "import json, django; django.setup()\n"
        "from datetime import UTC, datetime\n"
        "from tests.support.lively_city import Stage, end_all, play\n"
        "from tests.support.lively_room import play_room\n"
        "from tests.support.lively_rehearsals import play_rehearsals\n"
        "from lamplighter.city.intake.models import Call\n"
        "from lamplighter.city.policies.models import PolicyVersion\n"
        "stage = Stage(datetime.now(UTC))\n"
    )
    before = code + "end_all(stage.now)\n" + PEOPLE_WITH_PASSWORDS
    told = "print(json.dumps({'people': made, 'codes': codes, **json.loads(play(stage.now)),"
    told += " 'room': play_room(stage.now), 'scenarios': play_rehearsals(stage.now),"
    told += " 'policy': PolicyVersion.objects.get().content_hash,"
    told += " 'addresses': sorted({call.address for call in Call.objects.all()} - {''})}))"
    yield json.loads(running_city.run(before + told))
    running_city.run(code + "end_all(stage.now)")


@pytest.fixture(scope="module")
def page_of(
    browser: Browser, running_city: RunningCity, made: dict[str, Any]
) -> Iterator[Callable[[str, Look], Page]]:
    """The one page that a person has open for a look: signed in once, used for all visits."""
    pages: dict[tuple[str, Look], Page] = {}

    def page_for(who: str, look: Look) -> Page:
        if (who, look) not in pages:
            context = browser.new_context(
                locale=look.language,
                color_scheme=look.scheme,
                viewport={"width": look.width, "height": look.height},
                reduced_motion="reduce",
            )
            context.set_default_timeout(30_000)
            pages[who, look] = context.new_page()
            sign_in(pages[who, look], running_city.url, who, made["codes"])
        return pages[who, look]

    yield page_for
    for page in pages.values():
        page.context.close()


def sign_in(page: Page, city: str, who: str, codes: list[str]) -> None:
    """With one click, or with a password for those who have one; "half kit" enters no code."""
    if who == NOBODY:
        return
    if who.split()[-1] not in ("sam", "kit", "nell"):
        page.goto(f"{city}/demo/")
        page.locator(f'button[value="{who}"]').click()
        page.wait_for_url(f"{city}/")
        return
    page.goto(f"{city}/accounts/login/")
    sign_in_by_password(page, who.split()[-1], PASSWORD)
    if who == "kit":
        page.locator("[name=code]").fill(codes.pop())
        with page.expect_navigation():
            page.locator("[name=code]").press("Enter")


@contextmanager
def watched(page: Page, status: int) -> Iterator[list[str]]:
    """What goes wrong on a page while it is looked at.

    Being refused is no error: a form by 422, and the page itself by the status that it should have.
    """
    errors: list[str] = []
    refused = re.compile(rf"status of ({status}|422)\b")

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not refused.search(message.text):
            errors.append(message.text)

    def fail(error: object) -> None:
        errors.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fail)
    yield errors
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fail)


def overflows(page: Page) -> list[str]:
    """What makes the page scroll sideways: the elements that end outside of it."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const outside = [...document.body.querySelectorAll('*')].filter(
            (one) => one.getBoundingClientRect().right > width + 1);
          return outside.slice(-5).map((one) => one.outerHTML.slice(0, 120));
        }"""
    )


def english_on(page: Page, typed: list[str]) -> list[str]:
    """English left on a Spanish page: each word with what stands around it.

    Names, the identifiers of rules and what people typed are the same in every language.
    """
    text = re.sub(r"\s+", " ", page.evaluate(READ_ALL))
    policy = read_policy(shipped_policy("first_response"))
    rules = [rule.id for table in policy.tables for rule in table.rules]
    for name in sorted([*names_of_things(), *rules, *typed], key=len, reverse=True):
        text = text.replace(name, "…")
    return [text[max(0, m.start() - 30) : m.end() + 30] for m in ENGLISH.finditer(text)][:8]


def test_a_search_is_read_on_a_phone_without_pushing_its_tables(
    page_of: Callable[[str, Look], Page], made: dict[str, Any], running_city: RunningCity
) -> None:
    page = page_of("lucia", PHONE)
    page.goto(running_city.url + "/rehearsal/staffing/{scenarios[searched]}/".format_map(made))
    tables = page.locator("main .table-scroll")
    assert tables.count() == 2
    for table in tables.all():
        assert table.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_every_address_is_visited_or_shows_no_page() -> None:
    visited = {visit.name for visit in VISITS}
    assert visited | NO_PAGE.keys() == address_names()
    assert not visited & NO_PAGE.keys()


def _id(visit: Visit) -> str:
    return f"{visit.name} as {visit.who or 'nobody'}"


@pytest.mark.parametrize("look", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("visit", [*VISITS, *REFUSED], ids=_id)
def test_a_page_is_open_to_everybody(
    visit: Visit,
    look: Look,
    page_of: Callable[[str, Look], Page],
    made: dict[str, Any],
    running_city: RunningCity,
    check_axe: Callable[[Page], None],
) -> None:
    page = page_of(visit.who, look)
    page.set_viewport_size({"width": look.width, "height": look.height})
    with watched(page, visit.status) as errors:
        came = page.goto(running_city.url + visit.address(made))
        assert came is not None
        assert came.status == visit.status, f"{came.status} at {page.url}"
        if visit.then is not None:
            visit.then(page)
        assert page.locator("main h1").count() == 1
        assert page.locator("html").get_attribute("lang") == look.language
        check_axe(page)
        assert not (wide := overflows(page)), "\n".join(wide)
        if look is PHONE:
            page.set_viewport_size({"width": NARROWEST, "height": look.height})
            assert not (wide := overflows(page)), "\n".join(wide)
            assert not (
                english := english_on(page, [*made["typed"], *made["addresses"], *TYPED])
            ), "\n".join(english)
    assert not errors, "\n".join(errors)
