"""Sets of policies of many rules, and of inputs with many classes, against trying every answer."""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from lamplighter.policy import Policy, parse_policy
from lamplighter.policy.replay import completions, search, truth
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.possible import Possible

ONE_DECIDES = ["unique", "any", "priority", "first", "collect min", "collect max"]
ALL_COUNT = ["rule order", "output order", "collect", "collect sum", "collect count"]
CALLS = 12


def large_policy(hit: str, cells: tuple[int, int], *, chained: bool, rules: int = 90) -> Policy:
    """A policy at random; the hour has more classes than fit a word, and each rule some cells."""
    random = Random(f"{hit} {cells} {chained}")
    inputs: dict[str, dict[str, Any]] = {
        "nature": {"type": "choice", "values": list("abcdef"), "always known": True},
        "hour": {"type": "number", "range": "[0..1000]"},
        "weapon": {"type": "boolean", "when unknown": True},
        "where": {"type": "choice", "values": list("uvw")},
    }
    tables: dict[str, Any] = {}
    earlier: dict[str, dict[str, Any]] = {}
    for name in ("risk", "team") if chained else ("team",):
        own = "first" if name == "risk" else hit
        tables[name] = table(random, own, name, {**inputs, **earlier}, cells, rules)
        earlier = {name: tables[name]["outputs"][name]}
    tree = {"policy": "large", "version": "1", "inputs": inputs, "tables": tables}
    return parse_policy(json.dumps(tree))


def table(
    random: Random,
    hit: str,
    name: str,
    columns: dict[str, dict[str, Any]],
    cells: tuple[int, int],
    rules: int,
) -> dict[str, Any]:
    adds = hit in ("collect sum", "collect min", "collect max")
    output = {"type": "number", "range": "[1..6]"} if adds else {"values": list("pqrstx")}
    answers = range(1, 7) if adds else list("pqrstx")
    written = []
    for number in range(rules):
        looked_at = random.sample(list(columns), min(random.randint(*cells), len(columns)))
        when = {} if number == rules - 1 else {c: cell(random, columns[c]) for c in looked_at}
        then = {name: random.choice(answers)}
        told = {"because": "it was drawn", "source": "a test"}
        written.append({"id": f"{name}{number}", "when": when, "then": then, **told})
    return {"hit": hit, "outputs": {name: output}, "rules": written}


def cell(random: Random, declared: dict[str, Any]) -> str:
    if declared.get("type") == "boolean":
        return random.choice(["true", "false"])
    if declared.get("type") == "number":
        low, high = sorted(random.sample(range(1000), 2))
        text = f"[{low}..{high})"
    else:
        some = random.sample(declared["values"], random.randint(1, 2))
        text = ",".join(json.dumps(value) for value in some)
    return f"not({text})" if random.random() < 0.2 else text


def calls(policy: Policy) -> dict[str, Column]:
    """Calls in which some inputs were not asked."""
    random = np.random.default_rng(5)
    columns = {}
    for axis in policy.engine.compiled.axes:
        values = (*axis.examples, *([] if axis.declared.always_known else [None] * 2))
        codes = random.integers(0, len(values), CALLS).astype(np.int32)
        if not axis.declared.always_known:
            codes[random.random(CALLS) < 0.4] = len(values) - 1
        columns[axis.name] = Column(codes, values)
    return columns


def by_trying(bulk: Bulk, columns: dict[str, Column], row: int) -> set[int]:
    """The outcomes that a call can have, every answer to what nobody asked tried."""
    choices = []
    for axis in bulk.compiled.axes:
        fact = columns[axis.name].values[columns[axis.name].codes[row]]
        every = range(len(axis.examples))
        choices.append(every if fact is None else [bulk.classes(axis.name, [fact])[0]])
    tried = np.array(list(product(*choices)), np.int32).T
    codes = {place: np.ascontiguousarray(own) for place, own in enumerate(tried)}
    return set(bulk.decide_classes(codes, tried.shape[1]).outcomes.tolist())


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("cells", [(1, 2), (3, 4)])
@pytest.mark.parametrize("hit", ONE_DECIDES)
def test_a_search_finds_what_trying_every_answer_finds(
    hit: str, cells: tuple[int, int], chained: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(truth, "_MOST_ROOM", 0)
    test_sets_of_large_policies_are_what_trying_every_answer_finds(hit, cells, chained)


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("cells", [(1, 2), (3, 4)])
@pytest.mark.parametrize("hit", [*ONE_DECIDES, *ALL_COUNT])
def test_sets_of_large_policies_are_what_trying_every_answer_finds(
    hit: str, cells: tuple[int, int], chained: bool
) -> None:
    policy = large_policy(hit, cells, chained=chained, rules=90 if hit in ONE_DECIDES else 12)
    bulk, columns = Bulk(policy), calls(policy)
    found = Possible(bulk, columns)
    sets, _ = found.of(columns, CALLS)
    for row, place in enumerate(sets.tolist()):
        assert found.sets.place(found.sets[place], place not in found.unsure) == place
        if place not in found.unsure:
            assert set(found.sets[place]) == by_trying(bulk, columns, row)
    assert sum(place in found.unsure for place in sets.tolist()) <= (hit in ALL_COUNT) * 3


def test_what_a_search_gives_up_holds_all_that_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MOST_LOOKS", 60)
    monkeypatch.setattr(search, "_FEWEST_LOOKS", 60)
    policy = large_policy("first", (1, 2), chained=True)
    bulk, columns = Bulk(policy), calls(policy)
    found = Possible(bulk, columns)
    sets, _ = found.of(columns, CALLS)
    assert set(sets.tolist()) & found.unsure
    assert not found.unlisted
    for row, place in enumerate(sets.tolist()):
        possible = by_trying(bulk, columns, row)
        assert set(found.sets[place]) >= possible
        assert place in found.unsure or set(found.sets[place]) == possible


def test_lists_that_are_cut_short_are_possible_and_say_that_there_are_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completions, "_MOST_STEPS", 4)
    monkeypatch.setattr(completions, "_FEWEST_STEPS", 4)
    policy = large_policy("rule order", (1, 2), chained=True)
    bulk, columns = Bulk(policy), calls(policy)
    found = Possible(bulk, columns)
    sets, _ = found.of(columns, CALLS)
    assert set(sets.tolist()) & found.unlisted
    for row, place in enumerate(sets.tolist()):
        listed = set(found.sets[place]) - {bulk.unlisted}
        assert listed
        assert listed <= by_trying(bulk, columns, row)
