"""The example in the form of a scenario: for the calls that were chosen, and taken back again."""

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from django.urls import reverse

from lamplighter.city.policies.histories import file_of, import_history
from lamplighter.city.rehearsal.teams import examples

from .teams import ONE_MORE, TEAMS


@pytest.fixture(autouse=True)
def unsized(monkeypatch):
    """Nobody waits for an example whose numbers are worked out."""
    monkeypatch.setattr(examples, "MOST_WAITED", 0.0)


@pytest.fixture
def form(people, client):
    """The form of a scenario as it stands after a button of it was pressed."""
    client.force_login(people.manager)
    client.raise_request_exception = False

    def press(change: str, **said: object):
        answer = client.post(reverse("rehearsal:new"), {"change": change, **said})
        assert answer.status_code == 200
        return answer

    return press


def damage(history) -> None:
    """Write over the pages of a history's file; its footer stays as it is."""
    path = file_of(history.sha256)
    kept = bytearray(path.read_bytes())
    kept[4 : len(kept) // 2] = b"\xff" * (len(kept) // 2 - 4)
    path.write_bytes(kept)


def test_an_example_that_is_asked_for_again_loses_nothing(history, form):
    example = form("example", history=history.pk, teams_text=ONE_MORE)
    shown = example.context["edited"].text
    before = example.context["standing"].before
    again = form("example", history=history.pk, teams_text=shown, teams_before=before)
    assert again.context["standing"].before == (ONE_MORE,)
    other = form("example", history=history.pk, teams_text=TEAMS, teams_before=before)
    assert other.context["standing"].before == (ONE_MORE, TEAMS)
    back = form("put back", teams_text=shown, teams_before=other.context["standing"].before)
    assert back.context["standing"].text == TEAMS
    assert back.context["standing"].before == (ONE_MORE,)


def test_no_two_wait_for_an_example_at_once(tmp_path):
    with examples._ONE_AT_A_TIME, pytest.raises(TimeoutError):
        examples._sized(tmp_path / "calls.parquet", None)


def test_the_teams_that_an_example_replaced_are_put_back(history, form):
    example = form("example", history=history.pk, teams_text=ONE_MORE)
    assert "teams: Example teams" in example.context["edited"].text
    assert "Put the teams from before back" in example.content.decode()
    changed = form(
        "add unit",
        history=history.pk,
        teams_text=example.context["edited"].text,
        teams_before=example.context["standing"].before,
    )
    back = form(
        "put back",
        history=history.pk,
        teams_text=changed.context["edited"].text,
        teams_before=changed.context["standing"].before,
    )
    assert back.context["edited"].text == ONE_MORE
    assert "Put the teams from before back" not in back.content.decode()


@pytest.mark.parametrize("unknown", ["", "nonsense", "0198c0de-0000-7000-8000-000000000000"])
def test_calls_that_are_not_there_are_told_and_no_teams_are_lost(history, form, unknown):
    answer = form("example", history=unknown, teams_text=TEAMS)
    assert answer.context["edited"].text == TEAMS
    assert "These calls are not here any more: choose others." in answer.content.decode()


def test_calls_whose_file_is_damaged_are_told_in_a_sentence(history, form, client):
    damage(history)
    answer = form("example", history=history.pk, teams_text=TEAMS)
    assert answer.context["edited"].text == TEAMS
    first = client.get(reverse("rehearsal:new"))
    assert "teams: Example teams" in first.context["edited"].text
    for page in (answer, first):
        assert "The file of “A month” is missing or damaged: choose" in page.content.decode()


def test_a_history_that_is_brought_again_is_whole_again(history, form, month, now):
    damage(history)
    assert import_history(month, name="Again", by=None, now=now) == history
    answer = form("example", history=history.pk, teams_text=TEAMS)
    assert answer.context["standing"].trouble == ""


def test_an_example_reads_some_of_the_calls_only(history, form, monkeypatch):
    path = file_of(history.sha256)
    table = parquet.read_table(path)
    parquet.write_table(pa.concat_tables([table] * 50), path, row_group_size=len(table))
    monkeypatch.setattr(examples, "MOST_CALLS", 1_000)
    read = []

    def example_for(calls):
        read.append(len(calls.table(["latitude"])))
        return TEAMS

    monkeypatch.setattr(examples, "example_unsized", example_for)
    form("example", history=history.pk, teams_text=ONE_MORE)
    assert 900 < read[0] <= 1_000
