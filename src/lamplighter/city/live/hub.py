"""The heart of the live process: hears of changes, reads each once, tells every stream."""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from lamplighter.city.dispatch.board import read_board

from .door import BOARD, UNIT, Visitor, visitors
from .known import Known
from .messages import beat, changed, ended
from .streams import Stream

log = logging.getLogger(__name__)
# Enough for a wall of boards under one sign-in; nobody can use up the connections of all others.
STREAMS_A_PERSON = 250
Result = TypeVar("Result")


@dataclass(frozen=True)
class Rhythm:
    """How often things are done, in seconds."""

    gather: float = 0.03  # changes of a burst that are read and sent together
    beat: float = 10.0
    answer: float = 10.0  # a database that does not answer for so long is lost
    look_at_sessions: float = 20.0
    read_all: float = 60.0  # finds what changed without an act, such as a unit taken out of service
    retry: float = 0.5
    longest_retry: float = 5.0


@dataclass
class Pending:
    """What was heard to have changed and is not read yet."""

    incidents: set[uuid.UUID] = field(default_factory=set)
    units: set[uuid.UUID] = field(default_factory=set)
    something: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, payload: str) -> None:
        notice = json.loads(payload)
        if notice["incident"]:
            self.incidents.add(uuid.UUID(notice["incident"]))
        if notice["unit"]:
            self.units.add(uuid.UUID(notice["unit"]))
        if notice["incident"] or notice["unit"]:
            self.something.set()

    def take(self) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        taken = self.incidents, self.units
        self.incidents, self.units = set(), set()
        self.something.clear()
        return taken


