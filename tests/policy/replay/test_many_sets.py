"""Many sets of outcomes: kept as columns, told when somebody reads them, written as they are."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import Policy
from lamplighter.policy.replay import (
    FactMapping,
    PossibleSet,
    listing,
    parse_mapping,
    questions,
    replay,
    search,
    set_words,
    tally,
    truth,
)
from lamplighter.policy.replay.bulk import UNLISTED, Bulk
from lamplighter.policy.replay.combinations import Combinations
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.ordered import Ordered
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import Bounds, ReplayError, plain_outcome
from lamplighter.policy.replay.set_words import SetWords
from lamplighter.policy.replay.tally import Counts
from lamplighter.policy.replay.told_sets import PossibleSets
from tests.policy.replay.conftest import DAY
from tests.policy.replay.histories import Call, write_history
from tests.policy.replay.test_large_policies import CALLS, calls, large_policy

SETS = st.lists(st.sets(st.integers(0, 150), min_size=1).map(sorted), max_size=12)
SOME = settings(max_examples=60, deadline=None)


def as_lists(sets: Listing) -> list[list[int]]:
    return [sets.members[a:b].tolist() for a, b in zip(sets.starts, sets.starts[1:], strict=False)]


@SOME
@given(SETS, SETS, st.permutations(range(151)), st.data())
def test_sets_in_columns_are_the_same_sets(
    some: list[list[int]], more: list[list[int]], names: list[int], data: st.DataObject
) -> None:
    sets = Listing.of(some).with_more(Listing.of(more))
    every = some + more
    assert as_lists(sets) == every
    for few in (0, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            # With and without bits.
            patch.setattr(listing, "_FEW_WORDS", few)
            patch.setattr(listing, "_WORDS_A_MEMBER", 0)
            assert as_lists(sets.renumbered(np.array(names) // 2)) == [
                sorted({names[member] // 2 for member in own}) for own in every
            ]
            first, numbers = sets.kinds()
            assert [every[place] for place in first[numbers]] == every
            assert len({tuple(one) for one in every}) == len(first)
    places = data.draw(st.lists(st.sampled_from(range(len(every))) if every else st.nothing()))
    assert as_lists(sets.picked(np.array(places, int))) == [every[place] for place in places]
    odd = as_lists(sets.only(sets.members % 2 == 1))
    assert odd == [[member for member in own if member % 2] for own in every]


def test_calls_are_counted_however_often_they_are_put_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tally, "_DENSE", 4)
    counts = Counts()
    assert counts.as_dict() == {}
    for number in range(9):
        counts.add(np.array([number, 9, 10**12]), np.array([1, 2, number + 1]))
    assert counts.as_dict() == {**dict.fromkeys(range(9), 1), 9: 18, 10**12: 45}


@pytest.mark.parametrize("room", [1, 1 << 22])
def test_bounds_are_the_same_however_many_labels_are_told_at_once(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "_DENSE", room)
    # The second set holds a failure, and of the third not all is listed.
    sets, unlisted = Listing.of([[1], [0, 2], [1]]), np.array([False, False, True])
    labels, calls = np.array([0, 0, 1, 3]), np.array([5, 7, 11, 13])
    told = tally.Seen(["p", "q"], sets, unlisted).bounds(labels, np.array([0, 1, 2, 0]), calls, 5)
    assert told == [
        (Bounds("p", 5, 5), Bounds("q", 0, 7)),
        (Bounds("p", 0, 11), Bounds("q", 0, 11)),
        (),
        (Bounds("p", 13, 13),),
        (),
    ]


@pytest.fixture(params=[False, True], ids=["sure", "unsure"])
def found(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Possible:
    """Sets of a large policy; unsure ones among them, some of which are there as sure ones, too."""
    if request.param:
        monkeypatch.setattr(truth, "_MOST_ROOM", 0)
        monkeypatch.setattr(search, "_MOST_LOOKS", 60)
        monkeypatch.setattr(search, "_FEWEST_LOOKS", 60)
    policy = large_policy("first", (1, 2), chained=True)
    columns = calls(policy)
    found = Possible(Bulk(policy), columns)
    found.sets_of(columns, CALLS)
    for place in list(found.unsure):
        found.sets.place(found.sets[place], sure=True)
    assert bool(found.unsure) == request.param
    return found


def test_sets_are_told_when_they_are_read_the_most_frequent_first(found: Possible) -> None:
    places = np.arange(len(found.sets))
    often = np.random.default_rng(1).integers(1, 4, len(places))
    told = PossibleSets(found, found.sets.listing, places, often)
    assert len(told) == len(places)
    ordered = as_lists(Ordered(found.bulk).of(found.sets.listing))
    expected = sorted(
        (
            PossibleSet(
                tuple(found.bulk.outcomes[member] for member in ordered[place]),
                int(often[place]),
                place not in found.unsure,
            )
            for place in places
        ),
        key=lambda one: (-one.calls, [str(dict(outcome)) for outcome in one.outcomes]),
    )
    assert list(told) == expected
    assert told == expected
    assert told[1:3] == tuple(expected[1:3])
    assert told[-1] == expected[-1]
    assert told != expected[1:]


def test_words_of_sets_are_their_outcomes_as_json(found: Possible) -> None:
    words = SetWords(found.bulk, found.sets.listing)
    places = np.arange(len(words))[::-2]
    codes, count, plain = words.taken(places)
    read, at = [], 0
    while at < len(plain):
        length = int.from_bytes(plain[at : at + 4], "little")
        read.append(bytes(plain[at + 4 : at + 4 + length]).decode())
        at += 4 + length
    ordered = as_lists(Ordered(found.bulk).of(found.sets.listing))
    outcomes = [
        "more" if one is UNLISTED else plain_outcome(one) if one else None
        for one in found.bulk.outcomes
    ]
    expected = [json.dumps([outcomes[one] for one in ordered[place]]) for place in places]
    assert [read[code] for code in codes] == expected
    # No word is there twice.
    assert len(set(read)) == len(read) == count


def drawn_history(policy: Policy, path: Path, order: list[int]) -> tuple[Path, FactMapping]:
    """Calls in which each input was asked or not at random, in this order."""
    columns = calls(policy)
    told = {}
    for name, column in columns.items():
        words = [None if v is None else str(v).lower() for v in column.values]
        told[name] = pa.array([words[column.codes[row]] for row in order], pa.string())
    rows = [Call(str(row), DAY + timedelta(minutes=row), None) for row in order]
    named = "".join(f"  {name}: {{from: {name}}}\n" for name in columns)
    mapping = parse_mapping(f"facts of: drawn\ninputs:\n{named}", policy)
    return write_history(path, rows, more=told), mapping


def test_what_is_looked_at_does_not_depend_on_the_order_of_the_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where the facts have too many combinations to be listed.
    monkeypatch.setattr(Combinations, "are_few", lambda _sizes: False)
    monkeypatch.setattr(questions, "_MOST_ASKED", 200)
    monkeypatch.setattr(questions, "_MOST_FOLLOWED", 200)
    policy = large_policy("first", (1, 2), chained=True)
    forwards = list(range(CALLS))
    told = []
    for name, order in (("a", forwards), ("b", forwards[::-1])):
        history, mapping = drawn_history(policy, tmp_path / f"{name}.parquet", order)
        told.append(replay(policy, history, mapping=mapping).questions.to_dict())
    assert 0 < told[0]["examined"] < 1
    assert told[0] == told[1]


def test_sets_that_do_not_fit_a_group_of_rows_are_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = large_policy("first", (1, 2), chained=True)
    history, mapping = drawn_history(policy, tmp_path / "calls.parquet", list(range(CALLS)))
    output = tmp_path / "found.parquet"
    found = replay(policy, history, mapping=mapping, output=output)
    written = parquet.read_table(output).column("possible").to_pylist()
    assert len(set(written)) == len({json.dumps(s.to_dict()["outcomes"]) for s in found.sets})
    output.unlink()
    monkeypatch.setattr(set_words, "_MOST_BYTES", 100)
    with pytest.raises(ReplayError, match=r"too many for one group of rows: .*without -o\."):
        replay(policy, history, mapping=mapping, output=output)
    assert list(tmp_path.iterdir()) == [history]
