"""The live process's parts: what is sent once for all, and what a slow reader gets."""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from lamplighter.city.dispatch.board import Board, BoardUnit
from lamplighter.city.live.door import BOARD, Visitor, host_is_ours, origin_is_ours, session_key_of
from lamplighter.city.live.hub import Hub, Rhythm
from lamplighter.city.live.known import Known
from lamplighter.city.live.streams import LONGEST_QUEUE, Stream
from tests.support.apart import run_apart

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def unit(state="free", pk=None, until=None):
    return BoardUnit(
        id=pk or uuid4(),
        call_sign="VAN-1",
        kind="community_team",
        one_at_a_time=True,
        state=state,
        since=None,
        on_shift_until=until,
        next_shift_at=None,
        latitude=None,
        longitude=None,
        position_at=None,
        incidents=(),
    )


def board(*units, seq=1):
    return Board(at=NOW, seq=seq, units=units)


def data_of(message):
    return json.loads(message.decode().split("data: ", 1)[1])


def stream(snapshot=b"snapshot;"):
    return Stream(BOARD, Visitor("key", uuid4(), frozenset()), lambda: snapshot)


def test_who_comes_while_sessions_are_looked_at_is_not_signed_out():
    late = Visitor("late", uuid4(), frozenset({"dispatcher"}))
    gone = Visitor("gone", uuid4(), frozenset({"dispatcher"}))
    asked = []

    class DoorWhereSomebodyComesIn(Hub):
        async def _visitors(self, keys):
            asked.append(keys)
            if len(asked) == 1:
                self.open(BOARD, late)
            return {late.session_key: late} if late.session_key in keys else {}

    async def look_twice():
        hub = DoorWhereSomebodyComesIn(Rhythm(look_at_sessions=0.001))
        hub.ready.set()
        hub.open(BOARD, gone)
        looking = asyncio.create_task(hub._look_at_sessions())
        while len(asked) < 3:
            await asyncio.sleep(0.001)
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        return {stream.visitor.session_key: stream.ended for stream in hub.streams}

    assert run_apart(look_twice()) == {"gone": True, "late": False}


def test_it_sends_only_what_differs():
    known, van = Known(), unit()
    assert data_of(known.replace(board(van)))["units"][0]["state"] == "free"
    assert known.take(board(van, seq=2), [], [van.id]) is None
    busy = unit("assigned", van.id)
    assert data_of(known.take(board(busy, seq=3), [], [van.id]))["units"][0]["state"] == "assigned"
    assert data_of(known.snapshot())["units"][0]["state"] == "assigned"


def test_what_was_asked_for_and_is_not_there_is_gone():
    known, van = Known(), unit()
    known.replace(board(van))
    assert data_of(known.take(board(), [], [van.id]))["gone_units"] == [str(van.id)]
    assert data_of(known.snapshot())["units"] == []
    assert known.take(board(), [], [van.id]) is None


def test_it_knows_when_a_shift_ends_next():
    known = Known()
    known.replace(board(unit(until=NOW + timedelta(hours=2)), unit(until=NOW + timedelta(hours=1))))
    assert known.next_change == NOW + timedelta(hours=1)


def test_a_stream_starts_with_a_snapshot_and_goes_on_in_one_piece():
    async def scene():
        reader = stream()
        reader.push(b"before;")  # part of the snapshot already
        assert await reader.take() == b"snapshot;"
        reader.push(b"one;")
        reader.push(b"two;")
        return await reader.take()

    assert run_apart(scene()) == b"one;two;"


def test_a_reader_too_slow_gets_a_fresh_snapshot_and_holds_little():
    async def scene():
        reader = stream()
        await reader.take()
        for number in range(100 * LONGEST_QUEUE):
            reader.push(b"%d;" % number)
            assert len(reader._waiting) <= LONGEST_QUEUE
        return await reader.take()

    assert run_apart(scene()) == b"snapshot;"


def test_an_ended_stream_says_its_last_words_and_nothing_more():
    async def scene():
        reader = stream()
        await reader.take()
        reader.push(b"one;")
        reader.end(b"goodbye;")
        reader.push(b"two;")
        return await reader.take(), await reader.take()

    assert run_apart(scene()) == (b"goodbye;", b"")


def test_the_session_is_read_from_the_cookies():
    assert session_key_of("csrftoken=a; sessionid=key; language=es") == "key"
    assert session_key_of("") == ""
    assert session_key_of("sessionid") == ""


def test_hosts_and_origins(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "city.example"]
    settings.PAGES_ORIGINS = ["https://pages.example"]
    assert host_is_ours("127.0.0.1:8121")
    assert not host_is_ours("evil.example")
    assert origin_is_ours("http://127.0.0.1:8000", "127.0.0.1:8001")
    assert origin_is_ours("https://pages.example", "live.example")
    assert not origin_is_ours("https://city.example.evil.example", "city.example")
    assert not origin_is_ours("null", "city.example")
