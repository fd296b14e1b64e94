"""A team file is changed where it is to be changed, and stays as somebody wrote it elsewhere."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.teams_file import parse_teams, shipped_teams
from lamplighter.rehearsal.teams_file.writing import (
    CostRow,
    ShiftRow,
    UnitRow,
    rows_of,
    shipped_text,
    with_costs,
    with_name,
    with_staffing,
    with_units,
)

EXAMPLE = shipped_text("example_teams")
TEAMS = parse_teams(EXAMPLE)


def changed(before: str, after: str) -> list[str]:
    """The lines that are not in the text before."""
    old = before.splitlines()
    return [line.strip() for line in after.splitlines() if line not in old]


@pytest.mark.parametrize("name", shipped_teams())
def test_what_is_not_changed_stays_to_the_letter(name):
    text = shipped_text(name)
    assert with_units(text, rows_of(parse_teams(text))) == text
    assert with_costs(text, {}) == text


def test_a_number_is_changed_in_its_line_with_its_break_and_comments():
    first, *rest = rows_of(TEAMS)
    shift, *others = first.shifts
    more = replace(first, shifts=(replace(shift, number=9), *others))
    written = with_units(EXAMPLE, [more, *rest])
    assert changed(EXAMPLE, written) == [
        '- {days: every day, hours: "07:00-15:00", number: 9, break: {minutes: 30, after: 240}}'
    ]
    assert written.count("#") == EXAMPLE.count("#")


def test_units_and_shifts_are_added_and_left_out():
    night = ShiftRow(frozenset({4, 5}), time(20), time(4), True, 2, None, 20, 120)
    new = UnitRow("New van", "community_team", (43.0, -87.9), True, (night,))
    first, *rest = rows_of(TEAMS)
    written = with_units(EXAMPLE, [replace(first, shifts=first.shifts[1:]), *rest[1:], new])
    units = parse_teams(written).units
    assert [unit.name for unit in units] == [first.name, *(one.name for one in rest[1:]), "New van"]
    assert len(units[0].shifts) == 2
    assert units[0].shifts[0].break_minutes == 30
    assert units[-1].roams
    assert units[-1].shifts[0].break_after == 120


def test_a_plan_gives_each_shift_its_number_and_leaves_empty_units_out():
    north = TEAMS.units[1]
    numbers = {
        (north.name, replace(north.shifts[0], number=1)): 7,
        (TEAMS.units[2].name, replace(TEAMS.units[2].shifts[0], number=1)): 0,
    }
    units = {unit.name: unit for unit in parse_teams(with_staffing(EXAMPLE, numbers)).units}
    assert [shift.number for shift in units[north.name].shifts] == [7, 0, 0]
    assert TEAMS.units[2].name not in units
    assert units["Mediator"] == next(unit for unit in TEAMS.units if unit.name == "Mediator")


def test_costs_and_the_name_are_changed_alone():
    written = with_costs(EXAMPLE, {"wage_per_hour": CostRow(35.5, 22, 45)})
    assert changed(EXAMPLE, written) == ["value: 35.5"]
    assert parse_teams(with_name(EXAMPLE, "One more: a van")).name == "One more: a van"


SHORT = """\
teams: Short
kinds:
  van: {label: Van, answers: [community_team]}
units:
  - {name: First, kind: van, shifts: [{days: mon, hours: "08:00-16:00"}]}
"""
minutes = st.integers(0, 1439).map(lambda at: time(*divmod(at, 60)))


@st.composite
def shifts(draw: st.DrawFn) -> ShiftRow:
    begins, ends = draw(minutes), draw(minutes)
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return ShiftRow(days, begins, ends, ends <= begins, draw(st.integers(1, 9)))


bases = st.one_of(
    st.none(),
    st.sampled_from(["Old Market", "no", "12"]),
    st.tuples(st.floats(-90, 90).map(lambda x: round(x, 5)), st.just(-87.25)),
)
units = st.builds(
    UnitRow,
    name=st.text("abc :#-'\"{}ñ", min_size=1, max_size=12).map(lambda name: f"{name.strip()}x"),
    kind=st.just("van"),
    base=bases,
    roams=st.booleans(),
    shifts=st.lists(shifts(), min_size=1, max_size=3).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(units, max_size=3, unique_by=lambda unit: unit.name))
def test_what_is_written_is_what_is_read(new):
    found = rows_of(parse_teams(with_units(SHORT, [*rows_of(parse_teams(SHORT)), *new])))[1:]
    bare = [
        replace(row, was=None, shifts=tuple(replace(shift, was=None) for shift in row.shifts))
        for row in found
    ]
    assert bare == new
