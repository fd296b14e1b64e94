"""A small history of requests for help, and the policy that ships."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lamplighter.policy import Policy, read_policy, shipped_policy
from tests.policy.replay.histories import Call, write_history

# Midnight of a Monday in Chicago.
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
NATURES = ("welfare_check", "trespass", "noise", "shooting_or_stabbing", "intoxicated_person")


@pytest.fixture(scope="session")
def first_response() -> Policy:
    return read_policy(shipped_policy("first_response"))


def calls_of_days(days: int, a_day: int = 24) -> list[Call]:
    """Calls spread evenly over days, their natures and areas in turn."""
    return [
        Call(
            f"c{number}",
            MONDAY + timedelta(days=number / a_day),
            NATURES[number % len(NATURES)],
            ("north", "south", None)[number % 3],
            "officer" if number % 12 == 11 else "public",
        )
        for number in range(days * a_day)
    ]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_history(tmp_path_factory.mktemp("week") / "week.parquet", calls_of_days(7))
