"""After a restart the questions of the policy in force are laid out before somebody waits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import enumerate as running

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.test import Client

from lamplighter.city.policies import queries
from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.ready import _NAME, make_ready, make_ready_after_first_answer
from tests.city.test_policies_activate import SMALL


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(queries, "_compiled", {})
    monkeypatch.setattr(queries, "_made_ready", set())
    yield
    request_finished.disconnect(dispatch_uid=_NAME)


def in_a_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(make_ready).result()


@pytest.mark.django_db(transaction=True)
def test_it_begins_when_the_first_page_was_answered_and_only_then(now):
    version = activate(SMALL, by=None, from_at=now, now=now)
    before = set(running())
    make_ready_after_first_answer()
    assert set(running()) == before
    Client().get("/no-such-page")
    while others := set(running()) - before:
        others.pop().join()
    policy = queries._compiled[version.content_hash]
    assert policy.engine.diagram.size() > 0
    assert version.content_hash in queries._made_ready
    queries._made_ready.clear()
    Client().get("/no-such-page")
    assert set(running()) == before


@pytest.mark.django_db(transaction=True)
def test_where_no_policy_is_in_force_there_is_nothing_to_do():
    in_a_thread()
    assert not queries._compiled


@pytest.mark.django_db(transaction=True)
def test_where_the_database_does_not_answer_the_next_page_says_so(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    in_a_thread()
    assert not queries._compiled
