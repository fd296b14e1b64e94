"""Rows of words get one number each, however many there are and whoever meets them first."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lamplighter.policy.replay.blocks import in_blocks
from lamplighter.policy.replay.numbered import Numbered, distinct


def rows_that_come_again() -> npt.NDArray[Any]:
    """Rows of which many are equal, and some differ in their highest or lowest bits only."""
    random = np.random.default_rng(7)
    different = random.integers(0, 2**64, (4000, 3), np.uint64)
    for word in range(3):
        different[: 1 << 6, word] = np.uint64(random.integers(2) << 63)
    different[:64, 0] |= np.arange(64, dtype=np.uint64)
    return different[random.integers(0, len(different), 60_000)]


@pytest.mark.parametrize("of_rows", [0, 60_000])
def test_equal_rows_get_one_number_and_others_another(of_rows: int) -> None:
    rows = rows_that_come_again()
    table, numbers = Numbered(3), count(100)
    found = np.empty(len(rows), np.int32)

    def work(start: int, stop: int) -> None:
        block = rows[start:stop]
        found[start:stop] = table.of(block, lambda new: [next(numbers) for _ in new], of_rows)

    in_blocks(len(rows), work, 1000)
    expected: dict[bytes, int] = {}
    for row, number in zip(rows, found.tolist(), strict=True):
        assert expected.setdefault(row.tobytes(), number) == number
    assert sorted(expected.values()) == list(range(100, 100 + len(expected)))
    assert {row.tobytes() for row in table.rows} == expected.keys()


def test_kinds_of_row_are_numbered_in_the_order_in_which_they_come() -> None:
    rows = rows_that_come_again()
    first, numbers = distinct(rows)
    expected: dict[bytes, int] = {}
    for place, row in enumerate(rows):
        if row.tobytes() not in expected:
            assert first[len(expected)] == place
        assert numbers[place] == expected.setdefault(row.tobytes(), len(expected))
    assert len(first) == len(expected)
