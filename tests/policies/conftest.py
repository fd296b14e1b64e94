"""The policy that ships, read once for all of its tests."""

from __future__ import annotations

import pytest

from lamplighter.policy import Policy, read_policy, shipped_policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read_policy(shipped_policy("first_response"))
