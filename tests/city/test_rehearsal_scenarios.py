"""Scenarios: kept as they were chosen, never changed after, copied to be changed."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from lamplighter.city.journal.models import Entry
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import Scenario, ScenarioRun
from lamplighter.city.rehearsal.queries import visible_to
from lamplighter.city.rehearsal.runs.actions import run_scenario, stop_run
from lamplighter.city.rehearsal.scenarios.actions import put_away
from lamplighter.city.rehearsal.under_way import actions
from lamplighter.city.rehearsal.under_way.actions import WENT_AWAY
from lamplighter.city.rehearsal.under_way.queries import SILENCE

from .drafts import draft_of
from .rehearsals import scenario
from .teams import BROKEN, ONE_MORE, TEAMS


@pytest.fixture
def history(city, now):
    return ImportedHistory.objects.create(
        name="A month", sha256="a" * 64, rows=4_000, first_at=now, last_at=now, imported_at=now
    )


@pytest.fixture
def started(monkeypatch):
    """The processes that would have been started."""
    asked = []
    monkeypatch.setattr(actions, "start_apart", lambda module, asked_id: asked.append(asked_id))
    return asked


def refused_by_postgresql(statement: str, *values) -> bool:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return True


class TestSaving:
    def test_it_keeps_the_texts_and_their_hashes(self, history, people, now):
        kept = scenario(history, people.manager, now)
        assert kept.teams_text == TEAMS
        assert kept.teams_name == "One van"
        assert re.fullmatch("[0-9a-f]{64}", kept.teams_hash)
        assert kept.policy_version == "2026-11-01"
        entry = Entry.objects.filter(verb="scenario saved").get()
        assert entry.subject_id == str(kept.pk)
        assert entry.data["teams"] == kept.teams_hash

    def test_teams_that_cannot_be_read_are_refused_with_the_line(self, history, people, now):
        with pytest.raises(Refusal) as refusal:
            scenario(history, people.manager, now, teams=BROKEN)
        assert refusal.value.field == "teams_text"
        assert "line 19" in refusal.value.sentence
        assert not Scenario.objects.exists()

    def test_a_draft_that_is_no_policy_is_refused(self, history, people, now):
        draft = draft_of(people.policy_author, now, "policy: [first")
        with pytest.raises(Refusal, match="not-a-policy"):
            scenario(history, people.manager, now, draft=draft)

    def test_a_draft_is_kept_as_it_was_then(self, history, people, now):
        draft = draft_of(people.policy_author, now)
        kept = scenario(history, people.manager, now, draft=draft)
        assert (kept.draft_id, kept.draft_revision) == (draft.pk, 1)
        assert kept.policy_text == draft.text


class TestItNeverChanges:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("name", "Other"), ("teams_text", ONE_MORE), ("seed", 2), ("policy_hash", "b" * 64)],
    )
    def test_postgresql_refuses_a_change(self, history, people, now, column, value):
        kept = scenario(history, people.manager, now)
        assert refused_by_postgresql(
            f"UPDATE rehearsal_scenario SET {column} = %s WHERE id = %s", value, kept.pk
        )
        assert refused_by_postgresql("DELETE FROM rehearsal_scenario WHERE id = %s", kept.pk)

    def test_it_can_be_put_away_and_is_then_seen_by_nobody(self, history, people, now):
        kept = scenario(history, people.manager, now)
        assert list(visible_to(people.administrator)) == [kept]
        put_away(kept.pk, by=people.manager, now=now)
        assert not visible_to(people.administrator).exists()
        assert Scenario.objects.get().put_away_by == people.manager

    def test_an_empty_room_tells_each_what_they_can_do(self, city, people, client):
        places = ("policies:histories", "rehearsal:room", "rehearsal:areas")
        asked = {"brings one", "brings them"}

        def read(person) -> str:
            client.force_login(person)
            return "".join(client.get(reverse(place)).content.decode() for place in places)

        told = read(people.administrator)
        assert all(f"A policy author or a program manager {what}." in told for what in asked)
        assert "Bring a " not in told
        told = read(people.manager)
        assert "Bring a call file to rehearse on it." in told
        assert "A policy author or a program manager" not in told

    def test_only_those_of_the_room_see_it(self, history, people, now):
        scenario(history, people.manager, now)
        seen = {role for role, person in people.by_role().items() if visible_to(person).exists()}
        assert seen == {"policy_author", "manager", "administrator"}
        assert not visible_to(None).exists()

    @pytest.mark.parametrize("replications", [0, 201])
    def test_how_often_has_its_bounds(self, history, people, now, replications):
        with pytest.raises(IntegrityError), transaction.atomic():
            scenario(history, people.manager, now, replications=replications)


class TestRuns:
    def test_a_second_run_at_the_same_time_is_refused(self, history, people, now, started):
        kept = scenario(history, people.manager, now)
        run_scenario(kept.pk, by=people.manager, now=now)
        with pytest.raises(Refusal, match="runs-already"):
            run_scenario(kept.pk, by=people.policy_author, now=now)
        assert ScenarioRun.objects.count() == 1

    def test_its_process_starts_when_it_is_kept(
        self, history, people, now, started, django_capture_on_commit_callbacks
    ):
        kept = scenario(history, people.manager, now)
        with django_capture_on_commit_callbacks(execute=True):
            run = run_scenario(kept.pk, by=people.manager, now=now)
            assert started == []
        assert started == [run.pk]

    def test_one_that_went_away_stands_in_nobodys_way(self, history, people, now, started):
        kept = scenario(history, people.manager, now)
        lost = run_scenario(kept.pk, by=people.manager, now=now)
        later = now + SILENCE + timedelta(seconds=1)
        run_scenario(kept.pk, by=people.manager, now=later)
        lost.refresh_from_db()
        assert (lost.done_at, lost.failed) == (later, WENT_AWAY)

    def test_it_is_stopped_once(self, history, people, now, started):
        kept = scenario(history, people.manager, now)
        run = run_scenario(kept.pk, by=people.manager, now=now)
        assert stop_run(run.pk, by=people.policy_author, now=now)
        assert not stop_run(run.pk, by=people.manager, now=now)
        run.refresh_from_db()
        assert run.stopped_by == people.policy_author

    def test_what_has_ended_never_changes(self, history, people, now, started):
        kept = scenario(history, people.manager, now)
        run = run_scenario(kept.pk, by=people.manager, now=now)
        stop_run(run.pk, by=people.manager, now=now)
        assert refused_by_postgresql(
            "UPDATE rehearsal_scenariorun SET percent = 50 WHERE id = %s", run.pk
        )
        assert refused_by_postgresql("DELETE FROM rehearsal_scenariorun WHERE id = %s", run.pk)

    @pytest.mark.parametrize(
        "ends",
        [
            {"failed": "No.", "result": {}, "sections": {}, "result_hash": "a" * 64},
            {"result": {}, "sections": {}},
            {},
        ],
    )
    def test_it_ends_in_one_way_only(self, history, people, now, ends):
        kept = scenario(history, people.manager, now)
        with pytest.raises(IntegrityError), transaction.atomic():
            ScenarioRun.objects.create(
                scenario=kept, asked_by=people.manager, asked_at=now, done_at=now, **ends
            )


class TestTheForm:
    def post(self, client, history, **more):
        said = {
            "name": "One van",
            "history": history.pk,
            "policy": "in force",
            "teams_text": TEAMS,
            "replications": 3,
            "answers": "stated",
            "areas": "city",
            "seed": 1,
        }
        return client.post(reverse("rehearsal:new"), said | more)

    def test_it_can_be_sent_as_it_stands(self, history, people, client, started):
        client.force_login(people.manager)
        page = client.get(reverse("rehearsal:new")).content.decode()
        assert "teams: Example teams" in page
        assert "It can be run" in page
        answer = self.post(client, history)
        kept = Scenario.objects.get()
        assert answer.headers["Location"] == reverse("rehearsal:scenario", args=[kept.pk])
        assert "West Side" in kept.areas
        assert kept.runs.count() == 1

    def test_what_is_wrong_with_the_teams_stands_at_the_field(self, history, people, client):
        client.force_login(people.manager)
        answer = self.post(client, history, teams_text=BROKEN)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert page.count("line 19, column 57") == 2
        assert "number: -1" in page
        assert not Scenario.objects.exists()

    def test_a_copy_begins_with_what_is_copied(self, history, people, now, client, started):
        first = scenario(history, people.manager, now, teams=ONE_MORE, seed=5)
        client.force_login(people.policy_author)
        page = client.get(reverse("rehearsal:new"), {"from": first.pk}).content.decode()
        assert "teams: Two vans" in page
        assert 'value="5"' in page
        self.post(client, history, name="A copy", copied_from=first.pk)
        assert Scenario.objects.get(name="A copy").copied_from == first

    def test_teams_are_checked_as_they_are_typed(self, people, client):
        client.force_login(people.manager)
        check = reverse("rehearsal:check")
        assert "It can be run" in client.post(check, {"teams_text": TEAMS}).content.decode()
        said = client.post(check, {"teams_text": BROKEN}).content.decode()
        assert "It cannot be run yet" in said
        assert "line 19" in said
        assert not Scenario.objects.exists()
