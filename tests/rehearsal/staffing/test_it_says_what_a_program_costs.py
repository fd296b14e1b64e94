"""Cost per hour, response and year, minutes saved, and what is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.rehearsal.costs import COST_NAMES, CostsError, Result, Saves, cost_of
from lamplighter.rehearsal.costs.costing import vehicles_of
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.teams import Shift
from tests.rehearsal.staffing.people import (
    EVERY_DAY,
    assumed,
    exactly,
    make_summary,
    make_teams,
    stated,
)

PAID = stated(
    wage_per_hour=(30, 25, 40, "USD/hour"),
    people_per_unit=(2, 2, 2, "people"),
    benefits_share=(0.5, 0.5, 0.5, ""),
    hours_paid_per_hour=(1.0, 1.0, 1.5, ""),
    vehicle_per_year=(12_000, 10_000, 20_000, "USD/year"),
    overhead_share=(0.1, 0.0, 0.2, ""),
)
SAVED = stated(
    officers_per_call=(2, 1, 2, ""),
    police_cost_per_hour=(100, 80, 120, "USD/hour"),
    ambulance_share=(0.1, 0.0, 0.2, ""),
    ambulance_minutes=(60, 40, 80, "minutes"),
    ambulance_cost_per_hour=(200, 100, 300, "USD/hour"),
    emergency_visit_share=(0.05, 0.0, 0.1, ""),
    emergency_visit_minutes=(240, 120, 480, "minutes"),
    emergency_visit_cost=(1000, 500, 2000, "USD/visit"),
)


def test_it_adds_up_a_program() -> None:
    costs = cost_of(make_summary(), make_teams({**PAID, **SAVED}))
    # 2,920 unit-hours of two people at 30 and half as much again, a van, and a tenth on top.
    year = (2920 * 2 * 30 * 1.5 + 12_000) * 1.1
    assert costs.per_year == pytest.approx(year)
    assert costs.per_hour == pytest.approx(year / 2920)
    assert costs.per_response is not None
    assert costs.per_response.mean == pytest.approx(year / 2000)
    police, ambulance, hospital = costs.savings
    assert (police.of, ambulance.of, hospital.of) == tuple(Saves)
    assert police.minutes_per_year == exactly(2 * 1000 * 60)
    assert police.per_year == exactly(2 * 1000 * 100)
    assert ambulance.minutes_per_year == exactly(2000 * 0.1 * 60)
    assert ambulance.per_year == exactly(2000 * 0.1 * 200)
    assert hospital.minutes_per_year == exactly(2000 * 0.05 * 240)
    assert hospital.per_year == exactly(2000 * 0.05 * 1000)
    assert costs.net_per_year is not None
    assert costs.net_per_year.mean == pytest.approx(year - 200_000 - 40_000 - 100_000)
    assert (costs.missing, costs.left_out, costs.taken) == ((), (), ())
    assert costs.currency == "USD"
    assert json.loads(json.dumps(costs.to_dict()))["savings"][2]["of"] == "emergency department"


def test_what_is_not_stated_is_said_and_not_zero() -> None:
    costs = cost_of(make_summary(), make_teams({}))
    assert costs.per_year is None
    assert costs.per_response is None
    assert costs.net_per_year is None
    assert "wage_per_hour" in costs.missing
    assert costs.kinds[0].missing == ("wage_per_hour", "vehicle_per_year")
    assert costs.savings[0].minutes_per_year is not None  # one officer, which is said
    assert costs.savings[0].per_year is None
    assert costs.savings[1].minutes_per_year is None
    assert costs.savings[1].missing == (
        "ambulance_share",
        "ambulance_minutes",
        "ambulance_cost_per_hour",
    )
    assert costs.left_out == tuple(Saves)
    assert costs.tornado == ()


def test_a_program_without_savings_still_has_its_cost() -> None:
    costs = cost_of(make_summary(), make_teams(PAID))
    assert costs.net_per_year is not None
    assert costs.net_per_year.mean == costs.per_year
    assert costs.left_out == tuple(Saves)
    assert costs.tornado_of is Result.COST_PER_YEAR
    assert [bar.name for bar in costs.tornado] == [
        "hours_paid_per_hour",
        "wage_per_hour",
        "overhead_share",
        "vehicle_per_year",
    ]


def test_the_tornado_moves_one_assumption_at_a_time() -> None:
    teams = make_teams({**PAID, **SAVED})
    costs = cost_of(make_summary(), teams)
    assert costs.tornado_of is Result.NET_PER_YEAR
    widths = [bar.width for bar in costs.tornado]
    assert widths == sorted(widths, reverse=True)
    assert "emergency_visit_minutes" not in {bar.name for bar in costs.tornado}
    for bar in costs.tornado:
        for end, result in ((bar.assumed.low, bar.at_low), (bar.assumed.high, bar.at_high)):
            moved = {**teams.costs, bar.name: replace(bar.assumed, value=end, low=end, high=end)}
            there = cost_of(make_summary(), replace(teams, costs=moved)).net_per_year
            assert there is not None
            assert there.mean == pytest.approx(result)


def test_a_kind_may_have_its_own_number() -> None:
    own = {"wage_per_hour.community": assumed("wage", 60, 60, 60, "USD/hour")}
    costs = cost_of(make_summary(), make_teams({**PAID, **own}))
    assert costs.per_year == pytest.approx((2920 * 2 * 60 * 1.5 + 12_000) * 1.1)


def test_a_name_that_no_cost_knows_is_told() -> None:
    typo = {
        "wage_per_our": assumed("wage", 60, 60, 60),
        "vehicle_per_year.bus": PAID["people_per_unit"],
    }
    costs = cost_of(make_summary(), make_teams({**PAID, **typo}))
    assert costs.unused == ("wage_per_our", "vehicle_per_year.bus")


@pytest.mark.parametrize(
    ("name", "one", "says"),
    [
        ("wage_per_hour", (30, 35, 40, ""), "must lie in the range"),
        ("wage_per_hour", (30, -5, 40, ""), "0 or more"),
        ("ambulance_share", (0.5, 0.2, 1.2, ""), "from 0 to 1"),
        ("wage_per_hour", (30, 20, 40, "EUR/hour"), "in one currency"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    name: str, one: tuple[float, float, float, str], says: str
) -> None:
    with pytest.raises(CostsError, match=says):
        cost_of(make_summary(), make_teams({**PAID, **stated(**{name: one})}))


def test_responses_carry_the_interval_of_the_simulation() -> None:
    summary = make_summary(community=Interval(0.5, 0.4, 0.6), freed=Interval(1000, 900, 1100))
    costs = cost_of(summary, make_teams({**PAID, **SAVED}))
    assert costs.responses_per_year == Interval(2000, 1600, 2400)
    assert costs.per_response is not None
    assert costs.per_response.low < costs.per_response.mean < costs.per_response.high
    assert costs.net_per_year is not None
    assert costs.net_per_year.low < costs.net_per_year.mean < costs.net_per_year.high


@given(st.floats(10, 3000))
def test_a_year_is_a_year_however_long_the_period(days: float) -> None:
    part = days / 365
    summary = make_summary(
        days=days, calls=4000 * part, hours=2920 * part, freed=exactly(1000 * part)
    )
    costs = cost_of(summary, make_teams({**PAID, **SAVED}))
    whole = cost_of(make_summary(), make_teams({**PAID, **SAVED}))
    assert costs.per_year == pytest.approx(whole.per_year)
    assert costs.net_per_year is not None
    assert whole.net_per_year is not None
    assert costs.net_per_year.mean == pytest.approx(whole.net_per_year.mean)


def test_vehicles_are_as_many_as_are_out_at_one_time() -> None:
    day = Shift(EVERY_DAY, time(6), time(18), number=2)
    night = Shift(EVERY_DAY, time(18), time(6), next_day=True, number=1)
    overlap = Shift(frozenset({6}), time(23), time(8), next_day=True, number=2)
    assert vehicles_of(make_teams({}, day), "community") == 2
    assert vehicles_of(make_teams({}, day, night), "community") == 2
    assert vehicles_of(make_teams({}, day, night, overlap), "community") == 4  # Monday from 6 to 8
    assert vehicles_of(make_teams({}, Shift(EVERY_DAY, time(0), time(0), True)), "community") == 1
    assert vehicles_of(make_teams({}), "police") == 0


def test_every_name_speaks_both_languages() -> None:
    for one in COST_NAMES.values():
        assert set(one.label) == {"en", "es"}
        assert one.usual is None or one.usual.low <= one.usual.value <= one.usual.high
