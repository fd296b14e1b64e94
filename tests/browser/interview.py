"""The questions of the call form, answered by keys."""

from playwright.sync_api import Page, expect


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


def question(page: Page) -> str:
    return page.locator("[data-asked]").get_attribute("data-question") or ""
