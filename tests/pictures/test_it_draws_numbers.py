"""Pictures of numbers: what is drawn is what was given, and everybody can read it."""

import doctest
import importlib
import pkgutil
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamplighter.pictures as pictures
from lamplighter.pictures import (
    Bar,
    Column,
    Gap,
    Line,
    Range,
    bars,
    choropleth,
    figure,
    heat_map,
    lines,
    ranges,
    sheet,
    table,
)
from lamplighter.pictures.scales import even_edges, step_of, ticks

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"name": "one", "title": "Calls <by day>", "about": "More & more."}
HOW_MANY = st.just(0.0) | st.floats(1e-6, 1e12)
SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))


def with_class(drawn: str, css: str) -> list[ElementTree.Element]:
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    return [part for part in tree.iter() if css in (part.get("class") or "").split()]


DRAWN: dict[str, Callable[[], str]] = {
    "bars": lambda: bars([Bar("A & B", 5), Bar("C", 2, most=8, tone=2)], **NAMES),
    "heat": lambda: heat_map([[1, None], [0, 5]], rows=["M", "T"], columns=["0", "1"], **NAMES),
    "lines": lambda: lines(
        [0, 1, 2],
        [Line("<all>", [1, 2, 3]), Line("b", [1, 1, 1], [0, 0, 0], [2, 2, 2], tone=2)],
        x_ticks=[(0, "May & June")],
        gaps=[Gap(0.5, 1, "shut <down>")],
        **NAMES,
    ),
    "ranges": lambda: ranges([Range("to dispatch", 1, 5, 60, (2, 9))], **NAMES),
    "map": lambda: choropleth([[SQUARE], [SQUARE]], [5, None], labels=["<W>", "E"], **NAMES),
    "no bars": lambda: bars([], **NAMES),
    "no lines": lambda: lines([], [], x_ticks=[], **NAMES),
    "no heat": lambda: heat_map([], rows=[], columns=[], **NAMES),
    "no ranges": lambda: ranges([], **NAMES),
    "no map": lambda: choropleth([], [], labels=[], **NAMES),
    "only zero": lambda: bars([Bar("none", 0)], **NAMES),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_is_one_svg_with_a_title_and_a_description(kind: str) -> None:
    tree = ElementTree.fromstring(DRAWN[kind]())  # noqa: S314 - our own text

    assert tree.tag == f"{SVG}svg"
    assert tree.get("role") == "img"
    ids = {part.get("id"): part.text for part in tree.iter() if part.get("id")}
    assert [ids[name] for name in (tree.get("aria-labelledby") or "").split()] == [
        "Calls <by day>",
        "More & more.",
    ]


@pytest.mark.parametrize("kind", DRAWN)
def test_every_colour_is_a_class_of_the_sheet(kind: str) -> None:
    tree = ElementTree.fromstring(DRAWN[kind]())  # noqa: S314 - our own text

    used = {css for part in tree.iter() for css in (part.get("class") or "").split()}
    assert all(f".{css}" in sheet() for css in used)
    assert not any(part.get("style") for part in tree.iter())


def test_a_bar_is_as_long_as_its_number() -> None:
    drawn = bars([Bar("a", 50), Bar("b", 25, most=100)], **NAMES)

    assert [part.get("width") for part in with_class(drawn, "tone-1")] == ["260", "130"]
    assert [part.get("width") for part in with_class(drawn, "edge")] == ["520.0"]
    assert "25 – 100" in drawn


def test_more_is_a_further_step_and_nothing_known_is_hatched() -> None:
    drawn = heat_map(
        [[0, 1, 30, 50, None]],
        rows=["Mon"],
        columns=[*"abcde"],
        form=lambda v: f"{v} calls",
        **NAMES,
    )

    titles = {
        part.find(f"{SVG}title").text: part.get("class")  # type: ignore[union-attr]
        for part in ElementTree.fromstring(drawn).iter(f"{SVG}rect")  # noqa: S314
        if part.find(f"{SVG}title") is not None
    }
    assert titles == {
        "Mon a: 0 calls": "step-0",
        "Mon b: 1 calls": "step-1",
        "Mon c: 30 calls": "step-3",
        "Mon d: 50 calls": "step-5",
    }
    assert drawn.count("url(#one-hatch)") == 2  # the field and its legend
    assert "not known" in drawn


def test_a_line_breaks_where_nothing_is_known() -> None:
    drawn = lines([0, 1, 2, 3, 4, 5], [Line("a", [1, 2, None, 3, None, 4])], x_ticks=[], **NAMES)

    assert len(with_class(drawn, "line")) == 1
    assert len(with_class(drawn, "dot")) == 2


def test_a_map_has_an_area_for_each_outline_with_its_holes() -> None:
    hole = [(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.2)]
    drawn = choropleth([[SQUARE, hole], [SQUARE]], [1, None], labels=["W", "E"], **NAMES)

    areas = with_class(drawn, "area")
    assert [(part.get("d") or "").count("Z") for part in areas] == [2, 1]
    assert areas[0].get("fill-rule") == "evenodd"
    assert areas[1].get("fill") == "url(#one-hatch)"


def test_a_figure_has_its_table() -> None:
    numbers = table(
        [Column("Day"), Column("Calls", is_number=True)], [("<Mon>", "5")], caption="By day"
    )

    whole = figure("<svg/>", heading="A & B", words="So.", numbers=numbers, fold="The numbers")

    assert "<h3>A &amp; B</h3><p>So.</p>" in whole
    assert '<th scope="row">&lt;Mon&gt;</th><td class="number">5</td>' in whole
    assert "<details><summary>The numbers</summary><div" in whole


@given(HOW_MANY)
def test_ticks_are_few_and_reach_the_top(top: float) -> None:
    marks = ticks(top)

    assert marks[0] == 0
    assert marks[-1] >= top * (1 - 1e-6)
    assert 2 <= len(marks) <= 8


@given(st.lists(HOW_MANY, min_size=1))
def test_every_value_has_a_step(values: list[float]) -> None:
    edges = even_edges(values)

    assert edges[-1] >= max(values) * (1 - 1e-6)
    steps = [step_of(value, edges) for value in sorted(values)]
    assert steps == sorted(steps)
    assert all(
        (step == 0) == (value <= 0) for step, value in zip(steps, sorted(values), strict=True)
    )


def test_the_examples_in_the_code() -> None:
    for module in pkgutil.iter_modules(pictures.__path__, "lamplighter.pictures."):
        assert doctest.testmod(importlib.import_module(module.name)).failed == 0
    assert doctest.testmod(pictures).failed == 0
