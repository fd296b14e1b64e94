"""The journal: sealed, append-only, and honest about any tampering."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from lamplighter.city.journal.actions import act
from lamplighter.city.journal.models import Entry
from lamplighter.city.journal.queries import verify

pytestmark = pytest.mark.django_db


def _write(people, now, count=3):
    for number in range(count):
        with act(people.dispatcher, now) as done:
            done.record("unit assigned", subject_id=number, call_sign=f"VAN-{number}")


def test_it_numbers_and_chains_every_entry(people, now):
    before = Entry.objects.count()
    _write(people, now)
    entries = list(Entry.objects.all())
    assert [entry.seq for entry in entries] == list(range(1, before + 4))
    assert all(
        bytes(later.previous_hash) == bytes(earlier.hash)
        for earlier, later in zip(entries, entries[1:], strict=False)
    )
    assert verify().holds


def test_it_leaves_nothing_of_an_act_that_failed(people, now):
    before = Entry.objects.count()

    def fail_halfway():
        with act(people.dispatcher, now) as done:
            done.record("unit assigned", subject_id=1)
            raise LookupError

    with pytest.raises(LookupError):
        fail_halfway()
    assert Entry.objects.count() == before
    assert verify().holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET verb = 'nothing happened'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
    ],
)
def test_it_refuses_any_change(people, now, statement):
    _write(people, now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    ("tampering", "reason"),
    [
        ("UPDATE journal_entry SET verb = 'nothing happened' WHERE seq = 2", "changed"),
        ("UPDATE journal_entry SET data = '{\"a\": 1}' WHERE seq = 2", "changed"),
        ("DELETE FROM journal_entry WHERE seq = 2", "missing"),
        ("DELETE FROM journal_entry WHERE seq = (SELECT max(seq) FROM journal_entry)", "missing"),
    ],
)
def test_it_finds_what_somebody_with_the_keys_of_the_database_changed(
    people, now, tampering, reason
):
    _write(people, now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(tampering)
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    found = verify()
    assert not found.holds
    assert reason in found.reason


@pytest.mark.django_db(transaction=True)
def test_it_holds_while_the_city_goes_on_writing(people, now):
    _write(people, now)
    done = threading.Event()

    def write_on():
        try:
            while not done.is_set():
                _write(people, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_on)
        try:
            found = [verify()]
            while len(found) < 40 or found[-1].entries == found[0].entries:
                found.append(verify())
        finally:
            done.set()
        writing.result()
    assert all(each.holds for each in found)
    assert found[-1].entries > found[0].entries
