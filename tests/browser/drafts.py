"""A draft in the grid, as somebody at the keyboard writes it."""

import re

from playwright.sync_api import Locator, Page, expect

from .words import Say

ROOM = "/policies/room/"


def table(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)} ·")).click()


def cell(page: Page, rule: str, column: str) -> Locator:
    """The cell of a rule under the column of this name."""
    expect(page.get_by_role("grid")).to_be_visible()
    heads = page.locator(".sheet thead th").all_inner_texts()
    row = page.locator("tbody tr", has=page.get_by_text(rule, exact=True))
    return row.locator("th, td").nth(heads.index(column))


def write(page: Page, rule: str, column: str, text: str) -> None:
    """Go to a cell, type, and leave it with Enter, as in any spreadsheet."""
    cell(page, rule, column).click()
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def passes(page: Page, say: Say) -> Locator:
    return page.locator(".verdict", has_text=say("The check passes"))
