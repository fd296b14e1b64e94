"""Rates are fitted to calls, and calls drawn from rates."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.demand import fit_rates
from tests.rehearsal.demand.conftest import MONDAY

CHICAGO = "America/Chicago"
# So far from its mean a count comes out once in a hundred thousand times.
LIMIT = 4.5


def made(
    minutes: list[float],
    nature: list[int] | None = None,
    area: list[int] | None = None,
    *,
    days: float = 7.0,
    start: datetime = MONDAY,
) -> Calls:
    """Calls at these minutes, which differ in all that can be told of them."""
    many = len(minutes)
    minute = np.array(minutes, np.float64)
    order = np.argsort(minute, kind="stable")
    zone = ZoneInfo(CHICAGO)
    local = [(start + timedelta(minutes=m)).astimezone(zone) for m in minute[order]]
    return Calls(
        start=start,
        days=days,
        time_zone=CHICAGO,
        minute=minute[order],
        hour_of_week=np.array([t.weekday() * 24 + t.hour for t in local], np.int16),
        nature=np.array(nature if nature is not None else [0] * many, np.int16),
        area=np.array(area if area is not None else [0] * many, np.int16),
        latitude=43 + np.arange(many) / 1000,
        longitude=-88 + np.arange(many) / 1000,
        responder=np.arange(many, dtype=np.int16) % 2,
        priority=(np.arange(many) % 5 + 1).astype(np.int8),
        target=np.full(many, 20, np.float32),
        backup=np.full(many, NOT_TOLD, np.int16),
        natures=("noise", "trespass", "fight"),
        areas=("north", "south"),
        responders=("police", "community_team"),
        backups=(),
    )


def busy_evenings(weeks: int) -> Calls:
    """Two calls an hour, ten from six to midnight; of five, four noise and one trespass."""
    minutes = [
        hour * 60 + 60 * (n + 0.5) / many
        for hour in range(weeks * 168)
        for many in [10 if hour % 24 >= 18 else 2]
        for n in range(many)
    ]
    places = np.arange(len(minutes))
    nature, area = (places % 5 == 4).astype(int), (places % 4 == 3).astype(int)
    return made(minutes, nature.tolist(), area.tolist(), days=7.0 * weeks)


def test_rates_follow_the_hours_of_the_week() -> None:
    model = fit_rates(busy_evenings(3))

    week = model.rates.per_hour.sum(axis=0).reshape(7, 24)
    assert week.sum() == pytest.approx(96 * 7)
    # Only the hours beside a change of pace lean on what is beyond it.
    assert week[:, 1:17] == pytest.approx(np.full((7, 16), 2), abs=0.2)
    assert week[:, 19:23] == pytest.approx(np.full((7, 4), 10), rel=0.05)
    assert model.rates.per_hour[0].sum() / week.sum() == pytest.approx(0.8, abs=0.01)
    assert model.rates.share[0] == pytest.approx([0.75, 0.25, 0], abs=0.01)
    assert model.rates.rate(0, 1, 20) == pytest.approx(10 * 0.8 * 0.25, rel=0.05)


def test_drawn_calls_are_as_many_as_the_rates_say() -> None:
    history = busy_evenings(3)
    model = fit_rates(history)

    drawn = model.draw(364, 7, MONDAY)

    assert abs(len(drawn) - 364 * 96) < LIMIT * sqrt(364 * 96)
    per_hour = np.bincount(drawn.hour_of_week, minlength=168)
    expected = model.rates.per_hour.sum(axis=0) * 52
    assert (np.abs(per_hour - expected) < LIMIT * np.sqrt(expected)).all()
    # Of a Poisson process the counts of equal weeks vary as much as their mean.
    weeks = np.bincount((drawn.minute // (7 * 1440)).astype(int))
    assert weeks.var() / weeks.mean() == pytest.approx(1, abs=LIMIT * sqrt(2 / 51))
    for nature in (0, 1):
        mine = drawn.nature == nature
        expected = model.rates.per_hour[nature].sum() * 52
        assert abs(mine.sum() - expected) < LIMIT * sqrt(expected)
        south = model.rates.share[nature, 1] * expected
        assert abs((drawn.area[mine] == 1).sum() - south) < LIMIT * sqrt(south)


def test_the_same_seed_draws_the_same_bytes() -> None:
    model = fit_rates(busy_evenings(1))

    one, same, other = (model.draw(10, seed, MONDAY) for seed in (5, 5, 6))

    columns = [f.name for f in fields(Calls) if isinstance(getattr(one, f.name), np.ndarray)]
    assert all(getattr(one, c).tobytes() == getattr(same, c).tobytes() for c in columns)
    assert one.minute.tobytes() != other.minute.tobytes()


def test_a_drawn_call_takes_its_place_and_needs_from_one_of_the_same_nature() -> None:
    history = busy_evenings(1)
    drawn = fit_rates(history).draw(7, 1, MONDAY)

    donor = np.rint((drawn.latitude - 43) * 1000).astype(int)
    for column in ("nature", "area", "responder", "priority", "longitude"):
        assert np.array_equal(getattr(drawn, column), getattr(history, column)[donor])


def test_a_period_may_change_its_clocks() -> None:
    model = fit_rates(busy_evenings(1))
    # On Sunday, 1 November 2026, the hour from one o'clock comes twice in Chicago.
    drawn = model.draw(25 / 24, 3, datetime(2026, 11, 1, 15, tzinfo=UTC))

    assert drawn.start == datetime(2026, 11, 1, 5, tzinfo=UTC)
    hours = (drawn.minute // 60).astype(int)
    told = [144 + (hour if hour < 2 else hour - 1) for hour in range(25)]
    assert drawn.hour_of_week.tolist() == [told[hour] for hour in hours]


def test_one_day_gives_every_day_its_hours() -> None:
    one = busy_evenings(1)
    one = replace(one.only(one.minute < 1440), days=1.0)

    week = fit_rates(one).rates.per_hour.sum(axis=0).reshape(7, 24)

    assert week[0].sum() == pytest.approx(96)
    # Midnight of the one day has a quiet neighbor on one side only.
    assert week[3] == pytest.approx(week[0], abs=2.1)
    assert week[6, 20] == pytest.approx(10, rel=0.01)


def test_a_hole_in_the_file_is_not_taken_for_quiet() -> None:
    whole = busy_evenings(3)
    hole = (whole.minute >= 8 * 1440) & (whole.minute < 9 * 1440)

    model = fit_rates(whole.only(~hole))

    ((begin, end),) = model.rates.holes
    assert begin == pytest.approx(8 * 1440, abs=15)
    assert end == pytest.approx(9 * 1440, abs=15)
    assert model.rates.per_hour.sum() == pytest.approx(96 * 7, rel=0.005)
    assert fit_rates(whole).rates.holes == ()


@pytest.mark.parametrize(
    ("days", "start", "says"),
    [
        (0, MONDAY, "more than 0 days"),
        (float("nan"), MONDAY, "more than 0 days"),
        (1, datetime(2026, 11, 2), "needs a time zone"),  # noqa: DTZ001
    ],
)
def test_a_period_that_cannot_be_drawn_is_refused(days: float, start: datetime, says: str) -> None:
    model = fit_rates(busy_evenings(1))

    with pytest.raises(ValueError, match=says):
        model.draw(days, 1, start)


HISTORIES = st.integers(1, 16).flatmap(
    lambda days: st.lists(
        st.tuples(
            st.floats(0, days * 1440, exclude_max=True),
            st.integers(-1, 2),
            st.integers(-1, 1),
        ),
        min_size=1,
        max_size=60,
    ).map(lambda rows: made(*(list(c) for c in zip(*rows, strict=True)), days=float(days)))
)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(0, 2**32), st.floats(0.01, 20))
def test_whatever_the_history(calls: Calls, seed: int, days: float) -> None:
    model = fit_rates(calls)

    # The rates expect, over the period, the calls of each nature and area that there were.
    assert np.isfinite(model.rates.per_hour).all()
    assert (model.rates.per_hour >= 0).all()
    hours = np.arange(round(calls.days * 24)) % 168
    expected = model.rates.per_hour[:, hours].sum(axis=1)
    natures = np.bincount(calls.nature % 4, minlength=4)
    assert expected == pytest.approx(natures)
    told = model.rates.share.sum(axis=1)
    assert told[natures > 0] == pytest.approx(np.ones((natures > 0).sum()))

    drawn = model.draw(days, seed, MONDAY)
    assert ((drawn.minute >= 0) & (drawn.minute < days * 1440)).all()
    assert (np.diff(drawn.minute) >= 0).all()
    assert np.array_equal(drawn.hour_of_week, (drawn.minute // 60 % 168).astype(int))
    pairs = set(zip(calls.nature.tolist(), calls.area.tolist(), strict=True))
    assert set(zip(drawn.nature.tolist(), drawn.area.tolist(), strict=True)) <= pairs
