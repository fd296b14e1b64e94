"""What is brought and given up, left, or too much at once: nothing of it stays."""

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lamplighter.city.accounts.models import Role
from lamplighter.city.apart import MOST_AT_ONCE, refuse_more
from lamplighter.city.policies.call_files import actions, work
from lamplighter.city.policies.call_files.actions import KEPT, clear_away, give_up
from lamplighter.city.policies.call_files.disk import FOLDER, open_place
from lamplighter.city.policies.call_files.work import state_of
from lamplighter.city.policies.models import CallFile, ImportedHistory
from lamplighter.city.refusal import Refusal
from lamplighter.city.upkeep import SECONDS_BETWEEN, Upkeep
from tests.city.drafts import someone

from . import SECRET, invented_calls
from .conftest import BRING, form_of, on_disk, worked


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


def test_what_nobody_thought_of_deletes_the_file_and_its_words_go_nowhere(bring, home, monkeypatch):
    def fails(*_args: object, **_more: object) -> None:
        raise UnicodeError("41 Hidden Lane")

    monkeypatch.setattr(work, "_look_at", fails)
    with pytest.raises(UnicodeError):
        bring(b'[{"time": "2026-01-01 10:00", "type": "41 Hidden Lane"}]', name="c.json")
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


def test_a_process_for_which_nobody_waits_ends_though_it_never_looks():
    code = (
        "from lamplighter.city.apart import heartbeat\n"
        "with heartbeat(lambda: 0, seconds=0.001):\n"
        "    while True: pass"
    )
    ended = subprocess.run([sys.executable, "-c", code], timeout=120, capture_output=True)
    assert ended.returncode == 1
