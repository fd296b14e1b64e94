"""The page stands by itself, in two languages, and each picture has its table and its files."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree, html
from playwright.sync_api import Browser

from lamplighter.policy.model import Words
from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report import ReportError, write_report
from lamplighter.rehearsal.report.page import page, sections
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.sheet import Column, Sheet
from lamplighter.rehearsal.report.shown import Shown

NEEDED = {
    "responders",
    "flows",
    "calls_by_week",
    "calls_by_area",
    "served_by_responder",
    "reasons",
    "served_by_nature",
    "served_by_area",
    "reached",
    "waits_by_area",
    "calls_waiting",
    "on_duty",
    "units",
    "cost",
    "tornado",
    "fair_areas",
    "fair_groups",
    "side_by_side",
    "moved",
    "bounds",
    "bounds_against",
    "assumptions",
    "inputs",
}


@pytest.fixture(scope="module")
def tree(report: Path) -> Any:
    return html.fromstring((report / "index.html").read_text(encoding="utf-8"))


def test_it_needs_nothing_from_outside(tree: Any) -> None:
    assert not tree.xpath("//script | //link | //img | //iframe | //@onclick")
    for address in tree.xpath("//@href | //@src"):
        assert str(address).startswith(("#", "tables/")), address
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "url(http" not in etree.tostring(tree, encoding="unicode")


def test_every_link_leads_somewhere(tree: Any, report: Path) -> None:
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for address in map(str, tree.xpath("//@href")):
        if address.startswith("#"):
            assert address[1:] in ids, address
        else:
            assert (report / address).is_file(), address


def test_each_picture_has_its_table_and_its_files(report: Path, rehearsal: Rehearsal) -> None:
    written = {path.stem for path in report.glob("tables/*.csv")}
    assert written >= NEEDED
    for section in sections(Shown(rehearsal)):
        for sheet in (*(figure.sheet for figure in section.figures), *section.sheets):
            assert sheet.rows, sheet.key
            with (report / "tables" / f"{sheet.key}.csv").open(encoding="utf-8") as file:
                rows = list(csv.reader(file))
            table = parquet.read_table(report / "tables" / f"{sheet.key}.parquet")
            assert table.num_rows == len(rows) - 1 == len(sheet.rows)
            assert table.column_names == rows[0]


def test_both_languages_tell_the_same(tree: Any) -> None:
    counted = {}
    for language in ("en", "es"):
        (article,) = tree.xpath(f"//article[@lang='{language}']")
        names = ("figure", "svg", "table", "section")
        counted[language] = [len(article.xpath(f".//{name}")) for name in names]
        assert len(article.xpath(".//ol[@class='answers']/li")) == 4
    assert counted["en"] == counted["es"]
    text = " ".join(tree.xpath("//article[@lang='es']")[0].itertext())
    for english in ("Calls in the period", "How many", " served ", "nobody came", "Half within"):
        assert english not in text


def test_every_picture_says_what_it_shows(tree: Any) -> None:
    for picture in tree.xpath("//figure//svg"):
        title, about = picture.get("aria-labelledby").split()
        assert picture.xpath(f".//*[@id='{title}']")[0].text
        assert picture.xpath(f".//*[@id='{about}']")[0].text


def test_what_was_asked_can_be_computed_again(rehearsal: Rehearsal) -> None:
    shown = Shown(replace(rehearsal, command="lamplighter rehearse x"))
    written = page(shown, sections(shown))
    for needed in (
        rehearsal.history_hash,
        rehearsal.policy.content_hash,
        rehearsal.teams.content_hash,
        rehearsal.areas.content_hash if rehearsal.areas else "no areas",
        "lamplighter rehearse x",
    ):
        assert needed in written


def test_the_fingerprint_of_areas_is_that_of_their_people_too(rehearsal: Rehearsal) -> None:
    areas = rehearsal.areas
    assert areas is not None
    one_more = {name: numbers + 1 for name, numbers in areas.properties.items()}
    assert one_more
    assert replace(areas, properties=dict(areas.properties)).content_hash == areas.content_hash
    assert replace(areas, properties=one_more).content_hash != areas.content_hash
    assert replace(areas, shapes=areas.shapes[::-1]).content_hash != areas.content_hash


def test_an_option_of_the_command_stays_on_one_line(rehearsal: Rehearsal) -> None:
    shown = Shown(replace(rehearsal, command="lamplighter rehearse x --teams 'a -b' -o out"))
    (command, _) = sections(shown)[-1].html_after
    assert '<span class="option">--teams</span> ' in command
    assert "".join(html.fromstring(command).itertext()) == shown.rehearsal.command


def test_the_spanish_page_shows_spanish_first(rehearsal: Rehearsal, tmp_path: Path) -> None:
    file = write_report(rehearsal, tmp_path / "informe", language="es")
    written = file.read_text(encoding="utf-8")
    assert '<html lang="es">' in written
    assert 'id="show-es" checked' in written


def test_a_rehearsal_without_areas_or_costs_has_a_report_too(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    bare = replace(
        rehearsal,
        asked=replace(rehearsal.asked, costs=None, fairness=None),
        least=None,
        most=None,
        against=None,
        compared=None,
        areas=None,
        regions=None,
    )
    file = write_report(bare, tmp_path / "bare")
    assert 'id="en-cost"' not in file.read_text(encoding="utf-8")


def test_a_report_is_there_whole_or_not_at_all(rehearsal: Rehearsal, tmp_path: Path) -> None:
    broken: Any = replace(rehearsal, asked=replace(rehearsal.asked, measures=None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        write_report(broken, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_only_a_report_is_replaced(rehearsal: Rehearsal, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(ReportError, match="is there already"):
        write_report(rehearsal, tmp_path / "mine", force=True)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"
    write_report(rehearsal, tmp_path / "out")
    with pytest.raises(ReportError, match="--force"):
        write_report(rehearsal, tmp_path / "out")
    write_report(rehearsal, tmp_path / "out", force=True)


# Each scheme, language and width once: a run of axe over the whole page takes seconds.
LOOKS = [("light", "en", 1280), ("dark", "es", 390)]


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language", "width"), LOOKS)
def test_everybody_can_read_it(
    browser: Browser, report: Path, scheme: Any, language: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    shown = context.new_page()
    shown.goto((report / "index.html").as_uri())
    shown.locator(f"#show-{language}").check(force=True)
    assert shown.locator(f"article.in-{language}").is_visible()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_large_numbers_are_written_out() -> None:
    column = Column("high", Words("High", "Alto"), "number")
    rows = ((25_000.0,), (1_234.56,), (0.35,), (2,))
    shown = Sheet("tornado", Words("Table", "Tabla"), (column,), rows).html(Say("en"))

    cells = [cell.text for cell in html.fromstring(shown).iter("td", "th")]
    assert cells[-4:] == ["25,000", "1,235", "0.35", "2"]
