"""Served share and response time by area and by the people who live there."""

from __future__ import annotations

import doctest
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.history.areas import Areas
from lamplighter.rehearsal import plain
from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.fairness import FairnessError, IntervalsFrom, draws, fairness_of
from lamplighter.rehearsal.outcome import Interval, Run, Status


def make_calls(area: Sequence[int], days: float = 10.0) -> Calls:
    count = len(area)
    minute = np.linspace(0, days * 1440 - 1, count)
    places, none = np.full(count, np.nan), np.zeros(count, np.int16)
    return Calls(
        start=datetime(2026, 1, 5, tzinfo=UTC),
        days=days,
        time_zone="UTC",
        minute=minute,
        hour_of_week=(minute // 60 % 168).astype(np.int16),
        nature=none,
        area=np.array(area, np.int16),
        latitude=places,
        longitude=places,
        responder=none,
        priority=np.ones(count, np.int8),
        target=np.full(count, np.nan, np.float32),
        backup=np.full(count, NOT_TOLD, np.int16),
        natures=("welfare",),
        areas=("North", "South", "Lake"),
        responders=("community",),
        backups=(),
    )


def make_run(calls: Calls, status: Sequence[int], minutes: Sequence[float]) -> Run:
    count = len(calls)
    arrived = calls.minute + np.array(minutes)
    return Run(
        seed=1,
        status=np.array(status, np.int8),
        reason=np.zeros(count, np.int8),
        kind=np.zeros(count, np.int16),
        unit=np.zeros(count, np.int32),
        dispatched=calls.minute,
        arrived=arrived,
        cleared=arrived,
        backup=np.zeros(count, bool),
        busy=np.zeros((1, 168)),
        on_duty=np.zeros((1, 168)),
        kinds=("community",),
        unit_names=("van",),
        unit_kinds=("community",),
        events=count,
    )


# The file of areas has another order than the calls, and one area more.
AREAS = Areas(
    names=("South", "North", "Hill"),
    shapes=(),
    properties={
        "old": np.array([100.0, 300.0, 50.0]),
        "young": np.array([300.0, 100.0, np.nan]),
        "all": np.array([500.0, 500.0, 50.0]),
    },
)
GROUPS = {"old": "old", "young": "young"}
SERVED, POLICE, NOBODY = Status.SERVED, Status.TAKEN_OVER, Status.UNSERVED
ONE_DAY = make_calls([0, 0, 0, 0, 1, 1, 2, -1], days=1.0)
ONE_RUN = make_run(
    ONE_DAY,
    [SERVED, SERVED, SERVED, POLICE, SERVED, NOBODY, SERVED, SERVED],
    [10, 10, 10, 30, 20, np.nan, 5, 5],
)


def test_a_group_meets_what_its_places_meet() -> None:
    found = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS)
    south, north, hill = found.areas
    assert (north.calls, south.calls, hill.calls) == (4, 2, 0)
    assert north.served == Interval(0.75, 0.75, 0.75)
    assert north.minutes == Interval(15, 15, 15)
    assert south.served == Interval(0.5, 0.5, 0.5)
    assert south.minutes == Interval(20, 20, 20)
    assert (hill.served, hill.minutes, hill.p90) == (None, None, None)
    assert found.outside == 2  # on the lake, which is no area, and nowhere
    old, young = found.groups
    # 300 old people in the north meet 0.75, 100 in the south 0.5; 50 on the hill meet nothing.
    assert old.served is not None
    assert old.served.mean == pytest.approx((300 * 0.75 + 100 * 0.5) / 400)
    assert old.counted == pytest.approx(400 / 450)
    assert young.minutes is not None
    assert young.minutes.mean == pytest.approx((100 * 15 + 300 * 20) / 400)
    assert found.everyone is not None
    assert found.everyone.served is not None
    assert found.everyone.served.mean == pytest.approx(0.625)
    assert old.served_gap is not None
    assert old.served_gap.mean == pytest.approx(0.0625)
    assert found.widest_served is not None
    assert (found.widest_served.first, found.widest_served.second) == ("old", "young")
    assert found.widest_served.gap.mean == pytest.approx(0.125)
    assert found.widest_minutes is not None
    assert found.widest_minutes.first == "young"
    assert json.loads(json.dumps(found.to_dict()))["areas"][2]["served"] is None


def test_a_column_may_count_everyone() -> None:
    found = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS, everyone="all")
    assert found.everyone is not None
    assert found.everyone.people == 1050
    assert found.areas[0].people == 500
    assert found.areas[0].per_thousand == pytest.approx(2 * 365 / 500 * 1000)


def test_areas_with_few_calls_are_told_and_not_ranked() -> None:
    found = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS, few_below=3)
    south, north, hill = found.areas
    assert (south.few, south.rank) == (True, None)
    assert (north.few, north.rank) == (False, 1)
    assert (hill.few, hill.rank) == (True, None)
    ranked = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS, few_below=1)
    assert [area.rank for area in ranked.areas] == [1, 2, None]


