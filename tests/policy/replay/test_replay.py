"""A policy over a history: bounds, open questions, the file of outcomes."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner, Result

from lamplighter.history import HistoryError, read_history
from lamplighter.policy import Open, Policy, decide, read_policy, shipped_policy
from lamplighter.policy.command import app
from lamplighter.policy.replay import Bounds, ReplayError, ends, parse_mapping, replay
from lamplighter.policy.replay.facts import Facts
from lamplighter.policy.replay.mapping import mapping_for
from tests.history.conftest import NOW
from tests.policy.examples import SMALL
from tests.policy.replay.conftest import DAY
from tests.policy.replay.histories import Call, write_history

REAL = Path(__file__).parents[4] / "shared" / "data" / "calls"


def test_what_is_certain_and_what_is_possible(small: Policy, history: Path) -> None:
    found = replay(small, history)
    assert (found.calls, found.decided, found.opened, found.failed) == (3, 0, 3, 0)
    assert found.outputs[0].bounds == (
        Bounds("police", 0, 3),
        Bounds("community_team", 0, 3),
    )
    assert [group.label for group in found.by["area"]] == ["north", "south"]
    assert [group.label for group in found.by["hour"]] == ["03", "13", "15"]
    json.dumps(found.to_dict())


def test_what_is_known_for_every_call_narrows_the_bounds(small: Policy, history: Path) -> None:
    mapping = parse_mapping(
        "facts of: small\ninputs: {nature: {from: nature}, weapon: {always: false},"
        " violence: {always: now}}",
        small,
    )
    found = replay(small, history, mapping=mapping)
    # The mapping leaves nobody out. Of the picnic the nature is still open.
    assert (found.calls, found.decided, dict(found.left_out)) == (4, 3, {})
    assert {group.label: group.bounds for group in found.by["nature"]} == {
        "noise": (Bounds("community_team", 1, 1),),
        "fight": (Bounds("police", 2, 2),),
        "picnic": (Bounds("police", 0, 1), Bounds("community_team", 0, 1)),
    }
    assert {(one.table, one.rule): one.calls for one in found.rules if one.calls} == {
        ("risk", "fight"): 2,
        ("risk", "otherwise"): 1,
        ("response", "risky"): 2,
        ("response", "calm"): 1,
    }


def test_a_question_is_worth_what_trying_its_answers_says(small: Policy, history: Path) -> None:
    found = replay(small, history)
    (batch,) = Facts(small, history, mapping_for(small))
    calls = []
    for row in range(batch.rows):
        told = {name: column.values[column.codes[row]] for name, column in batch.columns.items()}
        calls.append({name: fact for name, fact in told.items() if fact is not None})

    def gap(facts: dict) -> int:
        answer = decide(small, facts)
        if not isinstance(answer, Open):
            return 0
        responders = {outcome["responder"] for outcome in answer.possible}
        return len(responders) if len(responders) > 1 else 0

    whole = sum(gap(facts) for facts in calls)
    assert found.questions.gap == whole == 6
    for question in found.questions.alone:
        if question.input in ("weapon", "violence"):
            answers = {"weapon": [True, False], "violence": ["none", "threat", "now"]}
            left = [
                gap({**facts, question.input: answer}) / len(answers[question.input])
                for facts in calls
                for answer in answers[question.input]
            ]
            assert question.closes == pytest.approx(1 - sum(left) / whole)


@pytest.mark.parametrize("engine", ["bitset", "duckdb"])
def test_the_file_has_a_row_for_each_call(
    engine: str, small: Policy, history: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.parquet"
    replay(small, history, engine=engine, output=output)
    table = parquet.read_table(output)
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == ["a", "b", "d"]
    assert rows[0] == {
        "id": "a",
        "state": "open",
        "risk": None,
        "responder": None,
        "risk_if_unknown": "immediate",
        "responder_if_unknown": "police",
        "possible": json.dumps(
            [
                {"risk": "immediate", "responder": "police"},
                {"risk": "low", "responder": "police"},
                {"risk": "low", "responder": "community_team"},
            ]
        ),
        "rule_risk": "weapon-with-threat",
        "rule_response": "risky",
    }
    # Its nature is none of the policy's, so nobody can decide it yet.
    assert rows[2]["responder_if_unknown"] is None
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["lamplighter.replay.content_hash"] == small.content_hash
    assert metadata["lamplighter.replay.policy_version"] == "1"
    assert "from: nature" in metadata["lamplighter.replay.facts"]


def test_calls_are_left_out_group_by_group_of_rows(small: Policy, tmp_path: Path) -> None:
    # The first group has only calls of officers, the second some, the third none.
    started = ["officer"] * 3 + ["public", "officer", "public"] + ["public"] * 3
    calls = [
        Call(f"call {row}", DAY, "noise" if row % 2 else "fight", started_by=who)
        for row, who in enumerate(started)
    ]
    path = write_history(tmp_path / "calls.parquet", calls)
    parquet.write_table(parquet.read_table(path), path, row_group_size=3)
    output = tmp_path / "out.parquet"
    found = replay(small, path, output=output)
    assert (found.calls, dict(found.left_out)) == (5, {"officer": 4})
    file = parquet.ParquetFile(output)
    assert file.read()["id"].to_pylist() == [f"call {row}" for row in (3, 5, 6, 7, 8)]
    assert file.metadata.num_row_groups == 2
    parquet.write_table(parquet.read_table(path).slice(0, 3), path)
    assert replay(small, path, output=output).calls == 0
    assert parquet.read_table(output).num_rows == 0


def test_a_damaged_history_is_told_and_leaves_no_file(
    small: Policy, history: Path, tmp_path: Path
) -> None:
    whole = bytearray(history.read_bytes())
    whole[4:40] = bytes(36)  # the first page of the ids
    history.write_bytes(whole)
    with pytest.raises(HistoryError, match="is damaged .*: read the city's file again"):
        replay(small, history, output=tmp_path / "out.parquet")
    assert [*tmp_path.iterdir()] == [history]


def test_outcomes_are_never_written_over_the_history(small: Policy, history: Path) -> None:
    before = history.read_bytes()
    with pytest.raises(ReplayError, match="is the history itself"):
        replay(small, history, output=history)
    assert history.read_bytes() == before


def test_a_replay_that_fails_leaves_no_file(small: Policy, history: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "of.parquet"
    with pytest.raises(ReplayError, match="cannot be written"):
        replay(small, history, output=output)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        replay(small, history, output=tmp_path / "out.parquet", progress=interrupt)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("room", [300, 0])
def test_a_full_disk_is_one_sentence_and_leaves_no_file(
    room: int, small: Policy, history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The last group of rows is not the only one for which there is no room.
    parquet.write_table(parquet.read_table(history), history, row_group_size=1)
    write, fdopen = os.pwrite, os.fdopen
    files: list[BinaryIO] = []

    def full(file: int, data: memoryview, at: int) -> int:
        if at >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        # As much as there is room for.
        return write(file, data[: room - at], at)

    def opened(file: int, mode: str) -> BinaryIO:
        files.append(cast("BinaryIO", fdopen(file, mode)))
        return files[-1]

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr(os, "fdopen", opened)
    with pytest.raises(ReplayError, match="cannot be written .No space left on device"):
        replay(small, history, output=tmp_path / "out.parquet")
    assert [*tmp_path.iterdir()] == [history]
    assert [file.closed for file in files] == [True]


def test_what_is_written_a_little_at_a_time_is_whole(
    small: Policy, history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay(small, history, output=tmp_path / "whole.parquet")
    write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: write(file, data[:5], at))
    replay(small, history, output=tmp_path / "bits.parquet")
    found, whole = (parquet.read_table(tmp_path / f"{n}.parquet") for n in ("bits", "whole"))
    assert found.equals(whole)


@pytest.mark.parametrize("few", [100, 0])
def test_groups_of_rows_are_replayed_like_one(
    few: int, small: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of more residues than a few, those of each group are numbered anew.
    monkeypatch.setattr(ends, "_FEW", few)
    mapping = parse_mapping(
        "facts of: small\ninputs: {nature: {from: nature}, weapon: {from: nature_as_written,"
        " values: {gun: true, none: false}}, violence: {always: threat}, hour: {from: local hour}}",
        small,
    )
    # In the first groups all is decided; then weapons are not told, and some natures not known.
    natures = ["noise", "fight", "welfare_check", "picnic"]
    calls = [
        Call(
            f"call {row}",
            DAY.replace(hour=row % 24),
            natures[row % (2 if row < 20 else 4)],
            ["north", "south", None][row // 7 % 3],
            words=["gun", "none", None][row % (2 if row < 20 else 3)],
        )
        for row in range(40)
    ]
    path = write_history(tmp_path / "calls.parquet", calls)
    output = tmp_path / "out.parquet"
    found = []
    for rows in (100, 3):
        parquet.write_table(parquet.read_table(path), path, row_group_size=rows)
        summary = replay(small, path, mapping=mapping, output=output)
        found.append((summary.to_dict(), parquet.read_table(output).to_pylist()))
    about = parquet.ParquetFile(output).metadata
    assert (about.num_rows, about.num_row_groups) == (40, 14)
    assert found[0] == found[1]
    alone = []
    for call in calls:
        write_history(path, [call])
        replay(small, path, mapping=mapping, output=output)
        alone += parquet.read_table(output).to_pylist()
    assert alone == found[1][1]
    states = [row["state"] for row in found[0][1]]
    assert states[:20] == ["decided"] * 20
    assert "open" in states


def test_an_engine_that_there_is_not_is_one_sentence(small: Policy, history: Path) -> None:
    with pytest.raises(ReplayError, match="there is no engine abacus: use one of bitset, duckdb"):
        replay(small, history, engine="abacus")  # type: ignore[arg-type]


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason=f"there are no real files in {REAL}")
@pytest.mark.parametrize(
    ("city", "name", "calls"),
    [
        ("milwaukee", "milwaukee_calls.csv.gz", 16_441),
        ("nashville", "nashville_calls_2024.csv.gz", 20_814),
    ],
)
def test_a_real_history_has_bounds(city: str, name: str, calls: int, tmp_path: Path) -> None:
    path = tmp_path / f"{city}.parquet"
    read_history(REAL / name, city, path, now=NOW)
    policy = read_policy(shipped_policy("first_response"))
    found = replay(policy, path)
    assert found.calls == calls
    assert found.main_output == found.outputs[0].output == "responder"
    police = found.outputs[0].bounds[0]
    assert 0 < police.at_least < police.at_most < calls
    assert found.failed == found.may_fail == 0
    assert 2 <= len(found.questions.together) <= 3
    assert found.questions.examined == 1
    assert replace(replay(policy, path, engine="duckdb"), engine="bitset") == found


def test_a_file_that_is_no_replay_is_not_replaced(small: Policy, history: Path) -> None:
    (history.parent / "small.yaml").write_text(SMALL)

    def run(output: Path, *more: str) -> Result:
        asked = ["replay", str(history.parent / "small.yaml"), str(history), "-o", str(output)]
        return CliRunner().invoke(app, [*asked, *more])

    mine, other = history.parent / "mine.parquet", history.parent / "other.parquet"
    mine.write_text("years of work")
    other.write_bytes(history.read_bytes())
    for path in (mine, other):
        before = path.read_bytes()
        refused = run(path)
        assert refused.exit_code == 2
        assert refused.stderr == (
            f"{path} is already there and is not the outcomes of a replay: "
            "give another name, or add --force.\n"
        )
        assert path.read_bytes() == before
    assert run(mine, "--force").exit_code == 0
    assert run(mine).exit_code == 0, "an earlier replay is written anew"
    assert parquet.read_table(mine).num_rows == 3
    assert "is a device" in run(Path("/dev/null"), "--force").stderr
