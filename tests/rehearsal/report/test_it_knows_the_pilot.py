"""The one pilot that is published, beside what the simulator says of it; nothing is fitted."""

from __future__ import annotations

from lamplighter.rehearsal.pilot import PUBLISHED, STARTED_BY_TEAM, check_pilot


def test_the_published_number_lies_between_the_readings() -> None:
    found = {one.reading.name: one for one in check_pilot()}
    even, city, all_in, whole = (
        found[name].served.mean
        for name in (
            "at all hours, evenly",
            "at all hours, as in Milwaukee",
            "in the van's hours",
            "of the whole city",
        )
    )
    assert whole < even < city < PUBLISHED < all_in
    # What came in, without what the team started by itself.
    assert abs(even - PUBLISHED * (1 - STARTED_BY_TEAM)) < 0.05 * PUBLISHED


def test_a_van_serves_no_more_than_its_hours_allow() -> None:
    for one in check_pilot(seed=2, replications=3):
        assert 0 < one.busy.mean <= 1
        # 131 weekdays of eight hours; a call takes at least leaving and writing up.
        assert one.served.mean * 12 < 131 * 8 * 60


def test_the_same_seed_gives_the_same() -> None:
    assert check_pilot(seed=5, replications=2) == check_pilot(seed=5, replications=2)
