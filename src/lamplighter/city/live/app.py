"""The live process as an ASGI application: two streams, and whether it is well."""

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from .door import BOARD, UNIT, host_is_ours, origin_is_ours, session_key_of
from .hub import Hub
from .messages import RETRY, encoded
from .streams import Stream

log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]
NOBODY: Headers = ()

PATHS = {"/live/board": BOARD, "/live/unit": UNIT}
# A reader that takes nothing for so long is gone, whatever its connection says.
LONGEST_SEND = 60
START_UP = 5


class LiveApp:
    """Serves streams from one hub; made once a process."""

    def __init__(self, make_hub: Callable[[], Hub] = Hub) -> None:
        self._make_hub = make_hub
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self.hub is not None:
            try:
                await self._answer(self.hub, scope, receive, send)
            except Exception as error:
                # Said here: the server's own log would hold the message, and so what was sent.
                log.error("A stream failed.", exc_info=error)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub = self._make_hub()
                self.hub.start()
                _end_streams_when_told_to_stop(self.hub)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.hub is not None:
                    await self.hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin", "")
        cross = ((b"access-control-allow-origin", origin.encode("latin-1")),) if origin else NOBODY
        if scope["method"] != "GET":
            return await _say(send, 405, "method", "Streams are read with GET.")
        if not host_is_ours(host):
            return await _say(send, 400, "host", "This host is not one of this city's.")
        if scope["path"] == "/live/health":
            return await self._health(hub, send)
        kind = PATHS.get(scope["path"])
        if kind is None:
            return await _say(send, 404, "no-stream", "There is no such stream.")
        if origin and not origin_is_ours(origin, host):
            return await _say(send, 403, "origin", "Pages of that origin may not read streams.")
        if not await _is_ready(hub):
            return await _say(send, 503, "not-live", "The database is away; try again.", cross)
        key = session_key_of(headers.get("cookie", ""))
        visitor = await hub.visitor(key) if key else None
        if visitor is None:
            return await _say(send, 403, "signed-out", "Sign in to read this stream.", cross)
        if not visitor.may_open(kind):
            return await _say(send, 403, "role", "Your role does not open this stream.", cross)
        if hub.has_enough(visitor):
            return await _say(send, 429, "too-many", "You have too many streams open.", cross)
        stream = hub.open(kind, visitor)
        try:
            await _serve(stream, receive, send, cross)
        finally:
            hub.close(stream)

    async def _health(self, hub: Hub, send: Send) -> None:
        is_live = hub.ready.is_set()
        body = encoded({"live": is_live, "streams": len(hub.streams), "seq": hub.known.seq})
        await _reply(send, 200 if is_live else 503, body)


async def _serve(stream: Stream, receive: Receive, send: Send, cross: Headers) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),  # a proxy before us must not gather the events
                *_for_pages(cross),
            ],
        }
    )
    left = asyncio.create_task(_until_left(receive))
    left.add_done_callback(lambda _left: stream.end())
    try:
        piece = RETRY
        while not stream.ended or piece:
            async with asyncio.timeout(LONGEST_SEND):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await stream.take()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        pass
    finally:
        left.cancel()


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _is_ready(hub: Hub) -> bool:
    """Wait a little for a process that has just started."""
    try:
        async with asyncio.timeout(START_UP):
            await hub.ready.wait()
    except TimeoutError:
        return False
    return True


async def _say(send: Send, status: int, code: str, sentence: str, cross: Headers = NOBODY) -> None:
    await _reply(send, status, encoded({"code": code, "sentence": sentence}), cross)


async def _reply(send: Send, status: int, body: bytes, cross: Headers = NOBODY) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*headers, *_for_pages(cross)]})
    await send({"type": "http.response.body", "body": body})


def _for_pages(cross: Headers) -> Headers:
    """Let the page that asked read the answer, with its cookie; nobody else."""
    common = ((b"vary", b"Origin, Cookie"), (b"x-content-type-options", b"nosniff"))
    if not cross:
        return common
    return (*common, *cross, (b"access-control-allow-credentials", b"true"))


def _end_streams_when_told_to_stop(hub: Hub) -> None:
    """The server waits for open answers before it stops; a stream would keep it waiting for ever.

    The event loop has its own handler for these signals, which still runs: asyncio hears of a
    signal through a wake-up descriptor, whatever function is set here.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(hub.end_all))