class Hub:
    """Streams are served while PostgreSQL is listened to; without it they end and are refused.

    A board that cannot be kept true must not look as if it were: when the database is lost every
    stream is closed, the pages say that they are not live, and open again by themselves. Each then
    begins with a snapshot, so nothing has to be replayed.
    """

    def __init__(self, rhythm: Rhythm | None = None) -> None:
        self.rhythm = rhythm or Rhythm()
        self.known = Known()
        self.streams: set[Stream] = set()
        self.ready = asyncio.Event()
        self._pending = Pending()
        # Django's connection belongs to a thread: one reads the board, one looks at sessions.
        self._board_thread = ThreadPoolExecutor(1, "board")
        self._door_thread = ThreadPoolExecutor(1, "door")
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self.end_all()
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        self._board_thread.shutdown(wait=False)
        self._door_thread.shutdown(wait=False)

    async def visitor(self, session_key: str) -> Visitor | None:
        """Who has this session, if it is valid now."""
        return (await self._visitors({session_key})).get(session_key)

    async def _visitors(self, keys: set[str]) -> dict[str, Visitor]:
        return await self._in_thread(self._door_thread, lambda: visitors(keys, _now()))

    def has_enough(self, visitor: Visitor) -> bool:
        """Whether this person has as many streams open as one may."""
        mine = sum(stream.visitor.user_id == visitor.user_id for stream in self.streams)
        return mine >= STREAMS_A_PERSON

    def open(self, kind: str, visitor: Visitor) -> Stream:
        catch_up = self.known.snapshot if kind == BOARD else lambda: changed(_now())
        stream = Stream(kind, visitor, catch_up)
        self.streams.add(stream)
        if not self.ready.is_set():  # the database was lost while the visitor was looked up
            stream.end()
        return stream

    def close(self, stream: Stream) -> None:
        self.streams.discard(stream)

    def end_all(self) -> None:
        """End every stream; the pages say so and come back by themselves."""
        for stream in self.streams:
            stream.end()

    async def _run(self) -> None:
        wait, away = self.rhythm.retry, False
        while True:
            try:
                async with await self._listening() as listening:
                    await self._read_all()
                    self.ready.set()
                    if away:
                        log.warning("The database is back: streams are live again.")
                    wait, away = self.rhythm.retry, False
                    await self._follow(listening)
            except* (psycopg.Error, DatabaseError, TimeoutError) as lost:
                if not away:  # said once, however long it stays away
                    names = ", ".join(sorted({type(each).__name__ for each in lost.exceptions}))
                    log.warning("The database was lost (%s): streams end until it is back.", names)
                away = True
            finally:
                self.ready.clear()
                self.end_all()
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.rhythm.longest_retry)

    async def _listening(self) -> psycopg.AsyncConnection:
        wanted = connection.get_connection_params()
        listening = await psycopg.AsyncConnection.connect(
            **{name: wanted[name] for name in wanted if name not in _DJANGO_ONLY},
            autocommit=True,
            connect_timeout=5,
        )
        await listening.execute("LISTEN journal")
        return listening

    async def _follow(self, listening: psycopg.AsyncConnection) -> None:
        async with asyncio.TaskGroup() as together:
            together.create_task(self._hear(listening))
            together.create_task(self._tell())
            together.create_task(self._beat())
            together.create_task(self._look_at_sessions())

    async def _hear(self, listening: psycopg.AsyncConnection) -> None:
        """Note what changed; now and then ask for an answer, since a dead line is silent too."""
        while True:
            async for notice in listening.notifies(timeout=self.rhythm.beat):
                self._pending.hear(notice.payload)
            async with asyncio.timeout(self.rhythm.answer):
                await listening.execute("SELECT 1")

    async def _tell(self) -> None:
        """Read what changed, once, and hand the same bytes to every stream."""
        while True:
            try:
                async with asyncio.timeout(self._seconds_to_next_change()):
                    await self._pending.something.wait()
            except TimeoutError:
                await self._read_all()
                continue
            await asyncio.sleep(self.rhythm.gather)
            await self._read_changes()

    async def _read_changes(self) -> None:
        incident_ids, unit_ids = self._pending.take()
        now = _now()
        board = await self._in_thread(
            self._board_thread,
            lambda: read_board(now, incident_ids=incident_ids, unit_ids=unit_ids),
        )
        crews = unit_ids | self.known.units_on(incident_ids)
        if message := self.known.take(board, incident_ids, unit_ids):
            self._broadcast(message)
        self._tell_crews(crews | self.known.units_on(incident_ids))

    async def _read_all(self) -> None:
        now = _now()
        board = await self._in_thread(self._board_thread, lambda: read_board(now))
        if message := self.known.replace(board):
            self._broadcast(message)

    def _seconds_to_next_change(self) -> float:
        """Until a shift begins or ends, or until everything is read again in any case."""
        if self.known.next_change is None:
            return self.rhythm.read_all
        left = (self.known.next_change - _now()).total_seconds()
        return min(max(left, 0.1), self.rhythm.read_all)

    def _broadcast(self, message: bytes) -> None:
        for stream in self.streams:
            if stream.kind == BOARD:
                stream.push(message)

    def _tell_crews(self, unit_ids: set[uuid.UUID]) -> None:
        message = changed(_now())
        for stream in self.streams:
            if stream.kind == UNIT and stream.visitor.unit_ids & unit_ids:
                stream.push(message)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.rhythm.beat)
            message = beat(_now())
            for stream in self.streams:
                stream.push(message)

    async def _look_at_sessions(self) -> None:
        """End the streams of those who were signed out, disabled, or lost the role."""
        while True:
            await asyncio.sleep(self.rhythm.look_at_sessions)
            keys = {stream.visitor.session_key for stream in self.streams}
            if not keys:
                continue
            valid = await self._visitors(keys)
            for stream in self.streams:
                if stream.visitor.session_key not in keys:
                    continue  # opened while the others were looked at
                visitor = valid.get(stream.visitor.session_key)
                if visitor is None or not visitor.may_open(stream.kind):
                    stream.end(ended("signed-out" if visitor is None else "role"))
                elif visitor != stream.visitor:
                    stream.visitor = visitor
                    if stream.kind == UNIT:
                        stream.push(changed(_now()))

    async def _in_thread(self, thread: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        def fresh() -> Result:
            close_old_connections()  # one that a restarted server closed is not used again
            return work()

        return await asyncio.get_running_loop().run_in_executor(thread, fresh)


_DJANGO_ONLY = {"cursor_factory", "context", "prepare_threshold"}


def _now() -> datetime:
    return datetime.now(UTC)
