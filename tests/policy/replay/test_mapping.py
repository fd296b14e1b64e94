"""Which facts of a call a history tells, and what is said where it cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from lamplighter.history import HistoryError
from lamplighter.policy import (
    UNKNOWN,
    Fact,
    Policy,
    PolicyError,
    read_policy,
    shipped_policies,
    shipped_policy,
)
from lamplighter.policy.replay import FactMapping, mapping_for, parse_mapping
from lamplighter.policy.replay.facts import Facts
from tests.policy.replay.conftest import DAY
from tests.policy.replay.histories import Call, write_history


def facts_of(policy: Policy, history: Path, mapping: FactMapping) -> list[dict[str, Fact]]:
    (batch,) = Facts(policy, history, mapping)
    found = []
    for row in range(batch.rows):
        told = {name: column.values[column.codes[row]] for name, column in batch.columns.items()}
        found.append({name: fact for name, fact in told.items() if fact is not None})
    return found


def test_columns_are_found_by_name_and_the_hour_is_local(small: Policy, history: Path) -> None:
    assert facts_of(small, history, mapping_for(small)) == [
        {"nature": "noise", "hour": 3},
        {"nature": "fight", "hour": 13},
        {"hour": 15},
    ]


def test_calls_of_officers_are_left_out_and_strange_words_counted(
    small: Policy, history: Path
) -> None:
    facts = Facts(small, history, mapping_for(small))
    assert sum(batch.rows for batch in facts) == 3
    assert dict(facts.left_out) == {"officer": 1}
    assert {name: dict(words) for name, words in facts.not_understood.items()} == {
        "nature": {"picnic": 1}
    }


def test_a_mapping_can_translate_set_and_imply(small: Policy, history: Path) -> None:
    mapping = parse_mapping(
        """
        facts of: small
        inputs:
          nature: {from: nature, values: {Picnic: noise, fight: fight}}
          violence: {always: unknown}
        implied:
          - input: weapon
            value: true
            where: {nature_as_written: picnic with gun}
            because: The words say so.
          - input: weapon
            value: false
            where: {area: [north, south]}
            because: An example; the first that fits is used.
        """,
        small,
    )
    assert facts_of(small, history, mapping) == [
        {"violence": UNKNOWN, "weapon": False},
        {"nature": "fight", "violence": UNKNOWN, "weapon": False},
        {"nature": "fight", "violence": UNKNOWN, "weapon": False},
        {"nature": "noise", "violence": UNKNOWN, "weapon": True},
    ]


def test_facts_follow_from_the_hour_the_day_and_from_numbers(small: Policy, tmp_path: Path) -> None:
    calls = [Call(str(n), DAY.replace(hour=9 + n), "noise") for n in range(3)]
    more = {"level": pa.array([1.0, None, 2.5])}
    path = write_history(tmp_path / "c.parquet", calls, more=more)
    mapping = parse_mapping(
        """
        facts of: small
        inputs: {}
        implied:
          - {input: weapon, value: true, where: {local hour: [3, 4]}, because: At night.}
          - {input: weapon, value: false, where: {local month: 11}, because: In November.}
          - {input: violence, value: now, where: {level: [1, 2.5]}, because: As told.}
          - {input: violence, value: threat, where: {local weekday: Wednesday}, because: Midweek.}
        """,
        small,
    )
    assert facts_of(small, path, mapping) == [
        {"weapon": True, "violence": "now"},
        {"weapon": True, "violence": "threat"},
        {"weapon": False, "violence": "now"},
    ]


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(9, 2)])
def test_a_column_of_numbers_becomes_the_classes_that_the_policy_tells_apart(
    small: Policy, tmp_path: Path, kind: pa.DataType
) -> None:
    calls = [Call(str(n), DAY, "noise") for n in range(4)]
    more = {"clock": pa.array([5.5, 7.25, None, 99.0]).cast(kind)}
    path = write_history(tmp_path / "c.parquet", calls, more=more)
    mapping = parse_mapping("facts of: small\ninputs: {hour: {from: clock}}", small)
    hours = [facts.get("hour") for facts in facts_of(small, path, mapping)]
    axis = small.engine.compiled.axes[3]
    assert [hour is None for hour in hours] == [False, False, True, True]
    assert axis.code(hours[0]) == axis.code(5.5)
    assert axis.code(hours[1]) == axis.code(7.25)


def test_mistakes_are_told_with_their_line(small: Policy) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_mapping(
            """\
