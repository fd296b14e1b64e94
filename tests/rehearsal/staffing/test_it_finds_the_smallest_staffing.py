"""Numbers by shift and base, against all numbers tried out, and what is said if none will do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from itertools import product

import numpy as np
import pytest

from lamplighter.rehearsal.outcome import Status
from lamplighter.rehearsal.report.parts.staff import frontier
from lamplighter.rehearsal.simulator import simulate_many
from lamplighter.rehearsal.staffing import (
    Base,
    Ended,
    Meets,
    StaffingError,
    Target,
    find_staffing,
)
from lamplighter.rehearsal.teams import Shift, Units
from tests.rehearsal.staffing.cities import DAY, MIDDLE, NIGHT, city_teams, exponential, make_city
from tests.rehearsal.staffing.people import COMMUNITY, EVERY_DAY, stated

CITY = make_city()
TARGET = Target(0.9, 20.0, 0.05)


def met(day: int, night: int, replications: int = 1) -> tuple[float, float]:
    """The share within 20 minutes, and that which fell back, counted by hand."""
    shifts = tuple(
        replace(shift, number=number) for shift, number in ((DAY, day), (NIGHT, night)) if number
    )
    teams = city_teams()
    units = (Units("van", "community", shifts, MIDDLE),) if shifts else ()
    runs = simulate_many(CITY, replace(teams, units=units), seed=1, replications=replications)
    ours = CITY.responder == 0
    within, gone = [], []
    for run in runs:
        served = (run.status == Status.SERVED)[ours]
        minutes = (run.arrived - CITY.minute)[ours]
        within.append((served & (minutes <= 20)).mean())
        gone.append(1 - served.mean())
    return float(np.mean(within)), float(np.mean(gone))


def test_none_of_all_numbers_is_smaller() -> None:
    found = find_staffing(CITY, city_teams(), TARGET, replications=1)
    assert found.best is not None
    assert found.ended is Ended.FOUND
    good = [
        day + night
        for day, night in product(range(6), range(5))
        if (shares := met(day, night))[0] >= 0.9 and shares[1] <= 0.05
    ]
    assert sum(one.number for one in found.best.staffed) == min(good)
    assert found.best.unit_hours == 84 * min(good)


def test_what_it_finds_keeps_the_target_in_every_interval() -> None:
    kind = replace(COMMUNITY, on_scene=exponential(30))
    found = find_staffing(CITY, city_teams(kind=kind), TARGET, replications=5)
    assert found.best is not None
    assert found.best.meets is Meets.YES
    assert found.best.runs == 5
    assert found.best.within.low >= 0.9
    assert found.best.fall_back.high <= 0.05
    assert found.best.within.low < found.best.within.mean
    runs = simulate_many(CITY, found.teams, seed=1, replications=5)
    ours = CITY.responder == 0
    shares = [
        ((run.status == Status.SERVED) & (run.arrived - CITY.minute <= 20))[ours].mean()
        for run in runs
    ]
    assert np.mean(shares) == pytest.approx(found.best.within.mean)


def test_the_frontier_costs_more_where_more_are_met() -> None:
    found = find_staffing(CITY, city_teams(), TARGET, replications=1)
    hours = [plan.unit_hours for plan in found.frontier]
    within = [plan.within.mean for plan in found.frontier]
    assert len(hours) >= 5
    assert hours == sorted(set(hours))
    assert within == sorted(set(within))
    assert found.best in found.frontier
    assert min(hours) < found.best.unit_hours < max(hours)  # type: ignore[union-attr]


def test_it_finds_the_same_again() -> None:
    one = find_staffing(CITY, city_teams(), TARGET, replications=2)
    other = find_staffing(CITY, city_teams(), TARGET, replications=2)
    assert one == other
    told = json.loads(json.dumps(one.to_dict()))
    assert told["best"]["meets"] == "yes"
    assert "teams" not in told


def test_money_is_told_where_costs_are_stated() -> None:
    costs = stated(
        wage_per_hour=(30, 30, 30, "$/hour"), vehicle_per_year=(12_000, 9_000, 20_000, "$/year")
    )
    found = find_staffing(CITY, city_teams(costs=costs), TARGET, replications=1)
    assert found.best is not None
    assert found.best.money is not None
    assert found.currency == "$"
    # Two people, benefits, hours paid and overhead as they are taken if nobody states them.
    vans = max(one.number for one in found.best.staffed)
    wages = found.best.unit_hours / 7 * 365 * 2 * 30 * 1.3 * 1.2
    assert found.best.money == pytest.approx((wages + vans * 12_000) * 1.2)
    assert find_staffing(CITY, city_teams(), TARGET, replications=1).best.money is None  # type: ignore[union-attr]


def test_where_the_way_is_too_long_no_number_is_enough() -> None:
    far = make_city(spread=0.5)
    found = find_staffing(far, city_teams(), TARGET, replications=1)
    assert found.ended is Ended.OUT_OF_REACH
    assert found.best is None
    assert found.most.within.mean < 0.9
    assert "no number of units in these shifts and places meets the target" in found.says["en"]
    assert found.out_of_reach == ("community",)
    assert set(found.says) == {"en", "es"}


def test_a_target_may_be_promised_for_some_hours() -> None:
    office = Shift(frozenset(range(5)), time(9), time(17))
    hours = frozenset(day * 24 + hour for day in range(5) for hour in range(9, 17))
    teams = city_teams(office)
    found = find_staffing(CITY, teams, replace(TARGET, hours=hours), replications=1)
    assert found.best is not None
    assert found.calls < (CITY.responder == 0).sum()
    assert find_staffing(CITY, teams, TARGET, replications=1).ended is Ended.OUT_OF_REACH


def test_when_its_scenarios_are_spent_it_gives_the_best_so_far() -> None:
    found = find_staffing(CITY, city_teams(), TARGET, replications=1, most_scenarios=7)
    assert found.scenarios <= 7
    assert found.ended is Ended.SPENT
    assert found.best is not None
    assert found.best.meets in {Meets.LIKELY, Meets.YES}


def test_others_stay_as_they_are() -> None:
    medics = replace(COMMUNITY, name="medics", answers=("medics",))
    teams = city_teams()
    unit = Units("medic", "medics", (replace(DAY, number=3),), MIDDLE)
    teams = replace(teams, kinds={**teams.kinds, "medics": medics}, units=(*teams.units, unit))
    found = find_staffing(CITY, teams, TARGET, kinds=("community",), replications=1)
    assert unit in found.teams.units
    assert {one.kind for one in found.best.staffed} == {"community"}  # type: ignore[union-attr]


def test_each_kind_must_meet_the_target() -> None:
    """A few calls for medics would not move the share of all calls; they need their own unit."""
    calls = replace(CITY, responder=np.where(np.arange(len(CITY)) % 40 == 0, 2, CITY.responder))
    calls = replace(calls, responders=("community", "police", "medics"))
    medics = replace(COMMUNITY, name="medics", answers=("medics",))
    teams = city_teams()
    always = Shift(EVERY_DAY, time(0), time(0), next_day=True)
    unit = Units("medic", "medics", (always,), MIDDLE)
    teams = replace(teams, kinds={**teams.kinds, "medics": medics}, units=(*teams.units, unit))
    found = find_staffing(calls, teams, TARGET, replications=1)
    assert found.best is not None
    assert found.kinds == ("community", "medics")
    assert found.out_of_reach == ()
    assert {one.kind for one in found.best.staffed} == {"community", "medics"}
    for one in found.best.kinds.values():
        assert one.within.mean >= 0.9
        assert one.fall_back.mean <= 0.05


def test_a_kind_that_cannot_meet_it_stays_as_it_is() -> None:
    """Medics work by day alone; what they miss is told, and the community team is staffed."""
    calls = replace(CITY, responder=np.where(np.arange(len(CITY)) % 5 == 0, 2, CITY.responder))
    calls = replace(calls, responders=("community", "police", "medics"))
    medics = replace(COMMUNITY, name="medics", answers=("medics",), label={"en": "Medics"})
    teams = city_teams()
    unit = Units("medic", "medics", (replace(DAY, number=7),), MIDDLE)
    teams = replace(teams, kinds={**teams.kinds, "medics": medics}, units=(*teams.units, unit))
    found = find_staffing(calls, teams, TARGET, replications=1)
    assert found.out_of_reach == ("medics",)
    assert found.best is not None
    assert found.best.kinds["community"].within.mean >= 0.9
    assert found.best.within == found.best.kinds["community"].within
    assert [one.number for one in found.best.staffed if one.kind == "medics"] == [7]
    assert "Medics: no number of units" in found.says["en"]
    night = 100 * (~np.isin(calls.hour_of_week % 24, range(8, 20)))[calls.responder == 2].mean()
    assert f"{night:.0f}% come in hours without a shift" in found.says["en"]


def test_a_kind_that_nobody_calls_stays_as_it_is() -> None:
    medics = replace(COMMUNITY, name="medics", answers=("medics",), label={"en": "Medics"})
    teams = city_teams()
    unit = Units("medic", "medics", (replace(DAY, number=2),), MIDDLE)
    teams = replace(teams, kinds={**teams.kinds, "medics": medics}, units=(*teams.units, unit))
    found = find_staffing(CITY, teams, TARGET, replications=1)
    assert found.kinds == ("community",)
    assert unit in found.teams.units
    assert "Medics: nobody called for them, so they stay as they are." in found.says["en"]
    with pytest.raises(StaffingError, match="no call is for medics in the hours of the target"):
        find_staffing(CITY, teams, TARGET, kinds=("community", "medics"))


def two_towns() -> tuple[Base, ...]:
    north, east = MIDDLE
    return (
        Base("between", MIDDLE),
        Base("north town", (north + 0.15, east)),
        Base("south town", (north - 0.15, east)),
        Base("far away", (north, east + 0.4)),
    )


def test_it_chooses_where_units_stand() -> None:
    """Two towns 33 km apart: nobody reaches both in time, so each needs its own base."""
    calls = make_city(spread=0.01)
    north = np.arange(len(calls)) % 2 == 0
    calls = replace(calls, latitude=calls.latitude + np.where(north, 0.15, -0.15))
    found = find_staffing(calls, city_teams(), TARGET, bases=two_towns(), replications=1)
    assert found.best is not None
    assert {one.base for one in found.best.staffed} == {"north town", "south town"}
    assert {one.place for one in found.best.staffed} == {base.place for base in two_towns()[1:3]}
    between = find_staffing(calls, city_teams(), TARGET, replications=1)
    assert between.ended is Ended.OUT_OF_REACH


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"kinds": ("fire",)}, "there are no units of kind 'fire' to staff; there are: community"),
        ({"bases": ()}, "the bases to choose from must have names"),
        ({"bases": (Base("one", MIDDLE), Base("one", MIDDLE))}, "must have names, each once"),
        ({"replications": 0}, "replications and scenarios must be 1 or more"),
    ],
)
def test_it_says_what_cannot_be_searched(more: dict[str, object], says: str) -> None:
    with pytest.raises(StaffingError, match=says):
        find_staffing(CITY, city_teams(), TARGET, **more)  # type: ignore[arg-type]


def test_without_units_or_calls_it_says_so() -> None:
    with pytest.raises(StaffingError, match="the teams have no units to staff"):
        find_staffing(CITY, replace(city_teams(), units=()), TARGET)
    with pytest.raises(StaffingError, match="no call is for community in the hours"):
        find_staffing(CITY.only(CITY.responder == 1), city_teams(), TARGET)


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    found = find_staffing(
        CITY,
        city_teams(Shift(EVERY_DAY, time(0), time(0), next_day=True)),
        TARGET,
        replications=1,
        most_scenarios=50,
        progress=lambda done, most: told.append((done, most)),
    )
    assert told == [(number, 50) for number in range(1, found.scenarios + 1)]


def test_a_curve_of_plans_is_spoken_of_only_where_there_is_one() -> None:
    found = find_staffing(CITY, city_teams(), TARGET, replications=1)
    assert found.best is not None
    one = replace(found, frontier=(found.best,))
    many = replace(found, frontier=(found.best,) * 3)
    assert frontier(one).finding.en == "What the plan costs, and reaches"
    assert frontier(many).finding.en.startswith("Each further unit brings less")
    assert frontier(replace(one, best=None)).finding.es == "Ningún plan cumple la meta"
