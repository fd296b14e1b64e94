"""A call file that somebody brings, and the helpers around it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lamplighter.city.policies.call_files import actions, work
from lamplighter.city.policies.call_files.disk import FOLDER
from lamplighter.city.policies.models import CallFile

BRING = reverse("policies:bring_file")


@pytest.fixture
def home(city, settings, tmp_path):
    settings.CITY_HOME = tmp_path
    return tmp_path


@pytest.fixture
def started(monkeypatch):
    """The processes that would have been started."""
    asked = []
    monkeypatch.setattr(actions, "_start", asked.append)
    return asked


@pytest.fixture
def author(people, client):
    client.force_login(people.policy_author)
    return people.policy_author


@pytest.fixture
def bring(home, started, author, client, now, django_capture_on_commit_callbacks):
    """Bring a file, as somebody does in a browser, and let the work on it be done."""

    def brought(content, name="calls.csv", called=""):
        file = SimpleUploadedFile(name, content)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(BRING, {"file": file, "name": called})
        made = CallFile.objects.get()
        assert started == [made.pk]
        return worked(made, now)

    return brought


def worked(made, now):
    work.run(made.pk, clock=lambda: now)
    made.refresh_from_db()
    return made


def on_disk(home):
    """What lies in the folder of files that are on their way."""
    return sorted(path.name for path in (home / FOLDER).glob("*"))


def form_of(client, address):
    """What the page of a file would send, as it stands."""
    page = client.get(address)
    sent = {"zone": page.context["proposal"].time_zone or "", "city": "Lanternfield"}
    for row in page.context["rows"].fields:
        sent[f"column-{row.name}"] = next((o.value for o in row.options if o.chosen), "")
    for row in (*page.context["rows"].codes, *page.context["rows"].strange):
        sent[f"nature-{row.name}"] = next((o.value for o in row.natures if o.chosen), "")
        sent[f"started-{row.name}"] = next((o.value for o in row.started if o.chosen), "")
    return sent