facts of: small
leave out: [cops]
inputs:
  wepon: {from: nature}
  violence: {always: fierce}
  hour: {}
implied:
  - {input: weapon, value: true, where: {nature: fight, area: north}, because: two}
  - {input: weapon, value: 3, where: {nature: fight}, because: wrong}
""",
            small,
            "facts.yaml",
        )
    told = [str(problem) for problem in caught.value.problems]
    assert told == [
        "facts.yaml, line 4, column 3: the policy has no input wepon; did you mean weapon?",
        "facts.yaml, line 5, column 22: fierce is not a value of violence; use one of none, "
        "threat, now.",
        "facts.yaml, line 6, column 9: the source of hour needs either from: or always:; write "
        "one of them.",
        "facts.yaml, line 8, column 41: where must name one column; write two facts instead.",
        "facts.yaml, line 9, column 28: 3 is not a value of weapon; it must be true or false.",
        "facts.yaml, line 2, column 12: nobody called cops starts calls; use one of public, "
        "officer, unknown.",
    ]


def test_a_word_is_translated_once(small: Policy) -> None:
    values = '{"Bar  Fight": fight, " bar fight ": noise}'
    written = f"facts of: small\ninputs:\n  nature: {{from: nature, values: {values}}}\n"
    with pytest.raises(PolicyError) as caught:
        parse_mapping(written, small, "facts.yaml")
    (problem,) = caught.value.problems
    assert str(problem) == (
        'facts.yaml, line 3, column 56: " bar fight " is translated twice for the source of '
        "nature; remove one."
    )


@pytest.mark.parametrize("times", [pa.array(["2026-11-25"]), pa.array([1.5])])
def test_a_history_whose_times_are_no_times_is_one_sentence(
    small: Policy, tmp_path: Path, times: pa.Array
) -> None:
    path = write_history(tmp_path / "c.parquet", [Call("a", DAY, "noise")], more={"time": times})
    with pytest.raises(HistoryError, match=f"are of type {times.type}, not times: read the city"):
        facts_of(small, path, mapping_for(small))


def test_a_column_of_lists_is_one_sentence(small: Policy, tmp_path: Path) -> None:
    more = {"nature": pa.array([["noise"]])}
    path = write_history(tmp_path / "c.parquet", [Call("a", DAY, "noise")], more=more)
    with pytest.raises(HistoryError, match="of type list<element: string>, which says nothing"):
        facts_of(small, path, mapping_for(small))


def test_a_time_zone_that_is_a_folder_is_none(small: Policy, tmp_path: Path) -> None:
    path = write_history(tmp_path / "c.parquet", [Call("a", DAY, "noise")], time_zone="America")
    with pytest.raises(HistoryError, match="the time zone America of the history is not known"):
        Facts(small, path, mapping_for(small))


def test_a_history_without_a_column_that_is_needed_is_one_sentence(
    small: Policy, history: Path
) -> None:
    mapping = parse_mapping("facts of: small\ninputs: {weapon: {from: armed}}", small)
    with pytest.raises(HistoryError) as caught:
        Facts(small, history, mapping)
    assert str(caught.value) == (
        f"{history} has no column armed, from which the mapping takes weapon: name another column "
        "or remove the input."
    )


def test_a_policy_of_which_a_history_tells_nothing_is_one_sentence(
    small: Policy, history: Path
) -> None:
    mapping = parse_mapping("facts of: small\ninputs: {}", small)
    with pytest.raises(HistoryError, match="gives small no fact of a call"):
        Facts(small, history, mapping)


@pytest.mark.parametrize("name", shipped_policies())
def test_every_mapping_that_ships_fits_its_policy_and_says_why(name: str) -> None:
    mapping = mapping_for(read_policy(shipped_policy(name)))
    assert mapping.leave_out == ("officer",)
    assert all(len(one.because) > 20 for one in mapping.implied)


def test_an_hour_that_comes_twice_in_autumn_is_the_same_local_hour(
    small: Policy, tmp_path: Path
) -> None:
    twice = [Call(str(h), DAY.replace(month=11, day=1, hour=h), "noise") for h in (6, 7, 8)]
    path = write_history(tmp_path / "c.parquet", twice)
    facts = facts_of(small, path, mapping_for(small))
    assert [one["hour"] for one in facts] == [1, 1, 2]
    (batch,) = Facts(small, path, mapping_for(small))
    assert np.unique(batch.dimensions["weekday"].each()).size == 1
