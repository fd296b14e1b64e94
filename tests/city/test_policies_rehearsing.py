"""Rehearsals: on a history that was imported, in a process of their own, followed as they run."""

from datetime import date, timedelta

import pyarrow.parquet as parquet
import pytest
from django.urls import reverse

from lamplighter.city.apart import MOST_AT_ONCE
from lamplighter.city.policies import rehearsing
from lamplighter.city.policies.histories import file_of, import_history
from lamplighter.city.policies.models import ImportedHistory, Rehearsal
from lamplighter.city.policies.rehearsing import SILENCE, ask_rehearsal, run
from lamplighter.city.refusal import Refusal
from lamplighter.city.sample.geography import draw_map
from lamplighter.city.sample.year import write_year

from .drafts import OTHER, draft_of

MOVED = OTHER.replace("then: {responder: report_desk}", "then: {responder: police}", 1)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    path = tmp_path_factory.mktemp("year") / "year.parquet"
    write_year(path, draw_map(7), seed=7, until=date(2026, 11, 1), time_zone="America/Denver")
    return path


@pytest.fixture
def history(city, year, settings, tmp_path, now):
    settings.CITY_HOME = tmp_path
    return import_history(year, name="An invented year", by=None, now=now)


@pytest.fixture
def started(monkeypatch):
    """The processes that would have been started."""
    asked = []
    monkeypatch.setattr(rehearsing, "_start", asked.append)
    return asked


class TestImporting:
    def test_a_history_is_kept_by_its_content_with_its_span(self, history):
        assert file_of(history.sha256).exists()
        assert history.rows > 50_000
        assert history.last_at - history.first_at > timedelta(days=360)

    def test_the_same_again_changes_nothing(self, history, year, now):
        assert import_history(year, name="Again", by=None, now=now) == history
        assert ImportedHistory.objects.count() == 1

    def test_a_file_that_was_lost_is_brought_back(self, history, year, now):
        file_of(history.sha256).unlink()
        import_history(year, name="Again", by=None, now=now)
        assert file_of(history.sha256).exists()

    def test_only_invented_calls_are_called_so(
        self, history, people, client, settings, tmp_path, now
    ):
        settings.SAMPLE_CITY = True
        table = parquet.read_table(file_of(history.sha256)).slice(0, 100)
        told = {key: value for key, value in table.schema.metadata.items() if b"layout" not in key}
        real = {**told, "lamplighter.history.layout": "own", "lamplighter.history.layout_hash": "0"}
        parquet.write_table(table.replace_schema_metadata(real), tmp_path / "real.parquet")
        import_history(tmp_path / "real.parquet", name="Real", by=None, now=now)
        client.force_login(people.policy_author)
        page = client.get(reverse("policies:histories")).content.decode()
        assert "An invented year (invented)" in page
        assert "Real (invented)" not in page

    def test_what_is_no_history_is_refused_and_nothing_is_kept(self, city, settings, tmp_path, now):
        settings.CITY_HOME = tmp_path / "home"
        bad = tmp_path / "bad.parquet"
        bad.write_text("no history", encoding="utf-8")
        with pytest.raises(Refusal, match="not-a-history"):
            import_history(bad, name="Bad", by=None, now=now)
        assert not ImportedHistory.objects.exists()
        assert not (tmp_path / "home").exists()


def test_it_says_what_moves_and_names_no_place_and_no_caller(history, people, started, now, client):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    assert started == [asked.pk]
    run(asked.pk, clock=lambda: now)
    asked.refresh_from_db()
    assert asked.done_at == now
    assert (asked.percent, asked.failed) == (100, "")
    client.force_login(people.manager)
    page = client.get(reverse("policies:rehearsal", args=[asked.pk])).content.decode()
    moved = asked.found["moved"]
    assert moved["moves"] + moved["may_move"] > 0
    assert moved["calls"] == moved["stay"] + moved["moves"] + moved["may_move"]
    assert "From whom to whom" in page
    for example in moved["flows"][0]["examples"]:
        assert example["id"] not in page


def test_two_processes_do_not_run_the_same_rehearsal(history, people, started, now, monkeypatch):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    Rehearsal.objects.filter(pk=asked.pk).update(beat_at=now)
    monkeypatch.setattr(rehearsing, "rehearse", lambda *_: pytest.fail("it runs already"))
    run(asked.pk, clock=lambda: now)


def test_a_lost_file_ends_it_with_a_sentence(history, people, started, now):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    file_of(history.sha256).unlink()
    run(asked.pk, clock=lambda: now)
    asked.refresh_from_db()
    assert asked.done_at == now
    assert "There is no file" in asked.failed
    assert "/" not in asked.failed
    assert asked.found is None


def test_signs_that_no_database_keeps_are_left_out_of_what_is_found(
    history, people, started, now, monkeypatch
):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    monkeypatch.setattr(rehearsing, "rehearse", lambda *_: {"area": "Hill\0\ud800"})
    run(asked.pk, clock=lambda: now)
    asked.refresh_from_db()
    assert (asked.percent, asked.found) == (100, {"area": "Hill\ufffd\ufffd"})


def test_what_the_database_refuses_ends_it_with_a_sentence(
    history, people, started, now, monkeypatch
):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    monkeypatch.setattr(rehearsing, "rehearse", lambda *_: {"share": float("nan")})
    run(asked.pk, clock=lambda: now)
    asked.refresh_from_db()
    assert asked.done_at == now
    assert asked.failed == (
        "What was found could not be kept (DataError): tell whoever runs the city."
    )


def test_a_process_that_died_is_told_from_one_that_works(history, people, started, now, client):
    draft = draft_of(people.policy_author, now, MOVED)
    asked = ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    client.force_login(people.policy_author)
    state = reverse("policies:rehearsal_state", args=[asked.pk])
    page = reverse("policies:rehearsal", args=[asked.pk])
    assert client.get(state).json()["done"] is False
    Rehearsal.objects.filter(pk=asked.pk).update(beat_at=now - 2 * SILENCE)
    assert client.get(state).json()["done"] is True
    assert "start it again" in client.get(page).content.decode()


def test_no_more_wait_than_the_machine_can_hold(history, people, started, now):
    author = people.policy_author
    draft = draft_of(author, now)

    def ask():
        return ask_rehearsal(draft.pk, history, by=author, now=now)

    waiting = [ask() for _ in range(MOST_AT_ONCE)]
    with pytest.raises(Refusal, match="too-much-work"):
        ask()
    # One whose process went away is no more than a row.
    Rehearsal.objects.filter(pk=waiting[0].pk).update(beat_at=now - 2 * SILENCE)
    assert ask().done_at is None


def test_what_cannot_be_read_is_not_rehearsed(history, people, started, now):
    draft = draft_of(people.policy_author, now, "policy: [first")
    with pytest.raises(Refusal, match="not-a-policy"):
        ask_rehearsal(draft.pk, history, by=people.policy_author, now=now)
    assert not started
