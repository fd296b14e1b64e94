"""A call file that somebody brings: looked at, confirmed, read, deleted; and what goes wrong."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from lamplighter.city.policies.call_files.disk import shown_name
from lamplighter.city.policies.call_files.work import state_of
from lamplighter.city.policies.histories import file_of
from lamplighter.city.policies.models import CallFile, ImportedHistory
from lamplighter.history import open_history

from . import SECRET, invented_calls
from .conftest import BRING, form_of, on_disk, worked


def test_a_file_is_looked_at_confirmed_read_and_deleted(bring, home, client, started, now):
    made = bring(invented_calls(), called="Calls 2026")
    address = reverse("policies:call_file", args=[made.pk])
    assert state_of(made, now) == "proposed"
    page = client.get(address).content.decode()
    assert SECRET not in page
    assert "Ana Ruiz" not in page

    # Of a code nobody can tell what it is; a person can.
    sent = form_of(client, address)
    strange = next(name for name in sent if name.startswith("nature-s"))
    client.post(address, sent | {strange: "noise", "then": "read"})
    made = worked(made, now)
    assert made.failed == ""
    assert state_of(made, now) == "done"
    assert on_disk(home) == []
    history = ImportedHistory.objects.get()
    assert (history.name, history.rows) == ("Calls 2026", 120)
    kept = file_of(history.sha256).read_bytes()
    assert SECRET.encode() not in kept
    assert b"Ana Ruiz" not in kept
    calls = list(open_history(file_of(history.sha256)))
    assert {call.nature for call in calls} >= {"noise", "welfare_check", "trespass"}
    assert sum(call.nature == "noise" for call in calls) == 48

    page = client.get(address).content.decode()
    assert "120" in page
    quality = client.get(reverse("policies:quality", args=[history.pk]))
    assert "sandbox" in quality["Content-Security-Policy"]
    assert b"calls.csv" in b"".join(quality.streaming_content)
    assert "Calls 2026" in client.get(reverse("policies:histories")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, data FROM journal_entry ORDER BY seq DESC LIMIT 3")
        told = dict(cursor.fetchall())
    assert set(told) == {"call file brought", "call file read", "history imported"}
    assert SECRET not in str(told)


def test_what_is_confirmed_must_be_readable_and_stays_as_it_was_chosen(bring, client, now):
    made = bring(invented_calls())
    address = reverse("policies:call_file", args=[made.pk])
    sent = form_of(client, address)
    wrong = sent | {"zone": "Mars/Olympus", "column-priority": sent["column-id"], "then": "read"}
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    assert answer.context["refused"].field == "zone"
    wrong_zone = answer.content.decode().split('id="layout-zone-wrong">')[1].split("</p>")[0]
    assert "#error" in wrong_zone  # a shape beside the colour
    nameless = client.post(address, sent | {"city": " ", "then": "read"})
    assert nameless.context["refused"].field == "city"
    row = next(r for r in answer.context["rows"].fields if r.name == "priority")
    assert [o.value for o in row.options if o.chosen] == [sent["column-id"]]
    # A column that the file has not, or no column for what is needed.
    for bad in ('["Nowhere"]', "", "[", '[["x"]]'):
        answer = client.post(address, sent | {"column-time": bad, "then": "read"})
        assert answer.context["refused"].field == "column-time"
    # A column that holds no times: nothing is kept, and the file waits for a better layout.
    words = json.dumps(["Description"])
    client.post(address, sent | {"column-time": words, "column-nature words": "", "then": "read"})
    made = worked(made, now)
    assert state_of(made, now) == "proposed"
    assert "No call could be read" in made.failed
    assert not ImportedHistory.objects.exists()


def test_the_layout_as_text_is_read_with_its_faults_named(bring, client, now):
    made = bring(invented_calls())
    address = reverse("policies:layout_text", args=[made.pk])
    text = client.get(address).context["text"]
    assert "place:" not in text
    for bad, says in [
        (text.replace("columns:", "colums:"), "colums"),
        (text.replace("  id:", '  place: "Address"\n  id:'), "Addresses are not kept"),
        ("a: &a [1]\nb: [*a, *a]", "refers to itself"),
        ("[" * 5000, "nested too deeply"),
        ('layout: "\\UFFFFFFFF"', "a letter, number or date that there is not"),
        ("layout: 2026-13-45", "a letter, number or date that there is not"),
    ]:
        answer = client.post(address, {"layout": bad})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    client.post(address, {"layout": text.replace("\n", "\r\n")})
    assert state_of(worked(made, now), now) == "done"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 nothing", "a PDF, not a table of calls"),
        (b"<!doctype html><html>sign in</html>", "a web page"),
        (b"PK\x03\x04broken", "ends in the middle"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence_and_deleted(
    bring, home, client, now, content, says
):
    made = bring(content, name="<img src=x>/../../calls <b>.csv")
    assert state_of(made, now) == "failed"
    assert says in made.failed
    assert on_disk(home) == []
    page = client.get(reverse("policies:call_file", args=[made.pk])).content.decode()
    assert "<b>" not in page
    assert "is-done" not in page, "it was not even looked at"
    assert str(made.pk) not in made.failed
    assert str(home) not in made.failed
    assert made.file_name == "calls <b>.csv"


def test_a_hostile_name_and_hostile_cells_are_only_words(bring, client, now):
    content = invented_calls().replace(b"ZQX", b"<script>alert(1)</script>")
    content = content.replace(b"Caller", b'"<img src=x onerror=y>"')
    made = bring(content, name="../../../etc/cron.d/x\u202e.csv", called="<script>1</script>")
    assert made.file_name == "x.csv"
    page = client.get(reverse("policies:call_file", args=[made.pk])).content.decode()
    assert "<script>1" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert shown_name("C:\\calls\\" + "x" * 300) == "x" * 120
    assert shown_name("\0..\0/\x1b") == "calls"


def test_what_is_too_large_empty_or_missing_leaves_nothing(home, started, author, client, settings):
    settings.LARGEST_CALL_FILE = 100_000
    as_script = {"headers": {"accept": "application/json"}}
    for content, says in [(b"x" * 100_001, "larger than 0 MB"), (b"", "The file is empty")]:
        sent = {"file": SimpleUploadedFile("a.csv", content)}
        answer = client.post(BRING, sent, **as_script)
        assert answer.status_code == 400
        assert says in answer.json()["sentence"]
    assert "Choose a call file" in client.post(BRING, {}, follow=True).content.decode()
    assert on_disk(home) == []
    assert not CallFile.objects.exists()
    assert started == []


def test_signs_that_no_database_keeps_are_replaced(bring, now):
    rows = [
        {"id\0": f"a{n}", "time": f"2026-01-0{n % 9 + 1} 10:00:00", "type": "A\0", "words": "X\0Y"}
        for n in range(90)
    ]
    made = bring(json.dumps(rows).encode(), name="calls.json")
    assert (made.failed, state_of(made, now)) == ("", "proposed")
    assert "id\ufffd" in json.dumps(made.proposal, ensure_ascii=False)


def test_a_file_of_thousands_of_columns_is_refused(bring, home):
    wide = ",".join(f"c{n}" for n in range(1_001))
    made = bring(f"{wide}\n{wide}\n".encode())
    assert "1,001 columns" in made.failed
    assert on_disk(home) == []