def test_only_the_chosen_calls_count() -> None:
    chosen = np.arange(8) < 3
    found = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS, chosen=chosen)
    assert found.calls == 3
    assert found.areas[1].served == Interval(1, 1, 1)
    assert found.areas[0].served is None
    assert found.everyone is not None
    assert found.everyone.counted == pytest.approx(400 / 850)


def test_calls_that_are_not_rehearsed_do_not_count() -> None:
    run = make_run(ONE_DAY, [Status.NOT_REHEARSED] * 4 + [SERVED] * 4, [np.nan] * 4 + [5] * 4)
    found = fairness_of(ONE_DAY, [run], AREAS, GROUPS)
    assert found.calls == 4
    assert found.areas[1].served is None


def runs_of(calls: Calls, served: float, count: int, seed: int) -> list[Run]:
    random = np.random.default_rng(seed)
    return [
        make_run(
            calls,
            np.where(random.random(len(calls)) < served, SERVED, POLICE),
            random.exponential(20, len(calls)),
        )
        for _ in range(count)
    ]


def test_several_runs_have_intervals_over_runs() -> None:
    calls = make_calls([0, 1] * 200)
    found = fairness_of(calls, runs_of(calls, 0.7, 8, seed=3), AREAS, GROUPS)
    assert found.intervals is IntervalsFrom.REPLICATIONS
    assert found.everyone is not None
    served = found.everyone.served
    assert served is not None
    assert served.low < 0.7 < served.high
    assert served.high - served.low < 0.1


def test_one_run_has_intervals_over_days() -> None:
    """The interval of the mean of like calls is near the one that theory gives."""
    calls = make_calls([0] * 3000, days=100.0)
    (run,) = runs_of(calls, 0.7, 1, seed=4)
    found = fairness_of(calls, [run], AREAS, GROUPS)
    assert found.intervals is IntervalsFrom.DAYS
    served = found.areas[1].served
    assert served is not None
    expected = 2 * 1.96 * np.sqrt(0.7 * 0.3 / 3000)
    assert served.high - served.low == pytest.approx(expected, rel=0.25)
    assert found == fairness_of(calls, [run], AREAS, GROUPS)


def test_gaps_are_paired() -> None:
    """Two areas that have good and bad days together differ by less than either varies."""
    area = [0, 1] * 500
    calls = make_calls(area, days=100.0)
    good = (calls.minute // 1440).astype(int) % 2 == 0
    run = make_run(calls, np.where(good, SERVED, POLICE), np.full(1000, 10.0))
    found = fairness_of(calls, [run], AREAS, GROUPS)
    served, gap = found.groups[0].served, found.groups[0].served_gap
    assert served is not None
    assert gap is not None
    assert served.high - served.low > 0.1
    assert gap.high - gap.low < 0.01


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([-1, 0, 1, 2]), min_size=1, max_size=60), st.integers(0, 99))
def test_every_call_is_somewhere(area: list[int], seed: int) -> None:
    calls = make_calls(area)
    found = fairness_of(calls, runs_of(calls, 0.5, 2, seed), AREAS, GROUPS)
    assert sum(one.calls for one in found.areas) + found.outside == found.calls == len(area)
    for group in found.groups:
        if group.served is not None:
            shares = [one.served.mean for one in found.areas if one.served is not None]
            assert min(shares) - 1e-9 <= group.served.mean <= max(shares) + 1e-9


def test_everyone_alike_leaves_no_gap() -> None:
    calls = make_calls([0, 1] * 20)
    run = make_run(calls, [SERVED] * 40, [10.0] * 40)
    found = fairness_of(calls, [run], AREAS, GROUPS)
    assert found.widest_served is None
    assert all(group.served_gap == Interval(0, 0, 0) for group in found.groups)


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ({"old": "elderly"}, "group old: the areas have no column 'elderly' of numbers"),
        ({"odd": "odd"}, "group odd: column 'odd' is below 0 in area 'North': correct it"),
    ],
)
def test_it_says_what_cannot_be_measured(groups: dict[str, str], says: str) -> None:
    areas = Areas(AREAS.names, (), {**AREAS.properties, "odd": np.array([1.0, -1.0, 0.0])})
    with pytest.raises(FairnessError, match=says):
        fairness_of(ONE_DAY, [ONE_RUN], areas, groups)


def test_without_a_run_it_says_so() -> None:
    with pytest.raises(FairnessError, match="there is no run"):
        fairness_of(ONE_DAY, [], AREAS, GROUPS)


def test_limits_speak_both_languages() -> None:
    limits = fairness_of(ONE_DAY, [ONE_RUN], AREAS, GROUPS).limits
    assert len(limits) == 6
    assert all(set(one) == {"en", "es"} for one in limits)


def test_the_examples_say_what_they_print() -> None:
    assert doctest.testmod(draws).failed == 0
    assert doctest.testmod(plain).failed == 0
