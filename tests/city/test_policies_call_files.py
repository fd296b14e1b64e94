"""A call file that somebody brings: looked at, confirmed, read, deleted; and what goes wrong."""

import json
import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from lamplighter.city.accounts.models import Role
from lamplighter.city.apart import MOST_AT_ONCE, refuse_more
from lamplighter.city.policies.call_files import actions, work
from lamplighter.city.policies.call_files.actions import KEPT, clear_away, give_up
from lamplighter.city.policies.call_files.disk import FOLDER, open_place, shown_name
from lamplighter.city.policies.call_files.work import state_of
from lamplighter.city.policies.histories import file_of
from lamplighter.city.policies.models import CallFile, ImportedHistory
from lamplighter.city.refusal import Refusal
from lamplighter.city.upkeep import SECONDS_BETWEEN, Upkeep
from lamplighter.history import open_history

from .call_files import SECRET, invented_calls
from .drafts import someone

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


def test_only_who_may_rehearse_brings_and_the_token_is_asked_for(home, started, people, city):
    file = {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    reader = Client()
    reader.force_login(someone("ada", Role.ADMINISTRATOR))
    assert reader.post(BRING, file).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.policy_author)
    answer = strict.post(BRING, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 403
    assert on_disk(home) == [], "what came with a form of another site is not kept"
    token = strict.get(reverse("policies:histories")).cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    strict.post(BRING, sent)
    assert on_disk(home) == [str(CallFile.objects.get().pk)]


def test_what_nobody_goes_on_with_is_deleted_after_a_day(
    bring, home, now, django_capture_on_commit_callbacks
):
    made = bring(invented_calls())
    coming, stray = (home / FOLDER / str(uuid.uuid4()) for _ in range(2))
    for path, at in ((coming, made.at), (stray, made.at - timedelta(minutes=1))):
        path.write_bytes(b"half a file")
        os.utime(path, (at.timestamp(), at.timestamp()))
    clear_away(made.at + KEPT)
    assert on_disk(home) == sorted([str(made.pk), coming.name])
    coming.unlink()
    CallFile.objects.update(at=made.at - KEPT - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        clear_away(now)
    assert on_disk(home) == []
    made.refresh_from_db()
    assert state_of(made, now) == "given up"


def test_a_file_is_given_up_and_one_whose_process_went_away_begins_anew(
    bring, home, client, now, started, django_capture_on_commit_callbacks
):
    made = bring(invented_calls())
    address = reverse("policies:call_file", args=[made.pk])
    client.post(address, form_of(client, address) | {"then": "read"})
    CallFile.objects.update(beat_at=now - timedelta(hours=1), asked_at=now - timedelta(hours=1))
    assert client.get(address).context["state"] == "silent"
    client.post(address, {"then": "again"})
    assert started[-1] == made.pk
    assert state_of(worked(made, now), now) == "done"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("policies:drop_call_file", args=[made.pk]))
    assert ImportedHistory.objects.exists(), "what was read stays"


def test_a_file_that_is_given_up_while_it_is_read_becomes_no_history(
    bring, home, author, client, now, django_capture_on_commit_callbacks
):
    made = bring(invented_calls())
    address = reverse("policies:call_file", args=[made.pk])
    client.post(address, form_of(client, address) | {"then": "read"})
    beats = []

    def clock():
        beats.append(now)
        if len(beats) == 3:
            with django_capture_on_commit_callbacks(execute=True):
                give_up(made.pk, by=author, now=now)
        return now

    work.run(made.pk, clock=clock)
    assert len(beats) >= 3
    assert not ImportedHistory.objects.exists()
    assert on_disk(home) == []


def test_signs_that_no_database_keeps_are_replaced(bring, now):
    rows = [
        {"id\0": f"a{n}", "time": f"2026-01-0{n % 9 + 1} 10:00:00", "type": "A\0", "words": "X\0Y"}
        for n in range(90)
    ]
    made = bring(json.dumps(rows).encode(), name="calls.json")
    assert (made.failed, state_of(made, now)) == ("", "proposed")
    assert "id\ufffd" in json.dumps(made.proposal, ensure_ascii=False)


def test_what_nobody_thought_of_deletes_the_file_and_its_words_go_nowhere(bring, home):
    # Half of a pair of UTF-16 in JSON is no text.
    with pytest.raises(UnicodeEncodeError):
        bring(b'[{"time": "2026-01-01 10:00", "type": "41 Hidden Lane \\ud800"}]', name="c.json")
    made = CallFile.objects.get()
    assert made.failed == work.NOT_UNDERSTOOD
    assert on_disk(home) == []
    code = (
        "from lamplighter.city.apart import no_words_in_the_log\n"
        "no_words_in_the_log()\n"
        "raise ValueError('41 Hidden Lane')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 1
    assert SECRET not in ended.stderr.replace("\n", " ")
    assert ended.stderr.endswith("line 3, in <module>\nValueError\n")


def test_a_process_may_not_fill_memory_or_disk(tmp_path):
    code = (
        "import sys\n"
        "from lamplighter.city.apart import limit_disk, limit_memory\n"
        "limit_memory(200_000_000), limit_disk(10_000)\n"
        "try: open(sys.argv[1], 'wb').write(bytes(100_000))\n"
        "except OSError: print('disk')\n"
        "try: bytearray(400_000_000)\n"
        "except MemoryError: print('memory')\n"
    )
    asked = [sys.executable, "-c", code, str(tmp_path / "large")]
    assert subprocess.run(asked, capture_output=True, text=True).stdout == "disk\nmemory\n"


def test_no_more_files_are_kept_than_the_machine_can_hold(home, started, author, client, now):
    waiting = [
        CallFile(name="x", file_name="x", bytes=1, sha256="", by=author, at=now, asked_at=now)
        for _ in range(MOST_AT_ONCE)
    ]
    CallFile.objects.bulk_create(waiting)
    answer = client.post(
        BRING,
        {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert on_disk(home) == []
    assert started == []


@pytest.mark.parametrize("_again", range(4))
def test_of_many_who_bring_at_once_no_more_have_a_place(home, _again):
    at_once = Barrier(3 * MOST_AT_ONCE)

    def bring_one(_number):
        at_once.wait(30)
        try:
            return open_place(uuid.uuid4(), lambda coming: refuse_more(len(coming)))
        except Refusal:
            return None

    with ThreadPoolExecutor(at_once.parties) as people:
        places = [place for place in people.map(bring_one, range(at_once.parties)) if place]
    assert len(places) == MOST_AT_ONCE
    assert len(on_disk(home)) == MOST_AT_ONCE
    for place in places:
        place.close()


def test_what_comes_in_counts_in_every_process_and_until_that_has_ended(
    home, started, author, client
):
    code = (
        "import sys, uuid\n"
        "from django.conf import settings\n"
        "settings.configure(CITY_HOME=sys.argv[1])\n"
        "from lamplighter.city.policies.call_files.disk import open_place\n"
        "held = [open_place(uuid.uuid4(), lambda coming: None) for _ in range(int(sys.argv[2]))]\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()"
    )
    asked = [sys.executable, "-c", code, str(home), str(MOST_AT_ONCE)]

    def post():
        sent = {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
        return client.post(BRING, sent, headers={"accept": "application/json"})

    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        answer = post()
        assert answer.status_code == 409
        assert "come later" in answer.json()["sentence"]
        assert len(on_disk(home)) == MOST_AT_ONCE
        other.kill()
    assert post().status_code == 200
    assert CallFile.objects.count() == 1


def test_what_a_killed_process_leaves_is_deleted_a_day_later(bring, home, now):
    made = bring(invented_calls())
    left = home / FOLDER / f".{made.pk}.parquet.x.reading"
    left.mkdir()
    (left / "unpacked").write_text(SECRET)
    long_ago = now.timestamp() - 2 * KEPT.total_seconds()
    os.utime(left, (long_ago, long_ago))
    clear_away(now)
    assert on_disk(home) == [str(made.pk)]


def test_what_cannot_be_deleted_keeps_nothing_else(home, now):
    (home / FOLDER).mkdir(exist_ok=True)
    long_ago = now.timestamp() - 2 * KEPT.total_seconds()
    for number in range(8):
        path = home / FOLDER / str(uuid.uuid4())
        # A folder is not deleted as a file is.
        path.mkdir() if number % 2 else path.write_bytes(b"half a file")
        os.utime(path, (long_ago, long_ago))
    with pytest.raises(OSError, match="directory"):
        clear_away(now)
    assert on_disk(home) == []


def test_the_city_clears_away_at_the_start_and_then_every_hour(monkeypatch, caplog):
    done = []

    def fails_at_first(_now):
        done.append(seconds[0])
        if len(done) == 1:
            raise OSError("no disk, 41 Hidden Lane")

    monkeypatch.setattr(actions, "clear_away", fails_at_first)
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    seconds = [0.0]
    upkeep = Upkeep(lambda: seconds[0])
    for seconds[0] in (0.0, 1.0, SECONDS_BETWEEN - 1, SECONDS_BETWEEN, SECONDS_BETWEEN + 1):
        upkeep.do_what_is_due()
    assert done == [0.0, SECONDS_BETWEEN]
    assert "could not be deleted" in caplog.text


def test_a_file_of_thousands_of_columns_is_refused(bring, home):
    wide = ",".join(f"c{n}" for n in range(1_001))
    made = bring(f"{wide}\n{wide}\n".encode())
    assert "1,001 columns" in made.failed
    assert on_disk(home) == []


def test_a_process_for_which_nobody_waits_ends_though_it_never_looks():
    code = (
        "from lamplighter.city.apart import heartbeat\n"
        "with heartbeat(lambda: 0, seconds=0.001):\n"
        "    while True: pass"
    )
    ended = subprocess.run([sys.executable, "-c", code], timeout=60, capture_output=True)
    assert ended.returncode == 1
