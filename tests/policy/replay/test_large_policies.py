"""Sets of policies of many rules, and of inputs with many classes, against trying every answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from lamplighter.policy import Policy, parse_policy
from lamplighter.policy.replay import completions, search, truth
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.facts import Column
from lamplighter.policy.replay.kinds import Kinds
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.questions import open_questions
from lamplighter.policy.replay.search import Search
from lamplighter.policy.replay.told_sets import gaps_of

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
    sets = found.sets_of(columns, CALLS)
    for row, place in enumerate(sets.tolist()):
        assert found.sets.place(found.sets[place], place not in found.unsure) == place
        if place not in found.unsure:
            assert set(found.sets[place]) == by_trying(bulk, columns, row)
    assert sum(place in found.unsure for place in sets.tolist()) <= (hit in ALL_COUNT) * 3


def codes_of(bulk: Bulk, columns: dict[str, Column]) -> Any:
    """By input the class in each call, -1 where it is not known."""
    return np.array(
        [
            np.array(bulk.classes(axis.name, columns[axis.name].values))[columns[axis.name].codes]
            for axis in bulk.compiled.axes
        ]
    )


@pytest.mark.parametrize("hit", ONE_DECIDES)
def test_what_can_matter_in_large_policies_is_what_trying_every_answer_says(hit: str) -> None:
    policy = large_policy(hit, (1, 2), chained=True)
    bulk, columns = Bulk(policy), calls(policy)
    codes = codes_of(bulk, columns)
    matter = Possible(bulk, columns).all_that_can_matter(codes)
    for row in range(CALLS):
        grid = np.ix_(
            *[
                np.arange(len(axis.examples)) if code < 0 else [code]
                for axis, code in zip(bulk.compiled.axes, codes[:, row], strict=True)
            ]
        )
        tried = [np.ascontiguousarray(own.ravel()) for own in np.broadcast_arrays(*grid)]
        found = bulk.decide_classes(dict(enumerate(tried)), len(tried[0])).outcomes
        ends = found.reshape(np.broadcast_shapes(*[own.shape for own in grid]))
        changes = [np.any(np.diff(ends, axis=place) != 0) for place in range(len(codes))]
        assert matter[:, row].tolist() == changes


def test_not_all_that_was_ever_open_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = large_policy("first", (1, 2), chained=True)
    bulk, columns = Bulk(policy), calls(policy)
    codes, found = codes_of(bulk, columns), Possible(bulk, columns)
    assert isinstance(found._ends, search.Search)
    matter = found.all_that_can_matter(codes)
    kept = found._ends._truth._later_points
    assert len(kept) > 1
    monkeypatch.setattr(truth, "_MOST_KEPT", 0)
    kept.clear()
    assert np.array_equal(found.all_that_can_matter(codes), matter)
    assert len(kept) == 1


def test_what_a_search_gives_up_holds_all_that_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MOST_LOOKS", 60)
    monkeypatch.setattr(search, "_FEWEST_LOOKS", 60)
    policy = large_policy("first", (1, 2), chained=True)
    bulk, columns = Bulk(policy), calls(policy)
    found = Possible(bulk, columns)
    sets = found.sets_of(columns, CALLS)
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
    sets = found.sets_of(columns, CALLS)
    assert set(sets.tolist()) & found.unlisted
    for row, place in enumerate(sets.tolist()):
        listed = set(found.sets[place]) - {bulk.unlisted}
        assert listed
        assert listed <= by_trying(bulk, columns, row)


def test_sets_are_numbered_alike_however_the_work_is_shared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = large_policy("first", (1, 2), chained=True)
    columns = calls(policy)
    gathered, kept = Search.gathered, []

    def gather(ends: Search, found: Sequence[Any]) -> tuple[Any, Any]:
        numbers, sets = gathered(ends, found)
        kept.append((len(numbers), len(sets), len(np.unique(sets, axis=0))))
        return numbers, sets

    monkeypatch.setattr(Search, "gathered", gather)
    told = []
    for together in (1, 5, CALLS):
        monkeypatch.setattr(Search, "together", together)
        found = Possible(Bulk(policy), columns)
        places = found.sets_of(columns, CALLS)
        told.append((places.tolist(), list(found.sets)))
    assert told[0] == told[1] == told[2]
    # No set is kept twice of those that are found in one go.
    assert all(sets == different for _, sets, different in kept)
    assert kept[-1][1] < kept[-1][0]


def test_a_thread_sees_the_outcome_and_the_hits_of_the_same_kinds() -> None:
    kinds = Kinds(Bulk(large_policy("first", (1, 2), chained=False)).plan.tables, lambda h: h[0])
    hits = np.arange(4, dtype=kinds.dtype_of_hits)[None]
    found = np.empty(2, kinds.dtype)
    kinds.of(hits[:, :2], found)

    seen = []

    class Slow(np.ndarray[Any, Any]):
        """Outcomes that take long to read: other calls bring new kinds meanwhile."""

        def max(self, *args: Any, **kwargs: Any) -> Any:
            kinds.of(hits[:, 2:], found)
            seen.append(len(kinds.met[0]))
            return np.asarray(self).max(*args, **kwargs)

    outcomes, known = kinds._met
    kinds._met = outcomes.view(Slow), known
    outcomes, (of_table,) = kinds.met
    assert seen == [4]
    assert len(outcomes) == len(of_table) == 2


def test_what_turns_out_to_be_certain_leaves_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "_MOST_ROOM", 0)
    monkeypatch.setattr(search, "_MOST_LOOKS", 1)
    monkeypatch.setattr(search, "_FEWEST_LOOKS", 1)
    then = [("[0..500)", "p"), ("[500..1000]", "p"), ("-", "q")]
    rules = [
        {
            "id": f"r{n}",
            "when": {"hour": cell},
            "then": {"team": team},
            "because": "-",
            "source": "-",
        }
        for n, (cell, team) in enumerate(then)
    ]
    tree = {
        "policy": "certain",
        "version": "1",
        "inputs": {"hour": {"type": "number", "range": "[0..1000]", "when unknown": 0}},
        "tables": {"who": {"hit": "first", "outputs": {"team": ["p", "q"]}, "rules": rules}},
    }
    bulk = Bulk(parse_policy(json.dumps(tree)))
    columns = {"hour": Column(np.zeros(7, np.int32), (None,))}
    found = Possible(bulk, columns)
    residues = found.residues_of(columns, 7)
    gaps = gaps_of(found)
    assert gaps.tolist() == [2]
    questions = open_questions(found, residues[:1], np.array([7]), gaps)
    assert (questions.gap, questions.alone, questions.together) == (14, (), ())
    assert questions.examined == 1
