"""Runs of scenarios: what they find, how they end, and what their pages show."""

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
import pytest
from django.db import connection, transaction
from django.urls import reverse

from lamplighter.city.apart import MOST_AT_ONCE
from lamplighter.city.policies.histories import file_of, import_history
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.areas.actions import CountedGroup
from lamplighter.city.rehearsal.models import ScenarioRun
from lamplighter.city.rehearsal.runs import work
from lamplighter.city.rehearsal.runs.actions import run_scenario, stop_run
from lamplighter.city.rehearsal.runs.files import folder_of_run
from lamplighter.city.rehearsal.runs.work import run
from lamplighter.city.rehearsal.scenarios.actions import ChosenAreas
from lamplighter.city.rehearsal.teams import examples
from lamplighter.city.rehearsal.under_way import actions
from lamplighter.city.rehearsal.under_way.queries import SILENCE
from lamplighter.city.sample.geography import draw_map
from lamplighter.history import open_history

from .rehearsals import scenario
from .teams import ONE_MORE, TEAMS


@pytest.fixture
def asked(history, people, now, monkeypatch):
    """Ask for a run of a scenario with these changes; the process is not started."""
    monkeypatch.setattr(actions, "start_apart", lambda _module, _asked_id: None)

    def ask(**more) -> ScenarioRun:
        kept = scenario(more.pop("history", history), people.manager, now, **more)
        return run_scenario(kept.pk, by=people.manager, now=now)

    return ask


@pytest.fixture
def done(asked, now):
    """Run a scenario with these changes to its end."""

    def finish(**more) -> ScenarioRun:
        found = asked(**more)
        run(found.pk, clock=lambda: now)
        found.refresh_from_db()
        assert found.failed == ""
        return found

    return finish


def page_of(client, run: ScenarioRun) -> str:
    return client.get(reverse("rehearsal:scenario", args=[run.scenario_id])).content.decode()


def test_it_says_who_is_reached_and_whoever_runs_it_again_gets_the_same(done, people, client):
    first, again = done(), done(name="Again")
    assert (first.percent, first.stopped_by) == (100, None)
    assert first.result_hash == again.result_hash
    headline = first.result["headline"]
    shares = [headline[name]["mean"] for name in ("served", "taken_over", "nobody")]
    assert sum(shares) == pytest.approx(1)
    assert 0 < shares[0] < 1
    # The minutes of the room are those of the report: of whoever came.
    said = next(one for one in first.sections["en"]["answers"] if one["question"] == "How fast?")
    assert said["figure"] == f"{headline['median_minutes']['mean']:.0f} min"
    client.force_login(people.administrator)
    page = page_of(client, first)
    assert "How many calls?" in page
    assert page.count('<svg class="picture') > 4
    assert first.result_hash in page
    client.cookies["django_language"] = "es"
    assert "¿Cuántas llamadas?" in page_of(client, first)


def test_what_it_leaves_can_be_taken_along_by_those_of_the_room(done, people, client):
    found = done()
    client.force_login(people.manager)

    def taken(name: str) -> bytes:
        answer = client.get(reverse("rehearsal:download", args=[found.pk, name]))
        assert "attachment" in answer.headers["Content-Disposition"]
        return b"".join(answer.streaming_content)

    assert json.loads(taken("numbers"))["inputs"]["seed"] == 1
    assert b"<!DOCTYPE html>" in taken("report")[:40]
    names = zipfile.ZipFile(io.BytesIO(taken("tables"))).namelist()
    assert {name.rpartition(".")[2] for name in names} == {"csv", "parquet"}
    assert client.get(reverse("rehearsal:download", args=[found.pk, "areas"])).status_code == 404
    (folder_of_run(found.pk) / "report.html").unlink()
    assert "The report" not in page_of(client, found).partition("made-of")[0]


