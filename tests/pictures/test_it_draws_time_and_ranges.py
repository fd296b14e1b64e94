"""Lines over time and ranges: what is drawn is what was given, and everybody can read it."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.pictures import Frame, Gap, Line, Range, heat, lines, ranges, style

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Frame("one", "Calls <by day>", "More & more.", 520)
HOW_MANY = st.none() | st.just(0.0) | st.floats(1e-6, 1e12)


def whole(value: float) -> str:
    return f"{value:.0f}"


def with_class(drawn: str, css: str) -> list[ElementTree.Element]:
    tree = ElementTree.fromstring(drawn)
    return [part for part in tree.iter() if css in (part.get("class") or "").split()]


DRAWN: dict[str, Callable[[], str]] = {
    "lines": lambda: lines(
        FRAME,
        [0, 1, 2, 3],
        [
            Line("<all>", [1, 2, None, 3]),
            Line("b", [1, 1, 1, 1], "line-2", [0, 0, 0, 0], [2, 2, 2, 2]),
        ],
        named=[(0, "May & June")],
        gaps=[Gap(1.5, 2.5, "shut <down>")],
    ),
    "ranges": lambda: ranges(FRAME, [Range("to <x>", 1, 2, 5, 9, 60, "5 min")], show=whole),
    "no lines": lambda: lines(FRAME, [], [], named=[]),
    "no ranges": lambda: ranges(FRAME, [], show=whole),
    "many days": lambda: lines(FRAME, range(400), [Line("a", [3] * 400)], named=[]),
    "one day": lambda: lines(FRAME, [0], [Line("a", [3])], named=[(0, "May")]),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_is_one_svg_with_a_title_and_a_description(kind: str) -> None:
    tree = ElementTree.fromstring(DRAWN[kind]())

    assert tree.get("role") == "img"
    ids = {part.get("id"): part.text for part in tree.iter() if part.get("id")}
    assert [ids[name] for name in (tree.get("aria-labelledby") or "").split()] == [
        "Calls <by day>",
        "More & more.",
    ]


@pytest.mark.parametrize("kind", DRAWN)
def test_every_colour_is_a_class_of_the_sheet(kind: str) -> None:
    tree = ElementTree.fromstring(DRAWN[kind]())

    used = {css for part in tree.iter() for css in (part.get("class") or "").split()}
    assert {css for css in used if f".{css}" not in style()} == set()
    assert not any(part.get("style") for part in tree.iter())


def test_a_line_breaks_where_nothing_is_known_and_the_gap_is_hatched() -> None:
    drawn = DRAWN["lines"]()

    assert len(with_class(drawn, "curve")) == 2 + 2  # the legend's, and one each
    (alone,) = with_class(drawn, "alone")
    assert alone.get("cx") == "520.0"
    (gap,) = with_class(drawn, "few")
    assert (gap.get("x"), gap.get("width")) == ("260", "173.3")
    assert "shut &lt;down&gt;" in drawn
    assert len(with_class(drawn, "around")) == 1


def test_a_range_is_as_long_as_its_numbers() -> None:
    drawn = ranges(FRAME, [Range("a", 0, 15, 30, 45, 60, "30 min")], show=whole)

    (bar,) = with_class(drawn, "piece")
    assert (bar.get("x"), bar.get("width")) == ("130", "260")
    assert {part.get("x1") for part in with_class(drawn, "marker")} == {"260"}


@given(st.lists(HOW_MANY, min_size=1, max_size=30))
def test_no_line_leaves_its_picture(values: list[float | None]) -> None:
    drawn = lines(FRAME, range(len(values)), [Line("a", values)], named=[])

    tree = ElementTree.fromstring(drawn)
    _, _, width, height = map(float, (tree.get("viewBox") or "").split())
    for part in with_class(drawn, "curve"):
        corners = (part.get("d") or "").removeprefix("M").split("L")
        for x, y in (map(float, corner.split()) for corner in corners):
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_shades_begin_with_round_numbers_and_say_of_what() -> None:
    drawn = heat(
        FRAME, ["Monday"], ["00", "06"], [[14.2, 0.1]], show=whole, empty="none", unit="calls"
    )
    said = [part.text for part in ElementTree.fromstring(drawn).iter("text")]
    assert said[-6:] == ["0", "3", "6", "9", "12", "calls"]
    assert len(with_class(drawn, "shade-6")) == 2  # the darkest is used, and in the legend
