"""Requests and files that nobody sends who means well: refused in a sentence, and nothing fills."""

import json
from base64 import urlsafe_b64encode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from lamplighter.city.policies.call_files.disk import FOLDER
from lamplighter.city.readable import MOST_BYTES
from lamplighter.city.rehearsal.models import AreaFile
from tests.city.drafts import OTHER, draft_of

pytestmark = pytest.mark.django_db


class TestRequestsThatCannotBeRead:
    @pytest.fixture
    def stranger(self):
        return Client(raise_request_exception=False)

    @pytest.mark.parametrize(
        "request_",
        [
            {"headers": {"host": "evil.example"}},
            {"headers": {"cookie": 'sessionid="\\000aaaaaaaaaaaa"'}},
            {"content_type": "application/x-www-form-urlencoded; charset=utf-7"},
            {"content_type": "application/x-www-form-urlencoded; charset=rot13"},
        ],
        ids=["another host", "a NUL in a cookie", "utf-7", "no charset at all"],
    )
    @pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/calls"])
    def test_they_are_refused_before_anything_of_ours_fails(self, stranger, city, path, request_):
        answer = stranger.generic("POST", path, b"a=b", **request_)
        assert answer.status_code == 400
        assert "no se puede leer" in answer.content.decode()

    def test_a_version_of_a_policy_that_cannot_be_one(self, stranger, city):
        assert stranger.get("/policies/first-response/versions/%00/").status_code == 404

    def test_a_name_that_cannot_be_one_signs_nobody_in(self, stranger, people):
        assert stranger.post("/demo/", {"username": "\0"}).status_code == 404

    @pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 100_000], ids=["lists", "objects"])
    def test_json_without_a_bottom_on_the_board(self, stranger, people, body):
        stranger.force_login(people.dispatcher)
        answer = stranger.post(
            f"/board/calls/{uuid4()}/assign/", body, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "not-json")

    def test_a_body_too_large_for_the_api(self, api_of, people):
        answer = api_of(people.call_taker).post("/calls", b"x" * 3_000_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_a_day_at_the_end_of_time_is_no_day_of_the_list(self, stranger, people, day):
        stranger.force_login(people.call_taker)
        answer = stranger.get(f"/incidents/?day={day}")
        assert answer.status_code == 200
        assert "Write the day as" in answer.content.decode()

    def test_a_token_until_the_end_of_time(self, stranger, people):
        stranger.force_login(people.administrator)
        form = {"name": "phones", "user": people.call_taker.pk, "until": "9999-12-31"}
        answer = stranger.post("/tokens/", form)
        assert answer.status_code == 200
        assert "too far away" in answer.content.decode()

    def test_a_cursor_before_the_beginning_of_time(self, api_of, people):
        cursor = urlsafe_b64encode(f"0001-01-01T00:00:00+23:59 {uuid4()}".encode()).decode()
        answer = api_of(people.manager).get(f"/incidents?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (400, "not-a-cursor")


class TestFillingTheDisk:
    @pytest.fixture
    def written(self, monkeypatch):
        """The sizes of the files of forms that were begun on the disk."""
        begun = []
        begin = TemporaryUploadedFile.__init__

        def begins(self, *args, **kwargs):
            begun.append(self)
            begin(self, *args, **kwargs)

        monkeypatch.setattr(TemporaryUploadedFile, "__init__", begins)
        return begun

    @pytest.mark.parametrize("path", ["/accounts/login/", "/policies/room/start/"])
    def test_what_a_stranger_sends_is_not_written_down(self, city, written, path):
        stranger = Client(enforce_csrf_checks=True)
        stranger.get("/accounts/login/")
        answer = stranger.post(path, {"file": SimpleUploadedFile("a.csv", b"x" * MOST_BYTES)})
        assert answer.status_code == 413
        assert "larger than the 45 MB" in answer.content.decode()
        assert not written

    def test_a_call_file_may_be_larger_but_not_a_strangers(self, city, written, settings, tmp_path):
        settings.CITY_HOME = tmp_path
        stranger = Client(enforce_csrf_checks=True)
        stranger.get("/accounts/login/")
        file = SimpleUploadedFile("calls.csv", b"x" * MOST_BYTES)
        answer = stranger.post("/policies/room/calls/bring/", {"file": file})
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
            302,
            "/accounts/login/",
        )
        assert not list((tmp_path / FOLDER).glob("*"))
        assert not written


class TestWordsThatCannotBeKept:
    """Each was an error of ours, with a page that said so."""

    @pytest.fixture
    def author(self, people):
        client = Client(raise_request_exception=False)
        client.force_login(people.policy_author)
        return client

    def test_a_sign_that_is_none_in_the_name_of_a_policy(self, author):
        text = OTHER.replace("policy: first response", 'policy: "first\\0response"')
        file = SimpleUploadedFile("policy.yaml", text.encode())
        answer = author.post("/policies/room/start/", {"file": file}, follow=True)
        assert answer.status_code == 200
        assert "no database keeps" in answer.content.decode()

    def test_a_policy_with_a_name_as_long_as_a_page(self, author, people, now):
        text = OTHER.replace("policy: first response", f"policy: {'very ' * 20}long")
        draft = draft_of(people.policy_author, now, text)
        answer = author.post(
            f"/policies/room/drafts/{draft.pk}/propose/", {"reason": "Why not.", "revision": 1}
        )
        assert answer.status_code == 422
        assert "longer than 80 letters" in answer.content.decode()

    @pytest.mark.parametrize("sign", ["\0", "\ud800"])
    def test_signs_that_are_none_in_areas(self, author, sign):
        areas = areas_of(f"West{sign}", {f"people{sign}": 3})
        assert author.post("/rehearsal/areas/new/", areas).status_code == 302
        kept = AreaFile.objects.get()
        page = author.get(f"/rehearsal/areas/{kept.pk}/")
        assert "people\ufffd" in page.content.decode()
        assert json.loads(kept.text)["features"][0]["properties"]["name"] == "West"
        said = {"counts-0": "on", "called-0": "people"}
        assert author.post(f"/rehearsal/areas/{kept.pk}/people/", said).status_code == 302

    def test_more_people_than_a_number_holds(self, author):
        areas = areas_of("West", {"people": 3})
        areas["people"] = SimpleUploadedFile("p.csv", b"name,all\nWest,1e308\nWest,1e308\n")
        assert author.post("/rehearsal/areas/new/", areas).status_code == 302
        assert AreaFile.objects.get().text.count("null") == 1


def areas_of(name, numbers):
    """A form that brings one area."""
    ring = [[-100.0, 40.0], [-99.9, 40.0], [-99.9, 40.1], [-100.0, 40.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": name, **numbers}, "geometry": geometry}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    return {"name": "Districts", "file": SimpleUploadedFile("areas.geojson", content)}
