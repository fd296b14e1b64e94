"""Several calls of one incident are linked: by a column, or by place, time and nature."""

from datetime import datetime, timedelta
from math import cos, hypot, radians

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.history import LayoutError, incidents, parse_layout
from tests.history.conftest import HEADER, TOWN, Town, file_of

RULE = TOWN + "incidents: {within meters: 100, within minutes: 10}\n"
COLUMN = TOWN.replace("  dispatched: sent\n", "  dispatched: sent\n  incident: incident\n")
NOON = datetime(2026, 5, 1, 12)  # noqa: DTZ001 - a wall clock


def call(
    number: int,
    minute: float,
    *,
    north: float = 0,
    nature: str = "WELFARE",
    place: str = "",
    at: str = "x",
) -> str:
    """A call so many minutes after noon and meters north of the town's middle."""
    where = f"{43.0 + north / 111_195:.7f},-87.9" if at else ","
    return (
        f"{number},{NOON + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S},{place},{where},{nature},"
    )


def linked(town: Town) -> dict[str, str | None]:
    return {row.id: row.incident for row in town.calls}


def test_a_second_call_from_near_and_soon_is_of_the_same_incident(town: Town) -> None:
    report = town.reads(
        file_of(
            call(1, 0),
            call(2, 5, north=80),
            call(3, 9, north=-90),
            call(4, 11),  # too late after the first
            call(5, 6, north=120),  # too far
        ),
        parse_layout(RULE),
    )

    assert linked(town) == {"1": "1", "2": "1", "3": "1", "4": None, "5": None}
    assert report.linked == incidents.Linked(calls=3, incidents=1)


def test_natures_that_differ_are_two_incidents(town: Town) -> None:
    layout = parse_layout(
        RULE.replace(
            "natures:",
            "natures:\n  - {codes: [FIGHT], nature: fight, because: x}\n"
            "  - {codes: [ASKS], nature: information_or_other, because: x}",
        ).replace("nature: fight", "nature: noise")
    )
    town.reads(
        file_of(
            call(1, 0, nature="WELFARE"),
            call(2, 1, nature="FIGHT"),
            call(3, 2, nature="ODD"),
            call(4, 3, nature="ASKS"),
            call(5, 4, nature="FIGHT"),
        ),
        layout,
    )

    # What says nothing may be any: it goes to the earliest.
    assert linked(town) == {"1": "1", "2": "2", "3": "1", "4": "1", "5": "2"}


def test_what_officers_start_is_not_linked(town: Town) -> None:
    town.reads(file_of(call(1, 0, nature="STOP"), call(2, 1, nature="STOP")), parse_layout(RULE))

    assert linked(town) == {"1": None, "2": None}


def test_without_coordinates_the_place_as_written_counts(town: Town) -> None:
    town.reads(
        file_of(
            call(1, 0, place="1 Main St"),
            call(2, 1, place="1 MAIN ST", at=""),
            call(3, 2, place="2 Main St", at=""),
            call(4, 3, at=""),
            call(5, 4, at=""),
        ),
        parse_layout(RULE),
    )

    assert linked(town) == {"1": "1", "2": "1", "3": None, "4": None, "5": None}


def test_a_column_tells_the_incident(town: Town) -> None:
    lines = [
        f"{call(number, number, north=9_000 * number)},{incident}"
        for number, incident in ((1, "I-7"), (2, "I-8"), (3, "I-7"), (4, ""), (5, ""))
    ]
    content = "\n".join([f"{HEADER},incident", *lines]) + "\n"

    report = town.reads(content, parse_layout(COLUMN))

    assert linked(town) == {"1": "I-7", "2": None, "3": "I-7", "4": None, "5": None}
    assert report.linked == incidents.Linked(calls=2, incidents=1)


def test_without_a_word_nothing_is_linked(town: Town) -> None:
    report = town.reads(file_of(call(1, 0), call(2, 0)))

    assert linked(town) == {"1": None, "2": None}
    assert report.linked is None


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(-3, 3), st.integers(-3, 3)), max_size=25),
    st.integers(1, 30),
)
def test_in_batches_it_is_as_a_plain_search_says(
    town: Town, places: list[tuple[int, int, int]], batch: int
) -> None:
    rows = [
        f"{n},{NOON + timedelta(minutes=m):%Y-%m-%d %H:%M:%S},,{43 + y / 2000:.6f},"
        f"{-87.9 + x / 2000:.6f},WELFARE,"
        for n, (m, x, y) in enumerate(places)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incidents, "BATCH_ROWS", batch)
        town.reads(file_of(*rows), parse_layout(RULE))

    expected: dict[str, str | None] = {}
    firsts: list[tuple[int, int, int, int]] = []
    for n, (m, x, y) in sorted(enumerate(places), key=lambda one: (one[1][0], str(one[0]))):
        for first, m0, x0, y0 in firsts:
            meters = hypot((y - y0) / 2000, (x - x0) / 2000 * cos(radians(43))) * 111_195
            if m - m0 <= 10 and meters <= 100:
                expected[str(n)] = expected[str(first)] = str(first)
                break
        else:
            firsts.append((n, m, x, y))
            expected[str(n)] = None
    assert linked(town) == expected


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("{within meters: 100}", "'incidents' needs 'within meters' and 'within minutes'"),
        ("{within meters: far, within minutes: 5}", "'incidents' are told by numbers above 0"),
        ("{within meters: 0, within minutes: 5}", "'incidents' are told by numbers above 0"),
    ],
)
def test_a_rule_that_cannot_be_used_is_told(words: str, sentence: str) -> None:
    with pytest.raises(LayoutError, match=f"line 27: {sentence}"):
        parse_layout(TOWN + f"incidents: {words}\n")


def test_a_column_and_a_rule_are_one_too_many() -> None:
    with pytest.raises(LayoutError, match="a column already tells the incident"):
        parse_layout(COLUMN + "incidents: {within meters: 100, within minutes: 10}\n")
