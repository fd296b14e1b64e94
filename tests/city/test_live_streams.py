"""Live streams, from a real process: what comes, to whom, and when they end."""

import os
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.test import Client
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.actions import assign_unit, clear_assignment, start_shift
from lamplighter.city.dispatch.models import Unit
from tests.support.live_server import PATIENCE, live_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first(units, a_call):
    """A call that waits before the live process starts."""
    return a_call(narrative="Zebulon is on the bench", callback="555 0100")


@pytest.fixture
def live(first):
    address = urlsplit(os.environ["DATABASE_URL"])
    database = connection.settings_dict["NAME"]
    with live_server(urlunsplit(address._replace(path=f"/{database}"))) as server:
        yield server


@pytest.fixture
def sign_in():
    """Sign somebody in and give the session's key."""

    def session_of(user):
        client = Client()
        client.force_login(user)
        return client.session.session_key

    return session_of


def send(unit, taken, people, now):
    return assign_unit(
        assignment_id=uuid7(),
        incident_id=taken.call.incident_id,
        unit_id=unit.pk,
        by=people.dispatcher,
        now=now,
    )


def test_a_board_gets_everything_and_then_what_changes(
    live, sign_in, people, units, a_call, now, first
):
    with live.reading("/live/board", sign_in(people.dispatcher)) as board:
        snapshot = board.next("snapshot")
        assert [one["id"] for one in snapshot["incidents"]] == [str(first.call.incident_id)]
        assert {one["call_sign"] for one in snapshot["units"]} >= {"VAN-1", "CAR-1"}
        assert "Zebulon" not in str(snapshot)
        assert "555 0100" not in str(snapshot)

        second = a_call()
        (incident,) = board.next("change")["incidents"]
        assert incident["id"] == str(second.call.incident_id)

        assignment = send(units.van_1, second, people, now)
        change = board.next("change")
        assert change["incidents"][0]["assignments"][0]["call_sign"] == "VAN-1"
        assert [(one["call_sign"], one["state"]) for one in change["units"]] == [
            ("VAN-1", "assigned")
        ]

        clear_assignment(assignment.pk, "helped", by=people.responder, now=now)
        change = board.next("change")
        assert change["gone_incidents"] == [str(second.call.incident_id)]
        assert [(one["call_sign"], one["state"]) for one in change["units"]] == [("VAN-1", "free")]


def test_a_board_that_comes_back_gets_everything_again(live, sign_in, people, a_call):
    session = sign_in(people.dispatcher)
    with live.reading("/live/board", session) as board:
        assert len(board.next("snapshot")["incidents"]) == 1
    with live.reading("/live/board", sign_in(people.manager)) as another:
        another.next("snapshot")
        taken = a_call()
        another.next("change")
    with live.reading("/live/board", session) as board:
        there = {incident["id"] for incident in board.next("snapshot")["incidents"]}
    assert str(taken.call.incident_id) in there
    assert len(there) == 2


def test_beats_say_that_the_stream_lives(live, sign_in, people):
    with live.reading("/live/board", sign_in(people.manager)) as board:
        assert board.next("beat")["at"]
        assert board.next("beat")["at"]


def test_what_changes_without_an_act_is_found(live, sign_in, people, units, now):
    with live.reading("/live/board", sign_in(people.call_taker)) as board:
        board.next("snapshot")
        Unit.objects.filter(pk=units.van_2.pk).update(retired_at=now)
        assert board.next("change")["gone_units"] == [str(units.van_2.pk)]


@pytest.mark.parametrize("path", ["/live/board", "/live/unit"])
def test_nobody_reads_without_a_session(live, path):
    assert live.get(path).json()["code"] == "signed-out"
    forged = live.get(path, cookie="sessionid=abcdefghijklmnopqrstuvwxyz012345")
    assert (forged.status_code, forged.json()["code"]) == (403, "signed-out")


def test_each_stream_opens_to_its_roles_only(live, sign_in, people):
    responder = f"sessionid={sign_in(people.responder)}"
    dispatcher = f"sessionid={sign_in(people.dispatcher)}"
    assert live.get("/live/board", cookie=responder).json()["code"] == "role"
    assert live.get("/live/unit", cookie=dispatcher).json()["code"] == "role"


def test_signing_out_ends_the_stream(live, people):
    client = Client()
    client.force_login(people.dispatcher)
    with live.reading("/live/board", client.session.session_key) as board:
        board.next("snapshot")
        client.logout()
        assert board.rest()[-1] == "ended"


def test_somebody_disabled_or_of_another_role_is_cut_off(live, sign_in, people):
    for change in ({"is_active": False}, {"is_active": True, "roles": ["responder"]}):
        session = sign_in(people.dispatcher)
        with live.reading("/live/board", session) as board:
            board.next("snapshot")
            type(people.dispatcher).objects.filter(pk=people.dispatcher.pk).update(**change)
            assert board.rest()[-1] == "ended"
        people.dispatcher.is_active = True
        people.dispatcher.save()


def test_pages_of_the_same_host_or_a_named_origin_may_read(live, sign_in, people):
    session = sign_in(people.dispatcher)
    for origin in ("http://127.0.0.1:8000", "https://pages.example"):
        with live.reading("/live/board", session, origin=origin) as board:
            assert board.response.headers["access-control-allow-origin"] == origin
            assert board.response.headers["access-control-allow-credentials"] == "true"
    other = live.get("/live/board", cookie=f"sessionid={session}", origin="https://other.example")
    assert (other.status_code, other.json()["code"]) == (403, "origin")
    assert "access-control-allow-origin" not in other.headers


def test_a_crew_hears_of_its_own_calls_only(live, sign_in, people, units, a_call, now):
    with (
        live.reading("/live/unit", sign_in(people.responder)) as crew,
        live.reading("/live/unit", sign_in(people.officer)) as others,
    ):
        crew.next("changed")
        others.next("changed")
        taken = a_call()
        send(units.van_1, taken, people, now)
        crew.next("changed")
        heard = [message.name for message, _ in zip(others.messages(), range(3), strict=False)]
        assert heard == ["beat"] * 3


def test_a_crew_that_comes_on_shift_hears_of_its_unit(live, sign_in, people, units, a_call, now):
    with live.reading("/live/unit", sign_in(people.responder)) as crew:
        crew.next("changed")
        start_shift(
            units.van_2,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            crew=[people.responder],
            by=people.dispatcher,
            now=now - timedelta(hours=1),
        )
        crew.next("changed")
        send(units.van_2, a_call(), people, now)
        crew.next("changed")


def test_it_stops_at_once_although_boards_are_open(live, sign_in, people):
    with live.reading("/live/board", sign_in(people.dispatcher)) as board:
        board.next("snapshot")
        live.process.terminate()
        board.rest()
    assert live.process.wait(PATIENCE) == 0


def test_paths_and_methods_that_are_not_there_are_refused(live):
    assert live.get("/live/other").status_code == 404
    assert live.get("/live/board", host="evil.example").status_code == 400