def test_an_area_with_a_sign_that_no_database_keeps_ends_no_run(asked, month, people, now):
    table = parquet.read_table(month)
    areas = pa.array(["West\0" if one == "West" else "East\0" for one in table["area"].to_pylist()])
    told = month.with_suffix(".nul")
    place = table.schema.get_field_index("area")
    parquet.write_table(table.set_column(place, table.schema.field(place), areas), told)
    run_of_it = asked(history=import_history(told, name="With NUL", by=None, now=now))
    run(run_of_it.pk, clock=lambda: now)
    run_of_it.refresh_from_db()
    assert run_of_it.failed == ""
    assert "East\ufffd" in json.dumps(run_of_it.result, ensure_ascii=False)


def test_two_stand_side_by_side_with_what_differs(done, people, client):
    one, two = done(), done(name="Two vans", teams=ONE_MORE)
    client.force_login(people.policy_author)
    address = reverse("rehearsal:compare")
    page = client.get(address, {"of": [one.scenario_id, two.scenario_id]}).content.decode()
    assert "With “Two vans” instead of “One van”" in page
    assert "Of 100 calls for them, the teams reach" in page
    assert re.search(r"It takes 8\d(\.\d)? more team hours a week", page)
    assert "<ins>teams: Two vans</ins>" in page
    assert "They met other" not in page
    # A history that names its areas without outlines is told by bars.
    assert "Where the teams reach their calls" in page
    assert "map-served" not in page
    alone = client.get(address, {"of": [one.scenario_id, "nonsense"]})
    assert alone.headers["Location"] == reverse("rehearsal:room")


def test_areas_that_count_people_say_for_whom_it_is_better(done, people, client):
    drawn = draw_map(7).neighborhoods
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "people": 1000, "poor": 100 * (place % 5)},
            "geometry": outline,
        }
        for place, (name, outline) in enumerate(drawn.items())
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    areas = ChosenAreas(text, None, (CountedGroup("poor", "below the line"),), "people")
    one, two = done(areas=areas), done(name="Two vans", teams=ONE_MORE, areas=areas)
    found = one.result["fairness"]
    assert found["everyone"]["people"] == 12_000
    (group,) = found["groups"]
    gap = group["served"]["mean"] - found["everyone"]["served"]["mean"]
    assert group["served_gap"]["mean"] == pytest.approx(gap)
    told = {name for region in one.result["regions"] for name in region["members"]}
    assert told == set(drawn)
    client.force_login(people.manager)
    page = page_of(client, one)
    assert "Served, by who lives there" in page
    assert "These figures are of places, not of people." in page
    compared = client.get(
        reverse("rehearsal:compare"), {"of": [one.scenario_id, two.scenario_id]}
    ).content.decode()
    assert 'id="map-served"' in compared
    assert "B instead of A" in compared
    assert "below the line" in compared.partition('id="whom"')[2]


def test_the_room_shows_where_each_stands(done, asked, people, client):
    found, waiting = done(), asked(name="Waiting")
    client.force_login(people.administrator)
    page = client.get(reverse("rehearsal:room")).content.decode()
    assert "Reached by the teams" in page
    assert "Running, 0%" in page
    assert page.index("Waiting") < page.index("One van")
    assert "Run it" not in page
    assert reverse("rehearsal:scenario", args=[waiting.scenario_id]) in page
    assert reverse("rehearsal:scenario", args=[found.scenario_id]) in page


def test_one_that_was_stopped_ends_and_leaves_nothing(asked, people, now, monkeypatch):
    found = asked()

    def stopped_meanwhile(_scenario, folder, beat):
        folder.mkdir(parents=True)
        beat("teams", 40)
        stop_run(found.pk, by=people.manager, now=now)
        beat("teams", 41)
        pytest.fail("it went on")

    monkeypatch.setattr(work, "rehearse_scenario", stopped_meanwhile)
    run(found.pk, clock=lambda: now)
    found.refresh_from_db()
    assert (found.percent, found.result) == (40, None)
    assert not folder_of_run(found.pk).exists()


