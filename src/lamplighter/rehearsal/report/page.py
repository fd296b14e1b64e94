"""The report as one page: a single file that needs no network and no scripts."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from importlib.resources import files
from zoneinfo import ZoneInfo

from lamplighter import pictures
from lamplighter.rehearsal.report.answer import BRAND, cards, question, who
from lamplighter.rehearsal.report.parts.against import against_section
from lamplighter.rehearsal.report.parts.assumed import assumed_section
from lamplighter.rehearsal.report.parts.calls import calls_section
from lamplighter.rehearsal.report.parts.fair import fair_section
from lamplighter.rehearsal.report.parts.limits import again_section, limits_section
from lamplighter.rehearsal.report.parts.money import money_section
from lamplighter.rehearsal.report.parts.served import served_section
from lamplighter.rehearsal.report.parts.staff import staff_section
from lamplighter.rehearsal.report.parts.waits import busy_section, waits_section
from lamplighter.rehearsal.report.say import LANGUAGES, Language, Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.shown import Shown


def sections(shown: Shown) -> tuple[Section, ...]:
    """The sections of the report, in their order."""
    found = (
        calls_section(shown),
        served_section(shown),
        waits_section(shown),
        busy_section(shown),
        staff_section(shown),
        money_section(shown),
        fair_section(shown),
        against_section(shown),
        assumed_section(shown),
        limits_section(shown),
        again_section(shown),
    )
    return tuple(section for section in found if section is not None)


def page(shown: Shown, parts: tuple[Section, ...], language: Language = "en") -> str:
    """The page of these sections in English and Spanish, with `language` shown first."""
    rehearsal = shown.rehearsal
    style = files("lamplighter.rehearsal.report").joinpath("style.css").read_text(encoding="utf-8")
    articles = "".join(_article(shown, parts, Say(code)) for code, _ in LANGUAGES)
    shapes = (shown.outlines,) if shown.outlines is not None else ()
    title = escape(f"{Say(language).of(BRAND)}, {rehearsal.city}")
    brand = "".join(
        f'<span lang="{code}" class="in-{code}">{Say(code).of(BRAND)}</span>'
        for code, _ in LANGUAGES
    )
    skip = "".join(
        f'<span lang="{code}" class="in-{code}">{Say(code)("To the report", "Al informe")}</span>'
        for code, _ in LANGUAGES
    )
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{pictures.house()}{pictures.style()}{style}</style>
</head>
<body>
{pictures.definitions(*shapes)}
<a class="skip" href="#report">{skip}</a>
<header class="night">
<p class="brand">{brand}</p>
{_switch(language)}
</header>
<main id="report" tabindex="-1">
{articles}</main>
</body>
</html>
"""


def _article(shown: Shown, parts: tuple[Section, ...], say: Say) -> str:
    body = "".join(part.html(say) for part in parts)
    return (
        f'<article lang="{say.language}" class="in-{say.language}">'
        f"{_head(shown, say)}{_contents(parts, say)}{body}</article>\n"
    )


def _head(shown: Shown, say: Say) -> str:
    found = shown.rehearsal
    calls = found.asked.calls
    zone = ZoneInfo(calls.time_zone)
    first = calls.start.astimezone(zone)
    last = (calls.start + timedelta(days=calls.days) - timedelta(minutes=1)).astimezone(zone)
    kicker = f"{found.city} · {say.day(first)} {say('to', 'al')} {say.day(last)}"
    listed = "".join(
        f'<li><h2><a href="#{say.language}-{card.more}">{escape(card.question)}</a></h2>'
        f'<p class="big">{escape(card.figure)}</p><p>{escape(card.sentence)}</p></li>'
        for card in cards(shown, say)
    )
    return (
        f'<div class="head"><p class="kicker">{escape(kicker)}</p>'
        f"<h1>{escape(question(shown, say))}</h1>"
        f'<p class="who">{escape(who(shown, say))}</p>'
        f'<ol class="answers">{listed}</ol></div>\n'
    )


def _contents(parts: tuple[Section, ...], say: Say) -> str:
    links = "".join(
        f'<li><a href="#{say.language}-{part.key}">{escape(say.of(part.short))}</a></li>'
        for part in parts
    )
    label = say("On this page", "En esta página")
    return f'<nav class="contents" aria-label="{label}"><ul>{links}</ul></nav>\n'


def _switch(shown: str) -> str:
    """Two radio buttons; the style sheet shows the language that is chosen."""
    choices = "".join(
        f'<label lang="{code}"><input type="radio" name="language" id="show-{code}"'
        f"{' checked' if code == shown else ''}><span>{name}</span></label>"
        for code, name in LANGUAGES
    )
    legend = "".join(
        f'<span lang="{code}" class="in-{code}">{Say(code)("Language", "Idioma")}</span>'
        for code, _ in LANGUAGES
    )
    return f'<fieldset class="languages"><legend>{legend}</legend>{choices}</fieldset>'
