"""The page of a history's quality as a file: no barrier in either language, scheme or width."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.history import load_layout, read_areas, read_history
from lamplighter.history.quality import quality_of, quality_page
from tests.history.test_it_knows_areas import collection, feature, square


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from benchmarks.history_read import write_calls

    folder = tmp_path_factory.mktemp("quality")
    write_calls(folder / "calls.csv", 2_000)
    (folder / "areas.geojson").write_text(
        collection(*(feature(f"Area {n}", square(-88.1 + n / 10, 42.9, 0.1)) for n in range(3)))
    )
    areas = read_areas(folder / "areas.geojson")
    history = folder / "calls.parquet"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    report = read_history(
        folder / "calls.csv", load_layout("milwaukee"), history, now=now, areas=areas
    )
    for language in ("en", "es"):
        page = quality_page(quality_of(history, report, areas), language)
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_it_has_no_barrier(open_context, check_axe, folder, language, scheme, width):
    page = open_context(scheme=scheme, width=width).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / f"{language}.html").as_uri())
    for fold in page.locator("summary").all():
        fold.click()
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(asked) == 1
