"""A policy as one page for the public: a single file that needs no network and no scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any, Protocol

from lamplighter.pictures import house
from lamplighter.policy.model import Policy
from lamplighter.policy.page import words as w
from lamplighter.policy.page.parts import Parts, in_both

__all__ = ["Checked", "policy_page"]

_LANGUAGES = (("en", "English"), ("es", "Español"))


class Checked(Protocol):
    """What the page needs of a report of `lamplighter.policy.check`."""

    @property
    def promises(self) -> Sequence[Any]:
        """Each with the `promise` and its `status`: proved, refuted or contradictory."""


def policy_page(policy: Policy, language: str = "en", *, report: Checked | None = None) -> str:
    """The page of a policy as HTML, in English and Spanish, with `language` shown first.

    It has what is asked, each table rule by rule in words with its reason and source, and the
    promises; with a `report` of a check of this policy also what became of each promise. It
    loads nothing: it may be put on any web site, sent by mail, or printed.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> page = policy_page(read_policy(shipped_policy("first_response")), "es")
    >>> page.splitlines()[1]
    '<html lang="es">'
    """
    shown = "es" if language.lower().startswith("es") else "en"
    statuses = None
    if report is not None:
        statuses = {one.promise.id: str(one.status) for one in report.promises}
    own = files("lamplighter.policy.page").joinpath("style.css").read_text(encoding="utf-8")
    articles = "".join(Parts(policy, code, statuses).article() for code, _ in _LANGUAGES)
    title = escape(policy.title.in_language(shown))
    return f"""<!DOCTYPE html>
<html lang="{shown}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{house()}{own}</style>
</head>
<body>
<a class="skip" href="#policy">{in_both(w.SKIP)}</a>
<header class="night">
<p class="brand">{escape(policy.name)}</p>
{_switch(shown)}
</header>
<main id="policy" tabindex="-1">
{articles}</main>
</body>
</html>
"""


def _switch(shown: str) -> str:
    """Two radio buttons; the style sheet shows the language that is chosen."""
    choices = "".join(
        f'<label lang="{code}"><input type="radio" name="language" id="show-{code}"'
        f"{' checked' if code == shown else ''}><span>{name}</span></label>"
        for code, name in _LANGUAGES
    )
    return f'<fieldset class="languages"><legend>{in_both(w.LANGUAGE)}</legend>{choices}</fieldset>'
