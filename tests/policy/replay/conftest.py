"""The small policy and a small history that the tests of this folder share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lamplighter.policy import Policy, parse_policy
from tests.policy.examples import SMALL
from tests.policy.replay.histories import Call, write_history

# A Wednesday; in Chicago it is six hours earlier.
DAY = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def small() -> Policy:
    return parse_policy(SMALL)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return write_history(
        tmp_path / "calls.parquet",
        [
            Call("a", DAY.replace(hour=9), "noise", "north"),
            Call("b", DAY.replace(hour=19), "fight", "north"),
            Call("c", DAY.replace(hour=20), "fight", "south", started_by="officer"),
            Call("d", DAY.replace(hour=21), "picnic", "south", words="PICNIC  With Gun"),
        ],
    )
