"""Areas that somebody brings: what of them is kept, and whom they count."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from lamplighter.city.journal.models import Entry
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.rehearsal.areas.actions import keep_areas
from lamplighter.city.rehearsal.areas.files import Brought, read_brought
from lamplighter.city.rehearsal.models import AreaFile, Scenario
from lamplighter.city.rehearsal.queries import area_files
from lamplighter.city.rehearsal.under_way import actions

from .teams import TEAMS


def square(west: float) -> dict:
    ring = [[west, 40.0], [west + 0.01, 40.0], [west + 0.01, 40.01], [west, 40.01], [west, 40.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def areas(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(name: str, west: float, **more) -> dict:
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": square(west)}


TWO = areas(
    feature("West", -100.01, captain="A. Person", people=900, poor=300),
    feature("East", -100.0, captain="B. Person", people=1100, poor=100),
)
PEOPLE = "area,over_65\nWest,90\nEast,410\n"


@pytest.fixture
def bring(client, people):
    """Bring these files as a manager."""

    def bring_files(areas: str, people_table: str = "", name: str = "Districts"):
        client.force_login(people.manager)
        files = {"name": name, "file": SimpleUploadedFile("two.geojson", areas.encode())}
        if people_table:
            files["people"] = SimpleUploadedFile("who.csv", people_table.encode())
        return client.post(reverse("rehearsal:bring_areas"), files)

    return bring_files


def say_whom(client, kept: AreaFile, *columns: str, everyone: str = ""):
    known = ["people", "poor", "over_65"]
    said = {"everyone": everyone} | {f"called-{place}": name for place, name in enumerate(known)}
    said |= {f"counts-{known.index(column)}": "on" for column in columns}
    return client.post(reverse("rehearsal:people", args=[kept.pk]), said)


def test_names_outlines_and_numbers_are_kept_and_nothing_else(bring):
    answer = bring(TWO, PEOPLE)
    kept = AreaFile.objects.get()
    assert answer.headers["Location"] == reverse("rehearsal:area_file", args=[kept.pk])
    west = json.loads(kept.text)["features"][0]["properties"]
    assert west == {"name": "West", "people": 900, "poor": 300, "over_65": 90}
    assert "Person" not in kept.text
    entry = Entry.objects.get(verb="areas kept")
    assert entry.data == {"content": kept.sha256}


@pytest.mark.parametrize(
    ("file", "table", "says"),
    [
        ('{"type": "Topology"}', "", "is TopoJSON, not GeoJSON"),
        (TWO, "area,over_65\nNorth,3\n", "is the name of an area"),
    ],
)
def test_what_is_wrong_with_a_file_stands_at_its_field(bring, file, table, says):
    answer = bring(file, table)
    assert answer.status_code == 422
    page = answer.content.decode()
    field = "id_people_error" if table else "id_file_error"
    assert says in page.partition(f'id="{field}"')[2].partition("</div>")[0]
    assert "/tmp" not in page
    assert not AreaFile.objects.exists()


def test_columns_are_named_and_a_scenario_keeps_what_was_said_then(
    bring, client, people, now, monkeypatch
):
    monkeypatch.setattr(actions, "start_apart", lambda _module, _asked_id: None)
    bring(TWO, PEOPLE)
    kept = AreaFile.objects.get()
    page = client.get(reverse("rehearsal:area_file", args=[kept.pk])).content.decode()
    assert ">poor</code>" in page
    assert "400 in all" in page
    assert '<svg class="picture' in page
    say_whom(client, kept, "poor", "over_65", everyone="people")
    history = ImportedHistory.objects.create(
        name="A month", sha256="a" * 64, rows=4_000, first_at=now, last_at=now, imported_at=now
    )
    form = client.get(reverse("rehearsal:new")).content.decode()
    assert "Districts (poor, over_65)" in form
    said = {"name": "One van", "history": history.pk, "policy": "in force", "teams_text": TEAMS}
    said |= {"replications": 3, "answers": "stated", "areas": f"file {kept.pk}", "seed": 1}
    client.post(reverse("rehearsal:new"), said)
    scenario = Scenario.objects.get()
    say_whom(client, kept, "poor")
    scenario.refresh_from_db()
    assert [group["column"] for group in scenario.groups] == ["poor", "over_65"]
    assert scenario.everyone == "people"
    assert scenario.areas == kept.text


def test_two_groups_cannot_have_one_name(bring, client):
    bring(TWO)
    kept = AreaFile.objects.get()
    said = {"counts-0": "on", "called-0": "us", "counts-1": "on", "called-1": "us"}
    answer = client.post(reverse("rehearsal:people", args=[kept.pk]), said)
    assert answer.status_code == 422
    assert "give each one of its own" in answer.content.decode()


def test_postgresql_refuses_other_areas_under_the_same_name(bring):
    bring(TWO)
    for statement in ("UPDATE rehearsal_areafile SET text = ''", "DELETE FROM rehearsal_areafile"):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_only_those_of_the_room_see_them_and_put_away_nobody_does(bring, client, people):
    bring(TWO)
    kept = AreaFile.objects.get()
    seen = {role for role, person in people.by_role().items() if area_files(person).exists()}
    assert seen == {"policy_author", "manager", "administrator"}
    client.post(reverse("rehearsal:areas_away", args=[kept.pk]))
    assert client.get(reverse("rehearsal:area_file", args=[kept.pk])).status_code == 404
    assert "Districts" not in client.get(reverse("rehearsal:areas")).content.decode()


def test_a_long_name_of_a_file_is_only_words(now):
    people = Brought("ñ" * 240 + ".csv", PEOPLE.replace("East", "Nowhere").encode())
    read = read_brought(Brought("areas.geojson", TWO.encode()), people)
    assert any(note.startswith("ñ" * 240) for note in read.notes)


def test_areas_that_were_kept_before_there_were_limits_are_opened(people, client, now):
    many = {f"column {number}": number for number in range(500)} | {"b" * 300: 7}
    kept = keep_areas("Old", areas(feature("West", -100.01, **many)), by=people.manager, now=now)
    client.force_login(people.manager)
    page = client.get(reverse("rehearsal:area_file", args=[kept.pk]))
    assert page.status_code == 200
    assert "column 499" in page.content.decode()


def test_a_column_with_a_name_that_cannot_be_kept_is_refused_when_it_is_brought(bring):
    for names in (["b" * 201], ["b\0", "b\ud800"]):
        answer = bring(areas(feature("West", -100.01, **dict.fromkeys(names, 7))))
        assert answer.status_code == 422
        assert "This file cannot be used" in answer.content.decode()
    assert not AreaFile.objects.exists()
