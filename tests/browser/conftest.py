"""A running city, shared by the browser tests of one worker, and people who are signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.city_server import RunningCity
from tests.support.city_server import running_city as serve_city

from .drafts import ROOM
from .words import Say

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is in this folder drives a browser, and takes its time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def running_city() -> Iterator[RunningCity]:
    with serve_city(os.environ["DATABASE_URL"]) as city:
        yield city


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser of its own for a person: `open_context(language="es", scheme="dark")`.

    `may_hold` is for a test that holds or loses requests of a page which works already. A first
    route that is set then may come too late: the browser hands the page new loaders, and a busy
    page sends its next request by the old ones, unseen. So one that fits nothing is there before.
    """
    opened: list[BrowserContext] = []

    def open_one(
        *,
        language: str = "en",
        scheme: str = "light",
        width: int = 1280,
        height: int = 900,
        may_hold: bool = False,
        **more: Any,
    ) -> BrowserContext:
        context = browser.new_context(
            locale=language,
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(30_000)
        if may_hold:
            context.route("**/no-such-page/", lambda route: route.fallback())
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(
    running_city: RunningCity, open_context: Callable[..., BrowserContext]
) -> Callable[..., Page]:
    """A page of somebody who signed in with one click: `sign_in("imani", language="es")`."""

    def sign_in_as(username: str, **context: Any) -> Page:
        page = open_context(**context).new_page()
        page.goto(f"{running_city.url}/demo/")
        page.locator(f'button[name="username"][value="{username}"]').click()
        page.wait_for_url(f"{running_city.url}/")
        return page

    return sign_in_as


@pytest.fixture
def call_form(sign_in: Callable[..., Page]) -> Callable[..., Page]:
    """The call form of a call taker, ready for typing: `call_form(language="es", width=390)`."""

    def opened(**context: Any) -> Page:
        page = sign_in("rosa", **context)
        page.goto(page.url + "calls/new/")
        return page

    return opened


@pytest.fixture(scope="module")
def own_city() -> Iterator[RunningCity]:
    """A city of this file's own: another policy takes force there, or nobody was there before."""
    with serve_city(os.environ["DATABASE_URL"]) as city:
        yield city


@pytest.fixture
def enter(
    own_city: RunningCity, open_context: Callable[..., BrowserContext]
) -> Callable[..., Page]:
    """A page of somebody who signed in to it: `enter("esme", language="es")`."""

    def enter_as(username: str, **context: Any) -> Page:
        page = open_context(**context).new_page()
        page.goto(f"{own_city.url}/demo/")
        page.locator(f'button[name="username"][value="{username}"]').click()
        page.wait_for_url(f"{own_city.url}/")
        return page

    return enter_as


@pytest.fixture
def start(own_city: RunningCity) -> Callable[[Page, Say], str]:
    """Start a draft from the version in force; gives its address."""

    def start_draft(page: Page, say: Say) -> str:
        page.goto(own_city.url + ROOM)
        page.get_by_role("button", name=say("Start a draft", "policies")).click()
        page.wait_for_url(f"**{ROOM}drafts/*/")
        expect(page.get_by_role("grid")).to_be_visible()
        return page.url

    return start_draft


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Fail with a readable list when axe finds a barrier on the page as it is now."""

    def check(page: Page) -> None:
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options)
        barriers = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}: "
            + "; ".join(str(node["target"]) for node in rule["nodes"][:3])
            for rule in found.response["violations"]
        ]
        assert not barriers, f"{page.url}\n" + "\n".join(barriers)

    return check
