"""What is too large is found out at little cost: nothing is made up for it, and nothing is left."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from benchmarks.harsh import harsh_policy

from lamplighter.policy.diagram import Diagram


@pytest.fixture
def collected_by_hand() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("hit", ["collect", "rule order", "collect sum", "collect min"])
def test_no_list_or_sum_is_made_up_for_a_piece_that_is_too_large(hit: str) -> None:
    diagram = Diagram(harsh_policy(hit, 7, rules=100).engine.compiled)
    (table,) = diagram._residues.tables
    before = table.answers.kept
    assert not diagram.fits([0], 1)
    assert table.answers.kept <= before + 1  # where no rule counts may be looked at


@pytest.mark.parametrize("tables", [1, 2])
@pytest.mark.usefixtures("collected_by_hand")
def test_nothing_is_left_to_the_collector_of_garbage(tables: int) -> None:
    """A collection of all that a process has holds up whoever is answered just then."""
    diagram = Diagram(harsh_policy("first", 7, rules=100, tables=tables).engine.compiled)
    gc.collect()
    assert not diagram.fits([0], 1)
    assert gc.collect() < 50
