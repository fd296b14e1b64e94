"""The quality of a history as one page with pictures, each with its table."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

import pytest
from typer.testing import CliRunner

from lamplighter.history import Areas, Reason, parse_layout, read_areas, read_history
from lamplighter.history.command import app
from lamplighter.history.layout import IncidentRule
from lamplighter.history.quality import Percentiles, Quality, quality_of, quality_page
from lamplighter.history.quality.words import MONTHS, REASONS, WEEKDAYS, WORDS
from tests.history.conftest import NOW, TOWN, Town, file_of
from tests.history.test_it_knows_areas import collection, feature, square

START = datetime(2026, 5, 4, 8)  # noqa: DTZ001 - a wall clock; a Monday
SECRETS = ("9 Secret St", "secret-id")


class Page(HTMLParser):
    """The parts of a page that the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "onclick") and not (value or "").startswith("#"):
                self.loads.append(value or "")


@pytest.fixture
def areas(tmp_path: Path) -> Areas:
    path = tmp_path / "areas.geojson"
    path.write_text(
        collection(
            feature("West & co", square(-88.1, 42.9, 0.2)),
            feature("East", square(-87.9, 42.9, 0.2)),
        )
    )
    return read_areas(path)


def calls(row: Callable[..., str]) -> str:
    """Two weeks of the town, with a hole of three days, an officer's stop and rows set aside."""
    rows = []
    for n in range(60):
        day = n // 5 if n < 30 else n // 5 + 3
        at = START + timedelta(days=day, hours=n % 5)
        rows.append(
            row(
                id=f"secret-id-{n}",
                time=f"{at:%Y-%m-%d %H:%M:%S}",
                place=f"9 Secret St {n}",
                lon="-87.85" if n % 3 else "0",
                nature=("WELFARE", "STOP", "ODD", "<NEW>")[n % 4],
                sent=f"{at + timedelta(minutes=n % 7 - 1):%Y-%m-%d %H:%M:%S}",
            )
        )
    return file_of(*rows, row(time="?"), row(id="x", time="1900-01-01 00:00:00"))


@pytest.fixture
def quality(town: Town, areas: Areas, row: Callable[..., str]) -> Quality:
    source = town.folder / "calls.csv"
    source.write_text(calls(row))
    report = read_history(source, town.layout, town.output, now=NOW, areas=areas)
    return quality_of(town.output, report, areas)


def test_calls_are_counted_by_local_hour_and_day(quality: Quality) -> None:
    assert sum(map(sum, quality.by_hour)) == 45  # all but the 15 stops
    assert [sum(day) > 0 for day in quality.by_hour] == [True] * 7
    assert {hour for day in quality.by_hour for hour, n in enumerate(day) if n} == {
        8,
        9,
        10,
        11,
        12,
    }
    assert sum(day.calls for day in quality.days) == 60
    assert sum(day.officers for day in quality.days) == 15
    assert quality.days[0].day == date(2026, 5, 4)


def test_days_without_a_call_are_seen(quality: Quality) -> None:
    assert quality.empty_days == ((date(2026, 5, 10), date(2026, 5, 12)),)
    page = quality_page(quality)
    assert "no call from May 10, 2026 to May 12, 2026" in page
    assert "There are 1 stretches of days without any call." in page


def test_times_have_their_percentiles(quality: Quality) -> None:
    (dispatch,) = quality.times
    assert isinstance(dispatch, Percentiles)
    assert (dispatch.step, dispatch.told + dispatch.backwards) == ("dispatch", 45)
    assert dispatch.backwards > 0
    minutes = [n % 7 - 1 for n in range(60) if n % 4 != 1]
    assert dispatch.minutes[2] == median(m for m in minutes if m >= 0)
    assert f"{dispatch.backwards} calls end before they start" in quality_page(quality)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_stands_alone_and_each_picture_has_its_table(
    quality: Quality, language: str
) -> None:
    page = Page(quality_page(quality, language))

    assert page.loads == []
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("figure") == page.tags.count("table") == page.tags.count("details") == 9
    assert page.tags.count("svg") == 2 * 9 + 1  # wide and narrow, and what they have in common
    assert page.tags.count("h1") == 1
    assert f'<html lang="{language}">' in quality_page(quality, language)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_address_id_or_raw_markup_is_on_it(quality: Quality, language: str) -> None:
    page = quality_page(quality, language)

    assert not [secret for secret in SECRETS if secret in page]
    assert "<NEW>" not in page
    assert "&lt;NEW&gt;" in page
    assert "West &amp; co" in page


def test_it_tells_what_was_set_aside_and_where(quality: Quality) -> None:
    page = quality_page(quality)

    assert "60 of 62 rows became calls, from May 4, 2026 to May 18, 2026." in page
    for reason, line in ((Reason.TIME_UNREADABLE, 62), (Reason.TIME_MISSING, 63)):
        words = REASONS["en"][reason]
        assert f'{words}</th><td class="number">1</td><td>{line}</td>' in page


def test_areas_have_their_calls(quality: Quality) -> None:
    assert quality.area_calls == (0, sum(quality.area_calls))
    assert quality.area_calls[1] > 0


def test_a_history_of_nothing_has_a_page(town: Town, areas: Areas) -> None:
    source = town.folder / "calls.csv"
    source.write_text(file_of())
    report = read_history(source, town.layout, town.output, now=NOW, areas=areas)

    page = quality_page(quality_of(town.output, report, areas))

    assert "None of 0 rows became a call." in page
    assert "nan" not in page


def test_a_history_of_one_day_has_a_page(town: Town, row: Callable[..., str]) -> None:
    report = town.reads(file_of(row()))

    assert "1 of 1 rows became calls" in quality_page(quality_of(town.output, report))


def test_joined_rows_and_incidents_are_told(town: Town, row: Callable[..., str]) -> None:
    layout = parse_layout(
        TOWN + "rows of one call: joined\nincidents: {within meters: 50, within minutes: 9}\n"
    )
    assert layout.incidents == IncidentRule(50, 9)
    report = town.reads(file_of(row(), row(nature="ODD"), row(id="2")), layout)

    page = quality_page(quality_of(town.output, report))

    assert "rows joined" in page
    assert "in 1 incidents" in page


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["es"].keys()
    for key, words in WORDS["en"].items():
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", WORDS["es"][key])), key
    assert set(REASONS["en"]) == set(REASONS["es"]) == set(Reason)
    assert {len(WEEKDAYS[language]) + len(MONTHS[language]) for language in ("en", "es")} == {19}


def test_the_command_writes_the_page(
    town: Town, row: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town.folder)
    Path("town.yaml").write_text(TOWN)
    Path("calls.csv").write_text(file_of(row()))
    command = ["read", "calls.csv", "--layout", "town.yaml", "-o", "calls.parquet"]

    done = CliRunner().invoke(app, [*command, "--page", "page.html", "--language", "es"])
    assert done.exit_code == 0, done.output
    assert "Ver si alguien está bien" in Path("page.html").read_text(encoding="utf-8")

    Path("calls.parquet").unlink()
    for wrong, sentence in (
        (["--page", "none/page.html"], "none/page.html cannot be written"),
        (["--page", "page.html", "--language", "fr"], "There is no page in 'fr': choose en or es."),
    ):
        refused = CliRunner().invoke(app, [*command, *wrong])
        assert refused.exit_code == 1
        assert refused.stderr.startswith(sentence)
        assert not Path("calls.parquet").exists()
