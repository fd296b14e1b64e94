"""Who is asked about policies that are too large, for ever, keeps no more and answers no other."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from types import FunctionType, ModuleType
from typing import Any

import pytest
from benchmarks.harsh import harsh_policy

from lamplighter.policy import DecisionError, Fact, Policy
from lamplighter.policy import diagram as diagrams
from lamplighter.policy import engine as engines
from lamplighter.policy.ask.planner import Planner
from lamplighter.policy.engine import Engine
from lamplighter.policy.replay import truth

# Its front has a function of this name.
planners = sys.modules[Planner.__module__]

HITS = ("first", "any", "rule order", "collect", "collect min", "collect sum", "collect count")
# What is kept, by module: each would be far more than these tests ask about.
KEPT = (
    (engines, "_KEPT"),
    (engines, "_KEPT_LARGE"),
    (engines, "_KEPT_FOLLOWED"),
    (diagrams, "_KEPT_ALONE"),
    (diagrams, "_KEPT_ANSWERS"),
    (planners, "_KEPT_NODES"),
    (planners, "_KEPT_ALONE"),
    (truth, "_MOST_KEPT"),
)


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some questions have a diagram, of others even their own is called too large."""
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 40)
    monkeypatch.setattr(diagrams, "_MOST_STEPS_ALONE", 30)


def keep(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    for module, name in KEPT:
        monkeypatch.setattr(module, name, most)


def questions(policy: Policy, seed: int) -> Iterator[dict[str, Fact]]:
    """The facts before each question of calls that are asked in any order, without end."""
    random, axes = Random(seed), policy.engine.compiled.axes
    while True:
        facts: dict[str, Fact] = {"nature": random.choice(axes[0].examples[:5])}
        for axis in [None, *random.sample(axes[1:], len(axes) - 1)]:
            if axis is not None:
                facts[axis.name] = random.choice(axis.examples)
            yield dict(facts)


def asked(policy: Policy, engine: Engine, planner: Planner, facts: dict[str, Fact]) -> Any:
    """All that is said about some facts."""
    said: list[Any] = []
    for final in (False, True):
        try:
            said.append(engine.decide(facts, final).to_dict())
        except DecisionError as error:
            said.append(str(error))
    try:
        said.append(planner.next_question(facts))
    except DecisionError as error:
        said.append(str(error))
    return said


@pytest.mark.parametrize("hit", HITS)
@pytest.mark.parametrize("tables", [1, 2])
def test_what_is_said_hangs_neither_on_what_was_asked_nor_on_what_was_dropped(
    hit: str, tables: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = replace(harsh_policy(hit, 7, rules=40, tables=tables))
    made = questions(policy, 1)
    some = [next(made) for _ in range(60)]
    in_order = [asked(policy, policy.engine, Planner(policy, looks=300), facts) for facts in some]
    keep(monkeypatch, 0)
    again = replace(policy)  # with an engine of its own
    planner = Planner(again, looks=300)
    for facts, before in list(zip(some, in_order, strict=True))[::-1]:
        assert asked(again, again.engine, planner, facts) == before


@pytest.mark.parametrize("hit", HITS)
def test_what_is_kept_does_not_grow_with_the_questions(
    hit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(monkeypatch, 20)
    policy = replace(harsh_policy(hit, 7, rules=40))
    engine, planner = policy.engine, Planner(policy, looks=300)
    made = questions(policy, 1)
    sizes = []
    for many in (200, 400):
        for _ in range(many):
            asked(policy, engine, planner, next(made))
        sizes.append(bytes_of(engine, planner))
    assert sizes[1] < 1.2 * sizes[0]


def bytes_of(*roots: object) -> int:
    """What these objects take, with all that they refer to but code."""
    waiting, seen, found = [*roots], set(), 0
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and not isinstance(one, type | ModuleType | FunctionType):
            seen.add(id(one))
            found += sys.getsizeof(one)
            waiting += gc.get_referents(one)
    return found