def test_two_processes_do_not_run_the_same(asked, now, monkeypatch):
    found = asked()
    ScenarioRun.objects.filter(pk=found.pk).update(beat_at=now)
    monkeypatch.setattr(work, "rehearse_scenario", lambda *_: pytest.fail("it runs already"))
    run(found.pk, clock=lambda: now)


def test_a_lost_history_ends_it_with_a_sentence_that_names_no_folder(asked, history, now, tmp_path):
    found = asked()
    file_of(history.sha256).unlink()
    run(found.pk, clock=lambda: now)
    found.refresh_from_db()
    assert found.done_at == now
    assert found.failed
    assert "“A month”" in found.failed
    assert str(tmp_path) not in found.failed
    assert history.sha256 not in found.failed
    assert not folder_of_run(found.pk).exists()


def test_a_process_that_died_is_told_from_one_that_works(asked, people, now, client):
    found = asked()
    client.force_login(people.manager)
    state = reverse("rehearsal:state", args=[found.pk])
    told = client.get(state).json()
    assert (told["done"], told["step"]) == (False, "Waiting for its turn")
    assert "It is being run" in page_of(client, found)
    ScenarioRun.objects.filter(pk=found.pk).update(beat_at=now - 2 * SILENCE)
    assert client.get(state).json()["done"] is True
    assert "run it again" in page_of(client, found)


def test_one_without_a_result_does_not_hide_one_that_has(done, people, now, client):
    found = done()
    later = now + timedelta(minutes=1)
    again = run_scenario(found.scenario_id, by=people.manager, now=later)
    stop_run(again.pk, by=people.manager, now=later)
    client.force_login(people.manager)
    assert found.result_hash in page_of(client, found)


def test_no_more_runs_wait_than_the_machine_can_hold(asked, now):
    for number in range(MOST_AT_ONCE):
        asked(name=f"Scenario {number}")
    with pytest.raises(Refusal, match="too-much-work"):
        asked(name="One more")
    # Those whose process went away are no more than rows.
    ScenarioRun.objects.update(beat_at=now - 2 * SILENCE)
    assert asked(name="One more again").done_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_start_at_once_one_has_the_last_place(asked, history, people, now):
    for number in range(MOST_AT_ONCE - 1):
        asked(name=f"Scenario {number}")
    late = scenario(history, people.manager, now, name="The later one")

    def start_late():
        try:
            return run_scenario(late.pk, by=people.manager, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as somebody:
        with transaction.atomic():
            asked(name="The earlier one")
            other = somebody.submit(start_late)
            # Our place is taken and not committed: the other waits for us, or has looked past it.
            while not other.done() and not _somebody_waits():
                pass
        with pytest.raises(Refusal, match="too-much-work"):
            other.result(30)


def _somebody_waits() -> bool:
    # Not by pg_stat_activity, which shows within a transaction what it showed at first.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE datname = current_database() AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(("waited", "sized"), [(300.0, True), (0.0, False)])
def test_the_form_begins_with_teams_for_the_calls_and_puts_them_there_again(
    waited, sized, history, people, client, monkeypatch
):
    monkeypatch.setattr(examples, "MOST_WAITED", waited)
    client.force_login(people.manager)
    first = client.get(reverse("rehearsal:new")).context["edited"].text
    elsewhere = {
        "history": history.pk,
        "policy": "in force",
        "teams_text": TEAMS,
        "change": "example",
    }
    again = client.post(reverse("rehearsal:new"), elsewhere).context["edited"].text
    places = open_history(file_of(history.sha256)).table(["latitude"]).column("latitude")
    least, most = pc.min_max(places).as_py().values()
    for page in (first, again):
        bases = [float(base) for base in re.findall(r"base: {latitude: ([-0-9.]+)", page)]
        assert len(bases) >= 5
        assert all(least < base < most for base in bases)
        assert ("Meta: el 90% de las llamadas" in page) == sized
        assert ("the numbers of units are not for this city" in page) != sized
        assert "600,000" not in page or not sized
